"""Meetings of other systems' files: taken once, followed, and changed in public where all have seen them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage import cli
from engage.db.types import Localised
from engage.meetings.models import (
    AgendaItem,
    FileKindName,
    Format,
    Meeting,
    MeetingChange,
    MeetingChangeKind,
    MeetingKind,
    MeetingNotice,
    MeetingStatus,
)
from tests.meetings.calendars import of_the_site, year
from tests.support import makers
from tests.support.pages import Client

DENVER = ZoneInfo("America/Denver")
Run = Callable[..., tuple[int, list[str], list[str]]]


@pytest.fixture
def run(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Call ``engage import meetings …``; gives status, output, errors."""
    monkeypatch.setattr("engage.exchange.cli.create_app", lambda: app)

    def run(file: Path, *options: str) -> tuple[int, list[str], list[str]]:
        session.rollback()
        typed = ["engage", "import", "meetings", str(file), "--time-zone", "America/Denver", *options]
        monkeypatch.setattr(sys, "argv", typed)
        status = 0
        try:
            cli.main()
        except SystemExit as leaving:
            status = int(leaving.code or 0)
        out, err = capsys.readouterr()
        session.expire_all()
        return status, out.splitlines(), err.splitlines()

    return run


def ahead(days: int = 30, hour: int = 18) -> datetime:
    """A time on the clocks of Denver, naive."""
    day = datetime.now(DENVER).date() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour)  # noqa: DTZ001 - as files have it


def legistar(where: Path, **values: Any) -> Path:
    """A file of one event of Legistar's Web API."""
    event = {
        "EventId": 1234,
        "EventGuid": "0F6C-1",
        "EventLastModifiedUtc": "2026-11-01T00:00:00",
        "EventBodyName": "Board of Commissioners",
        "EventDate": f"{ahead():%Y-%m-%d}T00:00:00",
        "EventTime": "6:00 PM",
        "EventLocation": "Council Chambers\r\n1 Main Street",
        "EventAgendaStatusName": "Final",
        "EventMinutesStatusName": "Draft",
        "EventAgendaFile": "https://legistar.example.gov/agenda.pdf",
        "EventMinutesFile": None,
        "EventVideoPath": None,
        "EventComment": "Special meeting",
        "EventInSiteURL": "https://legistar.example.gov/1234",
        "EventItems": [
            {"EventItemTitle": "Second", "EventItemAgendaSequence": 2},
            {"EventItemTitle": "First", "EventItemAgendaSequence": 1},
        ],
    }
    file = where / "events.json"
    file.write_text(json.dumps([event | values]))
    return file


def one(session: Session) -> Meeting:
    """The only meeting there is."""
    return session.scalars(sa.select(Meeting)).one()


def changes(session: Session) -> list[MeetingChangeKind]:
    """What was changed in public, in order."""
    return list(session.scalars(sa.select(MeetingChange.kind).order_by(MeetingChange.id)))


