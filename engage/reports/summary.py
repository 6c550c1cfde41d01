"""The summary of a period: what its tallies say, put in order. Pure: no words and no addresses, only numbers.

Every number that counts posted comments is a Line and carries the filter that finds exactly these comments.
Position (as declared), tone (as measured) and concerns (as detected) are three things and stay three things.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from engage.analysis import OTHER, NotScoredReason, ToneLabel
from engage.comments.filters import (
    ALONE,
    CHANGED,
    COPY,
    OWN_WORDS,
    UNMEASURED,
    UNSTATED,
    CommentFilter,
)
from engage.comments.models import Disposition, ModerationReason, Position
from engage.reports.inputs import DistrictFacts, Numbers
from engage.reports.measures import (
    DISPOSITION,
    IN_REPEATED_TEXTS,
    LETTER_PART,
    OF_CONCERN,
    OF_DISTINCT,
    REPEATED_TEXTS,
    SUBMITTERS,
    TEXTS,
    TallyKey,
    tally_key,
)

POSITIONS = (*Position, UNSTATED)
SCORED = (ToneLabel.POSITIVE, ToneLabel.NEUTRAL, ToneLabel.NEGATIVE)
TONES = (*SCORED, ToneLabel.NOT_SCORED, UNMEASURED)
PARTS = (COPY, CHANGED, OWN_WORDS, ALONE)
MOST_DAYS = 92
"""A longer time is shown by months."""

MOST_UNCOUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Line:
    """``n`` posted comments: those that the filter finds. ``base`` is what a share of them is of."""

    key: str
    n: int
    filter: CommentFilter
    base: int = 0

    @property
    def percent(self) -> int | None:
        """The share of the base in whole percent, rounded half up; None without a base."""
        return (200 * self.n + self.base) // (2 * self.base) if self.base else None


@dataclass(frozen=True, slots=True)
class ConcernLine:
    """A subject: how many comments mention it, how these split, how many only deny it.

    Beside the comments stand ``texts``, the different ones among them, and ``names``, the different names and
    organisations; ``unnamed`` gives neither. ``by_part`` is what they have beside a form letter.
    """

    line: Line
    by_position: tuple[Line, ...]
    denied: Line
    by_tone: tuple[Line, ...]
    by_part: tuple[Line, ...]
    unnamed: Line
    texts: int
    names: int

    @property
    def key(self) -> str:
        """The code of the concern."""
        return self.line.key

    @property
    def fewest_submitters(self) -> int:
        """As for the whole period: see Summary."""
        return max(self.names, min(1, self.line.n))

    @property
    def most_submitters(self) -> int:
        """As for the whole period: see Summary."""
        return self.names + self.unnamed.n


@dataclass(frozen=True, slots=True)
class PositionTone:
    """The tone of the comments of one declared position: shares are of those whose tone was scored."""

    position: Line
    tones: tuple[Line, ...]

    @property
    def scored(self) -> int:
        """How many of them have a tone."""
        return sum(line.n for line in self.tones if line.key in SCORED)

    @property
    def unscored(self) -> int:
        """How many of them have no tone, or were not read yet."""
        return sum(line.n for line in self.tones if line.key not in SCORED)

    def tone(self, label: str) -> Line:
        """The line of one tone."""
        return next(line for line in self.tones if line.key == label)


@dataclass(frozen=True, slots=True)
class RepeatedText:
    """A text that was sent more than once, and how one of its comments begins (None: none is posted now).

    ``organisers`` have handed over files with it, as the confirmation of whoever imported them names them.
    """

    line: Line
    excerpt: str | None
    organisers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """What was read of a period: its numbers, when they were last counted, and how many comments wait for it.

    ``uncounted`` stops at MOST_UNCOUNTED, so that asking costs the same however many there are.
    """

    numbers: Numbers
    counted_at: datetime | None
    uncounted: int
    repeated: tuple[RepeatedText, ...] = ()

    @property
    def is_behind_far(self) -> bool:
        """Whether more wait than ``uncounted`` says."""
        return self.uncounted >= MOST_UNCOUNTED


@dataclass(frozen=True, slots=True)
class Summary:
    """All that the report of a period says."""

    count: Count
    posted: Line
    received: int
    waiting: int
    withdrawn: int
    not_posted: tuple[tuple[ModerationReason, int], ...]
    texts: int
    repeated_texts: int
    in_repeated_texts: int
    named: Line
    unnamed: Line
    late: Line
    names: int
    positions: tuple[Line, ...]
    tones: tuple[Line, ...]
    tone_reasons: tuple[Line, ...]
    tone_by_position: tuple[PositionTone, ...]
    concerns: tuple[ConcernLine, ...]
    concerns_absent: tuple[str, ...]
    languages: tuple[Line, ...]
    districts: tuple[Line, ...]
    districts_silent: tuple[str, ...]
    channels: tuple[Line, ...]
    days: tuple[Line, ...]
    by_month: bool
    analysers: tuple[Line, ...]

    @property
    def restricted(self) -> int:
        """How many comments are not posted, for whatever reason."""
        return sum(n for _, n in self.not_posted)

    @property
    def measured(self) -> int:
        """How many posted comments the analyser has been through."""
        return self.posted.n - self.unmeasured.n

    @property
    def unmeasured(self) -> Line:
        """The posted comments that still wait for the analyser."""
        return next(line for line in self.tones if line.key == UNMEASURED)

    @property
    def scored(self) -> int:
        """How many posted comments have a tone."""
        return sum(line.n for line in self.tones if line.key in SCORED)

    @property
    def fewest_submitters(self) -> int:
        """Unnamed comments may all be from people who gave their name elsewhere, or all from one person."""
        return max(self.names, min(1, self.posted.n))

    @property
    def most_submitters(self) -> int:
        """Every unnamed comment may be from somebody else."""
        return self.names + self.unnamed.n


def summarise(count: Count, districts: Sequence[DistrictFacts], concern_codes: Sequence[str]) -> Summary:
    """Put the numbers of a period in order. ``concern_codes`` are in the order of its taxonomy."""
    pick = _Picker(count.numbers)
    posted = Line("posted", pick.of(DISPOSITION, Disposition.POSTED), CommentFilter())
    days, by_month = days_of(count.numbers)
    concerns = _concerns(pick, concern_codes, posted.n - pick.of("tone", UNMEASURED))
    heard = [_district_line(pick, district, posted.n) for district in districts]
    return Summary(
        count=count,
        posted=posted,
        received=sum(n for _, n in pick.items(DISPOSITION)),
        waiting=pick.of(DISPOSITION, Disposition.RECEIVED),
        withdrawn=pick.of(DISPOSITION, Disposition.WITHDRAWN),
        not_posted=tuple(
            (reason, n)
            for reason in ModerationReason
            if (n := pick.of_two(DISPOSITION, "restricted", reason))
        ),
        texts=pick.of(OF_DISTINCT, TEXTS),
        repeated_texts=pick.of(OF_DISTINCT, REPEATED_TEXTS),
        in_repeated_texts=pick.of(OF_DISTINCT, IN_REPEATED_TEXTS),
        named=pick.line({"named": True}, "yes", base=posted.n),
        unnamed=pick.line({"named": False}, "no", base=posted.n),
        late=Line("late", pick.of("late", "yes"), CommentFilter(late=True), posted.n),
        names=pick.of(OF_DISTINCT, SUBMITTERS),
        positions=tuple(pick.line({"position": key}, key, base=posted.n) for key in POSITIONS),
        tones=_tones(pick),
        tone_reasons=tuple(pick.line({"tone_reason": key}, key) for key in _reasons(pick)),
        tone_by_position=tuple(_tone_of_position(pick, key) for key in POSITIONS),
        concerns=concerns,
        concerns_absent=tuple(code for code in concern_codes if code not in {line.key for line in concerns}),
        languages=pick.most_first("language", base=posted.n - pick.of("tone", UNMEASURED)),
        districts=(*(line for line in heard if line.n), *_no_district(pick, posted.n)),
        districts_silent=tuple(line.key for line in heard if not line.n),
        channels=pick.most_first("channel", base=posted.n),
        days=days,
        by_month=by_month,
        analysers=pick.most_first("analyser"),
    )


class _Picker:
    """Takes numbers out of a period's tallies by what they are of."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers

    def of(self, measure: str, key: str) -> int:
        return self._numbers.get(TallyKey(measure, key), 0)

    def of_two(self, measure: str, *values: str) -> int:
        return self._numbers.get(tally_key((measure,), values), 0)

    def items(self, measure: str) -> list[tuple[str, int]]:
        return [(name.key, n) for name, n in self._numbers.items() if name.measure == measure]

    def line(self, condition: Mapping[str, Any], key: str, *, base: int = 0) -> Line:
        """The posted comments of one value of one dimension."""
        (dimension,) = condition
        return Line(key, self.of(dimension, key), CommentFilter(**condition), base)

    def cross(self, first: tuple[str, str], second: tuple[str, str], *, base: int = 0) -> Line:
        """The posted comments of two values at once; the line is called by the second."""
        dimensions, values = zip(first, second, strict=True)
        n = self._numbers.get(tally_key(dimensions, values), 0)
        conditions: dict[str, Any] = dict((first, second))
        return Line(second[1], n, CommentFilter(**conditions), base)

    def lines(self, dimension: str, *, base: int = 0) -> list[Line]:
        """Every value of a dimension that a posted comment has."""
        conditions: list[tuple[str, int, dict[str, Any]]] = [
            (key, n, {dimension: _value(dimension, key)}) for key, n in self.items(dimension)
        ]
        return [Line(key, n, CommentFilter(**condition), base) for key, n, condition in conditions]

    def most_first(self, dimension: str, *, base: int = 0) -> tuple[Line, ...]:
        """The same, the most frequent first; equally frequent ones by their name."""
        return tuple(sorted(self.lines(dimension, base=base), key=lambda line: (-line.n, line.key)))


