"""What everybody may know of answers and promises: plain values, which a report can keep for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from engage.db.types import Localised
from engage.responses.due import days_overdue
from engage.responses.models import CommitmentState, ResponseState

NOBODY = Localised()

_ENDED = frozenset({CommitmentState.DONE, CommitmentState.DROPPED})


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldCommitment:
    """A published promise as it stands. ``number`` tells it from the others for good.

    ``first_due_on`` is the day that it was published with, ``due_on`` the one that it is promised for now;
    ``percent`` is how far it has come, where its owner says.
    """

    number: int
    title: Localised
    body: Localised
    owner: Localised
    first_due_on: date | None
    due_on: date | None
    state: CommitmentState
    percent: int | None
    published_at: datetime

    @property
    def is_open(self) -> bool:
        """Whether it still is to be kept."""
        return self.state not in _ENDED

    def overdue_days(self, today: date) -> int:
        """For how many days it has been overdue."""
        return days_overdue(self.due_on, today) if self.is_open else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldResponse:
    """What is public of the answer to one concern; ``state`` None: it is not answered.

    ``number`` and ``published_at`` are those of the version in force. ``due_on`` is by when an answer is
    promised, of one that is under consideration by when the decision is; ``first_due_on`` what was promised
    first.
    """

    concern: str
    state: ResponseState | None = None
    owner: Localised = NOBODY
    first_due_on: date | None = None
    due_on: date | None = None
    body: Localised = NOBODY
    number: int = 0
    published_at: datetime | None = None
    commitments: tuple[ToldCommitment, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether people still wait: for an answer, or for what becomes of it."""
        return self.state is None or self.state is ResponseState.UNDER_CONSIDERATION

    def overdue_days(self, today: date) -> int:
        """For how many days an answer has been overdue."""
        return days_overdue(self.due_on, today) if self.is_open else 0
