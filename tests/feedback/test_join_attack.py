"""Somebody with the whole database, system columns and files too, cannot tell whose answer is whose.

Answers are planted in a known order, each with a text of its own. What a superuser sees besides the rows (who
wrote them, where they lie, which ids they have) must say no more of that order than chance does.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from scipy.stats import spearmanr
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.db.base import Base
from engage.db.session import db
from engage.feedback.codes import Boxed, code_index, seal
from engage.feedback.models import BoxedAnswer, Channel, FeedbackForm, FormTicket, FormVersion
from engage.feedback.service import box
from engage.feedback.service import receive as receiving
from engage.feedback.service.count import count_due
from engage.feedback.service.receive import receive
from engage.jobs.scrub import scrub_due
from engage.survey.suppression import K
from tests.support.makers import feedback_form

ANSWERS = 90
CHANCE = 0.55
"""Ranks of 90 in an order of chance agree by more than this less than once in a million times; of 44, by
more than ``CHANCE_OF_HALF``."""

CHANCE_OF_HALF = 0.75


@pytest.fixture
def form(app: Flask, session: Session) -> FeedbackForm:
    """On empty files: where earlier tests have left gaps, even rows written in order would not lie so."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("TRUNCATE form_box, form_response, form_text, form_ticket CASCADE"))
    form = feedback_form(session)
    session.commit()
    return form


def send(session: Session, form: FeedbackForm, number: int) -> None:
    """As a request does: one transaction of its own."""
    receive(
        session,
        form.versions[-1],
        {"trust": "no", "why": f"marker-{number:03}-"},
        code=f"code-{number}",
        is_handed_out=False,
        language="en",
        channel=Channel.WEB,
        now=utcnow(),
    )
    session.commit()


def count_all() -> None:
    while count_due() + scrub_due():
        pass


def take_part(session: Session, form: FeedbackForm) -> None:
    """Everybody answers in order; the worker comes by once on the way and once at the close."""
    for number in range(ANSWERS):
        send(session, form, number)
        if number == ANSWERS // 2:
            count_all()
    form.closes_at = utcnow() - timedelta(seconds=1)
    session.commit()
    count_all()
    session.expire_all()


def orders(session: Session) -> dict[str, list[int]]:
    """The numbers in which people came, in every order that the database has of their answers and tickets."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    place = "ctid" if is_postgresql else "rowid"
    texts = {"place of texts": f"t.{place}", "ids of texts": "t.id", "ids of answers": "r.id"}
    texts |= {"place of answers": f"r.{place}"}
    found = {}
    for name, column in texts.items():
        query = (
            f"SELECT t.body FROM form_text t JOIN form_response r ON r.id = t.response_id ORDER BY {column}"  # noqa: S608
        )
        found[name] = [int(body[7:10]) for (body,) in session.execute(sa.text(query))]
    number = {code_index(f"code-{number}"): number for number in range(ANSWERS)}
    for name, column in {"place of tickets": place, "ids of tickets": "id"}.items():
        query = f"SELECT code_index FROM form_ticket ORDER BY {column}"  # noqa: S608
        found[name] = [number[index] for (index,) in session.execute(sa.text(query))]
    return found


def agreement(order: list[int]) -> float:
    """How far an order is that in which people came, in one half of them or the other; 1: it is the same."""
    halves = [[n for n in order if n <= ANSWERS // 2], [n for n in order if n > ANSWERS // 2]]
    return max(abs(float(spearmanr(range(len(half)), half).statistic)) for half in halves)


def writers(session: Session, table: str) -> list[int]:
    """By how many rows each transaction is known that wrote rows of a table."""
    query = f"SELECT xmin::text FROM {table}"  # noqa: S608
    return list(Counter(session.scalars(sa.text(query))).values())


def test_no_order_in_the_database_is_that_in_which_people_came(session: Session, form: FeedbackForm) -> None:
    take_part(session, form)

    found = {name: agreement(order) for name, order in orders(session).items()}

    assert {name: one for name, one in found.items() if one > CHANCE_OF_HALF} == {}


def test_the_same_check_finds_rows_that_were_written_as_they_came(
    session: Session, form: FeedbackForm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without chance, the place on the disk tells who came when."""

    class NoChance:
        def sample(self, ids: list[int], number: int) -> list[int]:
            return ids[:number]

        def shuffle(self, rows: list[object]) -> None:
            pass

    def put_in_order(session: Session, version: FormVersion, answer: Boxed) -> None:
        sealed = seal(answer, version_id=version.id)
        session.add(BoxedAnswer(id=next(counter), version_id=version.id, sealed=sealed))

    counter = itertools.count(1)
    monkeypatch.setattr(box, "_chance", NoChance())
    monkeypatch.setattr(box, "random_id", lambda: next(counter))
    monkeypatch.setattr(receiving, "put_in", put_in_order)
    take_part(session, form)

    found = {name: agreement(order) for name, order in orders(session).items()}

    assert found["place of answers"] > 0.99
    assert found["ids of texts"] > 0.99


