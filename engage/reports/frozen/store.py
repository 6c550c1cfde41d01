"""Published reports as they are kept: versions, their inputs, the columns of their lists.

Only what was published is found here: a version in preparation is nowhere.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import numpy as np
import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, joinedload

from engage.comments.models import CommentPeriod
from engage.comments.queries import public_periods
from engage.errors import NotFound
from engage.reports.frozen import codec
from engage.reports.frozen.columns import Column, Numbers
from engage.reports.frozen.listing import PIECE, SIZES, TRACKING, digest_of_list
from engage.reports.inputs import Inputs
from engage.reports.models import DistinctKind, Frozen, FrozenColumn, FrozenDocument, ReportVersion

_LARGEST_NUMBER = 2**31 - 1
"""What a column of whole numbers holds on PostgreSQL."""


def versions(session: Session, period: CommentPeriod) -> Sequence[ReportVersion]:
    """The published versions of a period's report, the newest first."""
    return session.scalars(
        sa.select(ReportVersion)
        .where(ReportVersion.period_id == period.id, ReportVersion.published_at.is_not(None))
        .order_by(ReportVersion.number.desc())
    ).all()


def latest(session: Session, period: CommentPeriod) -> ReportVersion | None:
    """The newest published version; None where nothing is published yet."""
    return session.scalars(
        sa.select(ReportVersion)
        .where(ReportVersion.period_id == period.id, ReportVersion.published_at.is_not(None))
        .order_by(ReportVersion.number.desc())
        .limit(1)
    ).first()


def newest_reports(
    session: Session, now: datetime, number: int
) -> Sequence[tuple[CommentPeriod, ReportVersion]]:
    """The readable periods whose reports were published last, each with its newest version."""
    newest = (
        sa.select(ReportVersion.period_id, sa.func.max(ReportVersion.number).label("number"))
        .where(ReportVersion.published_at.is_not(None))
        .group_by(ReportVersion.period_id)
        .subquery()
    )
    wanted = (
        public_periods(now)
        .join(ReportVersion, ReportVersion.period_id == CommentPeriod.id)
        .join(
            newest,
            sa.and_(newest.c.period_id == CommentPeriod.id, newest.c.number == ReportVersion.number),
        )
        .add_columns(ReportVersion)
        .order_by(None)
        .order_by(ReportVersion.published_at.desc(), ReportVersion.id.desc())
        .limit(number)
    )
    return [(period, version) for period, version in session.execute(wanted)]


def get_version(session: Session, period: CommentPeriod, number: int) -> ReportVersion:
    """A published version. Raises NotFound, for one in preparation too."""
    found = None
    if 0 < number <= _LARGEST_NUMBER:
        found = session.scalar(
            sa.select(ReportVersion).where(
                ReportVersion.period_id == period.id,
                ReportVersion.number == number,
                ReportVersion.published_at.is_not(None),
            )
        )
    if found is None:
        raise NotFound(_l("There is no such version of this report."))
    return found


def published_between(session: Session, since: datetime, now: datetime) -> Sequence[ReportVersion]:
    """The versions that were published then, of periods that everybody may see."""
    visible = public_periods(now).with_only_columns(CommentPeriod.id).order_by(None)
    return session.scalars(
        sa.select(ReportVersion)
        .where(ReportVersion.published_at.between(since, now), ReportVersion.period_id.in_(visible))
        .options(joinedload(ReportVersion.period).joinedload(CommentPeriod.docket))
        .order_by(ReportVersion.published_at, ReportVersion.id)
    ).all()


def in_preparation(session: Session, period: CommentPeriod) -> ReportVersion | None:
    """The version that staff asked for and that is not published yet. For the staff only."""
    return session.scalar(
        sa.select(ReportVersion).where(
            ReportVersion.period_id == period.id, ReportVersion.published_at.is_(None)
        )
    )


def inputs_of_version(session: Session, version: ReportVersion) -> Inputs:
    """All of which a version was made."""
    return codec.load(codec.unpack(stored_inputs(session, version)))


def stored_inputs(session: Session, version: ReportVersion) -> bytes:
    """The same as it is kept."""
    content = session.scalar(sa.select(Frozen.content).where(Frozen.digest == version.inputs_digest))
    if content is None:
        raise NotFound(_l("There is no such version of this report."))
    return content


def document(session: Session, version: ReportVersion, language: str) -> tuple[str, bytes]:
    """A version as JSON in a language: its digest and its bytes."""
    found = session.execute(
        sa.select(FrozenDocument.digest, FrozenDocument.content).where(
            FrozenDocument.version_id == version.id, FrozenDocument.language == language
        )
    ).first()
    if found is None:
        raise NotFound(_l("There is no such version of this report."))
    return found[0], codec.unpack(found[1])


