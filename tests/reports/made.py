"""Reports made of plain inputs, without a database: as large as a test wants them, with any words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

from flask import Flask, g

from engage.comments.filters import UNSTATED
from engage.comments.models import Comment, Position
from engage.db.types import Localised
from engage.reports.gather import Words
from engage.reports.inputs import (
    ConcernFacts,
    DistrictFacts,
    Inputs,
    PeriodFacts,
    QuoteFacts,
    RepeatedFacts,
    TaxonomyFacts,
)
from engage.reports.measures import METHOD, TallyKey, tally_key
from engage.reports.page import ReportPage, Version
from engage.reports.report import make_report
from engage.themes.queries import Quoted
from tests.support.makers import both

NOON = datetime(2026, 10, 15, 16, 0, tzinfo=UTC)
TRACKING = "7Q2M-9KXD-41"
VERSION = Version(3, datetime(2026, 11, 20, 17, 5, tzinfo=UTC), "a1" * 32, "b2" * 32)
TONES = ("positive", "neutral", "negative", "not_scored")


@contextmanager
def reader(app: Flask, language: str = "en") -> Iterator[None]:
    """Somebody who reads in this language."""
    with app.test_request_context(f"/{language}/", base_url="http://localhost"):
        g.language = language
        yield


def inputs(**fields: Any) -> Inputs:
    """A report of a period with 1,234 posted comments."""
    return Inputs(**{**_inputs(concerns=3, districts=3, days=5), **fields})


def large_inputs(*, concerns: int = 40, districts: int = 10, days: int = 365) -> Inputs:
    """The report of a period with a million posted comments, as long as a report gets."""
    return Inputs(**_inputs(concerns=concerns, districts=districts, days=days, posted=1_000_000))


def report_page(
    made: Inputs | None = None,
    *,
    quotes: Sequence[str] = (),
    texts: Sequence[str] = (),
    title: str = "The draft agreement",
    version: Version | None = None,
) -> ReportPage:
    """A report as a file tells it, with these quotes and repeated texts. In a request."""
    found = made or inputs()
    period = PeriodFacts(**{**_fields(found.period), "title": both(title)})
    quoted = [_quote(number, text) for number, text in enumerate(quotes)]
    keys = [f"{number:064x}" for number in range(len(texts))]
    told = Inputs(
        **{
            **_fields(found),
            "period": period,
            "quotes": tuple(facts for facts, _ in quoted),
            "repeated": tuple(RepeatedFacts(key, 2) for key in keys),
        }
    )
    words = Words(
        quotes={facts.tracking_number: shown for facts, shown in quoted},
        texts=dict(zip(keys, texts, strict=True)),
    )
    return ReportPage(make_report(told), words, version=version, is_file=True)


def _quote(number: int, text: str) -> tuple[QuoteFacts, Quoted]:
    tracking = f"7Q2M-9KXD-{number:02}"
    position = list(Position)[number % 2]
    comment = Comment(tracking_number=tracking, body=text, position=position)
    facts = QuoteFacts(tracking, position, 0, len(text), "0" * 64)
    return facts, Quoted(comment, 0, len(text))


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__}


def _inputs(*, concerns: int, districts: int, days: int, posted: int = 1_234) -> dict[str, Any]:
    codes = [f"concern_{number:02}" for number in range(concerns)]
    return {
        "period": PeriodFacts(
            slug="first-draft",
            title=both("The draft agreement"),
            summary=Localised("The **draft** in [full](/x).", "El **borrador** [completo](/x)."),
            opens_at=NOON,
            closes_at=NOON + timedelta(days=30),
            time_zone="America/Denver",
            state="closed",
            docket_slug="the-docket",
            docket_title=both("Should the county sign?"),
        ),
        "read_at": NOON + timedelta(days=31),
        "counted_at": NOON + timedelta(days=31),
        "uncounted": 0,
        "method": METHOD,
        "numbers": _numbers(posted, codes, districts, days),
        "taxonomy": TaxonomyFacts(
            "287g", "2", "bfe496376577", tuple(ConcernFacts(code, both(f"Concern {code}")) for code in codes)
        ),
        "districts": tuple(
            DistrictFacts(number, f"d{number}", both(f"District {number}")) for number in range(districts)
        ),
    }


def _numbers(posted: int, codes: Sequence[str], districts: int, days: int) -> Mapping[TallyKey, int]:
    """Whole numbers that look counted: the same for the same arguments."""
    sides = [*Position, UNSTATED]
    numbers = {tally_key(("disposition",), ("posted",)): posted}
    parts = (
        ("position", sides),
        ("tone", TONES),
        ("language", ("en", "es")),
        ("channel", ("web", "mail", "meeting_oral")),
        ("district", [str(number) for number in range(districts)]),
        ("day", [(date(2026, 1, 1) + timedelta(days=number)).isoformat() for number in range(days)]),
        ("named", ("yes", "no")),
        ("analyser", ("2.1+287g.2",)),
    )
    for measure, keys in parts:
        numbers |= {tally_key((measure,), (key,)): n for key, n in _shared_out(posted, keys)}
    for number, code in enumerate(codes):
        numbers[tally_key(("concern",), (code,))] = n = posted // (number + 2)
        for side, part in _shared_out(n, sides):
            numbers[tally_key(("concern", "position"), (code, side))] = part
    for side, tone in product(sides, TONES):
        n = numbers[tally_key(("position",), (side,))] // len(TONES)
        numbers[tally_key(("position", "tone"), (side, tone))] = n
    distinct = {"texts": posted // 2, "submitters": posted // 3, "repeated": 4, "in_repeated": posted // 5}
    for name, n in distinct.items():
        numbers[tally_key(("distinct",), (name,))] = n
    return numbers


def _shared_out(total: int, keys: Sequence[str]) -> list[tuple[str, int]]:
    share, rest = divmod(total, len(keys))
    return [(key, share + (rest if place == 0 else 0)) for place, key in enumerate(keys)]
