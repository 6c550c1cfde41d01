"""What the county answers to the concerns of a report, as it was when the report was read. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from engage.analysis import OTHER
from engage.comments.filters import CommentFilter
from engage.reports.inputs import Inputs
from engage.reports.summary import Line, Summary
from engage.responses.told import ToldResponse


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One concern: the comments that raise it, and what the county says; ``overdue`` in days."""

    line: Line
    told: ToldResponse
    overdue: int

    @property
    def is_answered(self) -> bool:
        """Whether the county has said what becomes of it."""
        return self.told.state is not None

    @property
    def is_concern(self) -> bool:
        """Whether it is one of the list: “something else” is what fits none, so it is not counted as one."""
        return self.line.key != OTHER


@dataclass(frozen=True, slots=True)
class Answers:
    """Every concern that is raised or answered, the most frequent first, and last what fits none. ``today``
    is the day of the report in the place of the period.
    """

    lines: tuple[AnswerLine, ...]
    today: date

    @property
    def concerns(self) -> list[AnswerLine]:
        """Those that are concerns: only these are counted."""
        return [row for row in self.lines if row.is_concern]

    @property
    def total(self) -> int:
        """How many concerns there are."""
        return len(self.concerns)

    @property
    def answered(self) -> int:
        """How many of them are answered."""
        return sum(row.is_answered for row in self.concerns)

    @property
    def overdue(self) -> int:
        """How many answers are overdue, also one to what fits no concern."""
        return sum(row.overdue > 0 for row in self.lines)

    def of(self, code: str) -> AnswerLine | None:
        """The answer to one concern; None where it is neither raised nor answered."""
        return next((row for row in self.lines if row.line.key == code), None)


def answers_of(inputs: Inputs, summary: Summary) -> Answers:
    """Put the answers to the concerns in the order in which the report tells these."""
    today = inputs.read_at.astimezone(ZoneInfo(inputs.period.time_zone)).date()
    known = {told.concern: told for told in inputs.answers}
    raised = {concern.key: concern.line for concern in summary.concerns}
    every = raised | {
        code: Line(code, 0, CommentFilter(concern=code), summary.measured)
        for code in known
        if code not in raised
    }
    in_order = sorted(every, key=lambda code: code == OTHER)
    return Answers(tuple(_line(every[code], known.get(code), today) for code in in_order), today)


def _line(line: Line, told: ToldResponse | None, today: date) -> AnswerLine:
    found = told or ToldResponse(concern=line.key)
    return AnswerLine(line, found, found.overdue_days(today))


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """The answer to a concern in two versions of a report, where it is not the same; None: not told of."""

    concern: str
    old: ToldResponse | None
    new: ToldResponse | None


def changed_answers(before: Inputs, after: Inputs) -> tuple[AnswerChange, ...]:
    """What the county answers otherwise in the later version, in the order of its taxonomy."""
    old, new = ({told.concern: told for told in inputs.answers} for inputs in (before, after))
    found = [AnswerChange(code, old.get(code), new.get(code)) for code in dict.fromkeys([*new, *old])]
    return tuple(change for change in found if change.old != change.new)
