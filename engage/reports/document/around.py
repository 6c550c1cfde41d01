"""The sections on what stands beside the comments: clauses, forms, residents, and whom the county asked."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import pgettext

from engage.lifecycle.outreach import Counted
from engage.reports.bodies import in_words
from engage.reports.clauses import ClauseLine
from engage.reports.docket_facts import FormFacts, QuestionFacts
from engage.reports.document.blocks import Block, Column, Fact, Facts, Link, Points, Row, Section, Table, Text
from engage.reports.document.rows import columns, crossed, plain_row, row
from engage.reports.elsewhere import Beside as BesideForm
from engage.reports.elsewhere import positions_beside
from engage.reports.page import ReportPage
from engage.reports.sample import Beside
from engage.survey.suppression import K
from engage.web.locale import localised
from engage.web.numbers import count_said, percent_said


def clauses(page: ReportPage) -> Section:
    """Keep, change or strike, clause by clause."""
    told, title = page.clauses, _("Clause by clause")
    if not told.lines:
        none = (
            _("No posted comment is about a single clause.")
            if told.silent
            else _("No document of this docket has numbered clauses.")
        )
        return Section("clauses", title, (Text(none),))
    explained = _(
        "Whoever comments can say of single clauses of a document whether to keep, change or strike them. "
        "Here is what they said, in the words of the clause. A clause that was changed since is another "
        "clause: what was said stays with the words that it was said of."
    )
    blocks: list[Block] = [Text(explained), _stances(page), *_stances_by_position(page)]
    for document, silent in told.silent_by_document:
        names = tuple(page.clause_name(facts) for facts in silent)
        title_of_them = _("Clauses that no comment is about: %(document)s", document=localised(document))
        blocks.append(Points(names, title=title_of_them))
    return Section("clauses", title, tuple(blocks))


def _stances(page: ReportPage) -> Table:
    found: list[Row] = []
    for told in page.clauses.lines:
        label = page.clause_name(told.facts)
        found.append(row(page, told.line, label, by="all"))
        found += crossed(page, told.facts.key, label, told.stances)
    return Table(
        id="clauses",
        title=_("What comments would do with each clause"),
        heading=_("Clause"),
        columns=(
            Column(name="all", label=_("All")),
            *columns(page, "stances", page.clauses.lines[0].stances),
        ),
        rows=tuple(found),
        is_crossed=True,
    )


def _stances_by_position(page: ReportPage) -> Iterable[Table]:
    return (_by_position(page, told) for told in page.clauses.lines)


def _by_position(page: ReportPage, told: ClauseLine) -> Table:
    found: list[Row] = []
    for position, lines in told.by_position:
        found += crossed(page, position, page.label("positions", position), lines)
    return Table(
        id="clause_by_position",
        within=told.facts.key,
        title=_("By declared position: %(clause)s", clause=page.clause_name(told.facts)),
        heading=_("Declared position"),
        columns=columns(page, "stances", told.stances),
        rows=tuple(found),
        is_crossed=True,
    )


def forms(page: ReportPage) -> Section:
    """Feedback forms beside the comments."""
    title = _("Feedback forms")
    if not page.inputs.forms:
        return Section("forms", title, (Text(_("There is no public feedback form on this.")),))
    explained = _(
        "Answers to a form stand beside the comments and are not added to them: they are not the same "
        "people, some may have done both, and each form asks in its own words. Answers of fewer than ten "
        "people are not told."
    )
    inner = tuple(_form(page, form) for form in page.inputs.forms)
    return Section("forms", title, (Text(explained),), inner)


def _form(page: ReportPage, form: FormFacts) -> Section:
    blocks: list[Block] = []
    if not form.shows_results:
        blocks.append(Text(_("Its results are not shown yet.")))
    elif form.total is None:
        blocks.append(Text(_("Fewer than ten answers are counted, so nothing is told of them.")))
    else:
        blocks.append(Facts((Fact(_("Answers"), count_said(form.total)),)))
        asked = [question for question in form.positions if question.answered is not None]
        blocks += [_answers(page, form, question) for question in asked]
    endpoint = "feedback.results" if form.shows_results else "feedback.form"
    blocks.append(Link(localised(form.title), page.address(endpoint, slug=form.slug)))
    return Section(f"form-{form.slug}", localised(form.title), tuple(blocks))


def _answers(page: ReportPage, form: FormFacts, question: QuestionFacts) -> Table:
    found: list[Row] = []
    for told in positions_beside(page, question):
        found.append(_in_form(told, question))
        if told.line:
            found.append(row(page, told.line, told.label, by="comments"))
        else:
            why = _("Comments do not know this answer.")
            found.append(Row(key=told.key, label=told.label, count=None, by="comments", why=why))
    return Table(
        id="form_beside_comments",
        within=f"{form.slug}:{question.name}",
        title=localised(question.title),
        heading=_("Answer"),
        columns=(
            Column(name="form", label=_("In the form")),
            Column(name="comments", label=_("In comments, as declared")),
        ),
        rows=tuple(found),
        is_crossed=True,
        note=_("Not the same people, not the same question: compare the order, do not add."),
    )


def _in_form(told: BesideForm, question: QuestionFacts) -> Row:
    answer = told.answer
    if answer is None:
        why = _("The form does not offer this answer.")
        return Row(key=told.key, label=told.label, count=None, by="form", why=why)
    return Row(
        key=told.key,
        label=told.label,
        count=answer.n,
        by="form",
        base=question.answered if answer.n is not None else None,
        percent=None if answer.share is None else round(100 * answer.share),
        share="" if answer.share is None else percent_said(answer.share),
        hidden=answer.n is None,
        why=_("Fewer than %(limit)s people, or it could be worked out.", limit=K) if answer.n is None else "",
    )


def residents(page: ReportPage) -> Section:
    """Comments and residents side by side."""
    title = _("Comments and residents side by side")
    if not page.front.beside:
        none = _(
            "How many people live in each district, and which languages they speak, is not entered here: so "
            "nothing can be laid beside these numbers."
        )
        return Section("beside", title, (Text(none),))
    explained = _(
        "Both columns are shares: of the comments that say where they are from or in which language, and of "
        "the people whom the source counts. Nothing is weighted. Where the two differ, some were heard less "
        "than others; what those who did not write would have said, nobody knows."
    )
    return Section("beside", title, (Text(explained), *(_beside(page, one) for one in page.front.beside)))


def _beside(page: ReportPage, beside: Beside) -> Table:
    found: list[Row] = []
    for told in page.front.beside_rows(beside):
        part = told.part
        found.append(row(page, part.line, told.label, by="comments"))
        found.append(
            plain_row(
                part.key,
                told.label,
                part.people,
                by="residents",
                base=part.residents,
                percent=part.percent_of_residents,
                share=told.residents_share,
            )
        )
    is_district = beside.margin == "district"
    source = _(
        "Source: %(source)s, as of %(day)s.", source=localised(beside.source), day=page.front.as_of(beside)
    )
    return Table(
        id="residents",
        within=beside.margin.value,
        title=_("Comments and residents by district")
        if is_district
        else _("Comments and residents by language"),
        heading=_("District") if is_district else _("Language"),
        columns=(
            Column(name="comments", label=_("Comments")),
            Column(name="residents", label=_("Residents")),
        ),
        rows=tuple(found),
        is_crossed=True,
        note=" ".join(part for part in (source, beside.source_url) if part),
    )


def outreach(page: ReportPage) -> Section:
    """Whom the county asked, and who was not reached."""
    told, title = page.inputs.outreach, _("Whom the county asked, and who was not reached")
    if not told:
        return Section("outreach", title, (Text(_("No register of who was asked is published.")),))
    counts = (
        plain_row("bodies", _("Bodies that it concerns"), told.bodies),
        plain_row("asked", pgettext("stakeholders", "Asked"), told.asked),
        plain_row("answered", pgettext("stakeholders", "Answered"), told.answered),
        plain_row("declined", pgettext("stakeholders", "Did not want to take part"), told.declined),
        plain_row("not_named", _("Asked, and not named"), told.unnamed),
    )
    names = page.outreach_words
    blocks: list[Block] = [
        Table(
            id="outreach",
            title=_("Bodies that were asked"),
            heading=_("What is counted"),
            columns=(Column(name="count", label=_("Number")),),
            rows=counts,
        ),
    ]
    kinds = [(line, str(names.KINDS[line.key])) for line in told.by_kind]
    languages = [(line, page.label("languages", line.key)) for line in told.by_language]
    districts = [(line, page.label("districts", line.key)) for line in told.by_district]
    for within, heading, lines in (
        ("kinds", _("By kind"), kinds),
        ("languages", _("By language"), languages),
        ("districts", _("By district"), districts),
    ):
        if lines:
            blocks.append(_counted(within, heading, lines))
    if told.not_reached:
        found = tuple(f"{in_words(page, one)}: {names.STANDINGS[one.standing]}" for one in told.not_reached)
        blocks.append(Points(found, title=_("Who was not reached or did not answer")))
    return Section("outreach", title, tuple(blocks))


def _counted(within: str, title: str, lines: Iterable[tuple[Counted, str]]) -> Table:
    found: list[Row] = []
    for line, label in lines:
        counts = (("bodies", line.bodies), ("asked", line.asked), ("answered", line.answered))
        found += [plain_row(line.key, label, n, by=by) for by, n in counts]
    return Table(
        id="outreach_by",
        within=within,
        title=title,
        heading=title,
        columns=(
            Column(name="bodies", label=_("Bodies")),
            Column(name="asked", label=pgettext("stakeholders", "Asked")),
            Column(name="answered", label=pgettext("stakeholders", "Answered")),
        ),
        rows=tuple(found),
        is_crossed=True,
    )
