"""Read comments and confirm or correct their concerns."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from engage.accounts.access import may_open, requires
from engage.clock import utcnow
from engage.comments import words as comment_words
from engage.comments.models import Comment, CommentPeriod
from engage.comments.queries import get_period
from engage.comments.reviewed import review_of
from engage.db.session import db
from engage.dockets.taxonomy import taxonomy_of
from engage.labelling import reviews, service
from engage.labelling.forms import ReviewForm
from engage.labelling.service import NotMeasured, WordsChanged
from engage.labelling.views.blueprint import READERS, bp, person
from engage.web.forms import clean_text
from engage.web.locale import site_day
from engage.web.paging import page_number


@bp.get("/staff/periods/<slug>/reading")
@requires(*READERS)
def reading(slug: str) -> ResponseReturnValue:
    """How far the reading of a period is, how far people and the program agree, and what was read."""
    period = get_period(db.session, slug)
    return render_template(
        "labelling/reading.html",
        period=period,
        progress=reviews.progress(db.session, period),
        list_of=reviews.list_of(),
        next_number=reviews.next_number(db.session, period),
        agreements=reviews.agreements(db.session, period),
        page=reviews.read_page(db.session, period, page_number()),
        comment_words=comment_words,
    )


@bp.get("/staff/periods/<slug>/reading/next")
@requires(*READERS)
def next_reading(slug: str) -> ResponseReturnValue:
    """Go to a comment that nobody has read, behind one that was skipped."""
    period = get_period(db.session, slug)
    number = reviews.next_number(db.session, period, after=request.args.get("after", ""))
    if number is None:
        return redirect(url_for("labelling.reading", slug=slug), 303)
    return redirect(url_for("labelling.read_comment", slug=slug, tracking_number=number), 303)


@bp.route("/staff/periods/<slug>/reading/<tracking_number>", methods=["GET", "POST"])
@requires(*READERS)
def read_comment(slug: str, tracking_number: str) -> ResponseReturnValue:
    """One comment with the concerns that the program finds, to be confirmed or corrected."""
    period = get_period(db.session, slug)
    comment = reviews.get_comment(db.session, period, tracking_number)
    form = ReviewForm(taxonomy_of(period.docket), comment)
    if form.validate_on_submit():
        try:
            count = service.review_comment(
                db.session,
                comment,
                person(),
                concerns=form.concerns.data,
                of_digest=form.of_digest.data,
                today=site_day(utcnow()),
            )
        except (WordsChanged, NotMeasured) as error:
            form.concerns.errors = [*form.concerns.errors, str(error)]
            return _read_page(period, comment, form), 409
        flash(_saved(count), "success")
        return redirect(url_for("labelling.next_reading", slug=slug, after=comment.tracking_number), 303)
    return _read_page(period, comment, form), form.status


@bp.post("/staff/periods/<slug>/reading/<tracking_number>/undo")
@requires(*READERS)
def undo_reading(slug: str, tracking_number: str) -> ResponseReturnValue:
    """Let stand again what the program finds, as if nobody had read the comment."""
    period = get_period(db.session, slug)
    comment = reviews.get_comment(db.session, period, tracking_number)
    count = service.undo_review(
        db.session, comment, of_digest=clean_text(request.form.get("of_digest")) or ""
    )
    if not count:
        flash(
            _("Nothing was changed: the comment says something else now, or nobody has read it."), "warning"
        )
    else:
        flash(
            ngettext(
                "What the program found stands again, for %(num)s comment.",
                "What the program found stands again, for %(num)s comments of this text.",
                count,
            ),
            "success",
        )
    return redirect(url_for("labelling.read_comment", slug=slug, tracking_number=tracking_number), 303)


def on_comment(comment: Comment) -> str:
    """Where the concerns of a posted comment are confirmed, for its page among the staff's."""
    if not comment.is_public or not may_open("labelling.read_comment"):
        return ""
    return render_template(
        "labelling/_on_comment.html",
        comment=comment,
        review=review_of(comment),
        reader=reviews.reader_of(db.session, comment),
        comment_words=comment_words,
    )


def on_period(period: CommentPeriod) -> str:
    """How far the reading of a period is, for its page among the staff's."""
    if not may_open("labelling.reading"):
        return ""
    return render_template(
        "labelling/_on_period.html", period=period, progress=reviews.progress(db.session, period)
    )


def _read_page(period: CommentPeriod, comment: Comment, form: ReviewForm) -> str:
    return render_template(
        "labelling/read_comment.html",
        period=period,
        comment=comment,
        review=review_of(comment),
        reader=reviews.reader_of(db.session, comment),
        copies=reviews.count_copies(db.session, comment),
        form=form,
        progress=reviews.progress(db.session, period),
        comment_words=comment_words,
    )


def _saved(count: int) -> str:
    return str(
        ngettext(
            "What you read is saved.", "What you read is saved, for %(num)s comments of this text.", count
        )
    )
