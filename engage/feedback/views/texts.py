"""What people wrote, for everybody: quotes and findings among the results, and the list of shown texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from engage.accounts.access import may_open, public, signed_in_user
from engage.analysis import UNKNOWN
from engage.clock import to_wall_clock, utcnow
from engage.comments.words import TONES, concern_name, language_name
from engage.db.session import db
from engage.db.types import Localised
from engage.errors import NotFound
from engage.feedback import queries, text_queries, words
from engage.feedback.access import may_read_results
from engage.feedback.models import FeedbackForm, FormQuote, FormText
from engage.feedback.results import Cell, QuestionResult, Results
from engage.feedback.text_filters import BadFilter, TextFilter
from engage.feedback.text_forms import TextFilterForm
from engage.feedback.text_queries import Asked, Counted
from engage.feedback.views.blueprint import bp
from engage.survey.suppression import K
from engage.web.locale import site_time_zone
from engage.web.numbers import percent_said
from engage.web.paging import page_number

_MANY = 5000


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart: see components/bar_chart.html."""

    label: str
    value: int | None
    text: str | None
    share: str
    href: str | None


@bp.get("/forms/<slug>/texts/<question>")
@public
def question_texts(slug: str, question: str) -> ResponseReturnValue:
    """What people wrote in answer to one question, as far as it is shown; nothing else of their answers."""
    now = utcnow()
    form = queries.get_public_form(db.session, slug, now)
    asked = text_queries.get_asked(form, question)
    if not (may_read(form, now) and text_queries.may_be_listed(_results(form), asked)):
        raise NotFound(_("The answers to this question cannot be read yet."))
    criteria = _criteria()
    counted = text_queries.counted(db.session, form).get(asked.name, Counted())
    of_question = text_queries.shown(form.id).where(FormText.question == asked.name)
    listed = text_queries.by_chance(
        of_question.where(*criteria.conditions), to_wall_clock(now, site_time_zone()).date()
    )
    return render_template(
        "feedback/question_texts.html",
        feedback_form=form,
        asked=asked,
        criteria=criteria,
        conditions=_said(criteria, form),
        form=TextFilterForm(criteria.arguments, _options(form, counted, criteria)),
        page=text_queries.page_of(
            db.session, listed, number=page_number(), total=_known_total(counted, criteria)
        ),
        not_shown=text_queries.not_shown(counted.hidden),
        name_of=lambda code: concern_name(code, form.docket),
        lang=lang_attribute,
        tones=TONES,
        words=words,
        fewest=K,
    )


def texts_sections(form: FeedbackForm, results: Results, now: datetime) -> dict[str, Markup]:
    """What is told of texts, below their questions on the page of results, by the results' keys.

    Quotes and lists stand once, with the newest question of a name; the statements are as many for twenty
    questions as for one.
    """
    if not may_read(form, now):
        return {}
    asked_in_words = text_queries.asked_in_words(form)
    quotes = text_queries.quotes(db.session, form) if asked_in_words else {}
    counts = text_queries.counted(db.session, form) if asked_in_words else {}
    told: dict[str, Markup] = {}
    listed: set[str] = set()
    for result in results.questions:
        asked = next((one for one in asked_in_words if one.is_of(result)), None)
        if asked is not None:
            told[result.key] = _section(
                form, results, result, asked, quotes, counts, now, is_first=asked.name not in listed
            )
            listed.add(asked.name)
        elif result.texts is not None:
            told[result.key] = _only_counted(form, result)
    return told


def _only_counted(form: FeedbackForm, result: QuestionResult) -> Markup:
    """What was found in texts that nobody reads: numbers without a way to a text."""
    asked = Asked(result.name, Localised())
    found = _found(form, asked, result, may_list=False)
    rendered = render_template(
        "feedback/_texts.html", asked=asked, is_withheld=True, words=words, fewest=K, **found
    )
    # Rendered from a template, which has escaped it.
    return Markup(rendered)  # noqa: S704


def _found(form: FeedbackForm, asked: Asked, result: QuestionResult, *, may_list: bool) -> dict[str, Any]:
    """The three things that a program found; none of them beside a choice."""
    told = None if asked.is_other else result.texts
    kinds = {"concern": "concerns", "tone": "tones", "written_in": "languages"}
    return {"texts": told, "key": result.key.replace("@", "-v")} | {
        name: _bars(form, asked, getattr(told, name), argument, may_list=may_list) if told else []
        for argument, name in kinds.items()
    }