def test_whoever_reads_which_transaction_wrote_a_row_finds_handfuls(
    session: Session, form: FeedbackForm
) -> None:
    if session.get_bind().dialect.name != "postgresql":
        pytest.skip("SQLite does not keep who wrote a row")

    take_part(session, form)

    for table in ("form_response", "form_text", "form_ticket"):
        assert min(writers(session, table)) >= K
    assert sum(writers(session, "form_ticket")) == ANSWERS


def test_tickets_that_are_not_mixed_are_known_one_by_one(
    session: Session, form: FeedbackForm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the last: as they were spent, each has a transaction of its own, as they came."""
    if session.get_bind().dialect.name != "postgresql":
        pytest.skip("SQLite does not keep who wrote a row")
    monkeypatch.setattr(box, "mix_tickets", lambda _session, _form: None)

    take_part(session, form)

    assert set(writers(session, "form_ticket")) == {1}
    assert agreement(orders(session)["place of tickets"]) > 0.99


def test_no_column_of_an_answer_leads_to_a_ticket(session: Session, form: FeedbackForm) -> None:
    reached, waiting = set(), ["form_response", "form_text", "form_text_concern"]
    while waiting:
        name = waiting.pop()
        reached.add(name)
        leads = {key.column.table.name for key in Base.metadata.tables[name].foreign_keys}
        waiting += leads - reached
    assert "form_ticket" not in reached
    # Nor from a ticket to one.
    assert {key.column.table.name for key in FormTicket.__table__.foreign_keys} == {
        "feedback_form",
        "form_ticket_batch",
    }


def test_no_value_of_an_answer_is_one_of_a_ticket(session: Session, form: FeedbackForm) -> None:
    take_part(session, form)
    # Of all answers to the form, or of half of all things.
    shared = {form.id, form.versions[-1].id, True, False, None}

    seen = {
        table: {
            str(value)
            for row in session.execute(sa.select(Base.metadata.tables[table]))
            for value in row
            if value.__hash__ is not None and value not in shared
        }
        for table in ("form_ticket", "form_response", "form_text")
    }

    assert len(seen["form_ticket"]) == 2 * ANSWERS
    assert not seen["form_ticket"] & (seen["form_response"] | seen["form_text"])


def test_the_file_of_the_database_tells_no_order_and_keeps_nothing_sealed(
    session: Session, form: FeedbackForm
) -> None:
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL's files are looked at through ctid")
    sealed: set[bytes] = set()
    for number in range(ANSWERS):
        send(session, form, number)
    sealed |= set(session.scalars(sa.text("SELECT sealed FROM form_box")))
    form.closes_at = utcnow() - timedelta(seconds=1)
    session.commit()

    count_all()

    path = Path(str(db.engine.url.database))
    files = [path, path.with_name(path.name + "-wal")]
    raw = b"".join(file.read_bytes() for file in files if file.exists())
    lying = [int(number) for number in re.findall(rb"marker-(\d{3})-", raw)]
    assert sorted(lying) == list(range(ANSWERS))
    assert abs(float(spearmanr(range(ANSWERS), lying).statistic)) < CHANCE
    assert not [one for one in sealed if one[:40] in raw]
