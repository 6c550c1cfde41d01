"""The working agenda and its documents, and what residents may read of them."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.db.session import write_transaction
from engage.db.types import Localised
from engage.dockets.service import add_document
from engage.errors import NotFound
from engage.files import CleanFile, FileKind
from engage.meetings import papers
from engage.meetings.models import (
    AgendaItem,
    DecidedState,
    FileKindName,
    Meeting,
    MeetingComment,
    MeetingFile,
    Mode,
    SpeakerRequest,
)
from engage.meetings.posted import posted_agenda, posted_items
from engage.meetings.service import agenda as service
from engage.meetings.service import join_meeting
from engage.meetings.service.agenda import ItemDraft, Source
from tests.support import makers
from tests.support.makers import both

NOW = datetime.now(UTC)
TEXT = CleanFile(FileKind.TEXT, b"Read me.\n")


def titles(session: Session, meeting: Meeting) -> list[tuple[int, str]]:
    """The agenda as the database has it."""
    wanted = sa.select(AgendaItem.position, AgendaItem.title).where(AgendaItem.meeting_id == meeting.id)
    return [(place, title.en) for place, title in session.execute(wanted.order_by(AgendaItem.position))]


def meeting_of(session: Session, *names: str) -> Meeting:
    """A published meeting with these items."""
    meeting = makers.meeting(session)
    for name in names:
        service.add_item(session, meeting, ItemDraft(both(name)))
    return meeting


def post(session: Session, meeting: Meeting, now: datetime = NOW) -> None:
    """Show the agenda as it stands."""
    service.post_complete_agenda(session, meeting, actor=None, now=now)
    session.expire_all()


def put(
    session: Session, meeting: Meeting, item: AgendaItem | None = None, source: Source = TEXT
) -> MeetingFile:
    """A document more."""
    return service.add_file(
        session, meeting, item=item, kind=FileKindName.PACKET, title=both("Packet"), source=source, now=NOW
    )


class TestTheOrder:
    @pytest.mark.parametrize(
        ("at", "by", "order"),
        [
            (0, 1, "BACD"),
            (3, -1, "ABDC"),
            (1, -1, "BACD"),
            (0, -1, "ABCD"),
            (3, 1, "ABCD"),
            (0, 9, "BCDA"),
            (3, -9, "DABC"),
        ],
    )
    def test_changes_by_places_and_ends_at_the_ends(
        self, session: Session, at: int, by: int, order: str
    ) -> None:
        meeting = meeting_of(session, *"ABCD")

        service.move_item(session, meeting.items[at], by=by)

        assert titles(session, meeting) == list(enumerate(order, 1))
        assert [item.title.en for item in meeting.items] == list(order)

    def test_has_no_gap_after_an_item_is_removed(self, session: Session) -> None:
        meeting = meeting_of(session, *"ABCD")

        service.remove_item(session, meeting.items[1])

        assert titles(session, meeting) == [(1, "A"), (2, "C"), (3, "D")]
        service.add_item(session, meeting, ItemDraft(both("E")))
        assert titles(session, meeting)[-1] == (4, "E")

    def test_of_one_meeting_is_nothing_to_another(self, session: Session) -> None:
        first, second = meeting_of(session, *"AB"), meeting_of(session, *"CD")

        service.move_item(session, first.items[0], by=1)
        service.remove_item(session, first.items[0])

        assert titles(session, first) == [(1, "A")]
        assert titles(session, second) == [(1, "C"), (2, "D")]

    def test_of_an_empty_agenda_is_nothing(self, session: Session) -> None:
        meeting = meeting_of(session, "A")

        service.remove_item(session, meeting.items[0])

        assert titles(session, meeting) == []


class TestAnItem:
    def test_takes_its_documents_with_it(self, session: Session) -> None:
        meeting = meeting_of(session, "A")
        put(session, meeting, meeting.items[0])
        kept = put(session, meeting)

        service.remove_item(session, meeting.items[0])

        assert session.scalars(sa.select(MeetingFile)).all() == [kept]
        assert meeting.files == [kept]

    def test_that_somebody_wants_to_speak_on_stays(self, session: Session) -> None:
        meeting = meeting_of(session, "A")
        joined = join_meeting(
            session, meeting=meeting, wants_place=False, mode=Mode.REMOTE, language="en", now=NOW
        )
        session.add(
            SpeakerRequest(
                meeting_id=meeting.id, attendee=joined.attendee, item_id=meeting.items[0].id, number=1
            )
        )
        session.flush()

        with pytest.raises(service.ItemInUse):
            service.remove_item(session, meeting.items[0])

        assert titles(session, meeting) == [(1, "A")]

    def test_that_somebody_wrote_on_stays(self, session: Session) -> None:
        meeting = meeting_of(session, "A")
        comment = makers.comment(session, makers.comment_period(session))
        session.add(MeetingComment(comment_id=comment.id, meeting_id=meeting.id, item_id=meeting.items[0].id))
        session.flush()

        with pytest.raises(service.ItemInUse):
            service.remove_item(session, meeting.items[0])

        assert titles(session, meeting) == [(1, "A")]

    def test_is_taken_off_and_put_on_again(self, session: Session) -> None:
        (item,) = meeting_of(session, "A").items

        service.take_off(session, item)
        service.take_off(session, item)
        assert item.decided is DecidedState.WITHDRAWN
        service.put_back(session, item)

        assert item.decided is None

    def test_that_was_decided_is_not_taken_off_afterwards(self, session: Session) -> None:
        (item,) = meeting_of(session, "A").items
        item.decided = DecidedState.APPROVED

        with pytest.raises(service.AlreadyDecided):
            service.take_off(session, item)
        service.put_back(session, item)

        assert item.decided is DecidedState.APPROVED


class TestTheAgendaThatResidentsRead:
    def test_is_none_before_it_is_posted(self, session: Session) -> None:
        meeting = meeting_of(session, "A")

        assert posted_agenda(meeting) is None
        assert posted_items(meeting) == []

    def test_stays_what_was_posted_whatever_is_changed(self, session: Session) -> None:
        meeting = meeting_of(session, *"ABC")
        post(session, meeting)

        service.change_item(session, meeting.items[0], ItemDraft(both("Another")))
        service.move_item(session, meeting.items[2], by=-2)
        service.remove_item(session, next(item for item in meeting.items if item.title.en == "B"))
        service.add_item(session, meeting, ItemDraft(both("D")))

        agenda = posted_agenda(meeting)
        assert agenda
        assert [(one.position, one.title.en) for one in agenda.items] == [(1, "A"), (2, "B"), (3, "C")]
        assert [one.item and one.item.title.en for one in agenda.items] == ["Another", None, "C"]

    def test_is_the_last_version(self, session: Session) -> None:
        meeting = meeting_of(session, "A")
        post(session, meeting)
        service.change_item(session, meeting.items[0], ItemDraft(both("B"), both("About it.")))
        post(session, meeting, NOW + timedelta(hours=1))

        agenda = posted_agenda(meeting)

        assert agenda
        assert agenda.notice.number == 2
        assert agenda.items[0].title == both("B")
        assert agenda.items[0].summary == both("About it.")

    def test_says_what_was_taken_off_once_that_is_posted(self, session: Session) -> None:
        meeting = meeting_of(session, *"AB")
        post(session, meeting)
        service.take_off(session, meeting.items[0])
        before = posted_agenda(meeting)
        post(session, meeting, NOW + timedelta(hours=1))
        after = posted_agenda(meeting)

        assert before
        assert after
        assert [one.is_withdrawn for one in before.items] == [False, False]
        assert [one.is_withdrawn for one in after.items] == [True, False]
        assert [item.title.en for item in posted_items(meeting)] == ["B"]

    @pytest.mark.parametrize("title", [Localised(en="Only English"), Localised(es="Solo español")])
    def test_needs_both_languages(self, session: Session, title: Localised) -> None:
        meeting = meeting_of(session)
        service.add_item(session, meeting, ItemDraft(title))

        with pytest.raises(service.AgendaIncomplete, match=title.en or title.es):
            service.post_complete_agenda(session, meeting, actor=None, now=NOW)

    def test_needs_an_item_and_a_meeting_that_can_be_seen(self, session: Session) -> None:
        draft = makers.meeting(session, published_at=None)
        service.add_item(session, draft, ItemDraft(both("A")))

        for meeting in (draft, meeting_of(session)):
            with pytest.raises(service.AgendaIncomplete):
                service.post_complete_agenda(session, meeting, actor=None, now=NOW)

    def test_is_posted_once_where_nothing_changed(self, session: Session) -> None:
        meeting = meeting_of(session, "A")
        post(session, meeting)

        assert service.post_complete_agenda(session, meeting, actor=None, now=NOW) is None

    def test_keeps_the_id_of_each_item_for_whoever_compares_versions(self, session: Session) -> None:
        meeting = meeting_of(session, "A")
        post(session, meeting)

        said = json.loads(meeting.notices[0].content)

        assert [item["id"] for item in said["items"]] == [meeting.items[0].id]


class TestADocument:
    def test_of_the_meeting_is_there_from_the_moment_it_was_posted(self, session: Session) -> None:
        meeting = meeting_of(session)
        file = put(session, meeting)
        session.commit()

        found = papers.get_public_file(session, meeting.slug, file.id, NOW)
        assert (found.content, found.size, found.digest) == (TEXT.content, 9, TEXT.digest)
        with pytest.raises(NotFound):
            papers.get_public_file(session, meeting.slug, file.id, NOW - timedelta(seconds=1))

    def test_of_an_item_is_there_once_the_agenda_is_posted_with_it(self, session: Session) -> None:
        meeting = meeting_of(session, "A")
        post(session, meeting)
        file = put(session, meeting, meeting.items[0])

        with pytest.raises(NotFound):
            papers.get_public_file(session, meeting.slug, file.id, NOW)
        assert not papers.is_shown(file, NOW)
        post(session, meeting, NOW + timedelta(hours=1))

        assert papers.get_public_file(session, meeting.slug, file.id, NOW) is file
        assert papers.is_shown(file, NOW)

    def test_that_was_swapped_is_not_read_before_the_agenda_is_posted_anew(self, session: Session) -> None:
        meeting = meeting_of(session, "A")
        file = put(session, meeting, meeting.items[0])
        post(session, meeting)

        service.change_file(
            session,
            file,
            kind=FileKindName.PACKET,
            title=both("Packet"),
            source=CleanFile(FileKind.TEXT, b"Swapped.\n"),
            now=NOW,
        )

        with pytest.raises(NotFound):
            papers.get_public_file(session, meeting.slug, file.id, NOW)
        agenda = posted_agenda(meeting)
        assert agenda
        assert [one.file for one in agenda.items[0].files] == [None]
        post(session, meeting, NOW + timedelta(hours=1))
        assert papers.get_public_file(session, meeting.slug, file.id, NOW).content == b"Swapped.\n"

    @pytest.mark.parametrize("published_at", [None, NOW + timedelta(days=1)])
    def test_of_a_draft_is_not_there_for_the_public(
        self, session: Session, published_at: datetime | None
    ) -> None:
        meeting = makers.meeting(session, published_at=published_at)
        file = put(session, meeting)

        with pytest.raises(NotFound):
            papers.get_public_file(session, meeting.slug, file.id, NOW)
        assert not papers.is_shown(file, NOW)

    def test_of_another_meeting_is_not_there(self, session: Session) -> None:
        file = put(session, meeting_of(session))

        with pytest.raises(NotFound):
            papers.get_public_file(session, meeting_of(session).slug, file.id, NOW)

    def test_can_be_a_version_of_the_dockets_that_residents_may_read(self, session: Session) -> None:
        docket = makers.docket(session, published_at=NOW - timedelta(days=1))
        for slug, day in (("out", -1), ("to-come", 1)):
            add_document(
                session, docket, slug=slug, title=both(slug), body=both("Text"),
                published_at=NOW + timedelta(days=day),
            )  # fmt: skip
        meeting = makers.meeting(session, docket=docket)

        (version,) = papers.offered_versions(session, meeting, NOW)
        file = put(session, meeting, source=version)

        assert version.document.slug == "out"
        assert papers.public_files(meeting, NOW) == [file]
        docket.published_at = None
        assert papers.public_files(meeting, NOW) == []

    def test_can_be_a_link_and_become_a_file(self, session: Session) -> None:
        meeting = meeting_of(session)
        file = put(session, meeting, source="https://example.org/packet")

        later = NOW + timedelta(hours=3)
        service.change_file(
            session, file, kind=FileKindName.AGENDA, title=both("All"), source=None, now=later
        )
        assert (file.url, file.posted_at, file.title) == ("https://example.org/packet", NOW, both("All"))
        service.change_file(session, file, kind=file.kind, title=file.title, source=TEXT, now=later)

        assert (file.url, file.content, file.posted_at) == (None, TEXT.content, later)

    def test_that_is_removed_is_gone(self, session: Session) -> None:
        meeting = meeting_of(session, "A")
        file = put(session, meeting, meeting.items[0])
        post(session, meeting)

        service.remove_file(session, file)

        assert meeting.files == []
        assert meeting.items[0].files == []
        assert session.scalars(sa.select(MeetingFile.id)).all() == []


def test_items_that_are_added_and_moved_all_at_once_get_each_a_place_of_their_own(
    app: Flask, session: Session
) -> None:
    meeting_id = meeting_of(session, *"ABCD").id
    session.commit()

    def change(number: int) -> None:
        with app.app_context(), write_transaction() as rows:
            meeting = rows.get_one(Meeting, meeting_id)
            if number % 2:
                service.add_item(rows, meeting, ItemDraft(both(f"New {number}")))
            else:
                service.move_item(rows, meeting.items[number % 4], by=1)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(change, range(12)))

    session.rollback()
    wanted = sa.select(AgendaItem.position).where(AgendaItem.meeting_id == meeting_id)
    assert sorted(session.scalars(wanted)) == list(range(1, 11))
