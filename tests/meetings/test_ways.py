"""Nobody is without a way to a page: what leads from one page of meetings to another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.meetings import service
from engage.meetings.codes import code_of
from engage.meetings.models import Meeting, Mode
from engage.meetings.service.floor import show_item
from tests.support import makers
from tests.support.pages import Client, page

STAFF = "/en/staff/meetings/forum"


@pytest.fixture
def forum(session: Session) -> Meeting:
    """A meeting that began ten minutes ago, in an open comment period."""
    period = makers.comment_period(session)
    started = utcnow() - timedelta(minutes=10)
    meeting = makers.meeting(session, slug="forum", starts_at=started, period=period, docket=period.docket)
    makers.agenda_item(session, meeting)
    session.commit()
    return meeting


def links(client: Client, path: str) -> set[str]:
    return set(page(client.get(path)).links(".//main//a").values())


def test_the_staff_page_of_a_meeting_leads_to_all_that_is_done_at_it(
    sign_in: Callable[..., Client], forum: Meeting
) -> None:
    clerk = sign_in(RoleName.CLERK)
    found = links(clerk, STAFF)

    wanted = {
        f"{STAFF}/{name}" for name in ("door", "chair", "oral", "attendees", "accommodations", "record")
    }
    wanted |= {"/en/meetings/forum/screen", "/en/meetings/forum", f"{STAFF}/minutes"}
    assert wanted - found == set()
    assert {clerk.get(link).status_code for link in wanted} == {200}


def test_the_staff_list_leads_to_series(sign_in: Callable[..., Client]) -> None:
    found = links(sign_in(RoleName.HOST), "/en/staff/meetings")

    assert {"/en/staff/new-meeting", "/en/staff/new-series", "/en/staff/series"} <= found


def test_the_list_leads_to_the_record_of_notices(client: Client) -> None:
    assert "/en/meetings/notices" in links(client, "/en/meetings")
    assert client.get("/en/meetings/notices").status_code == 200


def test_the_chair_leads_to_typing_in_what_is_said_on_the_item_that_is_on(
    session: Session, sign_in: Callable[..., Client], forum: Meeting
) -> None:
    clerk = sign_in(RoleName.CLERK)
    before = links(clerk, f"{STAFF}/chair")
    item = forum.items[0]
    show_item(session, forum, item, utcnow())
    session.commit()

    after = links(clerk, f"{STAFF}/chair")

    assert f"{STAFF}/oral" in before
    assert f"{STAFF}/oral?item={item.id}" in after
    chosen = page(clerk.get(f"{STAFF}/oral?item={item.id}")).fields()["item"]
    assert chosen == str(item.id)


def test_who_attends_can_put_the_meeting_into_a_calendar(session: Session, client: Client) -> None:
    meeting = makers.meeting(session, slug="soon")
    attendee = service.join_meeting(
        session, meeting=meeting, wants_place=True, mode=Mode.IN_PERSON, language="en", now=utcnow()
    ).attendee
    session.commit()

    found = links(client, f"/es/meetings/attending/{code_of(attendee.id)}")

    assert "/meetings/soon.ics?lang=es" in found
