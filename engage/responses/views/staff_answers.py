"""Where officials and clerks draft answers: all concerns of a period, and one by one in both languages."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from engage.accounts.access import editor, requires
from engage.clock import utcnow
from engage.comments import words as comment_words
from engage.comments.models import CommentPeriod
from engage.comments.queries import get_period, periods
from engage.db.session import db
from engage.dockets.queries import dockets
from engage.errors import RuleBroken
from engage.responses import queries, staff_queries, words
from engage.responses.access import EDITORS, READERS, may_write
from engage.responses.forms import AnswerForm, DueForm, need, read_first
from engage.responses.service import answer as service
from engage.responses.service.publish import ready_answers
from engage.responses.staff_queries import StaffLine
from engage.responses.views.answers import positions_of
from engage.responses.views.blueprint import bp
from engage.web.paging import page_number, page_of


@bp.get("/staff/answers")
@requires(*READERS)
def staff_overview() -> ResponseReturnValue:
    """Every period and docket, and the way to its answers, commitments and questions."""
    return render_template(
        "responses/staff_overview.html",
        periods=periods(db.session),
        dockets=dockets(db.session),
        page=page_of(staff_queries.due(db.session, utcnow()), number=page_number()),
        words=words,
        concern_name=comment_words.concern_name,
    )


@bp.get("/staff/periods/<slug>/answers")
@requires(*READERS)
def staff_answers(slug: str) -> ResponseReturnValue:
    """Every concern that posted comments raise, the most frequent first, and how far its answer is."""
    return _page(get_period(db.session, slug), DueForm())[0]


@bp.post("/staff/periods/<slug>/answers-due")
@requires(*EDITORS)
def set_due(slug: str) -> ResponseReturnValue:
    """Promise answers to all concerns that are ticked by one day."""
    now = utcnow()
    period = get_period(db.session, slug)
    form, chosen = DueForm(), request.form.getlist("concern")
    if not form.validate_on_submit():
        return _page(period, form, chosen)
    known = staff_queries.may_be_answered(db.session, period)
    concerns = [concern for concern in chosen if concern in known]
    if not concerns:
        form.form_errors.append(_("Tick the concerns that are to be answered by this day."))
        return _page(period, form, chosen)
    try:
        count = service.promise_answers(
            db.session,
            period=period,
            concerns=concerns,
            due_on=form.due_on.data,
            owner=form.owner,
            today=queries.today_of(period, now),
        )
    except service.PastDay as error:
        form.due_on.errors = [str(error)]
        return _page(period, form, chosen)
    except service.HalfAnOwner as error:
        form.owner_en.errors = [str(error)]
        return _page(period, form, chosen)
    flash(
        ngettext(
            "Residents see the day for %(num)s concern now.",
            "Residents see the day for %(num)s concerns now.",
            count,
        ),
        "success",
    )
    return redirect(url_for("responses.staff_answers", slug=period.slug), 303)


@bp.route("/staff/periods/<slug>/answers/<concern>", methods=["GET", "POST"])
@requires(*EDITORS)
def edit_answer(slug: str, concern: str) -> ResponseReturnValue:
    """Write the answer to one concern, in both languages side by side; look at it before it is saved."""
    now = utcnow()
    period = get_period(db.session, slug)
    line = staff_queries.get_line(db.session, period, concern, now)
    form = AnswerForm(line.row)
    is_preview = request.form.get("action") == "preview"
    if form.validate_on_submit() and not is_preview and _save(form, period, concern, now):
        flash(_("The answer is saved. Residents do not see it yet."), "success")
        return redirect(url_for("responses.staff_answers", slug=period.slug, _anchor=concern), 303)
    page = render_template(
        "responses/edit_answer.html",
        period=period,
        line=line.line,
        row=line.row,
        form=form,
        preview=form.draft if is_preview and not form.errors else None,
        positions_of=positions_of,
        words=words,
        comment_words=comment_words,
    )
    return page, form.status


def _save(form: AnswerForm, period: CommentPeriod, concern: str, now: datetime) -> bool:
    """Keep what was typed; False where it cannot be, with the reason in the form."""
    try:
        service.save_answer(
            db.session,
            period=period,
            concern=concern,
            draft=form.draft,
            revision=form.revision.data,
            today=queries.today_of(period, now),
        )
    except service.NotComplete as error:
        need(form, error.fields)
        form.form_errors.append(str(error))
    except (service.PastDay, service.PromiseStays) as error:
        form.due_on.errors = [str(error)]
    except service.NothingNew as error:
        form.is_ready.errors = [str(error)]
    except service.AnswerChanged as error:
        form.form_errors.append(f"{error} {read_first()}")
        form.take_revision(staff_queries.get_line(db.session, period, concern, now).revision)
    except RuleBroken as error:
        form.form_errors.append(str(error))
    else:
        return True
    return False


def _page(period: CommentPeriod, form: DueForm, ticked: list[str] | None = None) -> tuple[str, int]:
    now = utcnow()
    today = queries.today_of(period, now)
    lines = staff_queries.staff_lines(db.session, period, now)
    page = render_template(
        "responses/staff_answers.html",
        period=period,
        lines=lines,
        ticked={line.line.concern for line in lines if _waits(line)} if ticked is None else set(ticked),
        ready=len(ready_answers(db.session, period)),
        standing=queries.standing_of_answers((line.line for line in lines), today),
        today=today,
        form=form,
        can_write=may_write(editor()),
        positions_of=positions_of,
        words=words,
        comment_words=comment_words,
    )
    return page, form.status


def _waits(line: StaffLine) -> bool:
    """Whether nobody has said yet by when this concern will be answered."""
    return line.line.told.state is None and line.line.told.due_on is None
