"""What stays of a meeting: minutes, recording and transcript, attendance, and what was decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName, User
from engage.clock import utcnow
from engage.db.types import Localised
from engage.errors import NotFound, RuleBroken
from engage.files import CleanFile, FileKind
from engage.meetings import papers
from engage.meetings.models import DecidedState, FileKindName, Meeting, MeetingFile, MinutesVersion, Mode
from engage.meetings.service import after, agenda, join_meeting
from tests.support import makers
from tests.support.pages import Client, page

SignIn = Callable[..., Client]
STAFF = "/en/staff/meetings/forum"
PUBLIC = "/en/meetings/forum"
DAY = timedelta(days=1)
LINK = {
    "kind": "recording",
    "title_en": "The recording",
    "title_es": "La grabación",
    "url": "https://video.example.org/1",
}
FIRST = Localised(
    "# Opening\n\nThe chair opened the forum.\n\nThe budget was discussed.", "El foro se abrió."
)


@pytest.fixture
def meeting(session: Session) -> Meeting:
    """A forum of two days ago with two items and a host."""
    period = makers.comment_period(session)
    meeting = makers.meeting(
        session,
        slug="forum",
        period=period,
        docket=period.docket,
        host=makers.user(session, RoleName.HOST),
        starts_at=utcnow() - 2 * DAY,
    )
    makers.agenda_item(session, meeting, title=makers.both("The roads"))
    makers.agenda_item(session, meeting, title=makers.both("The budget"))
    session.commit()
    return meeting


@pytest.fixture
def clerk(session: Session, sign_in: SignIn, meeting: Meeting) -> Client:
    person = makers.user(session, RoleName.CLERK)
    session.commit()
    return sign_in(person)


def host_of(meeting: Meeting) -> User:
    assert meeting.host is not None
    return meeting.host


def press(client: Client, path: str, **typed: Any) -> int:
    """The status of a button's form."""
    return client.post(f"{STAFF}/{path}", data={"csrf_token": client.csrf_token()} | typed).status_code


def versions(session: Session) -> list[MinutesVersion]:
    session.rollback()
    session.expire_all()
    return list(session.query(MinutesVersion).order_by(MinutesVersion.number))


def published(session: Session, meeting: Meeting, body: Localised = FIRST) -> MinutesVersion:
    after.write_minutes(session, meeting, body, utcnow())
    version = after.publish_minutes(session, meeting, utcnow())
    session.commit()
    return version


