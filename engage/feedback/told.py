"""Results in words and lengths: what the pages for the public and for the staff have in common."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from flask_babel import gettext as _
from flask_babel import ngettext

from engage.feedback import words
from engage.feedback.lines import Line, language_name, share_text
from engage.feedback.reading import Read
from engage.feedback.results import Cell
from engage.feedback.told_question import QuestionTold
from engage.feedback.told_tables import CrossTable, LanguageTold, made_tables
from engage.feedback.told_versions import VersionTold, told_versions
from engage.survey.suppression import K
from engage.web.numbers import count_said


class Told:
    """Everything that a page says of a form's results, for one reader."""

    def __init__(self, read: Read) -> None:
        self.read = read
        self.form = read.form
        self.results = read.results
        versions = read.form.versions
        self.questions = [QuestionTold(one, versions) for one in read.results.questions]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that may be told."""
        return self.results.total is None

    @property
    def total(self) -> str:
        """How many answers are counted."""
        if self.results.total is None:
            return str(_("Fewer than %(limit)s answers are counted, so nothing is told of them.", limit=K))
        total = self.results.total
        return str(
            ngettext("%(n)s answer is counted.", "%(n)s answers are counted.", total, n=count_said(total))
        )

    @property
    def waiting(self) -> str:
        """How many wait; nothing where none does."""
        if not self.read.waiting:
            return ""
        if self.read.has_few_waiting:
            return str(_("Fewer than %(limit)s more wait to be counted.", limit=K))
        return str(_("%(count)s or more wait to be counted.", count=count_said(self.read.waiting)))

    @property
    def doubtful(self) -> str:
        """How many answers came without the check of a browser with JavaScript, or very fast, of all."""
        if self.results.doubtful is None or not self.results.total:
            return str(_("not told"))
        share = share_text(self.results.doubtful / self.results.total)
        return str(
            _(
                "%(count)s of %(base)s (%(share)s)",
                count=count_said(self.results.doubtful),
                base=count_said(self.results.total),
                share=share,
            )
        )

    @property
    def channels(self) -> list[Line]:
        """The ways in which answers came."""
        return _lines(self.results.channels, {key: str(word) for key, word in words.CHANNELS.items()})

    @property
    def languages(self) -> list[Line]:
        """The languages in which people answered."""
        known = {cell.value: language_name(cell.value) for cell in self.results.languages}
        return _lines(self.results.languages, known)

    @property
    def by_version(self) -> list[Line]:
        """How many answered each version."""
        known = {
            cell.value: str(_("Version %(number)s", number=cell.value)) for cell in self.results.versions
        }
        return _lines(self.results.versions, known)

    @property
    def versions(self) -> list[VersionTold]:
        """What each version changed, the newest first."""
        return told_versions(self.form.versions)

    def question(self, key: str) -> QuestionTold | None:
        """The question with this key."""
        return next((one for one in self.questions if one.result.key == key), None)

    @cached_property
    def cross_tables(self) -> list[CrossTable]:
        """All tables of one question by another, in the order of the questions."""
        return made_tables(self.questions)

    @property
    def crossed(self) -> list[QuestionTold]:
        """The questions that are told by others."""
        return [question for question in self.questions if question.result.crosstabs]

    @property
    def breakdowns(self) -> list[QuestionTold | LanguageTold]:
        """The questions by which others are told, and the language."""
        return list({table.by.key: table.by for table in self.cross_tables}.values())

    @property
    def pairs(self) -> dict[str, list[str]]:
        """By the key of each question that is told by others: the keys of those."""
        found: dict[str, list[str]] = {}
        for table in self.cross_tables:
            keys = found.setdefault(table.question.key, [])
            if table.by.key not in keys:
                keys.append(table.by.key)
        return found

    def tables_of(self, question: str, by: str) -> list[CrossTable]:
        """The tables of one question by another: one, or one a row of a matrix."""
        wanted = question, by
        return [table for table in self.cross_tables if (table.question.key, table.by.key) == wanted]


def _lines(cells: Iterable[Cell], known: dict[str, str]) -> list[Line]:
    return [
        Line(cell.value, known.get(cell.value, cell.value), cell.count, cell.share, cell.low, cell.high)
        for cell in cells
    ]
