"""What comments say of a proposal's clauses, document by document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from engage.comments.models import Stance
from engage.dockets.clauses import Clause, clauses
from engage.dockets.models import Docket, DocumentVersion
from engage.dockets.parts import CommentList, talk_of
from engage.dockets.queries import PublicDocument
from engage.lifecycle import queries


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause that somebody commented on: how many want it kept, changed, struck, and do not say.

    ``lists`` are the comments behind the numbers, period by period.
    """

    clause: Clause
    version: DocumentVersion
    keep: int
    change: int
    strike: int
    unsaid: int
    lists: tuple[CommentList, ...]

    @property
    def total(self) -> int:
        """All comments on it."""
        return self.keep + self.change + self.strike + self.unsaid


@dataclass(frozen=True, slots=True)
class ProposalTold:
    """A document with what is said of its clauses.

    ``current`` are clauses of the newest version, ``earlier`` those whose words a newer one has changed.
    Clauses that nobody commented on are in neither; ``numbered`` says how many the newest version has.
    """

    document: PublicDocument
    numbered: int
    current: tuple[ClauseLine, ...]
    earlier: tuple[ClauseLine, ...]

    @property
    def is_commented(self) -> bool:
        """Whether anybody has commented on a clause of it."""
        return bool(self.current or self.earlier)


def proposals(
    session: Session, docket: Docket, documents: Iterable[PublicDocument], now: datetime
) -> list[ProposalTold]:
    """Every document of a docket with what posted comments want done with its clauses."""
    found = [(document, _worded(document)) for document in documents]
    keys = [key for _, worded in found for key in worded]
    counts = queries.stances(session, docket, keys, now) if keys else {}
    commented = {key for key, _ in counts}
    talk = talk_of(docket, [worded[key][1] for _, worded in found for key in worded if key in commented], now)
    told = []
    for document, worded in found:
        lines = [
            _line(clause, version, counts, talk[key].lists if key in talk else ())
            for key, (version, clause) in worded.items()
            if key in commented
        ]
        latest = [line for line in lines if line.version is document.latest]
        earlier = [line for line in lines if line.version is not document.latest]
        numbered = sum(version is document.latest for version, _ in worded.values())
        told.append(ProposalTold(document, numbered, tuple(latest), tuple(earlier)))
    return told


def _worded(document: PublicDocument) -> dict[str, tuple[DocumentVersion, Clause]]:
    """Every wording of a clause by its key, with the newest version that has it."""
    worded: dict[str, tuple[DocumentVersion, Clause]] = {}
    for version in document.versions:
        for clause in clauses(version):
            worded.setdefault(clause.key, (version, clause))
    return worded


def _line(
    clause: Clause,
    version: DocumentVersion,
    counts: Mapping[tuple[str, Stance | None], int],
    lists: tuple[CommentList, ...],
) -> ClauseLine:
    keep, change, strike, unsaid = (
        counts.get((clause.key, stance), 0) for stance in (Stance.KEEP, Stance.CHANGE, Stance.STRIKE, None)
    )
    return ClauseLine(clause, version, keep, change, strike, unsaid, lists)
