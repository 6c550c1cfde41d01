"""Answers as files for analysts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import AnyStr

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engage.accounts.access import editor, may_open, requires
from engage.accounts.models import RoleName
from engage.clock import to_wall_clock, utcnow
from engage.db.session import db
from engage.feedback import answer_files, reading
from engage.feedback.access import CLERKS, MODERATORS
from engage.feedback.answer_columns import asked_in
from engage.feedback.answer_files import AnswerFile
from engage.feedback.models import FeedbackForm
from engage.feedback.views.blueprint import bp
from engage.survey.suppression import K
from engage.web.locale import day, localised, site_time_zone
from engage.web.numbers import count_said
from engage.web.streaming import streamed

ANALYSTS = (RoleName.OFFICIAL, *CLERKS)
"""Who may take single answers away."""

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def staff_section(form: FeedbackForm, now: datetime) -> str:
    """This part of a form's staff page."""
    if form.published_at is None or now < form.published_at or not may_open("feedback.answers"):
        return ""
    return render_template("feedback/_answers_section.html", row=form)


@bp.get("/staff/forms/<slug>/answers")
@requires(*ANALYSTS)
def answers(slug: str) -> ResponseReturnValue:
    """What files of answers there are, what stands in them and what does not."""
    now = utcnow()
    form = reading.get_read_form(db.session, slug, editor(), now)
    questions = asked_in(form)
    return render_template(
        "feedback/answers.html",
        row=form,
        about=_about(form, now),
        withheld=[one for one in questions if one.withheld is not None],
        reads_waiting=_reads_waiting(),
    )


@bp.get("/staff/forms/<slug>/answers.csv")
@requires(*ANALYSTS, fresh=True)
def answers_csv(slug: str) -> Response:
    """One row an answer."""
    return _file(slug, "answers", "csv", "text/csv", answer_files.as_csv)


@bp.get("/staff/forms/<slug>/dictionary.csv")
@requires(*ANALYSTS)
def dictionary_csv(slug: str) -> Response:
    """What stands in each column of the files."""
    return _file(slug, "dictionary", "csv", "text/csv", lambda _s, file: answer_files.dictionary_csv(file))


@bp.get("/staff/forms/<slug>/answers.zip")
@requires(*ANALYSTS, fresh=True)
def answers_zip(slug: str) -> Response:
    """The answers with their dictionary and what to know of them."""
    return _file(slug, "answers", "zip", "application/zip", answer_files.as_zip)


@bp.get("/staff/forms/<slug>/answers.xlsx")
@requires(*ANALYSTS, fresh=True)
def answers_xlsx(slug: str) -> Response:
    """The same as a workbook."""
    return _file(slug, "answers", "xlsx", _XLSX, answer_files.as_xlsx)


@bp.get("/staff/forms/<slug>/answers.json")
@requires(*ANALYSTS, fresh=True)
def answers_json(slug: str) -> Response:
    """The same for programs."""
    return _file(slug, "answers", "json", "application/json", answer_files.as_json)


def _file(
    slug: str,
    what: str,
    ending: str,
    mimetype: str,
    pieces: Callable[[Session, AnswerFile], Iterator[AnyStr]],
) -> Response:
    now = utcnow()
    form = reading.get_read_form(db.session, slug, editor(), now)
    file = answer_files.answer_file(form, asked_in(form), _about(form, now), reads_waiting=_reads_waiting())
    today = to_wall_clock(now, site_time_zone()).date().isoformat()
    versions = "-".join(f"v{version.number}" for version in form.versions)
    name = f"{form.slug}-{what}-{versions}-{today}.{ending}"
    return streamed(lambda session: pieces(session, file), mimetype=mimetype, name=name)


def _reads_waiting() -> bool:
    """Whether this person may read texts that wait for a moderator: those who may be one."""
    return editor().has_any_role(*MODERATORS)


def _waiting(form: FeedbackForm) -> str:
    read = reading.results_of(db.session, form)
    if read.has_few_waiting:
        return str(_("Fewer than %(limit)s more wait to be counted.", limit=K))
    return str(_("%(count)s or more", count=count_said(read.waiting))) if read.waiting else "0"


def _about(form: FeedbackForm, now: datetime) -> list[tuple[str, str]]:
    """What whoever opens the file must know, as terms and what is said of them."""
    versions = "; ".join(
        _("Version %(number)s, since %(day)s", number=one.number, day=day(one.published_at))
        for one in form.versions
    )
    return [
        (_("Form"), localised(form.title) or form.slug),
        (_("Address"), url_for("feedback.staff_results", slug=form.slug, _external=True)),
        (_("Versions of the form"), versions),
        (_("File made on"), day(to_wall_clock(now, site_time_zone()).date())),
        (_("Answers that are not counted yet and not in this file"), _waiting(form)),
        (_("Rows"), _("One row an answer, in an order of chance. Empty: not asked, or not answered.")),
        (
            _("Rows left out"),
            _(
                "Of a form with several versions: the answers to a version that has fewer than %(limit)s.",
                limit=K,
            ),
        ),
        (
            _("Values left out"),
            _(
                "The language, the way in which an answer came and whether it is doubtful, where fewer than "
                "%(limit)s rows have that value, and values from which those could be worked out.",
                limit=K,
            ),
        ),
        (
            _("Left out"),
            _(
                "Answers to confidential questions and to those about the person, and to questions that are "
                "asked only because of them. The dictionary names them."
            ),
        ),
        (
            _("Licence"),
            _("For the analysis by the county; not to be published. The file of results may be published."),
        ),
        (
            _("Limits"),
            _(
                "Those who answered decided so themselves. Nobody was drawn at random, so this is no survey "
                "of residents. Do not try to find out who gave an answer."
            ),
        ),
    ]