class TestMinutes:
    def test_are_seen_by_staff_only_until_a_clerk_publishes_them(
        self, session: Session, client: Client, clerk: Client, meeting: Meeting
    ) -> None:
        clerk.send(f"{STAFF}/minutes", body_en="The chair opened the forum.")

        assert client.get(f"{PUBLIC}/minutes").status_code == 404
        assert client.get(f"{PUBLIC}/minutes/1").status_code == 404
        assert "The minutes are not published yet." in page(client.get(PUBLIC)).text()

        assert press(clerk, "minutes/publish") == 303

        read = page(client.get(f"{PUBLIC}/minutes")).text()
        assert "The chair opened the forum." in read
        assert "Draft, not approved yet" in read
        assert "Draft, not approved yet" in page(client.get(PUBLIC)).text()

    def test_say_from_which_day_on_they_are_approved(
        self, session: Session, client: Client, clerk: Client, meeting: Meeting
    ) -> None:
        published(session, meeting)
        today = utcnow().astimezone(meeting.zone).date()

        assert press(clerk, "minutes/1/approve", approved_on=today.isoformat()) == 303

        for path in (PUBLIC, f"{PUBLIC}/minutes", f"{STAFF}/minutes"):
            assert "Approved on" in page(clerk.get(path)).text()
        assert [version.approved_on for version in versions(session)] == [today]
        assert versions(session)[0].body == FIRST

    def test_never_change_once_they_are_published(self, session: Session, meeting: Meeting) -> None:
        published(session, meeting)

        second = after.write_minutes(session, meeting, Localised("Other words."), utcnow())
        third = after.write_minutes(session, meeting, Localised("Still other words."), utcnow())
        session.commit()

        assert (second.number, third.number) == (2, 2)
        assert [version.body for version in versions(session)] == [FIRST, Localised("Still other words.")]

    def test_do_not_change_under_somebody_who_wrote_while_they_were_published(
        self, session: Session, meeting: Meeting
    ) -> None:
        after.write_minutes(session, meeting, FIRST, utcnow())
        # Another request, of which this one has not heard.
        session.execute(
            sa.update(MinutesVersion).values(published_at=utcnow()),
            execution_options={"synchronize_session": False},
        )

        version = after.write_minutes(session, meeting, Localised("Written too late."), utcnow())
        session.commit()

        assert version.number == 2
        assert [each.body for each in versions(session)] == [FIRST, Localised("Written too late.")]

    def test_show_what_has_changed_between_published_versions(
        self, session: Session, client: Client, meeting: Meeting
    ) -> None:
        published(session, meeting)
        published(session, meeting, Localised(FIRST.en.replace("discussed", "postponed"), FIRST.es))

        latest = page(client.get(f"{PUBLIC}/minutes"))
        older = page(client.get(f"{PUBLIC}/minutes/1"))

        assert "discussed." in latest.text(".//del")
        assert "postponed." in latest.text(".//ins")
        assert latest.links()["Version 1"] == f"{PUBLIC}/minutes/1"
        assert "This is an older version" in older.text()
        assert "The budget was discussed." in older.text()
        assert not older.all(".//del")

    def test_are_shown_in_the_language_that_there_is_and_marked_so(
        self, session: Session, client: Client, meeting: Meeting
    ) -> None:
        published(session, meeting, Localised("Only in English."))

        spanish = page(client.get("/es/meetings/forum/minutes"))

        assert spanish.text(".//main//div[@lang='en']") == "Only in English."

    def test_are_safe_markdown(self, session: Session, client: Client, meeting: Meeting) -> None:
        published(
            session, meeting, Localised("<script>alert(1)</script> [a](javascript:alert(1)) ![x](//e/x.png)")
        )

        read = page(client.get(f"{PUBLIC}/minutes"))

        assert not read.all(".//main//script")
        assert not read.all(".//main//img")
        assert not [href for href in read.links(".//main//a").values() if "javascript" in href]

    def test_are_not_published_empty_or_twice_or_unchanged(self, session: Session, meeting: Meeting) -> None:
        with pytest.raises(after.NothingToPublish):
            after.publish_minutes(session, meeting, utcnow())
        published(session, meeting)
        with pytest.raises(after.NothingToPublish):
            after.publish_minutes(session, meeting, utcnow())
        after.write_minutes(session, meeting, FIRST, utcnow())
        with pytest.raises(after.NothingToPublish):
            after.publish_minutes(session, meeting, utcnow())

    @pytest.mark.parametrize("days", [-3, 1])
    def test_are_approved_between_the_meeting_and_today(
        self, session: Session, clerk: Client, meeting: Meeting, days: int
    ) -> None:
        published(session, meeting)
        day = utcnow().astimezone(meeting.zone).date() + days * DAY

        assert press(clerk, "minutes/1/approve", approved_on=day.isoformat()) == 422
        assert [version.approved_on for version in versions(session)] == [None]

    def test_are_not_approved_while_the_meeting_goes_on(
        self, session: Session, clerk: Client, meeting: Meeting
    ) -> None:
        meeting.starts_at, meeting.ends_at = utcnow() - DAY / 24, utcnow() + DAY / 24
        published(session, meeting)
        today = utcnow().astimezone(meeting.zone).date()

        assert press(clerk, "minutes/1/approve", approved_on=today.isoformat()) == 422
        assert "Approve version" not in page(clerk.get(f"{STAFF}/minutes")).text()
        assert [version.approved_on for version in versions(session)] == [None]

    @pytest.mark.parametrize(("spanish", "is_told"), [("", True), ("El foro se abrió.", False)])
    def test_a_clerk_is_told_where_one_language_is_missing(
        self, session: Session, clerk: Client, meeting: Meeting, spanish: str, is_told: bool
    ) -> None:
        after.write_minutes(session, meeting, Localised("The forum was opened.", spanish), utcnow())
        session.commit()

        told = "The draft is written in one language only." in page(clerk.get(f"{STAFF}/minutes")).text()
        assert told is is_told

    def test_keep_the_day_on_which_they_were_approved(self, session: Session, meeting: Meeting) -> None:
        published(session, meeting)
        today = utcnow().astimezone(meeting.zone).date()
        after.approve_minutes(session, meeting, 1, today, utcnow())
        after.approve_minutes(session, meeting, 1, today, utcnow())

        with pytest.raises(after.NotApprovable):
            after.approve_minutes(session, meeting, 1, today - DAY, utcnow())

    def test_are_approved_only_in_the_version_that_residents_read_last(
        self, session: Session, meeting: Meeting
    ) -> None:
        published(session, meeting)
        published(session, meeting, Localised("Other words."))
        after.write_minutes(session, meeting, Localised("A draft."), utcnow())
        today = utcnow().astimezone(meeting.zone).date()

        for number in (1, 3, 4):
            with pytest.raises(after.NotApprovable):
                after.approve_minutes(session, meeting, number, today, utcnow())

    def test_are_written_by_the_host_of_the_meeting_who_can_neither_publish_nor_approve_them(
        self, session: Session, sign_in: SignIn, meeting: Meeting
    ) -> None:
        host = sign_in(host_of(meeting))
        host.send(f"{STAFF}/minutes", body_en="Written by the host.")

        assert press(host, "minutes/publish") == 403
        assert press(host, "minutes/1/approve", approved_on="2026-11-25") == 403
        assert "A clerk publishes what was saved last" in page(host.get(f"{STAFF}/minutes")).text()
        assert [(version.number, version.published_at) for version in versions(session)] == [(1, None)]

    def test_come_back_with_what_was_typed_where_something_is_wrong(
        self, session: Session, clerk: Client, meeting: Meeting
    ) -> None:
        empty = clerk.send(f"{STAFF}/minutes", body_en=" ", body_es="")

        assert empty.status_code == 422
        assert "#body_en" in page(empty).links(".//*[@class='errors']//a").values()
        assert versions(session) == []

    def test_with_somebody_s_telephone_number_are_looked_at_again_before_they_are_saved(
        self, session: Session, clerk: Client, meeting: Meeting
    ) -> None:
        asked = clerk.send(f"{STAFF}/minutes", body_en="Ana said: call me at 555-201-7788.")

        assert asked.status_code == 422
        assert "telephone number" in page(asked).text()
        assert versions(session) == []
        keep = page(asked).fields() | {"personal_data": "keep"}
        assert clerk.post(f"{STAFF}/minutes", data=keep).status_code == 303
        assert len(versions(session)) == 1

    @pytest.mark.parametrize("number", [0, 2, 10**12])
    def test_of_an_unknown_number_are_not_found(
        self, session: Session, client: Client, meeting: Meeting, number: int
    ) -> None:
        published(session, meeting)

        assert client.get(f"{PUBLIC}/minutes/{number}").status_code == 404


