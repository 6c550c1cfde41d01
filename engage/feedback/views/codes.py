"""Codes that are good for one answer, to hand out."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import datetime

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from engage.accounts.access import editor, requires
from engage.clock import utcnow
from engage.db.session import db
from engage.db.types import LANGUAGES
from engage.errors import NotFound, RuleBroken
from engage.feedback import queries
from engage.feedback.access import EDITORS
from engage.feedback.addresses import answer_address
from engage.feedback.forms import BatchForm
from engage.feedback.models import Entry, FeedbackForm, FormStatus, TicketBatch
from engage.feedback.service import tickets
from engage.feedback.views.blueprint import bp
from engage.intake.qr import qr_picture
from engage.web.downloads import as_download
from engage.web.locale import language, moment
from engage.web.paging import Page, page_number

SLIPS_A_PAGE = 50
"""So many pictures are drawn for one page: five sheets of paper, under half a second."""

_BATCH_ID = "int(max=2147483647)"


def staff_section(form: FeedbackForm, now: datetime) -> str:
    """The way to the codes of a form that asks for them."""
    if form.entry is not Entry.CODE:
        return ""
    made = sum(one.batch.size for one in tickets.batches(db.session, form))
    return render_template(
        "feedback/_codes.html", feedback=form, made=made, takes_codes=tickets.takes_codes(form, now)
    )


@bp.route("/staff/forms/<slug>/codes", methods=["GET", "POST"])
@requires(*EDITORS)
def codes(slug: str) -> ResponseReturnValue:
    """The batches of codes, and how many of each were used, in steps that give away nobody."""
    user, now = editor(), utcnow()
    form = _with_codes(slug)
    typed = BatchForm()
    if typed.validate_on_submit():
        try:
            tickets.make_codes(
                db.session, form, label=typed.label.data, size=typed.size.data, actor=user, now=now
            )
        except tickets.LabelTaken as error:
            typed.label.errors = [str(error)]
        except RuleBroken as error:
            typed.form_errors.append(str(error))
        else:
            flash(_("The codes are made."), "success")
            return redirect(url_for("feedback.codes", slug=form.slug), 303)
    page = render_template(
        "feedback/codes.html",
        feedback=form,
        form=typed,
        batches=tickets.batches(db.session, form),
        takes_codes=tickets.takes_codes(form, now),
        is_closed=form.status(now) is FormStatus.CLOSED,
        step=tickets.STEP,
    )
    return page, typed.status


@bp.get(f"/staff/forms/<slug>/codes/<{_BATCH_ID}:ticket_batch_id>")
@requires(*EDITORS)
def code_sheet(slug: str, ticket_batch_id: int) -> ResponseReturnValue:
    """Slips to cut out. The code stands behind the # of the address, which browsers send to nobody."""
    form, batch = _batch(slug, ticket_batch_id)
    number = page_number()
    page = Page(
        tickets.codes(db.session, batch, start=(number - 1) * SLIPS_A_PAGE, count=SLIPS_A_PAGE),
        number,
        SLIPS_A_PAGE,
        batch.size,
    )
    if not page.rows:
        raise NotFound(_("There are no such codes."))
    address = answer_address(form, language())
    return render_template(
        "feedback/code_sheet.html",
        feedback=form,
        batch=batch,
        page=page,
        slips=[(code, qr_picture(f"{address}#code={code}")) for code in page.rows],
        spoken=[_spoken(form, one) for one in LANGUAGES],
    )


@bp.get(f"/staff/forms/<slug>/codes/<{_BATCH_ID}:ticket_batch_id>.csv")
@requires(*EDITORS)
def codes_csv(slug: str, ticket_batch_id: int) -> Response:
    """The codes as a table for whoever prints letters."""
    form, batch = _batch(slug, ticket_batch_id)
    address = answer_address(form, language())
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(("code", "address"))
    table.writerows((code, f"{address}#code={code}") for code in tickets.codes(db.session, batch))
    return as_download(text.getvalue().encode(), "text/csv; charset=utf-8", f"{form.slug}-{batch.id}.csv")


@dataclass(frozen=True, slots=True)
class _Spoken:
    """What a slip says in one language."""

    language: str
    address: str
    code: str
    told: str


def _spoken(form: FeedbackForm, code: str) -> _Spoken:
    """A slip speaks both languages, whoever draws it."""
    with force_locale(code):
        told = (
            _(
                "Open this address and give the code, by %(closes)s. It is good for one answer.",
                closes=moment(form.closes_at),
            )
            if form.closes_at
            else _("Open this address and give the code. It is good for one answer.")
        )
        return _Spoken(code, answer_address(form, code), str(_("Code")), str(told))


def _batch(slug: str, ticket_batch_id: int) -> tuple[FeedbackForm, TicketBatch]:
    form = _with_codes(slug)
    return form, tickets.get_batch(db.session, form, ticket_batch_id)


def _with_codes(slug: str) -> FeedbackForm:
    form = queries.get_form(db.session, slug, editor())
    if form.entry is not Entry.CODE:
        raise NotFound(_("Anybody can answer this form, so it has no codes."))
    return form
