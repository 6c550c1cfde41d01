"""Where residents answer a form, page by page, and ask whether their answer arrived.

Every page is sent with all answers in its own fields and nothing is kept between two pages, neither here nor
in a cookie. What is sent at the end is kept once, and only then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from engage.accounts.access import public
from engage.checks.forms import read_checks
from engage.clock import utcnow
from engage.db.session import db
from engage.feedback import filling as fillings
from engage.feedback import queries, words
from engage.feedback.asking import said, to_mend
from engage.feedback.codes import code_index
from engage.feedback.filling import Filling
from engage.feedback.forms_answer import ArrivedForm
from engage.feedback.models import Channel, Entry, FeedbackForm, FormStatus
from engage.feedback.service.hold import hold_versions
from engage.feedback.service.receive import CodeSpent, CodeUnknown, receive
from engage.feedback.views.blueprint import bp
from engage.survey.answers import asked, check
from engage.survey.definition import Kind, Page
from engage.survey.in_browser import has_conditions, tree
from engage.survey.walk import is_shorter_for_some, minutes, next_page, numbered, pages_asked, previous_page
from engage.web import limits, personal_data
from engage.web.locale import language, localised
from engage.web.paging import page_number, paginate

GO, START, BACK, STAY, CHECK, CHANGE = "go", "start", "back", "stay", "check", "change-"
"""The field that says which button was pressed, and its values; all else is Next."""


@bp.get("/forms")
@public
def form_list() -> ResponseReturnValue:
    """The forms that residents may see."""
    now = utcnow()
    page = paginate(db.session, queries.listed_forms(now), number=page_number())
    return render_template("feedback/form_list.html", page=page, now=now, words=words)


@bp.route("/forms/<slug>", methods=["GET", "POST"])
@public
def form(slug: str) -> ResponseReturnValue:
    """What a form is about; then its pages, one after the other. Nothing is kept."""
    now = utcnow()
    shown = queries.get_public_form(db.session, slug, now)
    if request.method == "GET":
        return _start(shown, now) if shown.takes_answers(now) else _not_open(shown, now)
    filling = _read(shown)
    if not shown.takes_answers(now):
        return _not_open(shown, now, filling)
    if filling.is_changed:
        order = pages_asked(filling.definition, filling.answers)
        again = filling.page if filling.page in order else next(iter(order), None)
        return _show(shown, filling.at(again))
    return _go(shown, filling, request.form.get(GO, ""))


@bp.route("/forms/<slug>/received", methods=["GET", "POST"])
@public
def received(slug: str) -> ResponseReturnValue:
    """Take the answers and say so; asked for without any, what becomes of answers."""
    now = utcnow()
    shown = queries.get_public_form(db.session, slug, now)
    if request.method == "GET":
        return render_template("feedback/received.html", feedback=shown, filling=None, now=now)
    hold_versions(db.session, shown)
    now = utcnow()
    filling = _read(shown)
    if not shown.takes_answers(now):
        return _not_open(shown, now, filling)
    if filling.is_changed:
        return _show(shown, filling.at(next(iter(pages_asked(filling.definition, filling.answers)), None)))
    if unfinished := filling.unfinished():
        return _show(shown, replace(unfinished, is_review=True))
    checked = check(filling.definition, filling.answers)
    is_handed_out = shown.entry is Entry.CODE
    if not checked.answers or (is_handed_out and not filling.code):
        return _check(shown, filling, is_sent=True)
    try:
        receive(
            db.session,
            filling.version,
            checked.answers,
            code=filling.code if is_handed_out else filling.token,
            is_handed_out=is_handed_out,
            language=language(),
            channel=Channel.WEB,
            now=now,
            is_doubtful=bool(read_checks(db.session, _checks_name(shown))),
        )
    except CodeUnknown as error:
        return _check(shown, filling, is_sent=True, code_error=str(error))
    except CodeSpent:
        return _spent(shown, filling)
    return render_template("feedback/received.html", feedback=shown, filling=filling, now=now)


@bp.route("/forms/<slug>/check", endpoint="check", methods=["GET", "POST"])
@public
def check_arrival(slug: str) -> ResponseReturnValue:
    """Tell whoever holds a code whether an answer came with it, and never which."""
    now = utcnow()
    shown = queries.get_public_form(db.session, slug, now)
    typed = ArrivedForm()
    arrival = None
    if typed.validate_on_submit():
        arrival = queries.arrival(db.session, shown, code_index(typed.code.data or ""), now)
    page = render_template(
        "feedback/check.html",
        feedback=shown,
        form=typed,
        arrival=arrival,
        is_told_later=shown.entry is Entry.CODE and shown.status(now) is not FormStatus.CLOSED,
    )
    return page, typed.status


def _read(shown: FeedbackForm) -> Filling:
    length = sum(map(len, request.form.values()))
    if length > fillings.LONGEST_GIVEN_BACK:
        raise RequestEntityTooLarge
    return fillings.read(shown, request.form)


def _go(shown: FeedbackForm, filling: Filling, to: str) -> ResponseReturnValue:
    """Follow the button that was pressed. Enter in a field is the first of them, Next."""
    order = pages_asked(filling.definition, filling.answers)
    here = filling.page
    if to == START and (refused := _without_code(shown, filling)):
        return refused
    if to.startswith(CHANGE):
        wanted = next((page for page in order if page.name == to.removeprefix(CHANGE)), None)
        return _show(shown, replace(filling, is_review=True).at(wanted or next(iter(order), None)))
    if to == CHECK or (to == STAY and here is None):
        return _show(shown, filling.unfinished() or filling.at(None))
    if to == BACK and here is None and order:
        return _show(shown, filling.at(order[-1]))
    if here is None or here not in order:
        return _show(shown, filling.at(next(iter(order), None)))
    if to == BACK:
        return _show(shown, filling.at(previous_page(filling.definition, filling.answers, here) or here))
    if to == STAY or personal_data.is_to_be_changed():
        return _show(shown, filling)
    return _next(shown, filling, here)


def _next(shown: FeedbackForm, filling: Filling, here: Page) -> ResponseReturnValue:
    problems, follows = filling.problems_here(), filling.unseen()
    if problems or follows:
        return _show(shown, filling.at(here, problems), follows=follows)
    if look := personal_data.second_look_at(_texts(filling, here)):
        return look
    done = filling.left()
    if done.is_review:
        unfinished = done.unfinished()
        return _show(shown, unfinished) if unfinished else _check(shown, done)
    following = next_page(done.definition, done.answers, here)
    if following is not None:
        return _show(shown, done.at(following))
    unfinished = done.unfinished()
    return _show(shown, replace(unfinished, is_review=True)) if unfinished else _check(shown, done)


def _texts(filling: Filling, page: Page) -> list[tuple[str, str, bool]]:
    """What was written on a page: under which question, what, and whether at length."""
    return [
        (localised(question.title), str(filling.answers[name]), question.kind is Kind.LONG_TEXT)
        for question in page.questions()
        for name in (question.name, question.comment_name)
        if name in filling.answers and (question.is_text or name == question.comment_name)
    ]


def _without_code(shown: FeedbackForm, filling: Filling) -> ResponseReturnValue | None:
    """Before anything is asked: whether there is such a code. It is spent at the end, and only then.

    Whether it is spent already is not told here, where whoever printed it could ask for nothing.
    """
    if shown.entry is not Entry.CODE:
        return None
    if not filling.code:
        return _start(shown, utcnow(), filling, code_error=_("Type in your code."))
    if refused := limits.count(limits.Kind.LOOKUP):
        return refused
    if not queries.is_handed_out(db.session, shown, code_index(filling.code)):
        error = _("This code is not one of this form. Check what you typed.")
        return _start(shown, utcnow(), filling, code_error=error)
    return None


def _spent(shown: FeedbackForm, filling: Filling) -> ResponseReturnValue:
    """An answer came with this code: all that was answered now goes along, for another code."""
    context = {"feedback": shown, "filling": filling.at(None), "checks_name": _checks_name(shown)}
    return render_template("feedback/code_spent.html", **context), 409


def _start(
    shown: FeedbackForm, now: datetime, filling: Filling | None = None, *, code_error: str = ""
) -> ResponseReturnValue:
    filling = filling or fillings.begin(shown)
    html = render_template(
        "feedback/form.html",
        feedback=shown,
        filling=filling,
        minutes=minutes(filling.definition),
        questions=len(filling.definition.numbers()),
        is_shorter_for_some=is_shorter_for_some(filling.definition),
        code_error=code_error,
        now=now,
        storage=_storage_key(shown),
        checks_name=_checks_name(shown),
    )
    return html, 422 if code_error else 200


def _show(shown: FeedbackForm, filling: Filling, *, follows: bool = False) -> ResponseReturnValue:
    """One page; the last one where nothing is left to be asked."""
    page = filling.page
    if page is None:
        return _check(shown, filling)
    order = pages_asked(filling.definition, filling.answers)
    visible = {one.question.name for one in asked(filling.definition, filling.answers)}
    before, gaps = numbered(filling.definition, visible, page)
    is_looked_through = any(one.is_text or one.other for one in page.questions())
    html = render_template(
        "feedback/form_page.html",
        **_context(shown, filling),
        place=next((number for number, one in enumerate(order, 1) if one.name == page.name), 1),
        pages=len(order),
        visible=visible,
        conditions=tree(filling.definition) if has_conditions(page) else None,
        is_looked_through=is_looked_through,
        is_kept=personal_data.is_kept(),
        numbered_before=before,
        has_gaps=gaps,
        mend=to_mend(filling.definition, filling.problems),
        follows=follows,
        is_first=previous_page(filling.definition, filling.answers, page) is None,
    )
    return html, 422 if filling.problems else 409 if filling.is_changed else 200


def _check(
    shown: FeedbackForm, filling: Filling, *, is_sent: bool = False, code_error: str = ""
) -> ResponseReturnValue:
    """All answers once more, before they are sent."""
    filling = filling.at(None)
    is_empty = is_sent and not filling.answers
    is_without_code = is_sent and not is_empty and not code_error and not filling.code
    html = render_template(
        "feedback/check_answers.html",
        **_context(shown, filling),
        order=pages_asked(filling.definition, filling.answers),
        read=list(asked(filling.definition, filling.answers)),
        said=said,
        is_empty=is_empty,
        code_error=code_error,
        is_without_code=is_without_code and shown.entry is Entry.CODE,
    )
    return html, 422 if is_sent else 200


def _context(shown: FeedbackForm, filling: Filling) -> Mapping[str, Any]:
    return {
        "feedback": shown,
        "filling": filling,
        "numbers": filling.definition.numbers(),
        "storage": _storage_key(shown),
        "checks_name": _checks_name(shown),
        "needs_code": shown.entry is Entry.CODE,
    }


def _not_open(shown: FeedbackForm, now: datetime, filling: Filling | None = None) -> ResponseReturnValue:
    """Why there is no form now, with what was answered meanwhile, to be copied."""
    html = render_template(
        "feedback/form_not_open.html",
        feedback=shown,
        is_closed=shown.status(now) is FormStatus.CLOSED,
        read=list(asked(filling.definition, filling.answers)) if filling else [],
        filling=filling,
        said=said,
        now=now,
    )
    return html, 409 if filling else 200


def _storage_key(shown: FeedbackForm) -> str:
    return shown.slug


def _checks_name(shown: FeedbackForm) -> str:
    return f"feedback {shown.slug}"