class TestLegistar:
    def test_becomes_a_draft(self, run: Run, session: Session, tmp_path: Path) -> None:
        status, out, err = run(legistar(tmp_path))

        assert (status, err) == (0, [])
        assert out == [
            "Reading events.json as legistar-json, utf-8.",
            "Done: 1 new, 0 changed, 0 unchanged, 0 bad, 0 skipped.",
        ]
        meeting = one(session)
        assert meeting.title == Localised(en="Board of Commissioners")
        assert meeting.local_start.replace(tzinfo=None) == ahead()
        assert (meeting.kind, meeting.format) == (MeetingKind.SPECIAL, Format.IN_PERSON)
        assert meeting.place_name == Localised(en="Council Chambers 1 Main Street")
        assert meeting.published_at is None
        assert not meeting.takes_registrations
        assert (meeting.source_format, meeting.source_id) == ("legistar-json", "0F6C-1")
        assert [item.title.en for item in meeting.items] == ["First", "Second"]
        assert {(file.kind, file.url) for file in meeting.files} == {
            (FileKindName.AGENDA, "https://legistar.example.gov/agenda.pdf"),
            (FileKindName.OTHER, "https://legistar.example.gov/1234"),
        }
        assert session.scalar(sa.select(sa.func.count()).select_from(MeetingNotice)) == 0

    def test_without_an_hour_says_so(self, run: Run, session: Session, tmp_path: Path) -> None:
        run(legistar(tmp_path, EventTime=None))

        assert one(session).time_notes == Localised(en="The hour is not stated.", es="No se indica la hora.")

    @pytest.mark.parametrize(
        "said", [{"EventAgendaStatusName": "Cancelled"}, {"EventComment": "MEETING CANCELED"}]
    )
    def test_may_be_cancelled(self, run: Run, session: Session, tmp_path: Path, said: dict[str, str]) -> None:
        run(legistar(tmp_path, **said), "--publish")

        assert one(session).status(datetime.now(UTC)) is MeetingStatus.CANCELLED
        assert changes(session) == []


