"""News: found in the database, told once, complete, and only to those who asked (cases 12, 39 and 69)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.comments.models import CommentPeriod
from engage.contacts.models import Contact
from engage.db.session import db, write_transaction
from engage.dockets.models import Docket
from engage.dockets.service import add_document, post_update, record_decision
from engage.follows import happenings
from engage.follows.models import Follow as FollowRow
from engage.follows.models import Follower, FollowNews, Frequency
from engage.follows.service import find, keep, tell
from engage.follows.service.dates import digest_day, due_day
from engage.mail.sealed import Content
from engage.mail.service import send_due
from engage.web.news import DOCKET, PERIOD, Happening, Subject, add_source
from tests.follows.conftest import Follow, wish
from tests.support import makers
from tests.support.mail import Postman
from tests.support.makers import both

ANA, BEN = "ana@example.org", "ben@example.org"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Mails = Callable[[], list[Content]]


@pytest.fixture
def docket(session: Session) -> Docket:
    """A docket with nothing new on it."""
    docket = makers.docket(session, title=both("Jail agreement"), published_at=utcnow() - 100 * DAY)
    session.commit()
    return docket


def followed(thing: Docket | CommentPeriod) -> Subject:
    return Subject(DOCKET if isinstance(thing, Docket) else PERIOD, str(thing.id))


def post(session: Session, docket: Docket, title: str, *, ago: timedelta = HOUR) -> None:
    """Put news on a docket."""
    post_update(session, docket, title=both(title), body=both("…"), published_at=utcnow() - ago)
    session.commit()


class TestPeriod:
    def period(self, session: Session, docket: Docket, **dates: datetime) -> CommentPeriod:
        now = utcnow()
        values = {"published_at": now - 90 * DAY, "opens_at": now - 80 * DAY, "closes_at": now + 30 * DAY}
        period = makers.comment_period(session, docket=docket, title=both("Hearing"), **values | dates)
        session.commit()
        return period

    def told(self, mails: Mails) -> list[str]:
        return [line for mail in mails() for line in mail.body.splitlines() if line.startswith("- ")]

    def test_opens(self, session: Session, docket: Docket, follow: Follow, mails: Mails) -> None:
        period = self.period(session, docket, opens_at=utcnow() - HOUR)
        follow(ANA, wish(followed(period)))

        (line,) = self.told(mails)

        assert line.startswith("- The comment period is open. Comments are taken until")

    def test_is_announced(self, session: Session, docket: Docket, follow: Follow, mails: Mails) -> None:
        now = utcnow()
        follow(ANA, wish(followed(docket)))
        self.period(session, docket, published_at=now - HOUR, opens_at=now + DAY)

        (line,) = self.told(mails)

        assert line.startswith("- A comment period was announced.")

    def test_closes(self, session: Session, docket: Docket, follow: Follow, mails: Mails) -> None:
        period = self.period(session, docket, closes_at=utcnow() - HOUR)
        follow(ANA, wish(followed(period)))

        (line,) = self.told(mails)

        assert line.startswith("- The comment period is closed.")

    def test_closes_soon_is_told_within_72_hours_to_its_own_followers(
        self, session: Session, docket: Docket, follow: Follow, mails: Mails
    ) -> None:
        soon = self.period(session, docket, closes_at=utcnow() + 71 * HOUR)
        later = self.period(session, docket, closes_at=utcnow() + 73 * HOUR)
        follow(ANA, wish(followed(soon)), wish(followed(later)))
        follow(BEN, wish(followed(docket)))

        mails()
        (mail,) = mails()

        assert mail.recipient == ANA
        assert mail.body.count("closes soon") == 1

    def test_closes_soon_is_not_told_to_those_who_have_commented(
        self, session: Session, docket: Docket, follow: Follow, mails: Mails
    ) -> None:
        period = self.period(session, docket, closes_at=utcnow() + 71 * HOUR)
        follow(ANA, wish(followed(period), wants_reminder=False))
        follower = follow(BEN, wish(followed(period)))
        with write_transaction() as rows:
            keep.stop_reminder(rows, rows.get_one(Follower, follower.id), period.id)

        assert mails() == []

    def test_closes_soon_is_not_told_after_it_has_closed(
        self, session: Session, docket: Docket, follow: Follow, mails: Mails
    ) -> None:
        """The worker was away for a week."""
        period = self.period(session, docket, closes_at=utcnow() - 4 * DAY)
        follow(ANA, wish(followed(period)))

        assert [line[:33] for line in self.told(mails)] == ["- The comment period is closed. W"]

    def test_that_gets_a_later_end_closes_soon_once_more(
        self, session: Session, docket: Docket, follow: Follow, mails: Mails
    ) -> None:
        period = self.period(session, docket, closes_at=utcnow() + 71 * HOUR)
        follow(ANA, wish(followed(period)))
        mails()
        period.closes_at += HOUR
        session.commit()

        assert len(mails()) == 2

    def test_that_is_short_is_not_reminded_of(
        self, session: Session, docket: Docket, follow: Follow, mails: Mails
    ) -> None:
        now = utcnow()
        period = self.period(
            session, docket, published_at=now - HOUR, opens_at=now - HOUR, closes_at=now + DAY
        )
        follow(ANA, wish(followed(period)))

        assert [line[:29] for line in self.told(mails)] == ["- The comment period is open."]

    def test_that_is_a_draft_is_never_told_of(
        self, session: Session, docket: Docket, follow: Follow, mails: Mails
    ) -> None:
        """Case 29."""
        draft = makers.comment_period(session, docket=docket, published_at=None)
        session.commit()
        follow(ANA, wish(followed(docket)), wish(followed(draft)))

        assert mails() == []


class TestDocket:
    def test_tells_of_updates_documents_versions_and_the_decision(
        self, session: Session, docket: Docket, follow: Follow, mails: Mails
    ) -> None:
        follow(ANA, wish(followed(docket)))
        post(session, docket, "The hearing moved")
        add_document(
            session,
            docket,
            slug="memo",
            title=both("Memo of the sheriff"),
            body=both("…"),
            published_at=utcnow() - HOUR,
        )
        record_decision(
            session,
            docket,
            decided_on=utcnow().date(),
            decided_by=both("Board"),
            outcome=both("Declined"),
            reasons=both("…"),
        )
        session.commit()

        (mail,) = mails()

        assert mail.subject == "Testing County: Jail agreement"
        for said in ("update: The hearing moved", "added: Memo of the sheriff", "decision was published"):
            assert said in mail.body
        assert "http://localhost/en/dockets/" in mail.body

    def test_waits_with_what_is_to_be_published_later(
        self, session: Session, docket: Docket, follow: Follow, mails: Mails
    ) -> None:
        follow(ANA, wish(followed(docket)))
        post(session, docket, "Tomorrow", ago=-DAY)
        assert mails() == []

        session.execute(sa.text("UPDATE docket_update SET published_at = :then"), {"then": _stored(session)})
        session.commit()
        assert len(mails()) == 1

    def test_writes_in_the_language_of_each(
        self, session: Session, docket: Docket, follow: Follow, mails: Mails
    ) -> None:
        follow(ANA, wish(followed(docket)), language="es")
        post(session, docket, "Hearing")

        (mail,) = mails()

        assert "Hay una actualización: Hearing (es)" in mail.body
        assert "/es/dockets/" in mail.body
        assert "/es/following/" in mail.body


def _stored(session: Session) -> Any:
    then = utcnow() - HOUR
    return then if session.get_bind().dialect.name == "postgresql" else then.strftime("%Y-%m-%d %H:%M:%S.%f")


class TestOnce:
    def test_each_event_is_told_once(
        self, session: Session, docket: Docket, follow: Follow, mails: Mails
    ) -> None:
        follow(ANA, wish(followed(docket)))
        post(session, docket, "One")

        assert len(mails()) == 1
        assert len(mails()) == 1

    def test_who_follows_the_docket_and_its_period_hears_of_an_event_once(
        self, session: Session, docket: Docket, follow: Follow, mails: Mails
    ) -> None:
        period = makers.comment_period(session, docket=docket, opens_at=utcnow() - HOUR)
        session.commit()
        follow(ANA, wish(followed(docket)), frequency=Frequency.WEEKLY)
        follow(ANA, wish(followed(period)), frequency=Frequency.REAL_TIME)

        (mail,) = mails()
        assert mail.body.count("is open") == 1
        assert _kept(session, FollowNews) == 2  # Announced and opened.

    def test_who_comes_later_is_not_told_of_the_past(
        self, session: Session, docket: Docket, follow: Follow, mails: Mails
    ) -> None:
        post(session, docket, "One")
        mails()
        follow(ANA, wish(followed(docket)))

        assert mails() == []

    def test_four_workers_at_once_tell_it_once(
        self, app: Flask, session: Session, docket: Docket, follow: Follow, mails: Mails
    ) -> None:
        for number in range(8):
            follow(f"person{number}@example.org", wish(followed(docket)))
        post(session, docket, "One")
        post(session, docket, "Two")

        def work(_number: int) -> None:
            with app.app_context():
                find.find_news()
                tell.tell_news()

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(work, range(4)))

        sent = mails()
        said = [mail.body.count("There is an update") for mail in sent]
        assert sum(said) == 16
        assert len({mail.recipient for mail in sent}) == 8

    @pytest.mark.parametrize("dies_in", ["_insert_news", "_queue"])
    def test_a_worker_that_dies_leaves_nothing_untold_and_nothing_twice(
        self,
        session: Session,
        docket: Docket,
        follow: Follow,
        mails: Mails,
        monkeypatch: pytest.MonkeyPatch,
        dies_in: str,
    ) -> None:
        for number in range(3):
            follow(f"person{number}@example.org", wish(followed(docket)))
        post(session, docket, "One")
        room = find if dies_in == "_insert_news" else tell
        monkeypatch.setattr(find, "_PAGE", 1)
        original, calls = getattr(room, dies_in), []

        def die_at_the_second(*given: Any) -> None:
            calls.append(given)
            original(*given)
            if len(calls) == 2:
                raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(room, dies_in, die_at_the_second)
            with pytest.raises(KeyboardInterrupt):
                mails()

        sent = mails()
        assert sorted(mail.recipient for mail in sent) == [
            f"person{number}@example.org" for number in range(3)
        ]

    def test_only_those_who_follow_it_are_told(
        self, session: Session, docket: Docket, follow: Follow, mails: Mails
    ) -> None:
        """Case 39."""
        other = makers.docket(session, published_at=utcnow() - 100 * DAY)
        session.commit()
        follow(ANA, wish(followed(docket)))
        follow(BEN, wish(followed(other)))
        post(session, docket, "One")

        assert [mail.recipient for mail in mails()] == [ANA]


class TestDigest:
    def test_is_complete_and_grouped_however_long_nobody_worked(
        self, session: Session, docket: Docket, follow: Follow, mails: Mails, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = makers.docket(session, title=both("Cameras"), published_at=utcnow() - 100 * DAY)
        session.commit()
        follow(ANA, wish(followed(docket)), wish(followed(other)), frequency=Frequency.DAILY)
        for number in range(12):
            post(session, [docket, other][number % 2], f"Piece {number:02}", ago=(45 - number) * DAY)
        assert mails() == []

        _later(monkeypatch, DAY)
        (mail,) = mails()

        assert all(f"Piece {number:02}" in mail.body for number in range(12))
        assert mail.body.count("\nCameras\n") + mail.body.startswith("Cameras\n") == 1
        assert mail.body.index("Piece 01") < mail.body.index("Piece 03") < mail.body.index("Piece 11")
        assert mail.subject == "Testing County: news on 2 things you follow"
        _later(monkeypatch, 2 * DAY)
        assert len(mails()) == 1

    def test_that_is_discreet_names_no_topic(
        self, session: Session, docket: Docket, follow: Follow, mails: Mails
    ) -> None:
        """Case 12."""
        follow(ANA, wish(followed(docket)), is_discreet=True)
        post(session, docket, "Deputies")

        (mail,) = mails()

        assert mail.subject == "Testing County: news on what you follow"
        for word in ("Jail", "agreement", "Deputies", "docket", docket.slug):
            assert word.lower() not in f"{mail.subject} {mail.body} {mail.headers}".lower()

    def test_changes_its_day_with_the_frequency(
        self, session: Session, docket: Docket, follow: Follow, mails: Mails
    ) -> None:
        follower = follow(ANA, wish(followed(docket)), frequency=Frequency.WEEKLY)
        post(session, docket, "One")
        assert mails() == []
        with write_transaction() as rows:
            (row,) = rows.get_one(Follower, follower.id).follows
            keep.change_follow(rows, row, frequency=Frequency.REAL_TIME, wants_reminder=True)

        assert len(mails()) == 1

    def test_of_a_follow_that_ended_is_not_sent(
        self, session: Session, docket: Docket, follow: Follow, mails: Mails, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        follower = follow(ANA, wish(followed(docket)), frequency=Frequency.DAILY)
        post(session, docket, "One")
        mails()
        with write_transaction() as rows:
            keep.stop_all(rows, rows.get_one(Follower, follower.id))
        _later(monkeypatch, 2 * DAY)

        assert mails() == []
        assert [_kept(session, table) for table in (Contact, Follower, FollowRow, FollowNews)] == [0, 0, 0, 0]


def _later(monkeypatch: pytest.MonkeyPatch, span: timedelta) -> None:
    """As if the present were later for whoever tells the news."""
    now = utcnow()
    monkeypatch.setattr(tell, "utcnow", lambda: now + span)


def _kept(session: Session, table: type[Any]) -> int:
    session.rollback()
    return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("now", "last", "daily", "weekly"),
    [
        ("2026-11-25T11:59", "2026-11-24", "2026-11-25", "2026-11-30"),
        ("2026-11-25T12:00", "2026-11-25", "2026-11-26", "2026-11-30"),
        ("2026-11-30T11:59", "2026-11-29", "2026-11-30", "2026-11-30"),
        ("2026-11-30T12:00", "2026-11-30", "2026-12-01", "2026-12-07"),
        ("2026-07-01T10:59", "2026-06-30", "2026-07-01", "2026-07-06"),
        ("2026-07-01T11:00", "2026-07-01", "2026-07-02", "2026-07-06"),
    ],
)
def test_digests_go_out_at_seven_of_the_place(now: str, last: str, daily: str, weekly: str) -> None:
    instant = datetime.fromisoformat(now).replace(tzinfo=UTC)

    assert digest_day(instant, NEW_YORK).isoformat() == last
    assert due_day(Frequency.DAILY, instant, NEW_YORK).isoformat() == daily
    assert due_day(Frequency.WEEKLY, instant, NEW_YORK).isoformat() == weekly
    assert due_day(Frequency.REAL_TIME, instant, NEW_YORK) <= digest_day(instant, NEW_YORK)


@pytest.mark.parametrize(
    ("needed_by", "daily", "weekly"),
    [
        ("2026-11-26T12:00", "2026-11-25", "2026-11-25"),
        ("2026-11-26T12:01", "2026-11-26", "2026-11-25"),
        ("2026-11-30T12:01", "2026-11-26", "2026-11-30"),
    ],
)
def test_no_digest_is_waited_for_that_goes_out_too_late(needed_by: str, daily: str, weekly: str) -> None:
    found, until = (
        datetime.fromisoformat(each).replace(tzinfo=UTC) for each in ("2026-11-25T12:00", needed_by)
    )

    assert due_day(Frequency.DAILY, found, NEW_YORK, until).isoformat() == daily
    assert due_day(Frequency.WEEKLY, found, NEW_YORK, until).isoformat() == weekly


class TestOtherRooms:
    @pytest.fixture
    def source(self, app: Flask) -> Iterator[list[Happening]]:
        """What another room tells, such as the changes of a period."""
        told: list[Happening] = []
        sources = app.extensions["news_sources"]
        add_source(app, lambda _session, _since, _now: told)
        yield told
        sources.pop()

    @pytest.mark.parametrize(
        ("what", "said"), [("extended", "was changed"), ("reopened", "again"), ("cancelled", "cancelled")]
    )
    def test_can_tell_of_what_happens_there(
        self,
        session: Session,
        docket: Docket,
        follow: Follow,
        mails: Mails,
        source: list[Happening],
        what: str,
        said: str,
    ) -> None:
        now = utcnow()
        period = makers.comment_period(
            session, docket=docket, published_at=now - 90 * DAY, opens_at=now - 80 * DAY
        )
        session.commit()
        follow(ANA, wish(followed(period)))
        source.append(happenings.about_period(period, what, "change:7", now - HOUR))

        (mail,) = mails()

        assert said in mail.body


class TestMailServer:
    """Case 69, and what came back."""

    def test_that_was_away_gets_everything_once(
        self, app: Flask, session: Session, docket: Docket, follow: Follow, mails: Mails, postman: Postman
    ) -> None:
        for number in range(5):
            follow(f"person{number}@example.org", wish(followed(docket)))
        post(session, docket, "One")
        mails()
        working = app.config["ENGAGE_SETTINGS"]
        app.config["ENGAGE_SETTINGS"] = dataclasses.replace(
            working, mail_url="smtp://127.0.0.1:1?from=engage@example.gov"
        )
        assert send_due() == 5
        app.config["ENGAGE_SETTINGS"] = working
        session.execute(sa.text("UPDATE outbox_message SET due_at = queued_at"))
        session.commit()
        send_due()
        send_due()

        assert sorted(postman.recipients) == [f"person{number}@example.org" for number in range(5)]

    def test_gets_the_headers_of_one_click_in_one_line(
        self, session: Session, docket: Docket, follow: Follow, mails: Mails, postman: Postman
    ) -> None:
        follow(ANA, wish(followed(docket)))
        post(session, docket, "One")
        mails()
        send_due()

        (message,) = postman.messages
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert message["List-Unsubscribe"].startswith("<http://localhost/u/")
        assert " " not in message["List-Unsubscribe"]
        assert message.get_content_type() == "text/plain"

    def test_that_refuses_an_address_three_times_is_left_alone(
        self, session: Session, docket: Docket, follow: Follow, mails: Mails, postman: Postman
    ) -> None:
        follow(ANA, wish(followed(docket)))
        postman.answer = "550 no such mailbox"
        for number in range(3):
            post(session, docket, f"Piece {number}")
            assert len(mails()) == 1
            send_due()
        post(session, docket, "Piece 4")

        assert mails() == []
        with db.sessionmaker() as rows:
            assert rows.scalars(sa.select(Follower)).one().is_stopped
