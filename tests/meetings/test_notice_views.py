"""What everybody sees of the notices of meetings, and what clerks do about them."""

from __future__ import annotations

import csv
import hashlib
import io
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from engage.accounts.models import RoleName
from engage.db.types import Localised
from engage.meetings import ledger, service
from engage.meetings.models import Meeting, MeetingKind, MeetingNotice, NoticeRule, NoticeUnit
from tests.support import makers
from tests.support.pages import Client, page

SignIn = Callable[..., Client]
NOW = datetime.now(UTC)
START = (NOW + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)


def regular(session: Session, **fields: Any) -> Meeting:
    values = {"kind": MeetingKind.REGULAR, "starts_at": START, "slug": "board"}
    return makers.meeting(session, **values | fields)


def post(session: Session, meeting: Meeting, hours: float) -> MeetingNotice:
    version = service.post_notice(
        session, meeting, actor=None, now=meeting.starts_at - timedelta(hours=hours)
    )
    assert version is not None
    return version


def post_agenda(session: Session, meeting: Meeting, hours: float) -> MeetingNotice:
    version = service.post_agenda(
        session, meeting, actor=None, now=meeting.starts_at - timedelta(hours=hours)
    )
    assert version is not None
    return version


class TestTheMeetingsPage:
    def test_says_how_early_notice_and_agenda_were_posted(self, session: Session, client: Client) -> None:
        meeting = regular(session)
        post(session, meeting, 94.5)
        post_agenda(session, meeting, 80)
        session.commit()

        text = page(client.get("/en/meetings/board")).text()

        assert "Notice posted 94 hours before" in text
        assert "Agenda posted 80 hours before" in text
        assert "§ 54954.2(a)" in text
        assert "the rule asks for" not in text

    def test_says_in_words_and_with_a_shape_when_it_was_short(self, session: Session, client: Client) -> None:
        post(session, regular(session), 60)
        session.commit()

        shown = page(client.get("/en/meetings/board"))
        tags = [tag for tag in shown.all(".//span[@class='tag tag--refused']") if "60" in _text(tag)]

        assert [_text(tag) for tag in tags] == ["Notice posted 60 hours before; the rule asks for 72 hours"]
        assert tags[0].findall(".//{*}path")

    def test_says_it_in_spanish(self, session: Session, client: Client) -> None:
        post(session, regular(session), 60)
        session.commit()

        text = page(client.get("/es/meetings/board")).text()

        assert "Aviso publicado 60 horas antes; la regla pide 72 horas" in text

    def test_shows_what_was_swapped_late(self, session: Session, client: Client) -> None:
        meeting = regular(session)
        first, second = makers.agenda_item(session, meeting), makers.agenda_item(session, meeting)
        post_agenda(session, meeting, 94)
        session.delete(first)
        session.flush()
        second.position, second.title = 1, Localised("Item 2 with more words", "Punto")
        session.flush()
        session.expire(meeting)
        new = Localised("New business", "Asuntos nuevos")
        makers.agenda_item(session, meeting, title=new, position=2)
        post_agenda(session, meeting, 60.5)
        session.commit()

        text = page(client.get("/en/meetings/board")).text()

        assert "Agenda changed 60 hours before the meeting" in text
        assert "Item taken off the agenda, it was number 1: Item 1" in text
        assert "Item put on the agenda as number 2: New business" in text
        assert "with more words" in text

    def test_keeps_the_ledger_of_a_cancelled_meeting(self, session: Session, client: Client) -> None:
        meeting = regular(session)
        post(session, meeting, 94)
        meeting.cancelled_at = NOW
        post(session, meeting, 50)
        session.commit()

        text = page(client.get("/en/meetings/board")).text()

        assert "does not take place as announced" in text
        assert "Notice, version 1" in text
        assert "Notice, version 2" in text