class TestAttendance:
    def test_is_typed_by_staff_beside_what_was_checked_in_and_told_as_counted_by_staff(
        self, session: Session, client: Client, clerk: Client, meeting: Meeting
    ) -> None:
        attendee = join_meeting(
            session,
            meeting=meeting,
            wants_place=False,
            mode=Mode.IN_PERSON,
            language="en",
            now=utcnow(),
        ).attendee
        attendee.has_come = True
        session.commit()

        assert "In person: 1, Online or by telephone: 0." in page(clerk.get(f"{STAFF}/record")).text()
        assert press(clerk, "attendance", in_person="42", remote="") == 303

        shown = page(client.get(PUBLIC)).text()
        assert "People in the room 42 Counted by staff." in shown
        assert "People online or by telephone" not in shown

    @pytest.mark.parametrize("number", ["-1", "100001", "many", "1.5", "9" * 40])
    def test_is_a_number(self, session: Session, clerk: Client, meeting: Meeting, number: str) -> None:
        assert press(clerk, "attendance", in_person=number) == 422

        session.refresh(meeting)
        assert meeting.attended_in_person is None


class TestDecisions:
    def test_are_written_for_each_item_and_shown(
        self, session: Session, client: Client, clerk: Client, meeting: Meeting
    ) -> None:
        roads, budget = meeting.items

        status = press(
            clerk,
            "decisions",
            **{
                f"decided_{budget.id}": "continued",
                f"outcome_en_{budget.id}": "Until January.",
                f"outcome_es_{budget.id}": "Hasta enero.",
            },
        )

        assert status == 303
        session.expire_all()
        assert (budget.decided, budget.outcome) == (
            DecidedState.CONTINUED,
            Localised("Until January.", "Hasta enero."),
        )
        assert (roads.decided, roads.outcome) == (None, None)
        shown = page(client.get(PUBLIC)).text()
        assert "2. The budget: Continued at another meeting. Until January." in shown
        assert "Hasta enero." in page(client.get("/es/meetings/forum")).text()
        assert page(clerk.get(f"{STAFF}/record")).field(f"outcome_en_{budget.id}").get("value")

    def test_are_of_a_closed_list(self, session: Session, clerk: Client, meeting: Meeting) -> None:
        item = meeting.items[0]

        assert press(clerk, "decisions", **{f"decided_{item.id}": "burned"}) == 422
        session.refresh(item)
        assert item.decided is None


