"""What the rows of an analysed file add up to: ``report.json``, by the schema in ``data``."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from engage.analysis import PersonalDataKind, PositionLabel, Taxonomy, ToneLabel
from engage.exchange.analyze import Row
from engage.exchange.analyze_campaigns import CampaignFacts

SCHEMA_VERSION = 1
# Row problems and campaigns that the report names one by one; the rest are counted.
NAMED = 100
NOT_DECLARED = "not_declared"
DECLARED = (*(label.value for label in PositionLabel), NOT_DECLARED)
SCORED = (ToneLabel.POSITIVE.value, ToneLabel.NEUTRAL.value, ToneLabel.NEGATIVE.value)


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What the report says about the file that it was made from; ``sha256`` is of its bytes."""

    file: str
    format: str
    encoding: str
    size: int
    sha256: str


@dataclass(slots=True)
class Counts:
    """Everything that is counted over the rows; each counter goes by the codes of ``comments.csv``."""

    rows: int = 0
    analysed: int = 0
    without_text: int = 0
    problems: list[Row] = field(default_factory=list)
    distinct_texts: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    tones: Counter[str] = field(default_factory=Counter)
    not_scored: Counter[str] = field(default_factory=Counter)
    concerns: Counter[str] = field(default_factory=Counter)
    denied: Counter[str] = field(default_factory=Counter)
    concerns_by_position: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    tones_by_position: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    declared: Counter[str] = field(default_factory=Counter)
    suggested: Counter[str] = field(default_factory=Counter)
    personal_data: Counter[str] = field(default_factory=Counter)
    campaigns: list[tuple[str, int]] = field(default_factory=list)

    @property
    def in_campaigns(self) -> int:
        """Comments that belong to a campaign."""
        return sum(size for _, size in self.campaigns)


def count(rows: Iterable[Row]) -> Counts:
    """Count the rows. Only rows with a text are measured; the others are counted apart."""
    counts = Counts()
    texts: set[bytes] = set()
    campaigns: dict[str, int] = {}
    for row in rows:
        counts.rows += 1
        if row.problem is not None:
            counts.problems.append(row)
        if not row.text_key:
            counts.without_text += 1
            continue
        texts.add(row.text_key)
        _count_text(counts, row)
        if row.campaign:
            campaigns[row.campaign] = row.campaign_size
    counts.distinct_texts = len(texts)
    counts.campaigns = sorted(campaigns.items(), key=lambda item: (-item[1], item[0]))
    return counts


def _count_text(counts: Counts, row: Row) -> None:
    declared = row.position_declared or NOT_DECLARED
    counts.analysed += 1
    counts.languages[row.measures.language] += 1
    counts.tones[row.measures.tone] += 1
    counts.tones_by_position[declared][row.measures.tone] += 1
    if row.measures.tone_reason:
        counts.not_scored[row.measures.tone_reason] += 1
    counts.declared[declared] += 1
    counts.suggested[row.measures.position_suggested] += 1
    counts.personal_data.update(row.measures.personal_data)
    counts.denied.update(row.measures.denied)
    for code in row.measures.concerns:
        counts.concerns[code] += 1
        counts.concerns_by_position[code][declared] += 1


def report_data(
    counts: Counts,
    source: SourceFacts,
    taxonomy: Taxonomy,
    analyser_version: str,
    cannot_tell: Mapping[str, str],
    campaigns: Mapping[str, CampaignFacts],
) -> dict[str, object]:
    """The content of ``report.json``; equal inputs give equal content.

    ``cannot_tell`` says in words, by code, what these numbers do not tell; ``campaigns`` are by id, at least
    the largest `NAMED`.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "source": {
            "file": source.file,
            "format": source.format,
            "encoding": source.encoding,
            "size": source.size,
            "sha256": source.sha256,
        },
        "analyser": {
            "version": analyser_version,
            "taxonomy": {"name": taxonomy.name, "version": taxonomy.version, "digest": taxonomy.digest},
        },
        "rows": {
            "total": counts.rows,
            "analysed": counts.analysed,
            "without_text": counts.without_text,
            "problems": len(counts.problems),
        },
        "problems": [
            {"row": row.row, "id": row.id, "message": row.problem or ""} for row in counts.problems[:NAMED]
        ],
        "distinct_texts": counts.distinct_texts,
        "languages": dict(counts.languages.most_common()),
        "tone": {
            **{label: counts.tones[label] for label in SCORED},
            "not_scored": {
                "total": counts.tones[ToneLabel.NOT_SCORED.value],
                "reasons": dict(counts.not_scored.most_common()),
            },
        },
        "positions": {
            "declared": {label: counts.declared[label] for label in DECLARED},
            "suggested": {label.value: counts.suggested[label.value] for label in PositionLabel},
        },
        "tone_by_declared_position": _by_position(
            counts.tones_by_position, [*SCORED, ToneLabel.NOT_SCORED.value]
        ),
        "concerns": [_concern(counts, taxonomy, code) for code in taxonomy.codes],
        "campaigns": {
            "total": len(counts.campaigns),
            "comments": counts.in_campaigns,
            "largest": [_campaign(name, size, campaigns[name]) for name, size in counts.campaigns[:NAMED]],
        },
        "personal_data": {kind.value: counts.personal_data[kind.value] for kind in PersonalDataKind},
        "cannot_tell": [{"code": code, "text": text} for code, text in cannot_tell.items()],
    }


def _campaign(name: str, size: int, facts: CampaignFacts) -> dict[str, object]:
    exemplar = {"row": facts.exemplar.row, "id": facts.exemplar.id}
    return {"id": name, "size": size, "exemplar": exemplar, "with_additions": len(facts.added)}


def _by_position(table: dict[str, Counter[str]], labels: Sequence[str]) -> dict[str, dict[str, int]]:
    return {
        position: {label: table.get(position, Counter())[label] for label in labels} for position in DECLARED
    }


def _concern(counts: Counts, taxonomy: Taxonomy, code: str) -> dict[str, object]:
    names = {language: taxonomy.name_of(code, language) for language in ("en", "es")}
    by_position = {label: counts.concerns_by_position.get(code, Counter())[label] for label in DECLARED}
    return {
        "code": code,
        "names": names,
        "comments": counts.concerns[code],
        "denied": counts.denied[code],
        "by_declared_position": by_position,
    }
