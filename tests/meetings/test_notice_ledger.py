"""What was posted can be proved: the database refuses to change it, and the chain tells who did so anyway."""

from __future__ import annotations

import hashlib
import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask
from sqlalchemy.orm import Session

from engage.backup.marks import BelowTheMark, Marks, check_marks, marks_of
from engage.db.session import db, write_transaction
from engage.db.types import Localised
from engage.dockets.models import Document, DocumentVersion
from engage.meetings import cli, ledger, service
from engage.meetings.models import FileKindName, Meeting, MeetingFile, MeetingNotice
from tests.support import makers
from tests.support.makers import NOON


def posted(session: Session) -> list[MeetingNotice]:
    """Four versions of two meetings, in turn; there is a third of which nothing is posted."""
    first, second, _third = (makers.meeting(session) for _ in range(3))
    makers.agenda_item(session, first)
    service.post_notice(session, first, actor=None, now=NOON)
    service.post_notice(session, second, actor=None, now=NOON + timedelta(hours=1))
    service.post_agenda(session, first, actor=None, now=NOON + timedelta(hours=2))
    first.title = Localised("Another title", "Otro título")
    service.post_notice(session, first, actor=None, now=NOON + timedelta(hours=3))
    session.commit()
    return list(session.scalars(sa.select(MeetingNotice).order_by(MeetingNotice.id)))


