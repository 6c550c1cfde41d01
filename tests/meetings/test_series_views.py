"""The pages of series: dates are looked at before they are saved, left out, and shown to residents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from engage.accounts.models import RoleName
from engage.meetings.models import Meeting, MeetingSeries
from tests.support import makers
from tests.support.pages import Client, page

NEW = "/en/staff/new-series"
TYPED = {
    "template": "like-this", "title_en": "Forum", "title_es": "Foro", "slug": "forum", "frequency": "weekly",
    "lasts_minutes": "90", "count": "3", "until": "",
}  # fmt: skip
SignIn = Callable[..., Client]


@pytest.fixture
def first() -> datetime:
    """A Thursday to come, as a form has it."""
    now = datetime.now(UTC)
    return (now + timedelta(days=(3 - now.weekday()) % 7 + 14)).replace(
        hour=23, minute=0, second=0, microsecond=0
    )


@pytest.fixture
def template(session: Session) -> Meeting:
    """A draft that the others are like."""
    meeting = makers.meeting(session, slug="like-this", published_at=None)
    makers.agenda_item(session, meeting)
    session.commit()
    return meeting


def preview(client: Client, begins: datetime, **fields: Any) -> TestResponse:
    """Ask for the dates."""
    return client.send(NEW, **TYPED | {"first": f"{begins:%Y-%m-%dT18:00}"} | fields)


def save(client: Client, shown: TestResponse, **fields: Any) -> TestResponse:
    """Save what the page shows."""
    return client.post(NEW, data=page(shown).fields() | fields)


def slugs(session: Session) -> list[str]:
    """Of all meetings of series."""
    session.rollback()
    wanted = sa.select(Meeting.slug).where(Meeting.series_id.is_not(None))
    return list(session.scalars(wanted.order_by(Meeting.recurrence_at)))


def days(first: datetime, *weeks: int) -> list[str]:
    """The addresses of the meetings so many weeks later."""
    return [f"forum-{first + timedelta(weeks=week):%Y-%m-%d}" for week in weeks]


def test_the_dates_are_looked_at_before_they_are_saved(
    session: Session, sign_in: SignIn, template: Meeting, first: datetime
) -> None:
    clerk = sign_in(RoleName.CLERK)

    shown = preview(clerk, first)
    assert shown.status_code == 200
    assert "The series has 3 meetings." in page(shown).text()
    assert len(page(shown).all(".//ol[@class='dates']/li")) == 3
    assert slugs(session) == []
    again = save(clerk, shown, count="4")
    assert "The series has 4 meetings." in page(again).text()
    assert slugs(session) == []
    saved = save(clerk, again)

    assert saved.status_code == 303
    assert slugs(session) == days(first, 0, 1, 2, 3)
    assert clerk.get(saved.location).status_code == 200
    assert "Forum" in page(clerk.get("/en/staff/series")).text()


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"count": "", "until": ""}, "until"),
        ({"until": "2027-12-31"}, "count"),
        ({"count": "1"}, "count"),
        ({"slug": "Not a slug"}, "slug"),
        ({"title_en": "", "title_es": ""}, "title_en"),
        ({"first": ""}, "first"),
        ({"first": "9999-12-31T23:00"}, "first"),
        ({"first": "2027-03-14T02:30"}, "first"),
        ({"frequency": "hourly"}, "frequency"),
        ({"template": "somebody-elses"}, "template"),
        ({"lasts_minutes": "0"}, "lasts_minutes"),
        ({"count": "", "until": "2020-01-01"}, "until"),
        ({"count": "", "until": "2035-01-01"}, "until"),
        ({"count": "", "until": "9999-12-31"}, "until"),
        ({"count": "", "until": "0001-01-01"}, "until"),
        ({"frequency": "monthly_weekday", "first": "2027-04-29T18:00"}, "first"),
        ({"frequency": "monthly_last", "first": "2027-04-22T18:00"}, "first"),
    ],
)
def test_a_mistake_is_told_at_its_field(
    session: Session, sign_in: SignIn, template: Meeting, first: datetime, fields: dict[str, str], named: str
) -> None:
    answer = preview(sign_in(RoleName.CLERK), first, **fields)

    assert answer.status_code == 422
    assert page(answer).text(f".//*[@id='{named}-error']")
    assert slugs(session) == []


def test_an_address_that_is_taken_is_told(
    session: Session, sign_in: SignIn, template: Meeting, first: datetime
) -> None:
    makers.meeting(session, slug=days(first, 1)[0])
    session.commit()
    clerk = sign_in(RoleName.CLERK)

    answer = save(clerk, preview(clerk, first))

    assert answer.status_code == 422
    assert "forum" in page(answer).text(".//*[@id='slug-error']")
    assert slugs(session) == []


def test_a_date_is_left_out_put_in_again_and_the_rest_is_shown_to_residents(
    session: Session, sign_in: SignIn, client: Client, template: Meeting, first: datetime
) -> None:
    clerk = sign_in(RoleName.CLERK)
    place = save(clerk, preview(clerk, first)).location
    token = {"csrf_token": clerk.csrf_token()}
    second = days(first, 1)[0]

    clerk.post(f"{place}/leave-out", data=token | {"meeting": second})
    assert slugs(session) == days(first, 0, 2)
    (start,) = session.scalars(sa.select(MeetingSeries)).one().left_out
    clerk.post(f"{place}/put-in", data=token | {"start": start})
    assert slugs(session) == days(first, 0, 1, 2)
    clerk.post(f"{place}/leave-out", data=token | {"meeting": second})
    assert "Put it in again" in page(clerk.get(place)).text()
    clerk.post(f"{place}/publish", data=token)

    shown = page(client.get(f"/en/meetings/{days(first, 0)[0]}"))
    others = [link for text, link in shown.links(".//main//a").items() if text.startswith("Forum")]
    assert others == [f"/en/meetings/{days(first, 2)[0]}"]
    assert client.get(f"/en/meetings/{second}").status_code == 404
    clerk.post(f"{place}/leave-out", data=token | {"meeting": days(first, 2)[0]})
    assert slugs(session) == days(first, 0, 2)


@pytest.mark.parametrize("start", ["", "tomorrow", "2027-03-14T02:30", "2027-03-14T02:30:00+00:00"])
def test_a_date_that_is_not_left_out_is_not_put_in(
    session: Session, sign_in: SignIn, template: Meeting, first: datetime, start: str
) -> None:
    clerk = sign_in(RoleName.CLERK)
    place = save(clerk, preview(clerk, first)).location

    answer = clerk.post(f"{place}/put-in", data={"csrf_token": clerk.csrf_token(), "start": start})

    assert answer.status_code == 303
    assert slugs(session) == days(first, 0, 1, 2)


def test_hosts_work_on_their_own_series_only_and_publish_none(
    session: Session, sign_in: SignIn, template: Meeting, first: datetime
) -> None:
    template.host = makers.user(session, RoleName.HOST)
    session.commit()
    host, other = sign_in(template.host), sign_in(RoleName.HOST)

    assert "There is no meeting yet" in page(other.get(NEW)).text()
    assert page(host.get(f"{NEW}?meeting=like-this")).fields()["title_en"] == template.title.en
    place = save(host, preview(host, first)).location
    assert session.scalars(sa.select(MeetingSeries.host_id)).one() == template.host_id

    assert host.get(place).status_code == 200
    assert host.post(f"{place}/publish", data={"csrf_token": host.csrf_token()}).status_code == 403
    assert other.get(place).status_code == 404
    token = {"csrf_token": other.csrf_token()}
    assert other.post(f"{place}/leave-out", data=token | {"meeting": days(first, 0)[0]}).status_code == 404
    assert "Forum" not in page(other.get("/en/staff/series")).text()
    assert slugs(session) == days(first, 0, 1, 2)


def test_a_host_hands_a_whole_series_to_the_clerks_at_once(
    session: Session, sign_in: SignIn, template: Meeting, first: datetime
) -> None:
    template.host = makers.user(session, RoleName.HOST)
    session.commit()
    host, clerk, other = sign_in(template.host), sign_in(RoleName.CLERK), sign_in(RoleName.HOST)
    place = save(host, preview(host, first)).location
    assert "Hand all 3 meetings to the clerks" in page(host.get(place)).text()
    foreign = other.post(f"{place}/submit", data={"csrf_token": other.csrf_token()}).status_code

    host.send(place, form=".//main//form", to=f"{place}/submit")

    assert foreign == 404
    shown, home = page(host.get(place)).text(), page(clerk.get("/en/staff/"))
    assert "Hand all" not in shown
    assert shown.count("Waits for a clerk") == 3
    assert "3 drafts of meetings wait to be published." in home.text()
    assert "Forum: 3 meetings of this series" in home.text()
    assert home.links()["Forum"] == place
    assert "wait to be published" not in page(host.get("/en/staff/")).text()


def test_a_meeting_leads_to_its_series_or_to_a_new_one(
    sign_in: SignIn, template: Meeting, first: datetime
) -> None:
    clerk = sign_in(RoleName.CLERK)

    links = page(clerk.get("/en/staff/meetings/like-this")).links()
    assert links["Make a series of it"] == f"{NEW}?meeting=like-this"
    save(clerk, preview(clerk, first))

    links = page(clerk.get(f"/en/staff/meetings/{days(first, 0)[0]}")).links()
    assert links["Forum"] == "/en/staff/series/forum"


def test_a_series_that_is_not_finished_says_of_each_date_what_is_missing(
    session: Session, sign_in: SignIn, template: Meeting, first: datetime
) -> None:
    template.place_name = None
    session.commit()
    clerk = sign_in(RoleName.CLERK)
    place = save(clerk, preview(clerk, first)).location

    shown = page(clerk.get(place))
    refused = clerk.post(f"{place}/publish", data={"csrf_token": clerk.csrf_token()}, follow_redirects=True)

    dates = [link for link in shown.links(".//main//ul//a").values() if "forum-" in link]
    assert dates == [f"/en/staff/meetings/{slug}" for slug in days(first, 0, 1, 2)]
    assert "the place" in shown.text()
    assert "Nothing is published yet" in page(refused).text(".//body")
    session.rollback()
    assert session.scalars(sa.select(Meeting).where(Meeting.published_at.is_not(None))).all() == []
