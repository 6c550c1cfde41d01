# ruff: noqa: S608, E501 - the statements are our own words, and one line each
"""Comments by the million, as if sent in and analysed; nothing of them is counted yet.

The rows are made by the database itself, on SQLite and on PostgreSQL. A sixth of the comments are copies of
one letter, another sixth copies of thousands of others, and all others say something of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.analysis import default_taxonomy
from engage.comments.models import Disposition
from engage.db.session import write_transaction
from engage.demo.reading import scripts
from engage.dockets.models import District
from tests.support import makers

DISTRICTS = 8
LETTERS = 5_000
"""Form letters of a period."""

_AT_ONCE = 100_000


def make_districts() -> None:
    """The districts in which the comments of every period live."""
    with write_transaction() as session:
        session.add_all(
            District(code=f"d{number}", name=makers.both(f"District {number}"), position=number)
            for number in range(DISTRICTS)
        )


def fill(number: int, offset: int) -> tuple[int, str]:
    """A period with so many posted comments that wait to be counted; returns its id and slug.

    Their ids are as random ones: all over. Two periods need offsets that are further apart than their numbers.
    """
    with write_transaction() as session:
        period = makers.comment_period(session)
        period_id, slug = period.id, period.slug
        _number(session, 0, LETTERS - 1)
        for statement in _letters(session.get_bind().dialect.name):
            session.execute(sa.text(statement), {"period": period_id})
        session.execute(sa.text("DROP TABLE bench_number"))
    for first in range(0, number, _AT_ONCE):
        with write_transaction() as session:
            _number(session, first, min(first + _AT_ONCE, number) - 1)
            said = _sentences(session)
            values = {"period": period_id, "offset": offset, "start": date(2026, 10, 1).toordinal()}
            with _much_memory(session):
                for statement in _inserts(session.get_bind().dialect.name, said):
                    session.execute(sa.text(statement), values)
            session.execute(sa.text("DROP TABLE bench_number"))
            session.execute(sa.text("DROP TABLE bench_sentence"))
    with write_transaction() as session:
        session.execute(sa.text("ANALYZE"))
    return period_id, slug


@contextmanager
def _much_memory(session: Session) -> Iterator[None]:
    """While rows are made. With what the site allows itself SQLite writes the pages of its indexes many times
    for a hundred thousand comments in no order; nothing of that is measured.
    """
    if session.get_bind().dialect.name != "sqlite":
        yield
        return
    allowed = session.scalar(sa.text("PRAGMA cache_size"))
    session.execute(sa.text("PRAGMA cache_size = -1000000"))
    yield
    session.execute(sa.text(f"PRAGMA cache_size = {allowed}"))


def _number(session: Session, first: int, last: int) -> None:
    rows = _number_rows(session.get_bind().dialect.name)
    session.execute(sa.text(rows), {"first": first, "last": last})


def _sentences(session: Session) -> int:
    """What people say, sentence by sentence, as the demo's people do; returns how many there are."""
    said = sorted({one for script in scripts() for one in re.split(r"(?<=[.!?])\s+", script.text) if one})
    session.execute(sa.text("CREATE TEMPORARY TABLE bench_sentence (place integer PRIMARY KEY, said text)"))
    session.execute(
        sa.text("INSERT INTO bench_sentence VALUES (:n, :said)"),
        [{"n": number, "said": one} for number, one in enumerate(said)],
    )
    return len(said)


def _digest(dialect: str, text: str) -> str:
    """A fingerprint for the number of a text: each another, and in no order, as real ones come."""
    spread = f"({text} + 1) * 2654435761 % 4294967291"
    return f"lpad(to_hex({spread}), 64, '0')" if dialect == "postgresql" else f"printf('%064x', {spread})"


def _letters(dialect: str) -> Iterator[str]:
    """The campaigns of the texts that many send; each of one text."""
    yes, no = ("true", "false") if dialect == "postgresql" else ("1", "0")
    number = f":period * {LETTERS} + n"
    yield (
        "INSERT INTO campaign (id, period_id, is_stale, is_broken)"
        f" SELECT {number}, :period, {no}, {no} FROM bench_number"
    )
    yield (
        "INSERT INTO campaign_text (id, period_id, digest, campaign_id, is_exemplar, is_personal, is_placed,"
        f" recount) SELECT {number}, :period, {_digest(dialect, 'n')}, {number}, {yes}, {no}, {yes}, {no}"
        " FROM bench_number"
    )


