"""A report, made of its inputs. Pure: the same inputs give the same report, whenever it is made."""

from __future__ import annotations

from dataclasses import dataclass

from engage.comments.filters import CommentFilter
from engage.comments.models import Disposition
from engage.db.types import Localised
from engage.reports.campaigns import Campaigns, campaigns_of
from engage.reports.checked import Checked, check
from engage.reports.inputs import Inputs
from engage.reports.measures import DISPOSITION, THEME, TallyKey
from engage.reports.summary import Count, Line, RepeatedText, Summary, summarise
from engage.reports.tables import Crosstab, tables_of


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """A theme that staff have named, and the comments of the period in it."""

    line: Line
    name: Localised


@dataclass(frozen=True, slots=True)
class Report:
    """Inputs, and what they add up to: the summary, what people checked, themes, form letters
    and tables.
    """

    inputs: Inputs
    summary: Summary
    checked: Checked
    themes: tuple[ThemeLine, ...]
    campaigns: Campaigns
    tables: tuple[Crosstab, ...] = ()


def make_report(inputs: Inputs) -> Report:
    """Put the inputs in order."""
    count = Count(
        numbers=inputs.numbers,
        counted_at=inputs.counted_at,
        uncounted=inputs.uncounted,
        repeated=tuple(
            RepeatedText(Line(each.text, each.n, CommentFilter(text=each.text)), None, each.organisers)
            for each in inputs.repeated
        ),
    )
    summary = summarise(count, inputs.districts, inputs.taxonomy.codes)
    texts = {letter.campaign: letter.texts for letter in inputs.letters}
    return Report(
        inputs=inputs,
        summary=summary,
        checked=check(
            inputs.numbers,
            {(each.kind, each.code): each.pairs for each in inputs.measures},
            inputs.draw,
            posted=summary.posted.n,
            concerns=[concern.key for concern in summary.concerns],
        ),
        themes=_themes(inputs),
        campaigns=campaigns_of(inputs.numbers, summary.posted.n).with_texts(texts),
        tables=tables_of(summary, inputs.numbers, inputs.districts),
    )


def _themes(inputs: Inputs) -> tuple[ThemeLine, ...]:
    """The themes of the docket, the most frequent in this period first."""
    posted = inputs.numbers.get(TallyKey(DISPOSITION, Disposition.POSTED), 0)
    found = [
        ThemeLine(
            Line(
                str(theme.id),
                inputs.numbers.get(TallyKey(THEME, str(theme.id)), 0),
                CommentFilter(theme=theme.id),
                posted,
            ),
            theme.name,
        )
        for theme in inputs.themes
    ]
    return tuple(sorted(found, key=lambda row: (-row.line.n, int(row.line.key))))