class TestLinks:
    def test_to_a_recording_or_transcript_are_added_shown_and_taken_away(
        self, session: Session, client: Client, clerk: Client, meeting: Meeting
    ) -> None:
        assert press(clerk, "links", **LINK) == 303
        assert page(client.get(PUBLIC)).links()["The recording"] == LINK["url"]
        assert "Recording, on another site" in page(client.get(PUBLIC)).text()

        session.refresh(meeting)
        (file,) = meeting.files
        assert press(clerk, f"links/{file.id}/remove") == 303
        assert "The recording" not in page(client.get(PUBLIC)).text()

    @pytest.mark.parametrize(
        "url",
        [
            "javascript:alert(1)",
            "http://video.example.org",
            "https://",
            "https://user:secret@example.org/",
            "//example.org",
            "https://[",
            "x" * 2000,
            "",
        ],
    )
    def test_lead_to_encrypted_pages_on_the_web(
        self, session: Session, clerk: Client, meeting: Meeting, url: str
    ) -> None:
        assert press(clerk, "links", **LINK | {"url": url}) == 422
        session.refresh(meeting)
        assert meeting.files == []

    def test_of_other_kinds_or_meetings_are_not_taken_away(self, session: Session, meeting: Meeting) -> None:
        other = makers.meeting(session, starts_at=utcnow() - DAY)
        theirs = after.add_link(
            session,
            other,
            kind=FileKindName.RECORDING,
            title=makers.both("x"),
            url="https://x.example",
            now=utcnow(),
        )

        with pytest.raises(NotFound):
            after.remove_link(session, meeting, theirs.id, utcnow())
        with pytest.raises(RuleBroken):
            after.add_link(
                session,
                meeting,
                kind=FileKindName.MINUTES,
                title=makers.both("x"),
                url="https://x.example",
                now=utcnow(),
            )