def _number_rows(dialect: str) -> str:
    source = (
        "generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS t(n)"
        if dialect == "postgresql"
        else "(WITH RECURSIVE t(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM t WHERE n < :last) SELECT n FROM t)"
    )
    return f"CREATE TEMPORARY TABLE bench_number AS SELECT n FROM {source}"


def _inserts(dialect: str, said: int) -> Iterator[str]:
    """The rows of comments, their analysis and concerns. ``h`` is a number that jumps about with ``n``; there
    are ``said`` sentences.
    """
    is_postgresql = dialect == "postgresql"
    number = "(n + 1 + :offset)"
    comment_id = f"(({number} * 1000003) % 1000000007) * 4611686018 + {number} % 1000000"
    h = f"(({number} * 7919) % 104729)"
    text = f"(CASE WHEN {h} % 6 = 0 THEN 0 WHEN {h} % 3 = 0 THEN {h} % {LETTERS} ELSE n + {LETTERS} END)"
    digest = _digest(dialect, text)
    which = (f"{text} % {said}", f"({text} / {said} + {text} * 31) % {said}", f"{text} * 17 % {said}")
    body = " || ' ' || ".join(f"(SELECT said FROM bench_sentence WHERE place = {one})" for one in which)
    tracking = f"'B' || CAST({number} AS text)"
    if is_postgresql:
        day = f"DATE '2026-10-01' + CAST({h} % 45 AS integer)"
        boolean = ("true", "false")
    else:
        day = f"date('2026-10-01', '+' || ({h} % 45) || ' days')"
        boolean = ("1", "0")
    yes, no = boolean
    positions = "CASE " + " ".join(
        f"WHEN {h} % 20 < {limit} THEN '{name}'"
        for limit, name in ((8, "oppose"), (15, "support"), (16, "neutral"), (17, "mixed"), (18, "question_only"))
    ) + " ELSE NULL END"  # fmt: skip
    channels = f"CASE WHEN {h} % 10 < 7 THEN 'web' WHEN {h} % 10 < 9 THEN 'email' ELSE 'phone' END"
    district = f"(SELECT id FROM district WHERE position = ({h} / 7) % {DISTRICTS + 1})"
    name = f"CASE WHEN {h} % 5 < 2 THEN 'Person ' || CAST(n % 200000 AS text) ELSE NULL END"
    yield (
        "INSERT INTO comment (id, period_id, tracking_number, body, body_digest, position, name, district_id,"
        " channel, received_on, on_time, disposition, analysis_due, count_due, is_redacted, campaign_due)"
        f" SELECT {comment_id}, :period, {tracking}, {body},"
        f" {digest}, {positions}, {name}, {district}, {channels}, {day}, {yes}, '{Disposition.POSTED}',"
        f" {no}, {yes}, {no}, {no} FROM bench_number WHERE :start > 0"
    )
    tone = f"CASE WHEN ({h} / 11) % 3 = 0 THEN 'positive' WHEN ({h} / 11) % 3 = 1 THEN 'negative' ELSE 'neutral' END"
    language = f"CASE WHEN ({h} / 13) % 5 = 0 THEN 'es' ELSE 'en' END"
    yield (
        "INSERT INTO comment_analysis (comment_id, analyser_version, language, language_confidence, tone,"
        f" tone_score, position_suggested) SELECT {comment_id}, '1+bench', {language}, 0.9, {tone}, 0.2,"
        " 'unclear' FROM bench_number WHERE :period > 0 AND :start > 0"
    )
    codes = [code for code in default_taxonomy().codes if code]
    for step, factor in enumerate((17, 19)):
        half = len(codes) // 2
        some = codes[step * half : (step + 1) * half]
        code = "CASE " + " ".join(
            f"WHEN ({h} / {factor}) % {half} = {place} THEN '{one}'" for place, one in enumerate(some)
        )  # fmt: skip
        yield (
            "INSERT INTO comment_concern (comment_id, code, denied, spans)"
            f" SELECT {comment_id}, {code} END, {no}, '[[0, 20, \"x\"]]' FROM bench_number WHERE :period > 0 AND :start > 0"
        )