def digests(session: Session, version: ReportVersion) -> dict[str, str]:
    """The digest of the JSON in each language."""
    rows = session.execute(
        sa.select(FrozenDocument.language, FrozenDocument.digest).where(
            FrozenDocument.version_id == version.id
        )
    )
    return {row[0]: row[1] for row in rows}


class StoredList:
    """A list as it is kept; a column is read when it is first asked for."""

    def __init__(self, session: Session, digest: str) -> None:
        self._session = session
        self._digest = digest
        self._columns: dict[str, Column | None] = {}

    def column(self, name: str) -> Column | None:
        """One dimension; None where the list has none of this name."""
        if name not in self._columns:
            self._columns[name] = self._read(name) if name != TRACKING else None
        return self._columns[name]

    def columns(self) -> Mapping[str, Column]:
        """All dimensions."""
        apart = {TRACKING, *SIZES.values()}
        names = self._session.scalars(
            sa.select(FrozenColumn.name).where(FrozenColumn.list_digest == self._digest).distinct()
        ).all()
        found = {name: self.column(name) for name in sorted(names) if name not in apart}
        return {name: column for name, column in found.items() if column is not None}

    def sizes(self) -> Mapping[DistinctKind, Numbers]:
        """How many comments share each text, and each name."""
        found = {kind: self.column(SIZES[kind]) for kind in DistinctKind}
        return {kind: column.counts for kind, column in found.items() if column is not None}

    def digest(self) -> str:
        """The digest of what is kept: it must be the list's name."""
        return digest_of_list(self.columns(), self.sizes(), self.pieces())

    def tracking_numbers(self, ordinals: Sequence[int]) -> list[str]:
        """The numbers of some comments of the list. Reads only the pieces in which they stand."""
        pieces: dict[int, list[str]] = {}
        for ordinal in ordinals:
            if ordinal // PIECE not in pieces:
                pieces[ordinal // PIECE] = self._piece(ordinal // PIECE)
        return [pieces[ordinal // PIECE][ordinal % PIECE] for ordinal in ordinals]

    def pieces(self) -> Iterator[list[str]]:
        """All tracking numbers, piece by piece."""
        for piece in range(len(self._heads())):
            yield self._piece(piece)

    def __contains__(self, tracking_number: str) -> bool:
        """Whether a comment is in the list: by the first numbers of the pieces, and then in one piece."""
        heads = self._heads()
        piece = bisect_right(heads, tracking_number) - 1
        return piece >= 0 and tracking_number in self._piece(piece)

    def ordinals(self, tracking_numbers: Iterable[str]) -> Numbers:
        """The places of those of these comments that are in the list. Reads only pieces in which one is."""
        heads = self._heads()
        by_piece: dict[int, list[str]] = defaultdict(list)
        for number in tracking_numbers:
            by_piece[bisect_right(heads, number) - 1].append(number)
        found = []
        for piece, numbers in sorted(by_piece.items()):
            here = self._piece(piece) if piece >= 0 else []
            places = ((bisect_left(here, number), number) for number in numbers)
            found += [piece * PIECE + at for at, number in places if here[at : at + 1] == [number]]
        return np.array(found, dtype=np.int64)

    def _heads(self) -> list[str]:
        rows = self._session.scalars(
            sa.select(FrozenColumn.values)
            .where(FrozenColumn.list_digest == self._digest, FrozenColumn.name == TRACKING)
            .order_by(FrozenColumn.piece)
        )
        return [values[0] for values in rows]

    def _piece(self, piece: int) -> list[str]:
        content = self._session.scalar(
            sa.select(FrozenColumn.content).where(
                FrozenColumn.list_digest == self._digest,
                FrozenColumn.name == TRACKING,
                FrozenColumn.piece == piece,
            )
        )
        return codec.unpack(content).decode().split("\n") if content else []

    def _read(self, name: str) -> Column | None:
        row = self._session.execute(
            sa.select(FrozenColumn.values, FrozenColumn.content).where(
                FrozenColumn.list_digest == self._digest, FrozenColumn.name == name, FrozenColumn.piece == 0
            )
        ).first()
        return Column.from_stored(row[0], row[1]) if row else None


def all_numbers(stored: StoredList) -> Numbers:
    """Every tracking number of a list, for comparing two lists."""
    pieces = [np.array([number.encode() for number in piece]) for piece in stored.pieces()]
    return np.concatenate(pieces) if pieces else np.array([], dtype="S13")