FORMS: dict[str, dict[str, str]] = {
    "minutes": {"body_en": "Too early."},
    "attendance": {"in_person": "3"},
    "decisions": {},
    "links": LINK,
}


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize(
    "change", [{"starts_at": DAY, "ends_at": 2 * DAY}, {"cancelled_at": -DAY}, {"postponed_at": -DAY}]
)
def test_nothing_is_written_down_of_a_meeting_that_has_not_begun_or_was_called_off(
    session: Session, client: Client, clerk: Client, meeting: Meeting, path: str, change: dict[str, timedelta]
) -> None:
    for name, value in change.items():
        setattr(meeting, name, utcnow() + value)
    session.commit()

    assert press(clerk, path, **FORMS[path]) == 409
    session.expire_all()
    assert (meeting.minutes, meeting.files, meeting.attended_in_person) == ([], [], None)
    assert "What came of the meeting" not in page(client.get(PUBLIC)).text()
    assert "After the meeting" not in page(clerk.get(STAFF)).text()
    assert "has not begun, or was called off" in page(clerk.get(f"{STAFF}/record")).text()


@pytest.mark.parametrize("path", FORMS)
def test_a_host_writes_down_nothing_of_another_s_meeting(
    session: Session, sign_in: SignIn, meeting: Meeting, path: str
) -> None:
    stranger = makers.user(session, RoleName.HOST)
    session.commit()
    client = sign_in(stranger)

    assert press(client, path, **FORMS[path]) == 404
    assert client.get(f"{STAFF}/record").status_code == 404
    assert client.get(f"{STAFF}/minutes").status_code == 404
    session.expire_all()
    assert (meeting.minutes, meeting.files, meeting.attended_in_person) == ([], [], None)


class TestDocumentsOfWhatWas:
    @pytest.mark.parametrize("starts_in", [-2 * DAY, 2 * DAY])
    def test_stand_once_with_what_became_of_the_meeting_and_not_beside_its_agenda(
        self, session: Session, client: Client, meeting: Meeting, starts_in: timedelta
    ) -> None:
        meeting.starts_at, meeting.ends_at = utcnow() + starts_in, None
        item = meeting.items[0]
        uploaded = {kind: f"Our {kind}" for kind in sorted(papers.AFTERWARDS)}
        for kind, title in uploaded.items():
            agenda.add_file(
                session, meeting, item=None, kind=FileKindName(kind), title=makers.both(title),
                source=CleanFile(FileKind.TEXT, title.encode()), now=utcnow(),
            )  # fmt: skip
            agenda.add_file(
                session, meeting, item=None, kind=FileKindName(kind), title=makers.both(f"{title} elsewhere"),
                source="https://video.example.org/1", now=utcnow(),
            )  # fmt: skip
        agenda.add_file(
            session, meeting, item=item, kind=FileKindName.RECORDING, title=makers.both("Of the item"),
            source="https://video.example.org/2", now=utcnow(),
        )  # fmt: skip
        makers.posted(session, meeting)
        session.commit()

        shown = page(client.get(PUBLIC))

        after_it = shown.links(".//*[@aria-labelledby='after']//a")
        beside = shown.links(".//*[@id='agenda']//a")
        everywhere = ["".join(link.itertext()).strip() for link in shown.all(".//main//a")]
        for title in uploaded.values():
            for name in (title, f"{title} elsewhere"):
                assert everywhere.count(name) == 1
                assert name in after_it
                assert name not in beside
        assert client.get(after_it["Our minutes"]).status_code == 200
        assert "Of the item" in beside
        assert "Of the item" not in after_it

    def test_that_are_not_posted_yet_are_not_there(
        self, session: Session, client: Client, meeting: Meeting
    ) -> None:
        meeting.files.append(
            MeetingFile(
                kind=FileKindName.RECORDING, title=makers.both("Tomorrow’s"), url=LINK["url"],
                posted_at=utcnow() + DAY,
            )
        )  # fmt: skip
        session.commit()

        assert "Tomorrow’s" not in page(client.get(PUBLIC)).text()
