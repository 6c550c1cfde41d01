"""Where clerks read a form and show it to residents, tell its versions apart, and close it."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import editor, requires
from engage.clock import utcnow
from engage.db.session import db
from engage.errors import NotFound, RuleBroken
from engage.feedback import change_words, fault_words, queries, staff_queries, words
from engage.feedback.access import CLERKS, EDITORS, may_publish, may_set, may_write
from engage.feedback.addresses import answer_address
from engage.feedback.condition_words import in_words_of
from engage.feedback.models import FeedbackForm, FormStatus
from engage.feedback.service import form as service
from engage.feedback.views.blueprint import bp
from engage.feedback.views.settings import back_to
from engage.survey import surveyjs, validity
from engage.survey.changes import changes
from engage.survey.definition import Definition
from engage.survey.validity import Found
from engage.web.locale import language

WORKING = "working"
"""In the address of a comparison: what staff are editing, which no number names yet."""


def staff_section(form: FeedbackForm, now: datetime) -> str:
    """What can be done with a form as it stands, and its versions."""
    user = editor()
    newest = form.newest
    answers = staff_queries.answers_by_version(db.session, form)
    return render_template(
        "feedback/_publish.html",
        feedback=form,
        status=form.status(now),
        faults=faults_of(form),
        missing=service.missing(form, now) if form.published_at is None else [],
        closes_in_past=closes_in_past(form, now),
        unpublished=len(changes(newest.asked, surveyjs.read(form.working))) if newest else 0,
        is_as_published=service.is_as_published(form),
        begins_next=newest is not None and queries.has_answers(db.session, newest),
        versions=staff_queries.newest_first(form),
        answers=answers,
        has_few=staff_queries.has_few(answers),
        can_delete=service.can_be_deleted(db.session, form, user),
        can_publish=may_publish(user),
        can_write=may_write(user, form),
        can_set=may_set(user, form),
        working=WORKING,
        address=answer_address(form, language()),
        words=words,
    )


def faults_of(form: FeedbackForm) -> list[tuple[str, str]]:
    """All that keeps the working definition from being published: where it is mended, and a sentence."""
    definition = surveyjs.read(form.working)
    found = validity.faults(definition, is_public=True)
    return [(_mended_at(form.slug, one), fault_words.say(one, definition)) for one in found]


def _mended_at(slug: str, found: Found) -> str:
    if fault_words.is_of_texts(found):
        return url_for("feedback.edit_texts", slug=slug)
    name = found.where or None
    return url_for("feedback.build", slug=slug, at=name, _anchor=f"part-{name}" if name else None)


def closes_in_past(form: FeedbackForm, now: datetime) -> bool:
    """Whether its publication only shows what was answered elsewhere: nobody can answer it any more."""
    return form.source is not None and form.closes_at is not None and form.closes_at <= now


@bp.route("/staff/forms/<slug>/publish", methods=["GET", "POST"])
@requires(*CLERKS)
def publish_form(slug: str) -> ResponseReturnValue:
    """Read all that residents will be asked, and publish just that: another definition is shown again."""
    user, now = editor(), utcnow()
    form = queries.get_form(db.session, slug, user)
    problem = None
    if request.method == "POST":
        try:
            version = service.publish_form(
                db.session, form, seen=request.form.get("seen"), actor=user, now=now
            )
        except RuleBroken as error:
            problem = str(error)
        else:
            return back_to(form, _published(form, version.number, now))
    newest, definition = form.newest, surveyjs.read(form.working)
    page = render_template(
        "feedback/publish_form.html",
        feedback=form,
        problem=problem,
        definition=definition,
        faults=faults_of(form),
        missing=service.missing(form, now) if form.published_at is None else [],
        mark=service.mark_of(form),
        newest=newest,
        is_as_published=service.is_as_published(form),
        begins_next=newest is not None and queries.has_answers(db.session, newest),
        is_closed=form.status(now) is FormStatus.CLOSED,
        closes_in_past=closes_in_past(form, now),
        address=answer_address(form, language()),
        said=in_words_of(definition, language()),
        words=words,
    )
    return page, 409 if problem else 200


def _published(form: FeedbackForm, number: int, now: datetime) -> str:
    if form.status(now) is FormStatus.CLOSED:
        return str(_("The form is published: residents see it as closed, with its results."))
    return str(_("Residents are asked version %(number)s now.", number=number))


@bp.get("/staff/forms/<slug>/versions/<int(max=2147483647):number>")
@requires(*EDITORS)
def form_version(slug: str, number: int) -> ResponseReturnValue:
    """One version, read from its title to its last question."""
    form = queries.get_form(db.session, slug, editor())
    version = queries.get_version(form, number)
    status = form.status(utcnow())
    answers = staff_queries.answers_by_version(db.session, form)
    return render_template(
        "feedback/form_version.html",
        feedback=form,
        version=version,
        answers=answers[number],
        is_final=status is FormStatus.CLOSED and not staff_queries.has_few(answers),
        definition=version.asked,
        said=in_words_of(version.asked, language()),
        words=words,
    )


@bp.get("/staff/forms/<slug>/changes")
@requires(*EDITORS)
def form_changes(slug: str) -> ResponseReturnValue:
    """What is different between two versions, or the newest and what staff are editing."""
    form = queries.get_form(db.session, slug, editor())
    if form.newest is None:
        raise NotFound(_("This form has no versions yet."))
    before = request.args.get("before") or str(form.newest.number)
    after = request.args.get("after") or WORKING
    old, new = _asked(form, before), _asked(form, after)
    return render_template(
        "feedback/form_changes.html",
        feedback=form,
        before=before,
        after=after,
        found=changes(old, new),
        versions=staff_queries.newest_first(form),
        working=WORKING,
        say=change_words,
        lines=partial(
            change_words.lines, before=in_words_of(old, language()), after=in_words_of(new, language())
        ),
    )


@bp.route("/staff/forms/<slug>/close", methods=["GET", "POST"])
@requires(*CLERKS)
def close_form(slug: str) -> ResponseReturnValue:
    """End a form now, after reading what follows from it."""
    now = utcnow()
    form = queries.get_form(db.session, slug, editor())
    if form.status(now) is not FormStatus.OPEN:
        raise RuleBroken(_("This form is not open."))
    if request.method == "POST":
        service.close_form(db.session, form, now)
        return back_to(form, _("The form is closed. What came in is being counted."))
    return render_template("feedback/close_form.html", feedback=form)


def _asked(form: FeedbackForm, named: str) -> Definition:
    """The version of this number, or what is being edited. Raises NotFound."""
    if named == WORKING:
        return surveyjs.read(form.working)
    number = int(named) if named.isascii() and named.isdecimal() and len(named) < 10 else 0
    return queries.get_version(form, number).asked
