"""The reading room: every posted comment of a period, and each on a page of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from engage.accounts.access import STAFF, public, signed_in_user
from engage.analysis.semantic import required_embedder
from engage.clock import utcnow
from engage.comments import attached, file_words, queries, words
from engage.comments.filters import UNSTATED, BadFilter, CommentFilter
from engage.comments.forms import FilterForm, SimilarForm
from engage.comments.models import CommentPeriod, Theme, ThemeStatus
from engage.comments.reviewed import review_of
from engage.comments.similar import similar_comments
from engage.comments.views.blueprint import bp
from engage.db.session import db
from engage.db.types import Localised
from engage.dockets.taxonomy import taxonomy_of
from engage.errors import NotFound
from engage.web.forms import clean_text
from engage.web.paging import page_number


@bp.get("/periods/<slug>/comments")
@public
def reading_room(slug: str) -> ResponseReturnValue:
    """The comments that the arguments of the address ask for; what stands behind every number of a report."""
    now = utcnow()
    period = queries.get_public_period(db.session, slug, now)
    criteria = _criteria()
    if "language" in request.args:
        # In our own links this argument is the page's language; here somebody means the comments'.
        return redirect(url_for("comments.reading_room", slug=slug, **cast("Any", criteria.arguments)))
    districts = {district.code: district.name for district in queries.districts(db.session)}
    _refuse_unknown(criteria, period, districts)
    theme = _theme(criteria, period)
    return render_template(
        "comments/reading_room.html",
        period=period,
        page=queries.read(db.session, period, criteria, number=page_number(), now=now),
        criteria=criteria,
        conditions=words.conditions(criteria, districts, period.docket, theme),
        form=FilterForm(criteria, districts, period.docket),
        words=words,
        goes_by_meaning=_goes_by_meaning(),
    )


@bp.get("/periods/<slug>/similar")
@public
def similar(slug: str) -> ResponseReturnValue:
    """The comments that mean what the argument ``q`` means; only where the site goes by meaning."""
    now = utcnow()
    period = queries.get_public_period(db.session, slug, now)
    if not _goes_by_meaning():
        raise NotFound(_l("This site does not search by meaning."))
    form = SimilarForm(request.args)
    text = form.q.data if form.validate() else ""
    found = similar_comments(db.session, period, text, required_embedder(), now) if text else None
    return render_template("comments/similar.html", period=period, form=form, comments=found, words=words)


@bp.get("/comments/<tracking_number>")
@public
def comment(tracking_number: str) -> ResponseReturnValue:
    """One posted comment, and what the machine measured of it."""
    found = queries.get_public_comment(db.session, tracking_number, utcnow())
    if tracking_number != found.tracking_number:
        return redirect(url_for("comments.comment", tracking_number=found.tracking_number), 301)
    return render_template(
        "comments/comment.html",
        comment=found,
        period=found.period,
        analysis=found.analysis,
        review=review_of(found),
        clauses=attached.clauses_of(db.session, found),
        translations=attached.translations_of(db.session, found),
        file_words=file_words,
        same_text=CommentFilter(text=found.body_digest),
        same_text_count=queries.number_of(
            db.session, found.period, CommentFilter(text=found.body_digest), utcnow()
        ),
        words=words,
    )


def _goes_by_meaning() -> bool:
    return bool(current_app.config["ENGAGE_SETTINGS"].semantic)


def _criteria() -> CommentFilter:
    try:
        return CommentFilter.from_args(request.args)
    except BadFilter as error:
        raise _no_such_list(str(error)) from None


def _refuse_unknown(
    criteria: CommentFilter, period: CommentPeriod, districts: Mapping[str, Localised]
) -> None:
    """What is well-formed may still name nothing: the database knows the districts and older concerns."""
    if criteria.district not in (None, UNSTATED) and criteria.district not in districts:
        raise _no_such_list("district")
    concern = criteria.concern
    if concern is None or concern in taxonomy_of(period.docket).codes:
        return
    if not queries.has_concern(db.session, period, concern):
        raise _no_such_list("concern")


def _theme(criteria: CommentFilter, period: CommentPeriod) -> Theme | None:
    """The theme that is asked for. Until it is confirmed only staff see what the machine has put into it."""
    if criteria.theme is None:
        return None
    user = signed_in_user()
    theme = queries.find_theme(db.session, period, criteria.theme)
    is_shown = theme is not None and (
        theme.status is ThemeStatus.CONFIRMED or (user is not None and user.has_any_role(*STAFF))
    )
    if not is_shown:
        raise _no_such_list("theme")
    return theme


def _no_such_list(argument: str) -> NotFound:
    return NotFound(
        _l(
            "The comments cannot be narrowed down by “%(argument)s” like this.",
            argument=clean_text(argument[:60]),
        )
    )