class TestAgain:
    def test_changes_nothing(self, run: Run, session: Session, tmp_path: Path) -> None:
        file = legistar(tmp_path)
        run(file, "--publish")
        meeting = one(session)
        before = (meeting.sequence, meeting.changed_at)

        status, out, _err = run(file, "--publish")

        assert (status, out[-1]) == (0, "Done: 0 new, 0 changed, 1 unchanged, 0 bad, 0 skipped.")
        assert (one(session).sequence, one(session).changed_at) == before
        assert session.scalar(sa.select(sa.func.count()).select_from(MeetingNotice)) == 2

    def test_leaves_what_has_vanished_alone(self, run: Run, session: Session, tmp_path: Path) -> None:
        run(legistar(tmp_path))
        run(legistar(tmp_path, EventGuid="another"))

        assert session.scalar(sa.select(sa.func.count()).select_from(Meeting)) == 2

    def test_writes_a_draft_anew_in_silence(self, run: Run, session: Session, tmp_path: Path) -> None:
        run(legistar(tmp_path))
        out = run(legistar(tmp_path, EventTime="7:00 PM", EventComment="CANCELLED"))[1]

        assert out[-1].startswith("Done: 0 new, 1 changed")
        assert one(session).local_start.hour == 19
        assert one(session).cancelled_at is not None
        assert changes(session) == []

    def test_publishes_what_was_a_draft_when_asked(self, run: Run, session: Session, tmp_path: Path) -> None:
        run(legistar(tmp_path))
        out = run(legistar(tmp_path), "--publish")[1]

        assert out[-1].startswith("Done: 0 new, 1 changed")
        assert one(session).published_at is not None
        assert session.scalar(sa.select(sa.func.count()).select_from(MeetingNotice)) == 2

    def test_keeps_what_was_written_in_the_other_language(
        self, run: Run, session: Session, tmp_path: Path
    ) -> None:
        run(legistar(tmp_path))
        one(session).title = Localised(en="Board of Commissioners", es="Junta de Comisionados")
        session.commit()

        run(legistar(tmp_path, EventBodyName="Board of County Commissioners"))

        assert one(session).title == Localised(en="Board of County Commissioners", es="Junta de Comisionados")

    def test_tells_residents_what_changed(
        self, run: Run, session: Session, client: Client, tmp_path: Path
    ) -> None:
        run(legistar(tmp_path), "--publish")
        run(legistar(tmp_path, EventTime="7:00 PM"))
        run(legistar(tmp_path, EventTime="7:00 PM", EventLocation="The library"))
        later = f"{ahead(33):%Y-%m-%d}T00:00:00"
        run(legistar(tmp_path, EventTime="7:00 PM", EventLocation="The library", EventDate=later))
        run(
            legistar(
                tmp_path,
                EventTime="7:00 PM",
                EventLocation="The library",
                EventDate=later,
                EventAgendaStatusName="Cancelled",
            )
        )

        meeting = one(session)
        kinds = MeetingChangeKind
        assert changes(session) == [kinds.MOVE, kinds.PLACE, kinds.RESCHEDULE, kinds.CANCEL]
        told = list(meeting.changes)
        assert all(change.actor_id is None and change.reason.is_complete for change in told)
        assert told[0].old_starts_at.astimezone(DENVER).hour == 18
        assert told[1].old_place is not None
        assert told[1].old_place.en == "In person, Council Chambers 1 Main Street"
        assert meeting.original_starts_at == told[2].old_starts_at
        assert meeting.sequence == 4
        numbers = sa.select(MeetingNotice.number).where(MeetingNotice.kind == "notice")
        assert max(session.scalars(numbers)) == 5
        assert client.get(f"/en/meetings/{meeting.slug}").status_code == 200
        assert b"STATUS:CANCELLED" in client.get(f"/meetings/{meeting.slug}.ics").data

    def test_does_not_take_back_a_cancellation_in_silence(
        self, run: Run, session: Session, tmp_path: Path
    ) -> None:
        run(legistar(tmp_path, EventAgendaStatusName="Cancelled"), "--publish")
        status, out, err = run(legistar(tmp_path))

        assert one(session).cancelled_at is not None
        assert (status, out[-1]) == (1, "Done: 0 new, 0 changed, 0 unchanged, 1 bad, 0 skipped.")
        assert "It stays cancelled" in err[0]

    def test_follows_our_staff_where_they_have_decided(
        self, run: Run, session: Session, tmp_path: Path
    ) -> None:
        run(legistar(tmp_path), "--publish")
        meeting = one(session)
        meeting.postponed_at = datetime.now(UTC)
        session.add(
            MeetingChange(
                meeting_id=meeting.id,
                kind=MeetingChangeKind.POSTPONE,
                happened_at=datetime.now(UTC),
                actor=makers.user(session),
                old_starts_at=meeting.starts_at,
                reason=makers.both("Snow."),
            )
        )
        session.commit()

        run(legistar(tmp_path, EventTime="9:00 AM", EventVideoPath="https://video.example.gov/1"))

        assert one(session).local_start.hour == 18
        assert len(changes(session)) == 1
        assert FileKindName.RECORDING in {file.kind for file in one(session).files}

    def test_adds_to_an_agenda_and_takes_nothing_from_it(
        self, run: Run, session: Session, tmp_path: Path
    ) -> None:
        run(legistar(tmp_path), "--publish")
        run(legistar(tmp_path, EventItems=[{"EventItemTitle": "Third", "EventItemAgendaSequence": 1}]))

        titles = session.scalars(sa.select(AgendaItem).order_by(AgendaItem.position))
        assert [item.title.en for item in titles] == ["First", "Second", "Third"]
        numbers = sa.select(MeetingNotice.number).where(MeetingNotice.kind == "agenda")
        assert max(session.scalars(numbers)) == 2

    def test_what_a_host_wrote_beside_it_waits_for_a_clerk(
        self, run: Run, session: Session, tmp_path: Path
    ) -> None:
        run(legistar(tmp_path), "--publish")
        makers.agenda_item(session, one(session), title=makers.both("What no clerk has read"))
        session.commit()

        run(legistar(tmp_path, EventTime="7:00 PM"))

        agendas = [json.loads(notice.content) for notice in one(session).notices if notice.kind == "agenda"]
        said = [[item["title"]["en"] for item in agenda["items"]] for agenda in agendas]
        assert said == [["First", "Second"], ["First", "Second"]]
        assert agendas[1]["starts_at"] == one(session).starts_at.isoformat()