def _value(dimension: str, key: str) -> str | date:
    return date.fromisoformat(key) if dimension == "day" else key


def _tones(pick: _Picker) -> tuple[Line, ...]:
    scored = sum(pick.of("tone", label) for label in SCORED)
    return tuple(pick.line({"tone": key}, key, base=scored if key in SCORED else 0) for key in TONES)


def _tone_of_position(pick: _Picker, position: str) -> PositionTone:
    scored = sum(pick.cross(("position", position), ("tone", label)).n for label in SCORED)
    return PositionTone(
        position=pick.line({"position": position}, position),
        tones=tuple(
            pick.cross(("position", position), ("tone", tone), base=scored if tone in SCORED else 0)
            for tone in TONES
        ),
    )


def _reasons(pick: _Picker) -> list[str]:
    known = [reason for reason in NotScoredReason if pick.of("tone_reason", reason)]
    return [*known, *sorted(key for key, _ in pick.items("tone_reason") if key not in known)]


def _concerns(pick: _Picker, codes: Iterable[str], measured: int) -> tuple[ConcernLine, ...]:
    """The most frequent first, equally frequent ones in the taxonomy's order; what fits none comes last."""
    order = {code: place for place, code in enumerate(codes)}
    return tuple(
        sorted(
            (_concern(pick, line) for line in pick.lines("concern", base=measured)),
            key=lambda row: (row.key == OTHER, -row.line.n, order.get(row.key, len(order)), row.key),
        )
    )


