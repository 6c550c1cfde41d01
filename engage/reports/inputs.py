"""All of which a report is made, as plain values: what a published version keeps, and nothing else.

No word of a comment is here, only references to words. So a report made of stored inputs is the same for
ever, and still quotes nothing that was withdrawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engage.db.types import Localised
from engage.lifecycle.outreach import OutreachTold
from engage.reports.docket_facts import CensusFacts, ClauseFacts, DecisionFacts, FormFacts
from engage.reports.measures import TallyKey
from engage.responses.told import ToldResponse

Numbers = Mapping[TallyKey, int]
_NOBODY_ASKED = OutreachTold()


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    """A comment period and its docket as residents read them. ``state`` is a PeriodState's value, and
    ``late_policy`` a LatePolicy's.
    """

    slug: str
    title: Localised
    summary: Localised
    opens_at: datetime
    closes_at: datetime
    time_zone: str
    state: str
    docket_slug: str
    docket_title: Localised
    late_policy: str = ""


@dataclass(frozen=True, slots=True)
class ConcernFacts:
    """What a concern is called."""

    code: str
    name: Localised


@dataclass(frozen=True, slots=True)
class TaxonomyFacts:
    """The concerns that were looked for, in their order."""

    name: str
    version: str
    digest: str
    concerns: tuple[ConcernFacts, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the concerns, in their order."""
        return tuple(concern.code for concern in self.concerns)


@dataclass(frozen=True, slots=True)
class DistrictFacts:
    """A district: tallies know it by ``id``, addresses by ``code``."""

    id: int
    code: str
    name: Localised


@dataclass(frozen=True, slots=True)
class Draw:
    """When comments were drawn at random for people to label, and from how many posted ones."""

    drawn_at: datetime
    drawn_from: int


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """What people and the machine say about one kind in the sample: see labelling.models.LabelMeasure."""

    kind: str
    code: str
    pairs: tuple[tuple[float, float, int], ...]


@dataclass(frozen=True, slots=True)
class ThemeFacts:
    """A theme that staff have named."""

    id: int
    name: Localised


@dataclass(frozen=True, slots=True)
class QuoteFacts:
    """Where a quote stands: characters ``start`` to ``stop`` of a comment; ``digest`` as in same_words."""

    tracking_number: str
    position: str
    start: int
    stop: int
    digest: str


@dataclass(frozen=True, slots=True)
class VoiceFacts:
    """Where a stretch stands that is shown with a concern, as QuoteFacts; ``kind`` is an ExcerptKind's value.

    ``pair`` numbers the statements of a concern that do not go together; None for all others.
    """

    concern: str
    kind: str
    position: str
    tracking_number: str
    start: int
    stop: int
    digest: str
    pair: int | None = None


@dataclass(frozen=True, slots=True)
class RepeatedFacts:
    """A text that ``n`` posted comments share, by its fingerprint, and who has handed over files with it."""

    text: str
    n: int
    organisers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """How many different texts a form letter has; by the id of its campaign."""

    campaign: int
    texts: int


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """A meeting that has begun, and how many posted comments were spoken and written there. ``is_of_period``:
    its comments belong to the period; else it is the docket's alone and took place meanwhile.

    ``came`` were checked in at the door; None where that were fewer than ten (``has_few``) or nobody.
    ``in_person`` and ``remote`` are what staff counted and tell on the meeting's page; None: not counted.
    ``notice`` and ``agenda`` are the Verdict's values on whether they were posted in time.
    """

    slug: str
    title: Localised
    starts_at: datetime
    time_zone: str
    spoken: int
    written: int
    came: int | None = None
    has_few: bool = False
    notice: str = ""
    agenda: str = ""
    is_of_period: bool = True
    in_person: int | None = None
    remote: int | None = None

    @property
    def is_counted(self) -> bool:
        """Whether staff counted who came, in whatever way."""
        return self.in_person is not None or self.remote is not None

    @property
    def counted(self) -> int:
        """How many came, as far as staff counted them."""
        return (self.in_person or 0) + (self.remote or 0)


@dataclass(frozen=True, slots=True)
class LogFacts:
    """The newest head of the public log: how many entries it has, and its root in hexadecimal."""

    size: int
    root: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """All of which one report is made.

    ``read_at`` is when it was read; ``counted_at`` when the period was last counted before; ``uncounted`` how
    many comments then waited to be counted, at most summary.MOST_UNCOUNTED. ``is_held_back``: the comments
    are those of the version before, because fewer than ten have come or gone since. ``method`` is
    measures.METHOD; ``base_url`` where the site was, so that addresses in files stay what they were.

    ``is_read``: what is posted was read for themes, quotes and sentences; ``is_grouped``: it was compared for
    letters. Where not, none found means that nobody has looked.

    What is stored is read by later versions of this site: a new field has a default, and no default changes.
    """

    period: PeriodFacts
    read_at: datetime
    counted_at: datetime | None
    uncounted: int
    numbers: Numbers
    taxonomy: TaxonomyFacts
    districts: tuple[DistrictFacts, ...] = ()
    draw: Draw | None = None
    measures: tuple[MeasureFacts, ...] = ()
    themes: tuple[ThemeFacts, ...] = ()
    quotes: tuple[QuoteFacts, ...] = ()
    voices: tuple[VoiceFacts, ...] = ()
    repeated: tuple[RepeatedFacts, ...] = ()
    letters: tuple[LetterFacts, ...] = field(default=())
    meetings: tuple[MeetingFacts, ...] = ()
    decision: DecisionFacts | None = None
    census: tuple[CensusFacts, ...] = ()
    clauses: tuple[ClauseFacts, ...] = ()
    forms: tuple[FormFacts, ...] = ()
    method: int = 0
    base_url: str = ""
    is_held_back: bool = False
    log: LogFacts | None = None
    answers: tuple[ToldResponse, ...] = ()
    outreach: OutreachTold = _NOBODY_ASKED
    is_read: bool = True
    is_grouped: bool = True
