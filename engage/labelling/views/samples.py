"""Pages for the staff: samples, the labelling screen, what was labelled and how far people agree."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from engage.accounts.access import may_open, requires
from engage.analysis import PositionLabel
from engage.analysis.shares import MIN_LABELS
from engage.clock import utcnow
from engage.comments import words as comment_words
from engage.comments.queries import get_period
from engage.db.session import db
from engage.dockets.taxonomy import taxonomy_of
from engage.errors import NotFound
from engage.labelling import queries, service, words
from engage.labelling.forms import DrawForm, LabelForm
from engage.labelling.views.blueprint import LABELLERS, READERS, bp, person
from engage.web.paging import page_number


@bp.get("/staff/labels")
@requires(*READERS)
def samples() -> ResponseReturnValue:
    """Every period with its sample: where somebody who labels begins."""
    return render_template(
        "labelling/samples.html",
        lines=queries.overview(db.session, person()),
        labels=may_open("labelling.next_comment"),
    )


@bp.get("/staff/labels/<slug>")
@requires(*READERS)
def sample(slug: str) -> ResponseReturnValue:
    """The sample of one period: how far it is, and how far people agree."""
    return _sample_page(slug, DrawForm(formdata=None))


@bp.post("/staff/labels/<slug>/draw")
@requires(*LABELLERS)
def draw(slug: str) -> ResponseReturnValue:
    """Draw comments, or draw again."""
    period = get_period(db.session, slug)
    form = DrawForm()
    if not form.validate():
        return _sample_page(slug, form)
    new = service.draw_sample(db.session, period, size=form.size.data, now=utcnow())
    message = ngettext("%(num)s comment was drawn.", "%(num)s comments were drawn.", new)
    flash(message if new else _("Every comment that this asks for is in the sample already."), "success")
    return redirect(url_for("labelling.sample", slug=slug), 303)


@bp.get("/staff/labels/<slug>/next")
@requires(*LABELLERS)
def next_comment(slug: str) -> ResponseReturnValue:
    """Go to the comment that this person should label next, behind one that was skipped."""
    period = get_period(db.session, slug)
    number = queries.next_number(db.session, period, person(), after=request.args.get("after", ""))
    if number is None:
        return redirect(url_for("labelling.sample", slug=slug), 303)
    return redirect(url_for("labelling.label", slug=slug, tracking_number=number), 303)


@bp.route("/staff/labels/<slug>/comments/<tracking_number>", methods=["GET", "POST"])
@requires(*LABELLERS)
def label(slug: str, tracking_number: str) -> ResponseReturnValue:
    """One comment and what this person says about it. What the machine says stands there only afterwards."""
    period = get_period(db.session, slug)
    comment = queries.drawn_comment(db.session, period, tracking_number)
    own = queries.own_label(db.session, comment, person())
    form = LabelForm(taxonomy_of(period.docket), own)
    if form.validate_on_submit():
        count = service.label_comment(
            db.session,
            comment,
            person(),
            position=form.said_position,
            concerns=form.concerns.data,
            tone=form.said_tone,
        )
        flash(
            ngettext(
                "Your label is saved.", "Your label is saved, for %(num)s comments of this text.", count
            ),
            "success",
        )
        return redirect(url_for("labelling.next_comment", slug=slug), 303)
    page = render_template(
        "labelling/label.html",
        period=period,
        comment=comment,
        own=own,
        form=form,
        progress=queries.progress(db.session, period, person()),
        words=words,
        comment_words=comment_words,
    )
    return page, form.status


@bp.get("/staff/labels/<slug>/done")
@requires(*READERS)
def labels(slug: str) -> ResponseReturnValue:
    """Every labelled comment with what people said and what the machine says."""
    period = get_period(db.session, slug)
    return render_template(
        "labelling/labels.html",
        period=period,
        page=queries.labels_page(db.session, period, page_number()),
        person=person(),
        labels=may_open("labelling.label"),
        words=words,
        comment_words=comment_words,
    )


@bp.get("/staff/labels/<slug>/suggested/<position>")
@requires(*READERS)
def suggested(slug: str, position: str) -> ResponseReturnValue:
    """The comments behind a machine's number: they declare no position, and it suggests this one."""
    period = get_period(db.session, slug)
    if position not in words.POSITIONS:
        raise NotFound(_("There is no such position."))
    return render_template(
        "labelling/suggested.html",
        period=period,
        position=words.POSITIONS[position],
        page=queries.suggested(db.session, period, PositionLabel(position), page_number()),
        comment_words=comment_words,
    )


def _sample_page(slug: str, form: DrawForm) -> ResponseReturnValue:
    period = get_period(db.session, slug)
    page = render_template(
        "labelling/sample.html",
        period=period,
        sample=queries.get_sample(db.session, period),
        posted=queries.count_posted(db.session, period),
        progress=queries.progress(db.session, period, person()),
        comparisons=queries.comparisons(db.session, period, taxonomy_of(period.docket).codes),
        learned_from=queries.learned_from(db.session, period),
        form=form,
        labels=may_open("labelling.next_comment"),
        least=MIN_LABELS,
    )
    return page, form.status
