"""What this room's closed lists and promised days are called on a page, in the reader's language."""

from __future__ import annotations

from datetime import date

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as pgettext

from engage.responses.models import CommitmentState, ResponseState
from engage.responses.staff_queries import Stage
from engage.web.locale import day

NOT_ANSWERED = "not_answered"
OVERDUE = "overdue"

STATES: dict[str, LazyString] = {
    NOT_ANSWERED: _l("Not answered"),
    ResponseState.UNDER_CONSIDERATION: _l("Under consideration"),
    ResponseState.ACCEPTED: _l("Accepted"),
    ResponseState.PARTLY_ACCEPTED: _l("Accepted in part"),
    ResponseState.REJECTED: _l("Not accepted"),
    ResponseState.OUT_OF_AUTHORITY: _l("Not for the county to decide"),
    ResponseState.IMPLEMENTED: _l("Put into practice"),
}

STATE_TAGS: dict[str, str] = {
    NOT_ANSWERED: "neutral",
    ResponseState.UNDER_CONSIDERATION: "waiting",
    ResponseState.ACCEPTED: "done",
    ResponseState.PARTLY_ACCEPTED: "done",
    ResponseState.REJECTED: "refused",
    ResponseState.OUT_OF_AUTHORITY: "neutral",
    ResponseState.IMPLEMENTED: "done",
}

FILTERS: dict[str, LazyString] = STATES | {OVERDUE: _l("Overdue")}
"""What the list of answers can be narrowed down to."""

COMMITMENT_STATES: dict[str, LazyString] = {
    CommitmentState.PLANNED: _l("Planned"),
    CommitmentState.UNDER_WAY: _l("Under way"),
    CommitmentState.DONE: _l("Kept"),
    CommitmentState.DROPPED: pgettext("commitment", "Given up"),
}

COMMITMENT_TAGS: dict[str, str] = {
    CommitmentState.PLANNED: "neutral",
    CommitmentState.UNDER_WAY: "active",
    CommitmentState.DONE: "done",
    CommitmentState.DROPPED: "refused",
}

STAGES: dict[Stage, LazyString] = {
    Stage.NONE: _l("Nothing yet"),
    Stage.DRAFT: _l("Draft"),
    Stage.READY: _l("Ready to be published"),
    Stage.PUBLISHED: _l("Published"),
    Stage.DUE: _l("Due within a week"),
    Stage.OVERDUE: _l("Overdue"),
}

STAGE_TAGS: dict[Stage, str] = {
    Stage.NONE: "neutral",
    Stage.DRAFT: "waiting",
    Stage.READY: "active",
    Stage.PUBLISHED: "done",
    Stage.DUE: "warning",
    Stage.OVERDUE: "warning",
}

DUE_KINDS: dict[str, LazyString] = {
    "answer": _l("Answer to a concern"),
    "commitment": _l("Commitment"),
    "question": _l("Answer to a question"),
}


def state_of(state: ResponseState | None) -> str:
    """The key of an answer's state in STATES."""
    return NOT_ANSWERED if state is None else state.value


def promised(first: date | None, due_on: date) -> str:
    """For which day something was promised, and to which it was moved if it was."""
    if first is None or first == due_on:
        return str(_("Promised for %(day)s", day=day(due_on)))
    return str(_("Promised for %(first)s, moved to %(day)s", first=day(first), day=day(due_on)))


def overdue(days: int) -> str:
    """For how many days it has been overdue."""
    return str(ngettext("%(num)s day overdue", "%(num)s days overdue", days))
