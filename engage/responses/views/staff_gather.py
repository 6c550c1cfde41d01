"""Where comments that ask something are gathered into questions."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from engage.accounts.access import requires
from engage.clock import utcnow
from engage.comments import words as comment_words
from engage.db.session import db
from engage.dockets.models import Docket
from engage.dockets.queries import get_docket
from engage.responses import question_queries
from engage.responses.access import EDITORS
from engage.responses.forms import GatherForm
from engage.responses.service import question as service
from engage.responses.views.blueprint import bp
from engage.web.paging import page_number, paginate


@bp.route("/staff/dockets/<slug>/gather-questions", methods=["GET", "POST"])
@requires(*EDITORS)
def gather_questions(slug: str) -> ResponseReturnValue:
    """The comments that ask something, the newest first: tick some, and say which question they ask."""
    now = utcnow()
    docket = get_docket(db.session, slug)
    questions = [one.question for one in question_queries.staff_questions(db.session, docket, now)]
    form = GatherForm(questions)
    if form.validate_on_submit():
        chosen = question_queries.posted_comments(db.session, docket, request.form.getlist("comment"), now)
        if chosen:
            question = form.question or service.make_question(
                db.session, docket, text=form.localised("text"), is_disputed=form.is_disputed.data
            )
            service.join_comments(db.session, question, chosen)
            flash(_gathered(len(chosen)), "success")
            return redirect(url_for("responses.edit_question", slug=docket.slug, number=question.id), 303)
        form.form_errors.append(_("Tick the comments that ask it."))
    return _page(docket, form), form.status


def _page(docket: Docket, form: GatherForm) -> str:
    now = utcnow()
    joined = request.args.get("show") == "all"
    wanted = question_queries.comments_to_gather(docket, now, joined=joined)
    page = paginate(db.session, wanted, number=page_number())
    return render_template(
        "responses/gather_questions.html",
        docket=docket,
        page=page,
        asked=question_queries.in_questions(db.session, page.rows),
        show_all=joined,
        ticked=set(request.form.getlist("comment")),
        form=form,
        words=comment_words,
    )


def _gathered(count: int) -> str:
    return (
        str(ngettext("%(num)s comment asks this now.", "%(num)s comments ask this now.", count))
        + " "
        + str(_("Residents do not see the question before you publish it."))
    )
