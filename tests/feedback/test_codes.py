"""Codes to hand out: each good once, kept nowhere, and told of only in numbers that give away nobody."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName, User
from engage.clock import utcnow
from engage.errors import NotFound, RuleBroken
from engage.feedback.models import Channel, Entry, FeedbackForm, FormTicket, TicketBatch
from engage.feedback.service import tickets
from engage.feedback.service.receive import receive
from tests.support import makers
from tests.support.pages import Client, page

SignIn = Callable[..., Client]
CODES = "/en/staff/forms/codes/codes"
CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}")


@pytest.fixture
def clerk(session: Session) -> User:
    return makers.user(session, RoleName.CLERK)


def make(session: Session, **fields: Any) -> FeedbackForm:
    form = makers.feedback_form(session, slug="codes", **{"entry": Entry.CODE} | fields)
    session.commit()
    return form


def make_codes(session: Session, form: FeedbackForm, clerk: User, size: int = 3) -> TicketBatch:
    return tickets.make_codes(session, form, label="School", size=size, actor=clerk, now=utcnow())


class TestMaking:
    def test_every_code_is_good_for_one_answer(self, app: Flask, session: Session, clerk: User) -> None:
        form = make(session)
        batch = make_codes(session, form, clerk)

        for code in tickets.codes(session, batch):
            assert receive(
                session, form.versions[-1], {"trust": "yes"}, code=code, is_handed_out=True, language="en",
                channel=Channel.WEB, now=utcnow(),
            )  # fmt: skip

    def test_no_code_stands_in_the_database(self, app: Flask, session: Session, clerk: User) -> None:
        batch = make_codes(session, make(session), clerk)
        (code,) = tickets.codes(session, batch, count=1)
        kept = session.execute(sa.select(*FormTicket.__table__.columns)).all()

        assert CODE.fullmatch(code)
        assert code not in repr(kept)
        assert code.replace("-", "").lower() not in repr(kept).lower()

    def test_a_batch_gives_the_same_codes_whenever_it_is_printed(
        self, app: Flask, session: Session, clerk: User
    ) -> None:
        batch = make_codes(session, make(session), clerk, 25)
        first = tickets.codes(session, batch)
        session.execute(sa.update(FormTicket).values(is_spent=True))

        assert tickets.codes(session, batch) == first
        assert len(set(first)) == 25
        assert [*tickets.codes(session, batch, count=20), *tickets.codes(session, batch, start=20)] == first

    def test_a_second_click_makes_no_second_batch(self, app: Flask, session: Session, clerk: User) -> None:
        form = make(session)
        make_codes(session, form, clerk)

        with pytest.raises(tickets.LabelTaken):
            make_codes(session, form, clerk)
        assert session.scalar(sa.select(sa.func.count()).select_from(FormTicket)) == 3

    @pytest.mark.parametrize(
        "fields",
        [
            {"entry": Entry.ANYBODY},
            {"published_at": None},
            {"closes_at": utcnow() - timedelta(days=1)},
        ],
        ids=["anybody", "draft", "closed"],
    )
    def test_there_are_none_where_nobody_could_use_them(
        self, app: Flask, session: Session, clerk: User, fields: dict[str, Any]
    ) -> None:
        form = make(session, **fields)

        with pytest.raises(tickets.NoCodesNow):
            make_codes(session, form, clerk)

    @pytest.mark.parametrize("size", [0, -1, 2_001])
    def test_a_batch_has_one_to_two_thousand(
        self, app: Flask, session: Session, clerk: User, size: int
    ) -> None:
        form = make(session)

        with pytest.raises(RuleBroken):
            make_codes(session, form, clerk, size)

    def test_a_batch_of_another_form_is_not_there(self, app: Flask, session: Session, clerk: User) -> None:
        batch = make_codes(session, make(session), clerk)
        other = makers.feedback_form(session, entry=Entry.CODE)

        with pytest.raises(NotFound):
            tickets.get_batch(session, other, batch.id)


class TestHowManyWereUsed:
    @pytest.mark.parametrize("size", [20, 21, 35, 2_000])
    def test_what_is_told_is_true_and_never_tells_of_fewer_than_ten(self, size: int) -> None:
        for used in range(size + 1):
            told = tickets.told_of_used(used, size)
            assert told is not None
            may_be = [n for n in range(size + 1) if tickets.told_of_used(n, size) == told]

            assert told % 10 == 0
            assert told <= used
            assert (told >= 10) == (used >= 10)
            assert len(may_be) >= 10
            assert max(may_be) - min(may_be) >= 9

    def test_nobody_learns_that_all_have_answered(self) -> None:
        assert tickets.told_of_used(30, 30) == tickets.told_of_used(20, 30) == 20

    def test_of_few_codes_nothing_is_told(self) -> None:
        assert {tickets.told_of_used(used, 19) for used in range(20)} == {None}

    def test_only_the_used_ones_of_each_batch_are_counted(
        self, app: Flask, session: Session, clerk: User
    ) -> None:
        form = make(session)
        batch = make_codes(session, form, clerk, 40)
        tickets.make_codes(session, form, label="Church", size=40, actor=clerk, now=utcnow())
        ids = sa.select(FormTicket.id).where(FormTicket.batch_id == batch.id).limit(12)
        session.execute(sa.update(FormTicket).where(FormTicket.id.in_(ids)).values(is_spent=True))

        assert [(one.batch.label, one.used) for one in tickets.batches(session, form)] == [
            ("Church", 0),
            ("School", 10),
        ]


class TestPages:
    def test_a_host_makes_and_prints_codes_of_an_own_form(self, session: Session, sign_in: SignIn) -> None:
        host = makers.user(session, RoleName.HOST)
        make(session, host=host)
        leader = sign_in(host)

        made = leader.send(CODES, form=".//main//form[@method='post']", label="School", size="60")
        listed = page(leader.get(CODES))
        sheet = page(leader.get(listed.links()["Print"]))

        assert made.location == CODES
        assert "Fewer than 10" in listed.text()
        assert len(sheet.all(".//li[@class='slips__slip']")) == 50
        assert CODE.search(sheet.text())
        assert (
            len(page(leader.get(f"{listed.links()['Print']}?page=2")).all(".//li[@class='slips__slip']"))
            == 10
        )
        assert leader.get(f"{listed.links()['Print']}?page=3").status_code == 404

    def test_a_slip_speaks_both_languages_and_its_code_is_in_no_address_that_is_sent(
        self, session: Session, clerk: User, sign_in: SignIn
    ) -> None:
        batch = make_codes(session, make(session), clerk)
        session.commit()
        sheet = sign_in(clerk).get(f"{CODES}/{batch.id}")

        assert "Trust in the sheriff (es)" in page(sheet).text()
        assert "Code · Código" in page(sheet).text()
        for told in (
            "/en/forms/codes",
            "/es/forms/codes",
            "It is good for one answer.",
            "Sirve para una sola",
        ):
            assert told in page(sheet).text()
        assert "code=" not in sheet.text

    def test_the_table_has_a_line_for_each_code(self, session: Session, clerk: User, sign_in: SignIn) -> None:
        batch = make_codes(session, make(session), clerk)
        session.commit()
        answer = sign_in(clerk).get(f"{CODES}/{batch.id}.csv")
        rows = list(csv.DictReader(io.StringIO(answer.text)))

        assert "attachment" in answer.headers["Content-Disposition"]
        assert "no-store" in answer.headers["Cache-Control"]
        assert [row["address"].partition("#code=")[2] for row in rows] == [row["code"] for row in rows]
        assert [row["code"] for row in rows] == tickets.codes(session, batch)

    def test_wrong_numbers_are_told_at_their_field(
        self, session: Session, clerk: User, sign_in: SignIn
    ) -> None:
        make(session)
        desk = sign_in(clerk)

        for size in ("0", "2001", "x", ""):
            answer = desk.send(CODES, form=".//main//form[@method='post']", label="School", size=size)
            assert answer.status_code == 422
            assert page(answer).field("size").get("aria-invalid") == "true"

    def test_a_form_for_anybody_has_no_codes(self, session: Session, clerk: User, sign_in: SignIn) -> None:
        make(session, entry=Entry.ANYBODY)

        assert sign_in(clerk).get(CODES).status_code == 404


class TestAsking:
    """Whoever printed the codes has all of them, and must not learn from them who has answered."""

    def ask(self, client: Client, code: str) -> str:
        return page(client.send("/en/forms/codes/check", code=code)).text()

    def test_while_the_form_is_open_a_used_code_and_an_unused_one_are_told_alike(
        self, session: Session, client: Client, clerk: User
    ) -> None:
        form = make(session)
        used, unused = tickets.codes(session, make_codes(session, form, clerk, 2))
        spend(session, form, used)

        told = self.ask(client, used)

        assert told.replace(used, unused) == self.ask(client, unused)
        assert "told once the form has closed" in told
        assert "Whoever printed the codes knows them too" in told
        assert "No answer has arrived" in self.ask(client, "0000-0000-0000-0000")

    def test_after_the_close_everybody_who_holds_a_code_is_told(
        self, session: Session, client: Client, clerk: User
    ) -> None:
        form = make(session)
        used, unused = tickets.codes(session, make_codes(session, form, clerk, 2))
        spend(session, form, used)
        form.closes_at = utcnow() - timedelta(seconds=1)
        session.commit()

        assert "Yes. An answer with this code has arrived." in self.ask(client, used)
        assert "No answer has arrived" in self.ask(client, unused)
        assert "Whoever printed" not in self.ask(client, used)

    def test_the_page_of_the_codes_says_so(self, session: Session, sign_in: SignIn) -> None:
        make(session)

        assert "only after the form has closed" in page(sign_in(RoleName.CLERK).get(CODES)).text()


def spend(session: Session, form: FeedbackForm, code: str) -> None:
    receive(
        session, form.versions[-1], {"trust": "yes"}, code=code, is_handed_out=True, language="en",
        channel=Channel.WEB, now=utcnow(),
    )  # fmt: skip
    session.commit()
