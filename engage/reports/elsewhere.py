"""Meetings and forms beside the comments, in words: side by side, never added together."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engage.comments.models import PeriodState
from engage.meetings.notice_lead import Verdict
from engage.reports.docket_facts import QuestionFacts
from engage.reports.inputs import MeetingFacts
from engage.reports.summary import Line
from engage.survey.suppression import K
from engage.web.locale import localised
from engage.web.numbers import count_said, percent_said

if TYPE_CHECKING:
    from engage.reports.page import ReportPage

NOTICES: dict[str, LazyString] = {
    Verdict.IN_TIME: _l("posted in time"),
    Verdict.SHORT: _l("posted too late"),
    Verdict.OPEN: _l("not posted yet"),
    Verdict.MISSING: _l("not posted in time"),
    Verdict.NOT_ASKED: _l("not asked for"),
    Verdict.OFF: _l("the meeting did not take place as announced"),
}


def attendance(meeting: MeetingFacts) -> str:
    """How many came: as staff counted them, else how many were checked in, as it may be told."""
    counted = []
    if meeting.in_person is not None:
        counted.append(str(_("%(count)s in the room", count=count_said(meeting.in_person))))
    if meeting.remote is not None:
        counted.append(str(_("%(count)s online or by telephone", count=count_said(meeting.remote))))
    if counted:
        return ", ".join(counted)
    if meeting.came is not None:
        return str(_("%(count)s checked in", count=count_said(meeting.came)))
    if meeting.has_few:
        return str(_("fewer than %(limit)s checked in", limit=K))
    return str(_("nobody was counted"))


def meeting_name(meeting: MeetingFacts) -> str:
    """What a meeting is called; one that took no comments of the period says so."""
    title = localised(meeting.title)
    if meeting.is_of_period:
        return title
    return str(_("%(title)s (took no comments)", title=title))


def no_meeting(page: ReportPage) -> str:
    """What to say where none took place, as far as it is known."""
    if page.period.state == PeriodState.CLOSED:
        return str(_("No public meeting on this took place while comments were taken."))
    return str(_("No public meeting on this has taken place since comments are taken."))


def notice(meeting: MeetingFacts) -> str:
    """Whether notice and agenda were posted in time."""
    if meeting.notice not in NOTICES:
        return str(_("not known"))
    told = str(NOTICES[meeting.notice])
    if meeting.agenda in (Verdict.SHORT, Verdict.MISSING) and meeting.agenda != meeting.notice:
        return str(_("%(notice)s; agenda %(agenda)s", notice=told, agenda=NOTICES[meeting.agenda]))
    return told


def form_beside(
    page: ReportPage, question: QuestionFacts, share_text: Callable[[Line], str]
) -> list[list[Any]]:
    """The answers to a question about position beside the comments of the same position, as a table takes
    them. A position that only one of the two knows has a dash in the other.
    """
    declared = {line.key: line for line in page.summary.positions}
    rows = []
    for answer in question.answers:
        line = declared.get(answer.value)
        rows.append(
            [
                localised(answer.label),
                _("not told") if answer.n is None else answer.n,
                "–" if answer.share is None else percent_said(answer.share),
                page.number(line) if line else "–",
                share_text(line) if line else "–",
            ]
        )
    return rows