def _concern(pick: _Picker, line: Line) -> ConcernLine:
    code = line.key
    scored = sum(pick.cross(("concern", code), ("tone", label)).n for label in SCORED)
    unnamed = pick.of("concern|named", f"{code}|no")
    return ConcernLine(
        line=line,
        by_position=tuple(
            pick.cross(("concern", code), ("position", position), base=line.n) for position in POSITIONS
        ),
        denied=Line(
            "denied",
            pick.of("denied_concern", code),
            CommentFilter(concern=code, denied=True),
            line.n,
        ),
        # The analyser finds concerns and tone at once: of none of these the tone is unmeasured.
        by_tone=tuple(
            pick.cross(("concern", code), ("tone", tone), base=scored if tone in SCORED else 0)
            for tone in (*SCORED, ToneLabel.NOT_SCORED)
        ),
        by_part=tuple(
            Line(
                part,
                pick.of(f"concern|{LETTER_PART}", f"{code}|{part}"),
                CommentFilter(concern=code, part=part),
                line.n,
            )
            for part in PARTS
        ),
        unnamed=Line("no", unnamed, CommentFilter(concern=code, named=False), line.n),
        texts=pick.of(OF_CONCERN, f"{code}|{TEXTS}"),
        names=pick.of(OF_CONCERN, f"{code}|{SUBMITTERS}"),
    )


def _district_line(pick: _Picker, district: DistrictFacts, posted: int) -> Line:
    n = pick.of("district", str(district.id))
    return Line(district.code, n, CommentFilter(district=district.code), posted)


def _no_district(pick: _Picker, posted: int) -> tuple[Line, ...]:
    line = pick.line({"district": UNSTATED}, UNSTATED, base=posted)
    return (line,) if line.n else ()


def days_of(numbers: Numbers) -> tuple[tuple[Line, ...], bool]:
    """One line a day without gaps, or one a month (True) where the days are too many to look at."""
    by_day = {date.fromisoformat(key): n for (measure, key), n in numbers.items() if measure == "day"}
    if not by_day:
        return (), False
    first, last = min(by_day), max(by_day)
    if (last - first).days < MOST_DAYS:
        days = (first + timedelta(days=number) for number in range((last - first).days + 1))
        return tuple(Line(f"{day}", by_day.get(day, 0), CommentFilter(day=day)) for day in days), False
    by_month: dict[str, int] = dict.fromkeys(_months(first, last), 0)
    for day, n in by_day.items():
        by_month[f"{day:%Y-%m}"] += n
    return tuple(Line(month, n, CommentFilter(month=month)) for month, n in by_month.items()), True


def _months(first: date, last: date) -> list[str]:
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers]
