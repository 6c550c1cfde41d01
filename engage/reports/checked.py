"""The machine's shares beside what people found in a random sample. Pure: no words and no addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat

from engage.analysis import PositionLabel
from engage.analysis.shares import Share, share_of_sample
from engage.comments.filters import UNMEASURED, UNSTATED, CommentFilter
from engage.labelling.models import MeasureKind
from engage.reports.inputs import Draw, Numbers
from engage.reports.measures import MACHINE_CONCERN, TallyKey
from engage.reports.summary import Line

Measures = Mapping[tuple[str, str], Sequence[tuple[float, float, int]]]
"""Labels and predictions in the sample, by kind and code: see labelling.models.LabelMeasure."""


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """A kind of comments: how many the machine sorted into it, and what share of the base is really of it.

    The filter of a suggested position finds all that declare none: no single comment is sorted in public by a
    suggestion.
    """

    line: Line
    share: Share


@dataclass(frozen=True, slots=True)
class Checked:
    """What people checked. ``positions`` are of the comments that declare none, ``concerns`` of all that
    were read.

    ``since``: how many comments were posted after the draw and had no chance to be in it.
    """

    draw: Draw | None
    since: int
    positions: tuple[CheckedLine, ...]
    concerns: tuple[CheckedLine, ...]

    @property
    def labels(self) -> int:
        """How many comments people labelled."""
        return max((row.share.labels for row in self.concerns), default=0)

    @property
    def labels_of_positions(self) -> int:
        """How many of them declare no position."""
        return max((row.share.labels for row in self.positions), default=0)


def check(
    numbers: Numbers, measures: Measures, draw: Draw | None, *, posted: int, concerns: Sequence[str]
) -> Checked:
    """Put the machine's numbers beside the labels. ``concerns``: the codes to tell, in their order."""
    undeclared = sum(n for name, n in numbers.items() if name.measure == "suggested")
    measured = posted - _number(numbers, "tone", UNMEASURED)
    has_machine = any(name.measure == MACHINE_CONCERN for name in numbers)
    return Checked(
        draw=draw,
        since=max(0, posted - draw.drawn_from) if draw else 0,
        positions=tuple(
            _row(
                Line(code, _number(numbers, "suggested", code), CommentFilter(position=UNSTATED), undeclared),
                measures.get((MeasureKind.POSITION, code), ()),
            )
            for code in PositionLabel
        ),
        concerns=tuple(
            _row(
                Line(code, _number(numbers, "concern", code), CommentFilter(concern=code), measured),
                measures.get((MeasureKind.CONCERN, code), ()),
                # The sample tells how far off the machine is, not those comments that people have corrected.
                machine=_number(numbers, MACHINE_CONCERN, code) if has_machine else None,
            )
            for code in concerns
        ),
    )


def _row(line: Line, pairs: Sequence[tuple[float, float, int]], *, machine: int | None = None) -> CheckedLine:
    labels = list(chain.from_iterable(repeat(label, n) for label, _, n in pairs))
    predictions = list(chain.from_iterable(repeat(said, n) for _, said, n in pairs))
    # The sample is measured a moment before or after the rest is counted: never more is drawn than there is.
    comments = max(line.base, len(labels))
    found = line.n if machine is None else machine
    share = found / line.base if line.base else 0.0
    return CheckedLine(line, share_of_sample(labels, predictions, comments=comments, machine=share))


def _number(numbers: Numbers, measure: str, key: str) -> int:
    return numbers.get(TallyKey(measure, key), 0)
