"""The form on paper: letter or A4, ordinary or large print, in the language of the page."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from engage.accounts.access import public, signed_in_user
from engage.clock import utcnow
from engage.db.session import db
from engage.errors import NotFound
from engage.feedback import queries, sheet
from engage.feedback.models import FeedbackForm, FormVersion
from engage.feedback.views.blueprint import bp
from engage.intake.qr import qr_picture
from engage.survey import surveyjs
from engage.web.locale import language

SIZES = ("letter", "a4")


@bp.get("/forms/<slug>/paper")
@public
def paper(slug: str) -> ResponseReturnValue:
    """The form that anybody may print; those who work on a draft see it here as it would be printed."""
    now = utcnow()
    form = _form(slug)
    version = _version(form)
    definition = version.asked if version is not None else surveyjs.read(form.working)
    address = url_for("feedback.form", slug=slug, _external=True)
    size = request.args.get("size", "")
    return render_template(
        "feedback/paper.html",
        feedback=form,
        version=version,
        definition=definition,
        mark=sheet.mark_of(version) if version is not None else "",
        numbers=definition.numbers(),
        conditions=sheet.conditions_of(definition, language()),
        lines_of=sheet.lines_of,
        status=form.status(now),
        address=address,
        picture=qr_picture(address),
        size=size if size in SIZES else SIZES[0],
        is_large=request.args.get("print") == "large",
    )


def _form(slug: str) -> FeedbackForm:
    try:
        return queries.get_public_form(db.session, slug, utcnow())
    except NotFound:
        user = signed_in_user()
        if user is None:
            raise
        return queries.get_form(db.session, slug, user)


def _version(form: FeedbackForm) -> FormVersion | None:
    """The version that is asked for, else the one that residents are asked now; None of a draft."""
    number = request.args.get("version", "")
    if number.isdecimal() and number.isascii() and len(number) < 9:
        return queries.get_version(form, int(number))
    return form.newest
