"""What this room's closed lists are called, in the reader's language."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from engage.follows.models import Frequency, NoticeFrequency
from engage.marks import N_

# What happened, for mails and feeds. The last three wait for whoever changes the dates of a period.
HAPPENINGS: dict[str, str] = {
    "announced": N_("A comment period was announced. It opens on %(opens)s and closes on %(closes)s."),
    "opened": N_("The comment period is open. Comments are taken until %(closes)s."),
    "closing": N_("The comment period closes soon: on %(closes)s."),
    "closed": N_("The comment period is closed. What was said can be read on its page."),
    "extended": N_("The comment period was changed. Comments are taken until %(closes)s."),
    "reopened": N_("The comment period was opened again. Comments are taken until %(closes)s."),
    "cancelled": N_("The comment period was cancelled. Its page says why."),
    "docket_published": N_("This docket is new."),
    "document": N_("A document was added: %(title)s."),
    "version": N_("Version %(number)s of a document was published: %(title)s."),
    "update": N_("There is an update: %(title)s"),
    "decided": N_("A decision was published."),
}

FREQUENCIES: dict[Frequency, LazyString] = {
    Frequency.REAL_TIME: _l("At once"),
    Frequency.DAILY: _l("Once a day, in one mail"),
    Frequency.WEEKLY: _l("Once a week, on Monday"),
}

NOTICES: dict[NoticeFrequency, LazyString] = {
    NoticeFrequency.HOURLY: _l("At most once an hour, when the number has changed"),
    NoticeFrequency.DAILY: _l("Once a day, while comments wait"),
}

MAIL_KINDS: dict[str, LazyString] = {
    "confirm": _l("Confirmation of an address"),
    "news": _l("News for followers"),
    "receipt": _l("Receipts"),
    "queue": _l("Comments that wait, for moderators"),
    "registration": _l("Confirmation of a registration for a meeting"),
    "promotion": _l("A place that came free at a meeting"),
    "accommodation": _l("Answers to what somebody needs at a meeting"),
    "meeting_change": _l("Changes of a meeting, to those who registered"),
    "reminder": _l("Reminders of a meeting"),
    "invitation": _l("Invitations to staff"),
    "reset_instructions": _l("Links to set a new password"),
    "change_notice": _l("Word that a password was changed"),
    "reset_notice": _l("Word that a password was set anew"),
}

ALL_PERIODS = N_("Comment periods")
ALL_MEETINGS = N_("Meetings")