def _section(
    form: FeedbackForm,
    results: Results,
    result: QuestionResult,
    asked: Asked,
    quotes: Mapping[str, Sequence[FormQuote]],
    counts: Mapping[str, Counted],
    now: datetime,
    *,
    is_first: bool,
) -> Markup:
    is_public = form.published_at is not None and form.published_at <= now
    may_list = is_public and text_queries.may_be_listed(results, asked)
    told = None if asked.is_other else result.texts
    counted = counts.get(asked.name, Counted())
    rendered = render_template(
        "feedback/_texts.html",
        form=form,
        asked=asked,
        is_withheld=False,
        is_first=is_first,
        is_public=is_public,
        may_list=may_list,
        quotes=quotes.get(asked.name, []) if may_list else [],
        shown=counted.shown if may_list else 0,
        not_shown=text_queries.not_shown(counted.hidden) if may_list else None,
        mentions=lambda quote: _mentions(form, quote, told.concerns if told else ()),
        lang=lang_attribute,
        words=words,
        fewest=K,
        **_found(form, asked, result, may_list=may_list),
    )
    # Rendered from a template, which has escaped it.
    return Markup(rendered)  # noqa: S704


def staff_section(form: FeedbackForm, _now: datetime) -> str:
    """This part of a form's staff page: how many texts wait, for those who decide about them."""
    if form.published_at is None or not may_open("feedback.texts"):
        return ""
    return render_template(
        "feedback/_texts_on_staff_form.html",
        form=form,
        counts=text_queries.count_by_state(db.session, form),
        words=words,
    )


def may_read(form: FeedbackForm, now: datetime) -> bool:
    """Whether whoever asks may read results now: the public, or staff who may before it."""
    user = signed_in_user()
    return form.shows_results(now) or (user is not None and may_read_results(user, form))


def lang_attribute(text: FormText) -> Markup:
    """The ``lang`` attribute of a text, so that a screen reader pronounces it rightly; none if unknown."""
    code = text.language or UNKNOWN
    return Markup("") if code == UNKNOWN else Markup('lang="{}"').format(code)


def _results(form: FeedbackForm) -> Results:
    return text_queries.results_of(db.session, form)


def _criteria() -> TextFilter:
    try:
        return TextFilter.from_args(request.args)
    except BadFilter as error:
        raise NotFound(
            _("This list cannot be narrowed down by “%(argument)s” like this.", argument=str(error))
        ) from None


def _known_total(counted: Counted, criteria: TextFilter) -> int | None:
    """How many texts there are, where that was counted and is too much to count for one page."""
    return counted.shown if counted.shown >= _MANY and not criteria.arguments else None


def _options(form: FeedbackForm, counted: Counted, criteria: TextFilter) -> dict[str, dict[Any, Any]]:
    """What can be chosen: only what shown texts have, so that no list of an empty kind is offered."""
    codes = {*counted.concerns, criteria.concern} - {""}
    languages = {*counted.languages, criteria.written_in} - {""}
    return {
        "concern": _by_name({code: concern_name(code, form.docket) for code in codes}),
        "tone": {tone: name for tone, name in TONES.items() if tone != "unmeasured"},
        "written_in": _by_name({code: language_name(code) for code in languages}),
    }


def _by_name(names: dict[str, str]) -> dict[Any, Any]:
    return dict(sorted(names.items(), key=lambda item: item[1].casefold()))


def _said(criteria: TextFilter, form: FeedbackForm) -> list[tuple[str, str]]:
    said = {
        _("Words"): criteria.words,
        _("Concern"): criteria.concern and concern_name(criteria.concern, form.docket),
        _("Tone"): criteria.tone and str(TONES[criteria.tone]),
        _("Language"): criteria.written_in and language_name(criteria.written_in),
    }
    return [(name, value) for name, value in said.items() if value]


def _bars(
    form: FeedbackForm, asked: Asked, cells: Sequence[Cell], argument: str, *, may_list: bool
) -> list[Bar]:
    def link(cell: Cell) -> str | None:
        if not may_list or not cell.count:
            return None
        values: Any = {argument: cell.value}
        return url_for("feedback.question_texts", slug=form.slug, question=asked.name, **values)

    return [
        Bar(
            label=_name(form, argument, cell.value),
            value=cell.count,
            text=_("not told") if cell.count is None else None,
            share="–" if cell.share is None else percent_said(cell.share),
            href=link(cell),
        )
        for cell in cells
    ]


def _name(form: FeedbackForm, argument: str, value: str) -> str:
    if argument == "concern":
        return concern_name(value, form.docket)
    return language_name(value) if argument == "written_in" else str(TONES[value])


def _mentions(form: FeedbackForm, quote: FormQuote, told: Sequence[Cell]) -> list[tuple[str, int | None]]:
    """What a quote mentions, and how many texts mention it too, as far as that is told."""
    counts = {cell.value: cell.count for cell in told}
    return [
        (concern_name(concern.code, form.docket), counts.get(concern.code)) for concern in quote.text.concerns
    ]