class TestTheCommand:
    def test_rehearses_without_writing(self, run: Run, session: Session, tmp_path: Path) -> None:
        out = run(legistar(tmp_path), "--dry-run")[1]
        assert out[-1] == "Would be: 1 new, 0 changed, 0 unchanged, 0 bad, 0 skipped."
        assert session.scalar(sa.select(sa.func.count()).select_from(Meeting)) == 0

        run(legistar(tmp_path), "--publish")
        out = run(legistar(tmp_path, EventTime="9:00 AM"), "--dry-run")[1]
        assert out[-1] == "Would be: 0 new, 1 changed, 0 unchanged, 0 bad, 0 skipped."
        assert one(session).local_start.hour == 18

    def test_puts_meetings_to_a_docket(self, run: Run, session: Session, tmp_path: Path) -> None:
        makers.docket(session, slug="jail")
        session.commit()
        run(legistar(tmp_path), "--docket", "jail", "--language", "es")

        assert one(session).docket is not None
        assert one(session).title == Localised(es="Board of Commissioners")

        status, _out, err = run(legistar(tmp_path), "--docket", "nothing")
        assert (status, err) == (1, ["Error: There is no such docket."])

    def test_tells_bad_entries_and_takes_the_good_ones(
        self, run: Run, session: Session, tmp_path: Path
    ) -> None:
        good = json.loads(legistar(tmp_path).read_text())[0]
        bad = [good | {"EventGuid": "b", "EventTime": "at dusk"}, good | {"EventGuid": "c\n2K"}, {"x": 1}]
        bad[1]["EventDate"] = "31.31.2026"
        (tmp_path / "events.json").write_text(json.dumps([*bad, good]))

        status, out, err = run(tmp_path / "events.json", "--problems", str(tmp_path / "bad.csv"))

        assert (status, out[-1]) == (1, "Done: 1 new, 0 changed, 0 unchanged, 3 bad, 0 skipped.")
        assert "at dusk" in err[0]
        assert len(err) == 3
        assert len((tmp_path / "bad.csv").read_text().splitlines()) == 4

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            ('[{"a": 1}]', "no object of this file is a meeting"),
            ('[{"EventId": 1', "not valid JSON"),
            ("name,when\nx,y\n", "no column is known to hold the title or the date"),
            ("PK\x03\x04", "a ZIP archive"),
        ],
    )
    def test_refuses_a_file_that_is_none(
        self, run: Run, session: Session, tmp_path: Path, content: str, why: str
    ) -> None:
        (tmp_path / "file").write_text(content)
        status, _out, err = run(tmp_path / "file")

        assert status == 1
        assert why in err[-1]

    def test_refuses_an_unknown_zone(self, run: Run, session: Session, tmp_path: Path) -> None:
        status, _out, err = run(legistar(tmp_path), "--time-zone", "../../etc/passwd")

        assert status == 2
        assert "is not known" in err[-1]


class TestATable:
    def test_is_read_by_its_headers(self, run: Run, session: Session, tmp_path: Path) -> None:
        (tmp_path / "meetings.csv").write_text(
            "Title,Date,Start Time,End Time,Location,Street Address,Status,Agenda,Phone\n"
            "Board,3/10/2027,6:00 PM,8:00 PM,Town Hall,1 Main Street,Tentative,https://x.example/a.pdf,555\n"
            "Night forum,2027-11-07,22:00,1:00,https://meet.example.org/1,,,,\n"
            "Broken,2027-03-14,02:30,,,,,,\n"
            "Odd,2027-03-15,10:00,,,,maybe,,\n"
        )
        status, out, err = run(tmp_path / "meetings.csv")

        assert (status, out[-1]) == (1, "Done: 2 new, 0 changed, 0 unchanged, 2 bad, 0 skipped.")
        assert "clocks are set forward" in err[0]
        board, night = session.scalars(sa.select(Meeting).order_by(Meeting.starts_at))
        assert board.starts_at == datetime(2027, 3, 10, 18, tzinfo=DENVER)
        assert board.ends_at == datetime(2027, 3, 10, 20, tzinfo=DENVER)
        assert (board.is_tentative, board.place_street) == (True, "1 Main Street")
        assert night.ends_at == datetime(2027, 11, 8, 1, tzinfo=DENVER)
        assert (night.format, night.kind) == (Format.ONLINE, MeetingKind.COMMUNITY_FORUM)
        assert run(tmp_path / "meetings.csv")[1][-1].startswith("Done: 0 new, 0 changed, 2 unchanged")

    def test_takes_a_mapping_and_spanish_headers(self, run: Run, session: Session, tmp_path: Path) -> None:
        (tmp_path / "x.csv").write_text("Qué;Fecha;Hora;Lugar;Nr\nForo;10/03/2027;18h30;Sala 1;7\n")
        status, _out, err = run(
            tmp_path / "x.csv", "--map", "Qué=title", "--map", "Nr=id", "--language", "es"
        )

        assert (status, err) == (0, [])
        meeting = one(session)
        assert (meeting.title.es, meeting.source_id) == ("Foro", "7")
        assert meeting.starts_at == datetime(2027, 3, 10, 18, 30, tzinfo=DENVER)
        assert run(tmp_path / "x.csv", "--map", "Nope=title")[0] == 1
        assert run(tmp_path / "x.csv", "--map", "Nr=nope")[0] == 1