class TestAVersion:
    def test_can_be_read_and_its_exact_bytes_have_its_digest(self, session: Session, client: Client) -> None:
        meeting = regular(session, title=Localised("Réunion <b>", "Reunión ordinaria"))
        version = post(session, meeting, 94)
        session.commit()

        shown = client.get("/es/meetings/board/notices/notice/1")
        exact = client.get("/en/meetings/board/notices/notice/1.json")

        assert "Reunión ordinaria" in page(shown).text()
        assert version.digest in page(shown).text()
        assert exact.mimetype == "application/json"
        assert hashlib.sha256(exact.data).hexdigest() == version.digest

    def test_says_what_is_different_from_the_one_before(self, session: Session, client: Client) -> None:
        meeting = regular(session)
        post(session, meeting, 94)
        meeting.place_street, meeting.title = "2 Other Street", Localised("Meeting of the board", "Junta")
        post(session, meeting, 90)
        session.commit()

        old = page(client.get("/en/meetings/board/notices/notice/1")).text()
        new = page(client.get("/en/meetings/board/notices/notice/2")).text()

        assert "A newer one was posted since" in old
        assert "Street address: [taken out: 1 Main Street] [put in: 2 Other Street]" in new

    @pytest.mark.parametrize("path", ["notice/2", "agenda/1", "nothing/1", f"notice/{10**30}", "notice/0"])
    def test_that_was_never_posted_is_not_there(self, session: Session, client: Client, path: str) -> None:
        post(session, regular(session), 94)
        session.commit()

        assert client.get(f"/en/meetings/board/notices/{path}").status_code == 404
        assert client.get(f"/en/meetings/board/notices/{path}.json").status_code == 404

    @pytest.mark.parametrize(
        "hidden", [{"published_at": None}, {"published_at": NOW + timedelta(days=1)}, {"docket": None}]
    )
    def test_of_a_meeting_that_is_not_public_is_nowhere(
        self, session: Session, client: Client, hidden: dict[str, Any]
    ) -> None:
        if "docket" in hidden:
            hidden = {"docket": makers.docket(session, published_at=None)}
        version = post(session, regular(session, **hidden), 94)
        digest = version.digest
        session.commit()

        for path in ("notices/notice/1", "notices/notice/1.json", "proof"):
            assert client.get(f"/en/meetings/board/{path}").status_code == 404
        assert "board" not in client.get("/en/meetings/notices").text
        assert "board" not in client.get("/en/meetings/notices.csv").text
        chain = client.get("/en/meetings/notices/chain.csv").text
        assert digest in chain
        assert "board" not in chain


class TestTheProof:
    def test_tells_digests_chain_values_rule_and_verdict(self, session: Session, client: Client) -> None:
        meeting = regular(session)
        first, second = post(session, meeting, 94), post_agenda(session, meeting, 90)
        session.commit()

        text = page(client.get("/en/meetings/board/proof")).text()

        for told in (first.digest, first.chain_digest, second.digest, second.chain_digest, ledger.GENESIS):
            assert told in text
        assert "Notice posted 94 hours before" in text
        assert "at least 72 hours before" in text

    def test_tells_two_commands_that_print_what_it_says(self, session: Session, client: Client) -> None:
        meeting = regular(session)
        post(session, meeting, 94)
        second = post_agenda(session, meeting, 90)
        session.commit()

        shown = page(client.get("/en/meetings/board/proof"))
        (commands,) = [block for block in shown.all(".//pre") if "curl" in _text(block)]
        _curl, printf = "".join(commands.itertext()).strip().splitlines()
        answer = subprocess.run(["bash", "-c", printf], capture_output=True, text=True, check=True)

        assert answer.stdout.split()[0] == second.chain_digest

    def test_tells_a_program_that_checks_the_whole_chain(self, session: Session, client: Client) -> None:
        meeting = regular(session)
        post(session, meeting, 94)
        last = post_agenda(session, meeting, 90).chain_digest
        session.commit()

        program = "".join(page(client.get("/en/meetings/notices")).all(".//pre")[0].itertext())
        chain = client.get("/en/meetings/notices/chain.csv").text
        right = _run(program, chain)
        wrong = _run(program, chain.replace("T", "U", 1).replace("000+00:00", "001+00:00", 1))

        assert right.stdout.strip() == last
        assert wrong.returncode == 1
        assert "was changed" in wrong.stderr


