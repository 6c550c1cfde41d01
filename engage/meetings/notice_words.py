"""Leads, rules and differences in words, in the reader's language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engage.meetings import notice_rules, words
from engage.meetings.models import MeetingNotice, MeetingStatus, NoticeKind, NoticeUnit
from engage.meetings.notice_diff import text_of
from engage.meetings.notice_lead import LateChange, Lead, Verdict
from engage.meetings.notice_rules import Rule
from engage.web.locale import localised, moment

TAGS: dict[str, str] = {
    Verdict.IN_TIME: "done",
    Verdict.SHORT: "refused",
    Verdict.OPEN: "waiting",
    Verdict.MISSING: "refused",
    Verdict.NOT_ASKED: "neutral",
    Verdict.OFF: "neutral",
}
"""How a verdict looks: see components/tag.html."""

UNITS: dict[str, LazyString] = {
    NoticeUnit.HOURS: _l("Hours, weekends too"),
    NoticeUnit.DAYS: _l("Days of the calendar"),
}

FIELDS: dict[str, LazyString] = {
    "title": _l("Title"),
    "kind": _l("Kind of meeting"),
    "status": _l("Status"),
    "starts_at": _l("Begins"),
    "ends_at": _l("Ends"),
    "time_zone": _l("Time zone"),
    "format": _l("How to attend"),
    "place": _l("Place"),
    "address": _l("Street address"),
    "join_url": _l("Link to join"),
    "phone": _l("Telephone to join"),
    "summary": _l("Summary"),
    "rule": _l("Rule of notice"),
}

_STATES: dict[str, LazyString] = {
    "confirmed": words.STATUSES[MeetingStatus.CONFIRMED],
    "tentative": words.STATUSES[MeetingStatus.TENTATIVE],
    "postponed": words.STATUSES[MeetingStatus.POSTPONED],
    "cancelled": words.STATUSES[MeetingStatus.CANCELLED],
}


def length(amount: int, unit: NoticeUnit) -> str:
    """72 hours, 1 day."""
    if unit is NoticeUnit.HOURS:
        return str(ngettext("%(num)s hour", "%(num)s hours", amount))
    return str(ngettext("%(num)s day", "%(num)s days", amount))


def lead_time(lead: Lead) -> str:
    """How long before the start it was posted: in the unit of the rule, in hours where that is less than a
    day."""
    if lead.rule.unit is NoticeUnit.DAYS and lead.days:
        return length(lead.days, NoticeUnit.DAYS)
    if not lead.hours:
        return str(_("less than an hour"))
    return length(lead.hours, NoticeUnit.HOURS)


def lead_sentence(lead: Lead) -> str:
    """What is to be said of a lead, the verdict included, so that nobody needs its colour."""
    is_notice = lead.kind is NoticeKind.NOTICE
    if lead.verdict is Verdict.OFF:
        return str(_("The meeting does not take place as announced, so there is no time to keep."))
    if lead.posted_at is None:
        return _unposted(lead, is_notice)
    before = lead_time(lead)
    if lead.verdict is Verdict.SHORT:
        asked = length(lead.rule.amount, lead.rule.unit)
        if is_notice:
            return str(
                _("Notice posted %(lead)s before; the rule asks for %(asked)s", lead=before, asked=asked)
            )
        return str(_("Agenda posted %(lead)s before; the rule asks for %(asked)s", lead=before, asked=asked))
    if is_notice:
        return str(_("Notice posted %(lead)s before", lead=before))
    return str(_("Agenda posted %(lead)s before", lead=before))


def _unposted(lead: Lead, is_notice: bool) -> str:
    due = moment(lead.due_at, lead.zone)
    if lead.verdict is Verdict.OPEN:
        if is_notice:
            return str(_("Notice not posted yet; in time until %(due)s", due=due))
        return str(_("Agenda not posted yet; in time until %(due)s", due=due))
    if lead.verdict is Verdict.MISSING:
        if is_notice:
            return str(
                _("No notice of this time and place is posted; the rule asked for it by %(due)s", due=due)
            )
        return str(_("No agenda for this time is posted; the rule asked for it by %(due)s", due=due))
    return str(_("No agenda is posted; the rule does not ask for one"))


def rule_sentence(rule: Rule) -> str:
    """What the rule asks for."""
    asked = length(rule.amount, rule.unit)
    if rule.needs_agenda:
        return str(_("Notice and agenda are to be posted at least %(length)s before.", length=asked))
    return str(_("Notice is to be posted at least %(length)s before.", length=asked))


def rule_source(rule: Rule) -> str:
    """Who says so."""
    if rule.is_own:
        return str(_("Chosen for this docket"))
    return str(
        _("Default of this site, after a law") if rule.is_law else _("Default of this site, not a law")
    )


def version_name(version: MeetingNotice) -> str:
    """Notice, version 2."""
    return str(
        _("%(document)s, version %(number)s", document=words.NOTICES[version.kind], number=version.number)
    )


def posted_before(version: MeetingNotice) -> str:
    """How long before the start that it announced a version was posted."""
    if version.posted_at > version.starts_at:
        return str(_("after the start that it announced"))
    hours = notice_rules.hours_between(version.posted_at, version.starts_at)
    if not hours:
        return str(_("less than an hour before"))
    return str(_("%(lead)s before", lead=length(hours, NoticeUnit.HOURS)))


def late_sentence(change: LateChange) -> str:
    """What was changed how late."""
    is_notice = change.after.kind is NoticeKind.NOTICE
    if change.hours is None:
        if is_notice:
            return str(_("Notice changed after the meeting had begun"))
        return str(_("Agenda changed after the meeting had begun"))
    before = length(change.hours, NoticeUnit.HOURS) if change.hours else _("less than an hour")
    if is_notice:
        return str(_("Notice changed %(lead)s before the meeting", lead=before))
    return str(_("Agenda changed %(lead)s before the meeting", lead=before))


def said(name: str, value: Any, zone: str) -> str:
    """A fact of a notice as a reader is told it. Texts in two languages are for notice_diff.text_of."""
    if value is None or value == "":
        return str(_("Not said"))
    if name in ("starts_at", "ends_at"):
        return moment(datetime.fromisoformat(value), zone)
    if name == "rule":
        rule = notice_rules.from_json(value)
        return f"{rule_sentence(rule)} {rule_source(rule)}: {localised(rule.basis)}"
    closed = {"kind": words.KINDS, "format": words.FORMATS, "status": _STATES}.get(name, {})
    if value in closed:
        return str(closed[value])
    return localised(text_of(value)) if isinstance(value, dict) else str(value)


def is_text(name: str) -> bool:
    """Whether a field is a text in both languages."""
    return name in ("title", "place", "summary")
