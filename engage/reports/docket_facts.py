"""What the docket around a period gives to its report, as plain values: see inputs.Inputs.

No word of a comment is here, and no number of people below ten: whoever reads the inputs of a published
report reads all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engage.db.types import Localised


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """What was decided on the docket when the report was read."""

    decided_on: date
    decided_by: Localised
    outcome: Localised


@dataclass(frozen=True, slots=True)
class CensusFacts:
    """How many residents have a value, by a source: ``margin`` is a models.Margin's value."""

    margin: str
    key: str
    people: int
    source: Localised
    source_url: str | None
    as_of: date


@dataclass(frozen=True, slots=True)
class ClauseFacts:
    """A clause of a document of the docket: ``begins`` are its first words, which are public.

    ``version`` is the newest version that has it in these words; ``is_current`` where that one is in force.
    ``is_of_period``: the version that was in force when the period closed (or is, while it is open) has it;
    None: not kept, in reports that were read before this was asked.
    """

    key: str
    number: str
    begins: Localised
    document: str
    document_title: Localised
    version: int
    is_current: bool
    is_of_period: bool | None = None

    @property
    def could_be_commented(self) -> bool:
        """Whether its silence says anything: a text that came after the close could have no comment."""
        return self.is_current if self.is_of_period is None else self.is_of_period


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """One answer that a form offered, and what its results tell of it; None is not told."""

    value: str
    label: Localised
    n: int | None
    share: float | None


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """A question of a form that asks for a position, with how many answered it."""

    name: str
    title: Localised
    answered: int | None
    answers: tuple[AnswerFacts, ...]


@dataclass(frozen=True, slots=True)
class FormFacts:
    """A public form of the docket. ``total`` is how many answers are told, None: fewer than ten or none yet.

    ``shows_results``: the public may read them; else nothing of them is here. ``versions`` are the numbers of
    the versions that were answered.
    """

    slug: str
    title: Localised
    shows_results: bool
    total: int | None = None
    versions: tuple[int, ...] = ()
    positions: tuple[QuestionFacts, ...] = ()
