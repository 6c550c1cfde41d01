"""What somebody wrote on a sheet of paper, read for the box: nobody can be asked to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engage.survey.answers import Answers, Problem, asked, check
from engage.survey.definition import Definition, Question

UNFINISHED = frozenset({Problem.MISSING, Problem.ROWS_MISSING, Problem.NOT_RANKED, Problem.OTHER_UNSAID})
"""What a sheet may lack: it was handed in like that, and what is there counts."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """``answers`` are what can be kept. ``unfinished`` stay as they are, ``unfit`` are left out, and so are
    those of the questions ``not_asked``, which the sheet says to skip."""

    answers: Answers
    unfinished: dict[str, Problem]
    unfit: dict[str, Problem]
    not_asked: tuple[Question, ...]

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing to look at twice."""
        return not (self.unfinished or self.unfit or self.not_asked)

    @property
    def problems(self) -> dict[str, Problem]:
        """All that does not fit its question."""
        return self.unfinished | self.unfit


def read_sheet(definition: Definition, given: Mapping[str, Any]) -> Sheet:
    """Read what was typed in from a sheet that asks what ``definition`` says."""
    checked = check(definition, given)
    unfit = {name: problem for name, problem in checked.problems.items() if problem not in UNFINISHED}
    fitting = {name: answer for name, answer in given.items() if name.removesuffix("-Comment") not in unfit}
    # Without the unfit ones, others may not be asked any more.
    kept = check(definition, fitting).answers
    are_asked = {one.question.name for one in asked(definition, fitting)}
    return Sheet(
        answers={name: answer for name, answer in kept.items() if answer != ""},
        unfinished={name: p for name, p in checked.problems.items() if p in UNFINISHED},
        unfit=unfit,
        not_asked=tuple(
            question
            for question in definition.questions()
            if question.name in given and question.name not in are_asked | unfit.keys()
        ),
    )