class TestTheLedgerOfAllMeetings:
    def test_lists_every_public_meeting_with_its_leads_and_can_be_narrowed_to_a_docket(
        self, session: Session, client: Client
    ) -> None:
        docket = makers.docket(session, slug="jail")
        short = regular(session, docket=docket, title=makers.both("Short one"))
        fine = regular(session, slug="fine", title=makers.both("Fine one"))
        post(session, short, 60)
        post(session, fine, 100)
        session.commit()

        everything = page(client.get("/en/meetings/notices")).text()
        narrowed = page(client.get("/en/meetings/notices?docket=jail")).text()

        assert "Notice posted 60 hours before; the rule asks for 72 hours" in everything
        assert "Fine one" in everything
        assert "Short one" in narrowed
        assert "Fine one" not in narrowed
        assert client.get("/en/meetings/notices?docket=other").status_code == 404
        assert client.get("/en/meetings/notices.csv?docket=other").status_code == 404

    def test_is_a_file_for_spreadsheets_in_which_nothing_is_a_formula(
        self, session: Session, client: Client
    ) -> None:
        meeting = regular(session, title=Localised("=HYPERLINK(1)", "@SUM(1)"), uid="-1@elsewhere")
        post(session, meeting, 60)
        session.commit()

        (row,) = csv.DictReader(io.StringIO(client.get("/en/meetings/notices.csv").text))

        assert (row["meeting"], row["notice_hours"], row["notice"]) == ("board", "60", "short")
        assert (row["rule_amount"], row["rule_unit"], row["rule_source"]) == ("72", "hours", "default_law")
        assert row["agenda"] in ("open", "missing")
        assert not [cell for cell in row.values() if cell.startswith(("=", "@", "+", "-"))]
        assert row["title_en"] == "'=HYPERLINK(1)"

    def test_asks_the_database_as_often_for_many_meetings_as_for_few(
        self, session: Session, client: Client
    ) -> None:
        for number in range(12):
            post(session, regular(session, slug=f"board-{number}", docket=makers.docket(session)), 90)
        session.commit()

        statements: list[str] = []
        engine = session.get_bind()

        def count(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            statements.append(statement)

        sa.event.listen(engine, "before_cursor_execute", count)
        client.get("/en/meetings/notices")
        sa.event.remove(engine, "before_cursor_execute", count)

        assert len([statement for statement in statements if statement.startswith("SELECT")]) < 15


class TestClerks:
    def test_are_warned_before_a_notice_is_short(self, session: Session, sign_in: SignIn) -> None:
        makers.meeting(session, slug="late", kind=MeetingKind.REGULAR, starts_at=START, published_at=None)
        makers.meeting(
            session,
            slug="early",
            kind=MeetingKind.REGULAR,
            starts_at=NOW + timedelta(days=9),
            published_at=None,
        )
        session.commit()
        browser = sign_in(RoleName.CLERK)

        late = page(browser.get("/en/staff/meetings/late")).text()
        early = page(browser.get("/en/staff/meetings/early")).text()

        assert "Posted now, the notice is short:" in late
        assert "the rule asks for 72 hours" in late
        assert "To be in time, post it before:" in early
        assert "is short" not in early

    def test_post_the_notice_of_a_published_meeting_as_it_stands(
        self, session: Session, sign_in: SignIn
    ) -> None:
        regular(session)
        session.commit()
        browser = sign_in(RoleName.CLERK)

        browser.send(
            "/en/staff/meetings/board", form=".//main//form[@action='/en/staff/meetings/board/notices']"
        )
        again = post_again(browser, "/en/staff/meetings/board/notices")

        (version,) = session.scalars(sa.select(MeetingNotice))
        assert (version.number, version.actor_id is not None) == (1, True)
        assert again.status_code == 303
        assert (
            "posted notice is not what stands here"
            not in page(browser.get("/en/staff/meetings/board")).text()
        )

    def test_do_not_post_the_notice_of_a_draft(self, session: Session, sign_in: SignIn) -> None:
        regular(session, published_at=None)
        session.commit()

        post_again(sign_in(RoleName.CLERK), "/en/staff/meetings/board/notices")

        assert session.scalars(sa.select(MeetingNotice)).all() == []

    def test_choose_a_rule_of_the_docket_and_go_back_to_the_default(
        self, session: Session, sign_in: SignIn
    ) -> None:
        makers.docket(session, slug="jail")
        session.commit()
        browser = sign_in(RoleName.CLERK)
        place = "/en/staff/dockets/jail/notice-rules"

        refused = browser.send(f"{place}/regular", amount="0", basis_en="By-law 7", basis_es="")
        browser.send(f"{place}/regular", amount="5", unit="days", basis_en="By-law 7", basis_es="Art. 7")
        browser.send(f"{place}/regular", amount="6", unit="days", basis_en="By-law 8", basis_es="Art. 8")
        own = page(browser.get(place)).text()
        (row,) = session.scalars(sa.select(NoticeRule))
        chosen = (row.amount, row.unit, row.basis.es)
        post_again(browser, f"{place}/regular/default")
        default = page(browser.get(place)).text()

        assert refused.status_code == 422
        assert chosen == (6, NoticeUnit.DAYS, "Art. 8")
        assert "Chosen for this docket: By-law 8" in own
        assert "Chosen for this docket" not in default
        assert browser.get(f"{place}/nothing").status_code == 404

    def test_find_the_rules_from_the_page_of_the_docket(self, session: Session, sign_in: SignIn) -> None:
        makers.docket(session, slug="jail")
        session.commit()

        html = sign_in(RoleName.CLERK).get("/en/staff/dockets/jail").text

        assert 'href="/en/staff/dockets/jail/notice-rules"' in html


def test_a_host_sees_the_clock_and_neither_posts_nor_makes_rules(session: Session, sign_in: SignIn) -> None:
    host = makers.user(session, RoleName.HOST)
    regular(session, host=host, docket=makers.docket(session, slug="jail"))
    session.commit()
    browser = sign_in(host)

    html = browser.get("/en/staff/meetings/board").text

    assert "To be in time" in html or "is short" in html
    assert "notice-rules" not in html
    assert '/notices"' not in html
    assert post_again(browser, "/en/staff/meetings/board/notices").status_code == 403


def post_again(browser: Client, url: str) -> TestResponse:
    """Press a button that stands on some page."""
    return browser.post(url, data={"csrf_token": browser.csrf_token()})


def _text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _run(program: str, text: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", "-c", program], input=text, capture_output=True, text=True, check=False
    )
