"""Where clerks move, postpone, reschedule, cancel and confirm a meeting, each with a public reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engage.accounts.access import editor, requires
from engage.clock import utcnow
from engage.db.session import db
from engage.errors import NotFound, RuleBroken
from engage.meetings import queries, service, words
from engage.meetings.access import CLERKS
from engage.meetings.forms_change import NewPlaceForm, NewTimeForm, ReasonForm
from engage.meetings.models import Meeting, MeetingChange, MeetingChangeKind
from engage.meetings.views import notice
from engage.meetings.views.blueprint import bp
from engage.meetings.views.staff import back_to

Kind = MeetingChangeKind

_FORMS: dict[Kind, Callable[[Meeting], ReasonForm]] = {
    Kind.CONFIRM: lambda _meeting: ReasonForm(),
    Kind.MOVE: NewTimeForm,
    Kind.PLACE: NewPlaceForm,
    Kind.POSTPONE: lambda _meeting: ReasonForm(),
    Kind.RESCHEDULE: NewTimeForm,
    Kind.CANCEL: lambda _meeting: ReasonForm(),
}
_SERVICES: dict[Kind, Callable[..., MeetingChange]] = {
    Kind.CONFIRM: service.confirm_meeting,
    Kind.MOVE: service.move_meeting,
    Kind.PLACE: service.change_place,
    Kind.POSTPONE: service.postpone_meeting,
    Kind.RESCHEDULE: service.reschedule_meeting,
    Kind.CANCEL: service.cancel_meeting,
}
_DONE = {
    Kind.CONFIRM: _l("Residents read now that the meeting is certain."),
    Kind.MOVE: _l("The new times and their reason are public now."),
    Kind.PLACE: _l("The new place and its reason are public now."),
    Kind.POSTPONE: _l("Residents read now that the meeting is postponed."),
    Kind.RESCHEDULE: _l("The new date and its reason are public now."),
    Kind.CANCEL: _l("The meeting is cancelled. It stays visible where it was."),
}


@bp.route("/staff/meetings/<slug>/change/<kind>", methods=["GET", "POST"])
@requires(*CLERKS)
def change_meeting(slug: str, kind: str) -> ResponseReturnValue:
    """One change of what residents have seen. Where it makes the notice short, the clerk is told first."""
    meeting, now = queries.get_meeting(db.session, slug, editor()), utcnow()
    chosen = _kind(kind)
    form = _FORMS[chosen](meeting)
    is_valid = form.validate_on_submit()
    starts_at = _start(meeting, chosen, form) if is_valid or request.method == "GET" else None
    warnings = notice.warnings_of_change(meeting, starts_at, now) if starts_at else []
    has_seen = not warnings or request.form.get("seen") == str(starts_at)
    if is_valid and has_seen and _apply(meeting, chosen, form, now):
        return back_to(meeting, str(_DONE[chosen]))
    page = render_template(
        "meetings/change_meeting.html",
        meeting=meeting,
        form=form,
        kind=chosen,
        warnings=warnings,
        starts_at=starts_at,
        is_possible=chosen in service.possible_changes(meeting, now),
        now=now,
        words=words,
    )
    return page, form.status


def _kind(name: str) -> Kind:
    try:
        return Kind(name)
    except ValueError:
        raise NotFound(_("There is no such page.")) from None


def _start(meeting: Meeting, kind: Kind, form: ReasonForm) -> datetime | None:
    """The start that residents would be told of; None where the change tells of none."""
    if isinstance(form, NewTimeForm):
        return form.instant(form.starts_at)
    return meeting.starts_at if kind is Kind.PLACE else None


def _apply(meeting: Meeting, kind: Kind, form: ReasonForm, now: datetime) -> bool:
    """Do it, or put what stands in the way at its field."""
    if isinstance(form, NewPlaceForm) and form.place.lacks:
        form.tell(form.place.lacks)
        return False
    try:
        _SERVICES[kind](db.session, meeting, **_values(form), reason=form.reason, actor=editor(), now=now)
    except (service.BadStart, service.Unchanged) as error:
        form.tell_at_first(str(error))
    except RuleBroken as error:
        form.form_errors.append(str(error))
    return not form.errors


def _values(form: ReasonForm) -> dict[str, object]:
    """What changes besides."""
    if isinstance(form, NewTimeForm):
        return {"starts_at": form.instant(form.starts_at), "ends_at": form.instant(form.ends_at)}
    return {"place": form.place} if isinstance(form, NewPlaceForm) else {}
