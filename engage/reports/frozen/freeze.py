"""Read a report with its list of comments at one instant, so that the two tell the same.

The reading sees one state of the database from its first statement to its last (REPEATABLE READ on
PostgreSQL, one reading transaction on SQLite) and holds no lock that anybody who writes would wait for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

import numpy as np
import sqlalchemy as sa
from flask import current_app, g
from sqlalchemy.orm import Session

from engage.comments.models import Comment, CommentPeriod
from engage.db.session import db
from engage.db.types import LANGUAGES
from engage.reports import document
from engage.reports.frozen import codec, store
from engage.reports.frozen.columns import packed
from engage.reports.frozen.listing import SIZES, TRACKING, ListBuilder, Listing, as_column
from engage.reports.frozen.recount import differences, numbers_from, of_concerns, uncheckable
from engage.reports.gather import Words, inputs_of
from engage.reports.inputs import Inputs
from engage.reports.measures import Facts, TallyKey
from engage.reports.models import CountedComment, ReportVersion
from engage.reports.page import ReportPage, Version
from engage.reports.report import make_report
from engage.reports.same_words import keyed
from engage.survey.suppression import K

NOT_OF_COMMENTS = frozenset(
    {
        "period", "read_at", "base_url", "log", "forms", "census", "decision", "answers", "outreach",
    }
)  # fmt: skip
"""The inputs that no comment is counted for, by name: they are new in every version. All others belong to the
comments and stay with their list where that is held back."""

_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Reading:
    """What is to be kept of a version. ``listing`` is None where the list of an earlier version stays."""

    inputs: Inputs
    content: bytes
    list_digest: str
    posted: int
    listing: Listing | None
    wrong: tuple[TallyKey, ...]
    unchecked: tuple[str, ...]

    @property
    def digest(self) -> str:
        """The name of the inputs."""
        return codec.digest_of(self.content)


@contextmanager
def one_instant() -> Iterator[Session]:
    """A session that sees the database as it is at its first statement, whatever others write meanwhile."""
    with db.sessionmaker() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.connection(
                execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            )
        yield session


def read(session: Session, period: CommentPeriod, now: datetime) -> Reading:
    """The report of a period with its list; ``session`` is of one_instant."""
    inputs = inputs_of(session, period, now)
    listing = read_list(session, period, inputs)
    before = store.latest(session, period)
    if before is not None and before.list_digest and _is_close_to_any(session, period, listing):
        held = held_back(store.inputs_of_version(session, before), inputs)
        return _reading(held, before.list_digest, before.posted or 0, None)
    return _reading(inputs, listing.digest(), len(listing), listing)


def read_list(session: Session, period: CommentPeriod, inputs: Inputs) -> Listing:
    """The posted comments of a period with the facts by which they are counted."""
    builder = ListBuilder([each.text for each in inputs.repeated])
    rows = session.execute(
        sa.select(Comment.tracking_number, CountedComment.facts)
        .join(CountedComment, CountedComment.comment_id == Comment.id)
        .where(Comment.period_id == period.id)
        .execution_options(yield_per=_BATCH)
    )
    for tracking_number, stored in rows:
        facts = Facts.from_json(stored)
        if facts.is_posted:
            builder.add(tracking_number, facts)
    return builder.finish()


def _is_close_to_any(session: Session, period: CommentPeriod, listing: Listing) -> bool:
    """Whether the list differs from that of any version, not only of the last, by some but few comments."""
    lists = {version.list_digest: version for version in store.versions(session, period)}
    # Two lists differ by no fewer comments than one is longer: most need not be read.
    near = (version for version in lists.values() if abs((version.posted or 0) - len(listing)) < K)
    return any(0 < differing(session, version, listing) < K for version in near)


def differing(session: Session, before: ReportVersion, listing: Listing) -> int:
    """How many comments have come or gone since a version."""
    old = store.all_numbers(store.StoredList(session, before.list_digest or ""))
    return len(np.setxor1d(old, listing.tracking, assume_unique=True))


def held_back(before: Inputs, now: Inputs) -> Inputs:
    """The comments of the version before, and all else as it is now."""
    new: dict[str, Any] = {
        field.name: getattr(now, field.name) for field in fields(now) if field.name in NOT_OF_COMMENTS
    }
    shown: dict[str, Any] = {"quotes": keyed(before.quotes), "voices": keyed(before.voices)}
    return replace(before, **new, **shown, is_held_back=True)


def documents(inputs: Inputs, version: Version) -> Mapping[str, bytes]:
    """A version as JSON in every language: from its inputs alone, without a word of a comment."""
    report = make_report(inputs)
    told = {}
    for language in LANGUAGES:
        with current_app.test_request_context(base_url=inputs.base_url or None):
            g.language = language
            told[language] = document.as_json(
                ReportPage(report, Words(), version=version, is_file=True)
            ).encode()
    return told


def rows_of(listing: Listing, list_digest: str) -> Iterator[dict[str, Any]]:
    """The rows that keep a list."""

    def row(name: str, values: list[str], content: bytes, piece: int = 0) -> dict[str, Any]:
        return {
            "list_digest": list_digest, "name": name, "piece": piece, "values": values, "content": content,
        }  # fmt: skip

    for name, column in listing.columns.items():
        yield row(name, list(column.values), packed(column))
    for kind, sizes in listing.sizes.items():
        yield row(SIZES[kind], [], packed(as_column(sizes)))
    for piece, numbers in listing.pieces():
        yield row(TRACKING, [numbers[0], numbers[-1]], codec.pack("\n".join(numbers).encode()), piece)


def _reading(inputs: Inputs, list_digest: str, posted: int, listing: Listing | None) -> Reading:
    wrong: list[TallyKey] = []
    if listing is not None:
        counted = numbers_from(listing.columns, listing.sizes, len(listing))
        if len(listing):
            counted |= of_concerns(listing.columns["concern"], listing.keys)
        wrong = differences(inputs.numbers, counted)
    return Reading(
        inputs=inputs,
        content=codec.dump(inputs),
        list_digest=list_digest,
        posted=posted,
        listing=listing,
        wrong=tuple(wrong),
        unchecked=tuple(uncheckable(inputs.numbers)),
    )
