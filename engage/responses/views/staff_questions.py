"""Where questions are worded, answered with their source, published, corrected and merged."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import editor, requires
from engage.clock import utcnow
from engage.comments import words as comment_words
from engage.db.session import db
from engage.dockets.models import Docket
from engage.dockets.queries import get_docket
from engage.errors import RuleBroken
from engage.responses import question_queries, words
from engage.responses.access import EDITORS, READERS, may_write
from engage.responses.forms import CorrectionForm, MergeForm, QuestionForm, need, read_first
from engage.responses.models import Question
from engage.responses.service import question as service
from engage.responses.views.blueprint import bp
from engage.responses.views.listed import page_at
from engage.responses.views.questions import NUMBER
from engage.web.locale import site_day
from engage.web.paging import page_number, paginate


@bp.get("/staff/dockets/<slug>/questions")
@requires(*READERS)
def staff_questions(slug: str) -> ResponseReturnValue:
    """All questions, drafts too."""
    now = utcnow()
    docket, today = get_docket(db.session, slug), site_day(now)
    asked = question_queries.staff_questions(db.session, docket, now)
    return render_template(
        "responses/staff_questions.html",
        docket=docket,
        page=page_at(question_queries.in_order(asked, today), lambda one: one.question.id),
        can_write=may_write(editor()),
        today=today,
        words=words,
    )


@bp.route(f"/staff/dockets/<slug>/questions/{NUMBER}", methods=["GET", "POST"])
@requires(*EDITORS)
def edit_question(slug: str, number: int) -> ResponseReturnValue:
    """Word a question, and draft its answer; an answer that was given is corrected in public instead."""
    docket = get_docket(db.session, slug)
    row = question_queries.get_question(db.session, docket, number)
    mark, now = service.mark_of(row), utcnow()
    form = CorrectionForm(row, mark) if row.answered_at is not None else QuestionForm(row, mark)
    is_preview = request.form.get("action") == "preview"
    if form.validate_on_submit() and not is_preview and _keep(form, row, now):
        corrected = isinstance(form, CorrectionForm)
        flash(
            _("The correction is published.")
            if corrected
            else _("The question is saved. Of its answer residents see nothing yet."),
            "success",
        )
        return redirect(url_for("responses.edit_question", slug=docket.slug, number=row.id), 303)
    preview = form.answer if is_preview and not form.errors else None
    return _page(docket, row, form, preview=preview), form.status


@bp.route(f"/staff/dockets/<slug>/questions/{NUMBER}/publish", methods=["GET", "POST"])
@requires(*EDITORS)
def publish_question(slug: str, number: int) -> ResponseReturnValue:
    """Read the question, and its answer if it has one, as residents will; publish just that."""
    docket = get_docket(db.session, slug)
    row = question_queries.get_question(db.session, docket, number)
    problem = None
    if request.method == "POST":
        publish = service.answer_question if request.form.get("what") == "answer" else service.ask
        try:
            publish(db.session, row, seen=request.form.get("seen"), now=utcnow())
        except RuleBroken as error:
            problem = str(error)
        else:
            flash(_("Everybody can read it now."), "success")
            return redirect(url_for("responses.staff_questions", slug=docket.slug), 303)
    page = render_template(
        "responses/publish_question.html",
        docket=docket,
        question=row,
        can_ask=row.asked_at is None and not service.lacking(row, answer=False),
        can_answer=row.answered_at is None and not service.lacking(row, answer=True),
        mark=service.mark_of(row),
        problem=problem,
        words=words,
    )
    return page, 409 if problem else 200


@bp.post(f"/staff/dockets/<slug>/questions/{NUMBER}/merge")
@requires(*EDITORS)
def merge_question(slug: str, number: int) -> ResponseReturnValue:
    """Let a question go into another one, with all comments that ask it."""
    docket = get_docket(db.session, slug)
    row = question_queries.get_question(db.session, docket, number)
    form = MergeForm(_others(docket, row))
    if not form.validate_on_submit():
        raise RuleBroken(_("Choose another question of the same docket."))
    into = form.question
    service.merge_questions(db.session, into=into, other=row, seen=request.form.get("seen"))
    flash(_("The comments of both ask this question now."), "success")
    return redirect(url_for("responses.edit_question", slug=docket.slug, number=into.id), 303)


@bp.post(f"/staff/dockets/<slug>/questions/{NUMBER}/leave")
@requires(*EDITORS)
def leave_question(slug: str, number: int) -> ResponseReturnValue:
    """Take a comment out of a question: it asks something else."""
    docket = get_docket(db.session, slug)
    row = question_queries.get_question(db.session, docket, number)
    numbers = [request.form.get("comment", "")]
    for comment in question_queries.posted_comments(db.session, docket, numbers, utcnow()):
        service.leave_question(db.session, row, comment)
    flash(_("The comment does not ask this question any more."), "success")
    return redirect(url_for("responses.edit_question", slug=docket.slug, number=row.id), 303)


@bp.post(f"/staff/dockets/<slug>/questions/{NUMBER}/delete")
@requires(*EDITORS)
def delete_question(slug: str, number: int) -> ResponseReturnValue:
    """Throw a question away that residents never read."""
    docket = get_docket(db.session, slug)
    row = question_queries.get_question(db.session, docket, number)
    service.delete_question(db.session, row, seen=request.form.get("seen"))
    flash(_("The question is gone. Its comments can be gathered anew."), "success")
    return redirect(url_for("responses.staff_questions", slug=docket.slug), 303)


def _keep(form: QuestionForm | CorrectionForm, row: Question, now: datetime) -> bool:
    """Keep what was typed, or publish the correction; False where the form now says why not."""
    seen = form.seen.data
    try:
        if isinstance(form, CorrectionForm):
            service.correct_answer(db.session, row, form.answer, seen=seen, now=now)
        else:
            service.save_question(db.session, row, form.draft, seen=seen, today=site_day(now))
    except service.NotComplete as error:
        need(form, error.fields)
    except service.PastDay as error:
        form.due_on.errors = [str(error)]
    except service.NotAsRead as error:
        form.form_errors.append(f"{error} {read_first()}")
        form.seen.data = service.mark_of(row)
    except RuleBroken as error:
        form.form_errors.append(str(error))
    else:
        return True
    return False


def _others(docket: Docket, row: Question) -> list[Question]:
    listed = question_queries.staff_questions(db.session, docket, utcnow())
    return [one.question for one in listed if one.question.id != row.id]


def _page(docket: Docket, row: Question, form: QuestionForm | CorrectionForm, *, preview: object) -> str:
    now = utcnow()
    others = _others(docket, row)
    return render_template(
        "responses/edit_question.html",
        docket=docket,
        question=row,
        form=form,
        is_answered=row.answered_at is not None,
        mark=service.mark_of(row),
        preview=preview,
        page=paginate(db.session, question_queries.comments_asking(row, now), number=page_number()),
        merge_form=MergeForm(others) if others and row.answered_at is None else None,
        words=comment_words,
    )