class TestOurOwn:
    @pytest.mark.parametrize("query", ["", "?each=1"])
    def test_calendar_comes_back_as_the_same_occurrences(
        self, run: Run, session: Session, client: Client, tmp_path: Path, query: str
    ) -> None:
        year(session)
        public = sa.select(Meeting).where(Meeting.published_at.is_not(None))
        before = of_the_site(iter(session.scalars(public)))
        (tmp_path / "feed.ics").write_bytes(client.get(f"/meetings.ics{query}").data)

        assert run(tmp_path / "feed.ics")[1][-1] == "Done: 0 new, 0 changed, 0 unchanged, 0 bad, 69 skipped."

        session.execute(sa.update(Meeting).values(uid=Meeting.uid + "-old"))
        session.execute(sa.text("UPDATE meeting_series SET uid = uid || '-old'"))
        session.commit()
        status, out, err = run(tmp_path / "feed.ics", "--publish")
        assert (status, out[-1], err) == (0, "Done: 69 new, 0 changed, 0 unchanged, 0 bad, 0 skipped.", [])
        brought = session.scalars(sa.select(Meeting).where(Meeting.source_format == "ics"))
        assert of_the_site(brought) == before
        assert run(tmp_path / "feed.ics")[1][-1].startswith("Done: 0 new, 0 changed, 69 unchanged")

    @pytest.mark.parametrize("name", ["city-scrapers", "open-civic-data"])
    def test_json_comes_back_as_the_same_meetings(
        self, run: Run, session: Session, client: Client, tmp_path: Path, name: str
    ) -> None:
        meeting = makers.meeting(session, title=makers.both("Forum"), time_zone="America/Denver")
        cancelled = makers.meeting(session, cancelled_at=datetime.now(UTC), time_zone="America/Denver")
        session.commit()
        (tmp_path / "feed.json").write_bytes(client.get(f"/meetings/{name}.json").data)

        status, out, err = run(tmp_path / "feed.json")

        assert (status, err) == (0, [])
        assert out[-1] == "Done: 2 new, 0 changed, 0 unchanged, 0 bad, 0 skipped."
        brought = list(
            session.scalars(sa.select(Meeting).where(Meeting.source_id.is_not(None)).order_by(Meeting.id))
        )
        assert [one.title.en for one in brought] == ["Forum", cancelled.title.en]
        assert [one.cancelled_at is None for one in brought] == [True, False]
        assert (brought[0].starts_at, brought[0].ends_at) == (meeting.starts_at, meeting.ends_at)
        assert (brought[0].format, brought[0].join_url) == (Format.HYBRID, meeting.join_url)
        assert run(tmp_path / "feed.json")[1][-1].startswith("Done: 0 new, 0 changed, 2 unchanged")
