"""Meetings and forms beside the comments, in words: side by side, never added together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engage.comments.models import PeriodState
from engage.meetings.notice_lead import Verdict
from engage.reports.docket_facts import AnswerFacts, QuestionFacts
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
    return str(_("No public meeting on this has taken place since comments have been taken."))


def notice(meeting: MeetingFacts) -> str:
    """Whether notice and agenda were posted in time."""
    if meeting.notice not in NOTICES:
        return str(_("not known"))
    told = str(NOTICES[meeting.notice])
    if meeting.agenda in (Verdict.SHORT, Verdict.MISSING) and meeting.agenda != meeting.notice:
        return str(_("%(notice)s; agenda %(agenda)s", notice=told, agenda=NOTICES[meeting.agenda]))
    return told


@dataclass(frozen=True, slots=True)
class Beside:
    """One position in a form and in the comments; None where only the other of the two knows it."""

    key: str
    label: str
    answer: AnswerFacts | None
    line: Line | None


def positions_beside(page: ReportPage, question: QuestionFacts) -> list[Beside]:
    """Every position that comments can declare, in its order, then what only the form knows: nobody is left
    out because the other of the two does not ask for it.
    """
    answers = {answer.value: answer for answer in question.answers}
    declared = [
        Beside(line.key, _both(page, line, answers.get(line.key)), answers.pop(line.key, None), line)
        for line in page.summary.positions
    ]
    own = [Beside(answer.value, _quoted(answer), answer, None) for answer in answers.values()]
    return [*declared, *own]


def form_beside(
    page: ReportPage, question: QuestionFacts, share_text: Callable[[Line], str]
) -> list[list[Any]]:
    """The answers to a question about position beside the comments, as a table takes them."""
    return [
        [
            row.label,
            *_of_form(row.answer),
            page.number(row.line) if row.line else "–",
            share_text(row.line) if row.line else "–",
        ]
        for row in positions_beside(page, question)
    ]


def _of_form(answer: AnswerFacts | None) -> list[Any]:
    if answer is None:
        return ["–", "–"]
    share = "–" if answer.share is None else percent_said(answer.share)
    return [_("not told") if answer.n is None else answer.n, share]


def _both(page: ReportPage, line: Line, answer: AnswerFacts | None) -> str:
    """A position as comments name it, and in the form's own words."""
    named = page.label("positions", line.key)
    return f"{named} {_quoted(answer)}" if answer else named


def _quoted(answer: AnswerFacts) -> str:
    return str(_("(“%(answer)s”)", answer=localised(answer.label)))
