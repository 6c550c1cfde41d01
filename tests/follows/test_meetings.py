"""News of meetings: each told once, to those who follow the meeting or its docket, and in the feeds."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.contacts.models import Contact
from engage.db.types import Localised
from engage.dockets.models import Docket
from engage.follows.models import Follow as FollowRow
from engage.follows.models import Frequency
from engage.follows.tokens import Asked, follower_token, open_asked, seal_asked
from engage.mail.sealed import Content
from engage.meetings import service
from engage.meetings.models import (
    FileKindName,
    Format,
    Meeting,
    MeetingChange,
    MeetingChangeKind,
    MeetingFile,
    MeetingSeries,
    MinutesVersion,
)
from engage.meetings.service import post_agenda, post_notice
from engage.web.news import DOCKET, MEETING, Subject, happenings
from tests.follows.conftest import Follow, wish
from tests.follows.test_feeds import read
from tests.support import makers
from tests.support.makers import both
from tests.support.pages import Client, page
from tests.support.signing import outbox

ANA, BEN = "ana@example.org", "ben@example.org"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Mails = Callable[[], list[Content]]


@pytest.fixture
def docket(session: Session) -> Docket:
    docket = makers.docket(session, title=both("Jail agreement"), published_at=utcnow() - 100 * DAY)
    session.commit()
    return docket


@pytest.fixture
def forum(session: Session, docket: Docket) -> Meeting:
    """A forum ten days ahead, announced so long ago that nobody is told of it."""
    forum = makers.meeting(
        session,
        slug="forum",
        title=Localised(en="Forum", es="Foro"),
        docket_id=docket.id,
        published_at=utcnow() - 90 * DAY,
    )
    session.commit()
    return forum


def followed(thing: Docket | Meeting) -> Subject:
    return Subject(DOCKET if isinstance(thing, Docket) else MEETING, str(thing.id))


def told(mails: list[Content]) -> list[str]:
    """The news in mails, without their links."""
    return [line[2:] for mail in mails for line in mail.body.splitlines() if line.startswith("- ")]


def change(session: Session, meeting: Meeting, kind: MeetingChangeKind, **fields: Any) -> None:
    """What a clerk did an hour ago."""
    values: dict[str, Any] = {"old_starts_at": meeting.starts_at, "happened_at": utcnow() - HOUR}
    values["reason"] = Localised(en="Snow.", es="Nieve.")
    session.add(MeetingChange(meeting_id=meeting.id, kind=kind, **values | fields))
    session.commit()


class TestToldOnce:
    def test_an_announcement_reaches_who_follows_the_docket(
        self, session: Session, docket: Docket, follow: Follow, mails: Mails
    ) -> None:
        follow(ANA, wish(followed(docket)))
        makers.meeting(session, title=both("New forum"), docket_id=docket.id, published_at=utcnow() - HOUR)
        session.commit()

        mails()
        (line,) = told(mails())

        assert line.startswith("A meeting was announced: ")
        assert line.endswith("Where: Town Hall, 1 Main Street, online.")

    def test_a_series_is_announced_in_one_line(
        self, session: Session, docket: Docket, follow: Follow, mails: Mails
    ) -> None:
        start = utcnow().replace(microsecond=0) + 3 * DAY
        series = MeetingSeries(
            slug="s", uid="s@x", title=both("S"), rule="FREQ=DAILY;COUNT=12", starts_at=start,
            lasts_minutes=60, time_zone="UTC", changed_at=utcnow(), docket_id=docket.id,
        )  # fmt: skip
        session.add(series)
        session.flush()
        published_at = utcnow() - HOUR
        for number in range(12):
            at = start + number * DAY
            makers.meeting(
                session, starts_at=at, series_id=series.id, recurrence_at=at, docket_id=docket.id,
                published_at=published_at,
            )  # fmt: skip
        session.commit()
        follow(ANA, wish(followed(docket)))

        (line,) = told(mails())

        assert line.startswith("12 meetings were announced. The first one: ")

    @pytest.mark.parametrize(
        ("kind", "said"),
        [
            (MeetingChangeKind.CANCEL, "is cancelled. Reason: Snow."),
            (MeetingChangeKind.POSTPONE, "is postponed and has no new date yet. Reason: Snow."),
            (MeetingChangeKind.CONFIRM, "The meeting is confirmed: "),
            (MeetingChangeKind.PLACE, "The place has changed. Now: Town Hall, 1 Main Street, online."),
        ],
    )
    def test_a_change_is_told_with_its_reason_to_followers_of_the_meeting_and_of_the_docket(
        self,
        session: Session,
        docket: Docket,
        forum: Meeting,
        follow: Follow,
        mails: Mails,
        kind: MeetingChangeKind,
        said: str,
    ) -> None:
        follow(ANA, wish(followed(forum)), wish(followed(docket)))
        follow(BEN, wish(followed(docket)))
        change(session, forum, kind)

        mails()
        found = mails()

        assert {mail.recipient for mail in found} == {ANA, BEN}
        assert [said in line for line in told(found)] == [True, True]
        assert all("Snow." in line for line in told(found))

    def test_a_new_date_is_told_once_though_notice_and_agenda_are_posted_anew(
        self, session: Session, forum: Meeting, follow: Follow, mails: Mails
    ) -> None:
        follow(ANA, wish(followed(forum)))
        makers.agenda_item(session, forum)
        post_notice(session, forum, actor=None, now=utcnow() - 80 * DAY)
        post_agenda(session, forum, actor=None, now=utcnow() - 80 * DAY)
        old, new = forum.starts_at, forum.starts_at + 7 * DAY
        forum.starts_at, forum.ends_at, forum.original_starts_at = new, new + HOUR, old
        change(session, forum, MeetingChangeKind.RESCHEDULE, old_starts_at=old, new_starts_at=new)
        assert post_notice(session, forum, actor=None, now=utcnow()) is not None
        assert post_agenda(session, forum, actor=None, now=utcnow()) is not None
        session.commit()

        mails()
        (line,) = told(mails())

        assert line.startswith("The meeting has a new date: ")
        assert line.endswith("Reason: Snow.")

    def test_each_agenda_with_other_items_is_told(
        self, session: Session, forum: Meeting, follow: Follow, mails: Mails
    ) -> None:
        follow(ANA, wish(followed(forum)))
        makers.agenda_item(session, forum)
        post_agenda(session, forum, actor=None, now=utcnow() - 2 * HOUR)
        makers.agenda_item(session, forum)
        post_agenda(session, forum, actor=None, now=utcnow() - HOUR)
        session.commit()

        assert told(mails()) == [
            "The agenda is posted.",
            "The agenda was changed: version 2 is posted.",
        ]

    def test_minutes_and_recordings_are_told(
        self, session: Session, forum: Meeting, follow: Follow, mails: Mails
    ) -> None:
        follow(ANA, wish(followed(forum)))
        ago = utcnow() - 3 * HOUR
        forum.minutes.append(MinutesVersion(number=1, body=both("Draft."), published_at=ago))
        forum.minutes.append(MinutesVersion(number=2, body=both("Not yet published.")))
        for kind, posted_at in (
            (FileKindName.RECORDING, ago + HOUR),
            (FileKindName.TRANSCRIPT, utcnow() + HOUR),
            (FileKindName.PACKET, ago),
        ):
            forum.files.append(
                MeetingFile(
                    kind=kind, title=both(f"The {kind}"), url="https://example.org", posted_at=posted_at
                )
            )
        session.commit()

        assert told(mails()) == [
            "The minutes are published as a draft.",
            "A recording was added: The recording",
        ]

    def test_minutes_that_are_approved_later_are_told_again_and_those_approved_at_once_only_as_such(
        self, session: Session, forum: Meeting
    ) -> None:
        now = utcnow()
        forum.minutes.append(minutes(1, now - 9 * DAY, approved_on=(now - 3 * DAY).date()))
        forum.minutes.append(minutes(2, now - 2 * DAY, approved_on=(now - 5 * DAY).date()))
        session.commit()

        found = [
            re.sub(r"^meeting:\d+:minutes:", "", one.key)
            for one in happenings(session, now - 30 * DAY, now)
            if ":minutes:" in one.key
        ]

        assert found == ["1", "1:approved", "2:approved"]

    def test_what_is_not_public_is_told_to_nobody(
        self, session: Session, docket: Docket, forum: Meeting, follow: Follow, mails: Mails
    ) -> None:
        follow(ANA, wish(followed(forum)), wish(followed(docket)))
        makers.agenda_item(session, forum)
        post_agenda(session, forum, actor=None, now=utcnow() - HOUR)
        makers.meeting(session, docket_id=docket.id, published_at=utcnow() + DAY)
        makers.meeting(session, docket_id=docket.id, published_at=None)
        forum.published_at = None
        session.commit()

        assert mails() == []


def minutes(number: int, published_at: datetime, approved_on: date) -> MinutesVersion:
    return MinutesVersion(
        number=number, body=both("Said."), published_at=published_at, approved_on=approved_on
    )


class TestReminder:
    def test_comes_once_a_day_before_to_followers_of_the_meeting(
        self, session: Session, docket: Docket, forum: Meeting, follow: Follow, mails: Mails
    ) -> None:
        follow(ANA, wish(followed(forum)))
        follow(BEN, wish(followed(docket)))
        assert mails() == []
        forum.starts_at = utcnow() + 23 * HOUR
        forum.ends_at = None
        session.commit()

        mails()
        (mail,) = mails()

        assert mail.recipient == ANA
        (line,) = told([mail])
        assert line.startswith("The meeting begins soon: ")
        assert "Where: Town Hall, 1 Main Street, online." in line
        assert "http://localhost/en/meetings/forum" in mail.body

    @pytest.mark.parametrize("fact", ["cancelled_at", "postponed_at", "begun", "just announced"])
    def test_does_not_come_where_it_would_mislead(
        self, session: Session, forum: Meeting, follow: Follow, mails: Mails, fact: str
    ) -> None:
        follow(ANA, wish(followed(forum)))
        forum.starts_at = utcnow() + (-HOUR if fact == "begun" else 20 * HOUR)
        forum.ends_at = None
        if fact.endswith("_at"):
            setattr(forum, fact, utcnow())
        if fact == "just announced":
            forum.published_at = utcnow() - HOUR
        session.commit()

        assert not any("begins soon" in line for line in told(mails()))

    def test_does_not_come_to_who_wants_none_and_stands_in_no_feed(
        self, session: Session, client: Client, forum: Meeting, follow: Follow, mails: Mails
    ) -> None:
        follow(ANA, wish(followed(forum), wants_reminder=False))
        forum.starts_at, forum.ends_at = utcnow() + HOUR, None
        session.commit()

        assert mails() == []
        assert "begins soon" not in client.get("/feeds/meetings/forum.atom").get_data(as_text=True)


class TestInTime:
    @pytest.mark.parametrize("frequency", [Frequency.DAILY, Frequency.WEEKLY])
    def test_a_reminder_waits_for_no_digest(
        self, session: Session, forum: Meeting, follow: Follow, mails: Mails, frequency: Frequency
    ) -> None:
        follow(ANA, wish(followed(forum)), frequency=frequency)
        forum.starts_at, forum.ends_at = utcnow() + 20 * HOUR, None
        session.commit()

        (line,) = told(mails())

        assert line.startswith("The meeting begins soon: ")

    @pytest.mark.parametrize("frequency", [Frequency.DAILY, Frequency.WEEKLY])
    @pytest.mark.parametrize("kind", [MeetingChangeKind.CANCEL, MeetingChangeKind.PLACE])
    def test_a_change_is_told_at_once_where_the_next_digest_comes_after_the_start(
        self,
        session: Session,
        forum: Meeting,
        follow: Follow,
        mails: Mails,
        frequency: Frequency,
        kind: MeetingChangeKind,
    ) -> None:
        follow(ANA, wish(followed(forum)), frequency=frequency)
        follow(BEN, wish(followed(forum), wants_reminder=False), frequency=frequency)
        forum.starts_at, forum.ends_at = utcnow() + timedelta(seconds=2), None
        change(session, forum, kind)

        assert {mail.recipient for mail in mails() if "Snow." in mail.body} == {ANA, BEN}

    @pytest.mark.parametrize("frequency", [Frequency.DAILY, Frequency.WEEKLY])
    def test_so_is_a_new_date_where_the_old_one_is_that_near(
        self, session: Session, forum: Meeting, follow: Follow, mails: Mails, frequency: Frequency
    ) -> None:
        follow(ANA, wish(followed(forum)), frequency=frequency)
        change(
            session,
            forum,
            MeetingChangeKind.RESCHEDULE,
            old_starts_at=utcnow() + timedelta(seconds=2),
            new_starts_at=forum.starts_at,
        )

        assert "The meeting has a new date" in told(mails())[0]

    @pytest.mark.parametrize("frequency", [Frequency.DAILY, Frequency.WEEKLY])
    def test_a_change_of_what_is_far_off_waits(
        self, session: Session, forum: Meeting, follow: Follow, mails: Mails, frequency: Frequency
    ) -> None:
        follow(ANA, wish(followed(forum)), frequency=frequency)
        change(session, forum, MeetingChangeKind.CANCEL)

        assert mails() == []


class TestAnnouncement:
    @pytest.mark.parametrize("has_notice", [True, False])
    def test_tells_the_start_and_the_place_that_were_announced_then(
        self, session: Session, client: Client, forum: Meeting, has_notice: bool
    ) -> None:
        old, ago = forum.starts_at, utcnow() - 80 * DAY
        if has_notice:
            post_notice(session, forum, actor=None, now=ago)
        before = announcement(client)
        reason = both("Snow.")
        service.change_place(session, forum, place=SCHOOL, reason=reason, actor=None, now=ago + DAY)
        service.reschedule_meeting(
            session, forum, starts_at=old + 9 * DAY, ends_at=None, reason=reason, actor=None, now=ago + DAY
        )
        session.commit()

        after = announcement(client)

        assert "Town Hall, 1 Main Street" in after
        assert "School" not in after
        assert spoken_day(old) in after
        assert after == before or not has_notice


SCHOOL = service.Place(
    format=Format.IN_PERSON,
    place_name=both("School"),
    place_street=None,
    directions=None,
    accessibility=None,
    join_url=None,
    join_phone=None,
)


def announcement(client: Client) -> str:
    return str(read(client.get("/feeds/meetings/forum.atom")).entries[-1].summary)


def spoken_day(instant: datetime) -> str:
    local = instant.astimezone(ZoneInfo("America/New_York"))
    return f"{local:%B} {local.day}, {local.year}"


class TestByMail:
    def test_is_asked_for_on_the_meetings_page_and_begins_with_the_button_in_the_mail(
        self, app: Flask, session: Session, client: Client, docket: Docket, forum: Meeting
    ) -> None:
        way = page(client.get("/es/meetings/forum")).links()
        form = way["Seguir esta reunión por correo electrónico, con un recordatorio un día antes"]
        assert client.send(form, address=ANA, also="y").status_code == 303
        assert session.scalars(sa.select(Contact)).all() == []
        (mail,) = outbox(app)
        assert "Foro" not in mail.body + mail.subject
        found = re.search(r"http://localhost(/es/follow/confirm/\S+)", mail.body)
        assert found is not None

        confirm = page(client.get(found[1]))
        assert "Foro" in confirm.text()
        answer = client.send(found[1])

        session.rollback()
        kept = session.scalars(sa.select(FollowRow)).all()
        assert {(row.subject_kind, row.subject_key) for row in kept} == {
            (MEETING, str(forum.id)),
            (DOCKET, str(docket.id)),
        }
        shown = page(client.get(answer.location))
        assert "Foro" in shown.text()
        assert "Recordarme un día antes de que empiece" in shown.text()

    def test_the_reminder_can_be_switched_off_and_one_click_ends_it_all(
        self, app: Flask, session: Session, client: Client, forum: Meeting, follow: Follow
    ) -> None:
        follower = follow(ANA, wish(followed(forum)), frequency=Frequency.DAILY)
        with app.app_context():
            token = follower_token(follower.id)
        url = f"/en/following/{token}"
        (row,) = session.scalars(sa.select(FollowRow))
        typed = page(client.get(url)).fields()
        typed.pop(f"reminder_{row.id}")

        assert client.post(url, data=typed).status_code == 303
        session.rollback()
        session.expire_all()
        assert row.wants_reminder is False

        client.post(f"/u/{token}", data={"List-Unsubscribe": "One-Click"})
        session.rollback()
        assert session.scalars(sa.select(FollowRow)).all() == []
        assert session.scalars(sa.select(Contact)).all() == []

    def test_a_meeting_is_named_with_its_day(
        self, app: Flask, session: Session, client: Client, forum: Meeting, follow: Follow
    ) -> None:
        forum.starts_at, forum.ends_at = datetime(2031, 5, 12, 1, tzinfo=UTC), None
        makers.meeting(session, title=both("Other"), starts_at=datetime(2031, 6, 1, 12, tzinfo=UTC))
        session.commit()
        follower = follow(ANA, wish(followed(forum)))
        with app.app_context():
            token = follower_token(follower.id)
            link = seal_asked(Asked(BEN, (wish(followed(forum)),), Frequency.DAILY, "en", True), utcnow())

        shown = page(client.get(f"/en/following/{token}"))
        offered = page(client.get("/es/meetings/forum/follow"))

        assert "Forum · May 11, 2031" in shown.text()
        assert "Other · June 1, 2031" in "".join(shown.field("what").itertext())
        assert "Foro · 11 de mayo de 2031" in offered.text()
        assert "Forum · May 11, 2031" in page(client.get(f"/en/follow/confirm/{link}")).text()

    @pytest.mark.parametrize("state", ["to come", "postponed", "cancelled", "over"])
    def test_of_one_that_is_over_or_cancelled_promises_minutes_and_no_reminder(
        self, app: Flask, session: Session, client: Client, forum: Meeting, state: str
    ) -> None:
        if state == "over":
            forum.starts_at, forum.ends_at = utcnow() - DAY, None
        forum.cancelled_at = utcnow() if state == "cancelled" else None
        forum.postponed_at = utcnow() if state == "postponed" else None
        session.commit()
        is_done = state in ("cancelled", "over")

        shown = page(client.get("/en/meetings/forum"))
        form = page(client.get("/en/meetings/forum/follow"))
        client.send("/en/meetings/forum/follow", address=ANA)

        assert ("Be told by e-mail of new minutes and recordings" in shown.links()) is is_done
        assert ("with a reminder a day before" in shown.text()) is not is_done
        assert ("Be told of changes" in shown.text()) is not is_done
        assert ("We write to you when there are new minutes and recordings." in form.text()) is is_done
        assert ("a day before it begins" in form.text()) is not is_done
        (mail,) = outbox(app)
        token = re.search(r"/en/follow/confirm/(\S+)", mail.body)
        assert token is not None
        with app.app_context():
            asked = open_asked(token[1], utcnow())
        assert asked is not None
        assert [each.wants_reminder for each in asked.wishes] == [not is_done]

    def test_no_reminder_is_offered_of_what_is_cancelled(
        self, app: Flask, session: Session, client: Client, forum: Meeting, follow: Follow
    ) -> None:
        follower = follow(ANA, wish(followed(forum)))
        with app.app_context():
            url = f"/en/following/{follower_token(follower.id)}"
        assert "Remind me a day before" in page(client.get(url)).text()
        forum.cancelled_at = utcnow()
        session.commit()

        shown = page(client.get(url))

        assert "Remind me a day before" not in shown.text()
        assert client.post(url, data=shown.fields()).status_code == 303

    def test_more_meetings_can_be_added_only_those_to_come(
        self, app: Flask, session: Session, client: Client, forum: Meeting, docket: Docket, follow: Follow
    ) -> None:
        makers.meeting(session, title=both("Off"), cancelled_at=utcnow())
        makers.meeting(session, title=both("Gone"), starts_at=utcnow() - 9 * DAY)
        makers.meeting(session, title=both("Draft"), published_at=None)
        session.commit()
        follower = follow(ANA, wish(followed(docket)))
        with app.app_context():
            token = follower_token(follower.id)

        shown = page(client.get(f"/en/following/{token}"))
        offered = [option.get("value") for option in shown.field("what").findall("option")]
        assert offered == [f"meeting:{forum.id}"]
        client.post(f"/en/following/{token}/add", data={
            "csrf_token": client.csrf_token(), "what": offered[0], "frequency": "daily",
        })  # fmt: skip

        session.rollback()
        kinds = session.scalars(sa.select(FollowRow.subject_kind).order_by(FollowRow.subject_kind)).all()
        assert kinds == [DOCKET, MEETING]


class TestFeed:
    def test_of_a_meeting_tells_what_happened_to_it_in_the_language_asked_for(
        self, session: Session, client: Client, forum: Meeting
    ) -> None:
        change(session, forum, MeetingChangeKind.CANCEL)
        makers.meeting(session, title=both("Another"))
        session.commit()

        english = read(client.get("/feeds/meetings/forum.atom"))
        spanish = read(client.get("/feeds/meetings/forum.atom?language=es"))

        assert (english.feed.title, spanish.feed.title) == ("Forum", "Foro")
        assert english.feed.link == "http://localhost/en/meetings/forum"
        cancelled, announced = english.entries
        assert cancelled.summary.endswith("is cancelled. Reason: Snow.")
        assert cancelled.link == "http://localhost/en/meetings/forum#history"
        assert announced.summary.startswith("A meeting was announced: ")
        assert spanish.entries[0].summary.endswith("Motivo: Nieve.")

    def test_of_all_tells_of_meetings_and_of_nothing_else(
        self, session: Session, client: Client, forum: Meeting
    ) -> None:
        makers.comment_period(session, title=both("Period"))
        makers.meeting(session, title=both("Second"))
        makers.meeting(session, title=both("Draft"), published_at=None)
        hidden = makers.docket(session, published_at=None)
        makers.meeting(session, title=both("Hidden"), docket_id=hidden.id)
        session.commit()

        found = read(client.get("/feeds/meetings.atom"))

        assert {entry.title for entry in found.entries} == {"Forum", "Second"}
        assert found.feed.title == "Meetings"

    def test_of_the_docket_tells_of_its_meetings(
        self, session: Session, client: Client, docket: Docket, forum: Meeting
    ) -> None:
        found = read(client.get(f"/feeds/dockets/{docket.slug}.atom"))

        assert "Forum" in {entry.title for entry in found.entries}

    @pytest.mark.parametrize("url", ["/feeds/meetings.atom", "/feeds/meetings/forum.atom"])
    def test_is_sent_once(self, session: Session, client: Client, forum: Meeting, url: str) -> None:
        first = client.get(url)

        by_tag = client.get(url, headers={"If-None-Match": first.headers["ETag"]})
        by_time = client.get(url, headers={"If-Modified-Since": first.headers["Last-Modified"]})
        change(session, forum, MeetingChangeKind.POSTPONE)
        changed = client.get(url, headers={"If-None-Match": first.headers["ETag"]})

        assert (by_tag.status_code, by_tag.get_data()) == (304, b"")
        assert by_time.status_code == 304
        assert changed.status_code == 200