def tamper(session: Session, *statements: str) -> None:
    """Change what was posted behind the back of the database's own protection, as a superuser could."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    if is_postgresql:
        session.execute(sa.text("ALTER TABLE meeting_notice DISABLE TRIGGER ALL"))
    else:
        session.execute(sa.text("PRAGMA defer_foreign_keys = ON"))
        for verb in ("update", "delete"):
            session.execute(sa.text(f"DROP TRIGGER meeting_notice_no_{verb}"))
    for statement in statements:
        session.execute(sa.text(statement))
    if is_postgresql:
        session.execute(sa.text("ALTER TABLE meeting_notice ENABLE TRIGGER ALL"))
    session.expire_all()


class TestTheDatabaseRefuses:
    @pytest.mark.parametrize(
        "statement", ["UPDATE meeting_notice SET number = 9", "DELETE FROM meeting_notice"]
    )
    def test_to_change_or_delete_what_was_posted(self, session: Session, statement: str) -> None:
        posted(session)

        with pytest.raises(sa.exc.DBAPIError, match="what was posted stays as it is"):
            session.execute(sa.text(statement))


class TestTheLedger:
    def test_holds_and_names_its_head(self, session: Session) -> None:
        rows = posted(session)

        check = ledger.verify_ledger(session)

        assert check == ledger.LedgerCheck(4, rows[-1].chain_digest, None)
        assert ledger.head(session) == (rows[-1].id, rows[-1].chain_digest)

    def test_that_is_empty_holds(self, session: Session) -> None:
        assert ledger.verify_ledger(session) == ledger.LedgerCheck(0, ledger.GENESIS, None)

    def test_is_computed_as_the_page_tells_everybody(self, session: Session) -> None:
        first, second, *_ = posted(session)

        digest = hashlib.sha256(second.content.encode()).hexdigest()
        text = f"{first.chain_digest}\n{digest}\n2026-10-15T17:00:00.000000+00:00"

        assert second.digest == digest
        assert second.chain_digest == hashlib.sha256(text.encode()).hexdigest()

    @pytest.mark.parametrize(
        "change",
        [
            "content = replace(content, 'Town Hall', 'Moon')",
            f"digest = '{'f' * 64}'",
            f"chain_digest = '{'f' * 64}'",
            "posted_at = '2026-10-01 16:00:00+00:00'",
            "starts_at = '2026-12-01 16:00:00+00:00'",
            "number = 7",
            "kind = 'agenda'",
            "meeting_id = (SELECT max(id) FROM meeting)",
        ],
    )
    def test_names_the_first_row_that_was_changed(self, session: Session, change: str) -> None:
        before, victim, *_ = posted(session)
        kept = before.chain_digest

        tamper(session, f"UPDATE meeting_notice SET {change} WHERE id = {victim.id}")  # noqa: S608

        assert ledger.verify_ledger(session) == ledger.LedgerCheck(1, kept, victim.id)

    def test_notices_a_row_that_was_taken_out(self, session: Session) -> None:
        rows = posted(session)

        tamper(session, f"DELETE FROM meeting_notice WHERE id = {rows[1].id}")  # noqa: S608

        assert ledger.verify_ledger(session).broken_at == rows[2].id

    def test_does_not_mind_gaps_between_ids(self, session: Session) -> None:
        rows = posted(session)

        tamper(session, f"UPDATE meeting_notice SET id = id + 50 WHERE id = {rows[-1].id}")  # noqa: S608

        assert ledger.verify_ledger(session).holds

    def test_names_what_was_dated_back(self, session: Session) -> None:
        posted(session)
        late = service.post_notice(session, makers.meeting(session), actor=None, now=NOON)

        assert late is not None
        assert ledger.verify_ledger(session).dated_back == (late.id,)

    def test_is_checked_by_a_command(
        self, app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        last = posted(session)[-1].id
        monkeypatch.setattr(cli, "create_app", lambda: app)
        fine = CliRunner().invoke(cli.meetings_group, ["verify-notices"], catch_exceptions=False)
        tamper(session, f"UPDATE meeting_notice SET number = 5 WHERE id = {last}")  # noqa: S608
        session.commit()
        session.close()

        broken = CliRunner().invoke(cli.meetings_group, ["verify-notices"])

        assert "4 versions, all as they were written" in fine.output
        assert isinstance(broken.exception, cli.LedgerBroken)
        assert f"Row {last} of" in str(broken.exception)

    def test_stands_among_the_marks_that_are_kept_outside_the_database(self, session: Session) -> None:
        marks = Marks(notices=marks_of(session).notices)
        rows = posted(session)
        later = marks_of(session)

        check_marks(session, marks)
        check_marks(session, later)
        tamper(session, f"DELETE FROM meeting_notice WHERE id = {rows[-1].id}")  # noqa: S608

        with pytest.raises(BelowTheMark, match="notices"):
            check_marks(session, later)


class TestPosting:
    def test_the_same_again_makes_no_version(self, session: Session) -> None:
        meeting = makers.meeting(session)
        makers.agenda_item(session, meeting)

        for post in (service.post_notice, service.post_agenda):
            assert post(session, meeting, actor=None, now=NOON) is not None
            assert post(session, meeting, actor=None, now=NOON + timedelta(hours=1)) is None

    def test_an_agenda_says_items_in_order_with_their_documents(self, session: Session) -> None:
        meeting = makers.meeting(session)
        item = makers.agenda_item(session, meeting)
        file = {"meeting": meeting, "kind": FileKindName.PACKET, "posted_at": NOON}
        session.add_all(
            [
                MeetingFile(**file, item=item, title=makers.both("Draft"), url="https://example.org/draft"),
                MeetingFile(
                    **file, title=makers.both("Packet"), content=b"pdf", digest="ab" * 32,
                    media_type="application/pdf",
                ),
            ]
        )  # fmt: skip
        session.flush()

        version = service.post_agenda(session, meeting, actor=None, now=NOON)

        assert version is not None
        said = json.loads(version.content)
        assert said["starts_at"] == meeting.starts_at.astimezone(UTC).isoformat()
        assert said["items"] == [
            {
                "id": item.id,
                "position": 1,
                "title": {"en": "Item 1", "es": "Item 1 (es)"},
                "summary": None,
                "files": [
                    {
                        "title": {"en": "Draft", "es": "Draft (es)"},
                        "digest": None,
                        "url": "https://example.org/draft",
                    }
                ],
            }
        ]
        assert [file["digest"] for file in said["files"]] == ["ab" * 32]

    def test_an_agenda_says_nothing_of_what_residents_may_not_see_yet_or_what_came_afterwards(
        self, session: Session
    ) -> None:
        meeting, docket = makers.meeting(session), makers.docket(session)
        item = makers.agenda_item(session, meeting)
        later = NOON + timedelta(days=1)
        secret = DocumentVersion(number=1, body=makers.both("Secret"), published_at=later)
        session.add(Document(docket=docket, slug="secret", title=makers.both("Secret"), versions=[secret]))
        session.flush()
        for fields in (
            {"url": "https://example.org/secret", "posted_at": later, "kind": FileKindName.PACKET},
            {"version_id": secret.id, "posted_at": NOON, "kind": FileKindName.PACKET},
        ):
            session.add(MeetingFile(meeting=meeting, item=item, title=makers.both("Secret"), **fields))
        minutes = {"url": "https://example.org/minutes", "posted_at": NOON, "kind": FileKindName.MINUTES}
        session.add(MeetingFile(meeting=meeting, title=makers.both("Minutes"), **minutes))
        session.flush()

        version = service.post_agenda(session, meeting, actor=None, now=NOON)

        assert version is not None
        said = json.loads(version.content)
        assert said["items"][0]["files"] == []
        assert "files" not in said

    def test_says_what_somebody_else_has_just_changed(self, app: Flask, session: Session) -> None:
        """The poster read the meeting before the other one moved it; the notice tells where it stands now."""
        number = makers.meeting(session).id
        session.commit()
        mine = session.get_one(Meeting, number)
        assert mine.place_street == "1 Main Street"
        session.rollback()
        with write_transaction() as other:
            other.get_one(Meeting, number).place_street = "2 Other Street"

        version = service.post_notice(session, mine, actor=None, now=NOON)

        assert version is not None
        assert json.loads(version.content)["address"] == "2 Other Street"

    def test_many_meetings_at_once_makes_one_chain(self, app: Flask, session: Session) -> None:
        ids = [makers.meeting(session).id for _ in range(8)]
        session.commit()
        session.close()
        ready = threading.Barrier(4)

        def post(mine: list[int]) -> None:
            with app.app_context():
                ready.wait(timeout=10)
                for number in mine:
                    with write_transaction() as writing:
                        meeting = writing.get_one(Meeting, number)
                        service.post_notice(writing, meeting, actor=None, now=datetime.now(UTC))

        threads = [threading.Thread(target=post, args=(ids[part::4],)) for part in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)

        with db.sessionmaker() as fresh:
            check = ledger.verify_ledger(fresh)
        assert (check.entries, check.broken_at) == (8, None)

    def test_one_meeting_twice_at_once_makes_one_version(self, app: Flask, session: Session) -> None:
        number = makers.meeting(session).id
        session.commit()
        session.close()
        ready, made = threading.Barrier(2), []

        def post() -> None:
            with app.app_context():
                ready.wait(timeout=10)
                with write_transaction() as writing:
                    meeting = writing.get_one(Meeting, number)
                    made.append(service.post_notice(writing, meeting, actor=None, now=NOON))

        threads = [threading.Thread(target=post) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)

        assert sorted(version is None for version in made) == [False, True]
