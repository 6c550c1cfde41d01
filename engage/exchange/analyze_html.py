"""``report.html``: one file that needs nothing else, with the comments behind each number.

Each number leads to a list on the same page: the first `LISTED` comments that it counts, and how to find the
rest in ``comments.csv``. Personal data that was found in a text is not shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from babel.numbers import format_decimal, format_percent
from babel.support import NullTranslations
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from engage import paths
from engage.analysis import PersonalDataKind, Taxonomy
from engage.analysis.folding import fold
from engage.analysis.personal_data import find_personal_data
from engage.exchange import analyze_words as words
from engage.exchange.analyze import Measures, Row, TextSpool
from engage.exchange.analyze_campaigns import CampaignFacts
from engage.exchange.analyze_report import DECLARED, NAMED, NOT_DECLARED, Counts, SourceFacts

# Comments that stand behind each number on the page, campaigns with a list of their own, characters of each
# comment.
LISTED = 25
CAMPAIGNS_SHOWN = 25
EXCERPT = 280


@dataclass(slots=True)
class CommentList:
    """The comments behind one number: how many, the first of them, and what finds all in the CSV."""

    id: str
    title: str
    filter: str
    total: int = 0
    rows: list[Row] = field(default_factory=list)

    def add(self, row: Row) -> None:
        """Count a row, and keep it while there is room."""
        self.total += 1
        if len(self.rows) < LISTED:
            self.rows.append(row)


class CommentLists:
    """The lists of a report by their id, in the order in which they were first needed."""

    def __init__(
        self,
        rows: Iterable[Row],
        counts: Counts,
        taxonomy: Taxonomy,
        language: str,
        _: words.Gettext,
        campaigns: Mapping[str, CampaignFacts],
    ) -> None:
        self._ = _
        self._taxonomy = taxonomy
        self._language = language
        self._known: dict[tuple[Measures, str], list[tuple[str, str, str]]] = {}
        self._shown_campaigns = dict(counts.campaigns[:CAMPAIGNS_SHOWN])
        self._exemplars = [campaigns[name].exemplar for name in self._shown_campaigns]
        self.lists: dict[str, CommentList] = {}
        self._texts: set[bytes] = set()
        for row in rows:
            self._add_row(row)
        for name, _size in counts.campaigns[:CAMPAIGNS_SHOWN]:
            for row in campaigns[name].added:
                title = _("Campaign %(id)s: with words of their own") % {"id": name}
                self._add(f"campaign-{name}-own", row, title, f"campaign = {name}")

    def _add_row(self, row: Row) -> None:
        _ = self._
        self._add("rows", row, _("All rows"), "")
        if row.problem is not None:
            self._add("problems", row, _("Rows that could not be read"), "")
        elif not row.text_key:
            self._add("no-text", row, _("Rows without a text"), "")
        if row.text_key:
            self._add("analysed", row, _("Comments with a text"), "")
            if row.text_key not in self._texts:
                self._texts.add(row.text_key)
                self._add("texts", row, _("The first comment with each distinct text"), "")
            for id_, title, filter_ in self._lists_of(row.measures, row.position_declared):
                self._add(id_, row, title, filter_)
            self._add_campaign(row)

    def _add(self, id_: str, row: Row, title: str, filter_: str) -> None:
        if id_ not in self.lists:
            self.lists[id_] = CommentList(id_, title, filter_)
        self.lists[id_].add(row)

    def _add_campaign(self, row: Row) -> None:
        if row.campaign:
            self._add("campaigns", row, self._("Comments that belong to a campaign"), "campaign ≠ ∅")
        if row.campaign in self._shown_campaigns:
            title = self._("Campaign %(id)s") % {"id": row.campaign}
            self._add(f"campaign-{row.campaign}", row, title, f"campaign = {row.campaign}")

    def _lists_of(self, found: Measures, position: str) -> Sequence[tuple[str, str, str]]:
        """Id, title and filter of each list that a row with these measures is on; most rows share theirs."""
        key = (found, position)
        if key not in self._known:
            self._known[key] = [
                *self._lists_of_positions(found, position),
                *self._lists_of_words(found, position),
            ]
        return self._known[key]

    def _lists_of_positions(self, found: Measures, position: str) -> Iterator[tuple[str, str, str]]:
        _ = self._
        declared = position or NOT_DECLARED
        name = _(words.POSITIONS[declared])
        tone = _(words.TONES[found.tone])
        position_filter = f"position_declared = {position}"
        tone_filter = f"tone = {found.tone}"
        yield f"tone-{found.tone}", _("Tone: %(tone)s") % {"tone": tone}, tone_filter
        yield f"tone-{found.tone}-{declared}", f"{tone} · {name}", f"{tone_filter}, {position_filter}"
        if found.tone_reason:
            reason = _(words.REASONS[found.tone_reason])
            yield (
                f"reason-{found.tone_reason}",
                _("Not scored: %(reason)s") % {"reason": reason},
                "tone = not_scored",
            )
        yield f"declared-{declared}", _("Declared: %(position)s") % {"position": name}, position_filter
        suggested = found.position_suggested
        title = _("Suggested: %(position)s") % {"position": _(words.POSITIONS[suggested])}
        yield f"suggested-{suggested}", title, f"position_suggested = {suggested}"

    def _lists_of_words(self, found: Measures, position: str) -> Iterator[tuple[str, str, str]]:
        _ = self._
        declared = position or NOT_DECLARED
        language = words.language_name(found.language, self._language, _)
        yield f"language-{found.language}", language, f"language = {found.language}"
        for code in found.concerns:
            name = self._taxonomy.name_of(code, self._language)
            mentions = f"concerns ∋ {code}"
            yield f"concern-{code}", name, mentions
            both = f"{name} · {_(words.POSITIONS[declared])}"
            yield f"concern-{code}-{declared}", both, f"{mentions}, position_declared = {position}"
        for code in found.denied:
            name = self._taxonomy.name_of(code, self._language)
            yield f"denied-{code}", _("%(concern)s: denied") % {"concern": name}, f"concerns ∋ {code}"
        for kind in found.personal_data:
            yield f"personal-{kind}", _(words.PERSONAL_DATA[kind]), f"personal_data ∋ {kind}"

    def __iter__(self) -> Iterator[CommentList]:
        return iter(self.lists.values())

    def wanted(self) -> dict[int, Row]:
        """Every row that some list shows, and those that show a letter, by number, in order."""
        shown = {row.row: row for comments in self for row in comments.rows}
        shown |= {row.row: row for row in self._exemplars}
        return dict(sorted(shown.items()))


def excerpts(texts: TextSpool, wanted: Iterable[int], gettext: words.Gettext) -> dict[int, str]:
    """The beginnings of the texts of some rows, without personal data."""
    return {row: _excerpt(text, gettext) for row in wanted if (text := texts[row])}


def _excerpt(text: str, gettext: words.Gettext) -> str:
    """The beginning of a text on one line, with the kind of data in the place of data."""
    folded = fold(text[: EXCERPT * 2])
    shown, place = "", 0
    for found in find_personal_data(folded):
        if found.kind is PersonalDataKind.STATUS_DISCLOSURE or found.start < place:
            continue
        shown += f"{text[place : found.start]}[{gettext(words.PERSONAL_DATA[found.kind.value])}]"
        place = found.end
    line = " ".join((shown + text[place : EXCERPT * 2]).split())
    return line if len(line) <= EXCERPT and len(text) <= EXCERPT * 2 else f"{line[:EXCERPT].rstrip()} …"


def render(
    *,
    counts: Counts,
    lists: CommentLists,
    texts: Mapping[int, str],
    source: SourceFacts,
    taxonomy: Taxonomy,
    analyser_version: str,
    language: str,
    catalogue: NullTranslations,
    campaigns: Mapping[str, CampaignFacts],
) -> str:
    """The page, in a language of `words.LANGUAGES`."""
    environment = Environment(
        loader=FileSystemLoader(paths.TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
    environment.filters["number"] = lambda value: format_decimal(value, locale=language)
    environment.filters["share"] = lambda part, whole: format_percent(
        part / whole if whole else 0, format="#,##0.0%", locale=language
    )
    return environment.get_template("exchange/analyze_report.html").render(
        counts=counts,
        lists=lists,
        shown=lists.wanted(),
        texts=texts,
        source=source,
        taxonomy=taxonomy,
        analyser_version=analyser_version,
        language=language,
        words=words,
        language_name=lambda code: words.language_name(code, language, catalogue.gettext),
        declared=DECLARED,
        listed=LISTED,
        named=NAMED,
        campaigns_shown=CAMPAIGNS_SHOWN,
        campaigns=campaigns,
    )
