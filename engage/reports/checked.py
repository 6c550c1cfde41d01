"""The machine's shares beside what people found in a random sample. Pure: no words and no addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat

from engage.analysis import PositionLabel
from engage.analysis.shares import MIN_LABELS, Share, share_of_sample
from engage.comments.filters import UNMEASURED, UNSTATED, CommentFilter
from engage.labelling.models import CONCERNS_OF, TONES_OF, MeasureKind
from engage.reports.inputs import Draw, Numbers
from engage.reports.measures import MACHINE_CONCERN, TallyKey, tally_key
from engage.reports.summary import SCORED, Line

Measures = Mapping[tuple[str, str], Sequence[tuple[float, float, int]]]
"""Labels and predictions in the sample, by kind and code: see labelling.models.LabelMeasure."""


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """A kind of comments: how many the machine sorted into it, and what share of the base is really of it.

    ``is_listed``: the filter finds just these. Not for suggested positions, because no single comment is
    sorted in public by a suggestion; and not where people have corrected some of what the machine found.
    """

    line: Line
    share: Share
    is_listed: bool = True


@dataclass(frozen=True, slots=True)
class CheckedSide:
    """The same of the comments that declare ``position``: shares are of those of them that were read, and of
    those that have a tone. Both are empty where there are none.
    """

    position: str
    concerns: tuple[CheckedLine, ...]
    tones: tuple[CheckedLine, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What people checked. ``positions`` are of the comments that declare none, ``concerns`` of all that
    were read, ``tones`` of all that have one; ``sides`` are support and opposition, as declared.

    ``since``: how many comments were posted after the draw and had no chance to be in it.
    """

    draw: Draw | None
    since: int
    positions: tuple[CheckedLine, ...]
    concerns: tuple[CheckedLine, ...]
    tones: tuple[CheckedLine, ...]
    sides: tuple[CheckedSide, ...]

    @property
    def needed(self) -> int:
        """As many labels a share takes to be told as checked."""
        return MIN_LABELS

    @property
    def labels(self) -> int:
        """How many comments people labelled."""
        return max((row.share.labels for row in self.concerns), default=0)


def check(
    numbers: Numbers, measures: Measures, draw: Draw | None, *, posted: int, concerns: Sequence[str]
) -> Checked:
    """Put the machine's numbers beside the labels. ``concerns``: the codes to tell, in their order."""
    undeclared = sum(n for name, n in numbers.items() if name.measure == "suggested")
    return Checked(
        draw=draw,
        since=max(0, posted - draw.drawn_from) if draw else 0,
        positions=tuple(
            _row(
                Line(code, _number(numbers, "suggested", code), CommentFilter(position=UNSTATED), undeclared),
                measures.get((MeasureKind.POSITION, code), ()),
                is_listed=False,
            )
            for code in PositionLabel
        ),
        concerns=_concerns(numbers, measures, concerns, posted),
        tones=_tones(numbers, measures),
        sides=tuple(_side(numbers, measures, position, concerns) for position in CONCERNS_OF),
    )


def _side(numbers: Numbers, measures: Measures, position: str, concerns: Sequence[str]) -> CheckedSide:
    declared = _number(numbers, "position", position)
    return CheckedSide(
        position,
        _concerns(numbers, measures, concerns, declared, position) if declared else (),
        _tones(numbers, measures, position),
    )


def _concerns(
    numbers: Numbers, measures: Measures, codes: Sequence[str], comments: int, position: str | None = None
) -> tuple[CheckedLine, ...]:
    """Of ``comments`` posted ones: of all, or of those that declare a position."""
    kind = CONCERNS_OF[position] if position else MeasureKind.CONCERN
    read = comments - _cross(numbers, "tone", UNMEASURED, position)
    # The sample tells how far off the machine is, not those comments that people have corrected.
    by_machine = f"{MACHINE_CONCERN}|position" if position else MACHINE_CONCERN
    has_machine = any(name.measure == by_machine for name in numbers)
    found = []
    for code in codes:
        stands = _cross(numbers, "concern", code, position)
        n = _cross(numbers, MACHINE_CONCERN, code, position) if has_machine else stands
        line = Line(code, n, CommentFilter(concern=code, position=position), read)
        found.append(_row(line, measures.get((kind, code), ()), is_listed=n == stands))
    return tuple(found) if read else ()


def _tones(numbers: Numbers, measures: Measures, position: str | None = None) -> tuple[CheckedLine, ...]:
    kind = TONES_OF[position] if position else MeasureKind.TONE
    scored = sum(_cross(numbers, "tone", tone, position) for tone in SCORED)
    found = (
        _row(
            Line(
                tone,
                _cross(numbers, "tone", tone, position),
                CommentFilter(tone=tone, position=position),
                scored,
            ),
            measures.get((kind, tone), ()),
        )
        for tone in SCORED
    )
    return tuple(found) if scored else ()


def _row(line: Line, pairs: Sequence[tuple[float, float, int]], *, is_listed: bool = True) -> CheckedLine:
    labels = list(chain.from_iterable(repeat(label, n) for label, _, n in pairs))
    predictions = list(chain.from_iterable(repeat(said, n) for _, said, n in pairs))
    # The sample is measured a moment before or after the rest is counted: never more is drawn than there is.
    comments = max(line.base, len(labels))
    share = line.n / line.base if line.base else 0.0
    return CheckedLine(
        line, share_of_sample(labels, predictions, comments=comments, machine=share), is_listed
    )


def _number(numbers: Numbers, measure: str, key: str) -> int:
    return numbers.get(TallyKey(measure, key), 0)


def _cross(numbers: Numbers, measure: str, value: str, position: str | None) -> int:
    """How many have a value: of all, or of those that declare a position."""
    if position is None:
        return _number(numbers, measure, value)
    dimensions, values = (measure, "position"), (value, position)
    if measure == "tone":
        dimensions, values = ("position", "tone"), (position, value)
    return numbers.get(tally_key(dimensions, values), 0)
