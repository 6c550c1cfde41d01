"""What this room's closed lists are called on a page, in the reader's language."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as pgettext

from engage.lifecycle.models import (
    OutreachHow,
    OutreachOutcome,
    ReadinessArea,
    ReadinessState,
    RegisterStep,
    StakeholderKind,
)
from engage.lifecycle.outreach import Standing
from engage.web.numbers import count_said

AREAS: dict[str, LazyString] = {
    ReadinessArea.RESOURCES: _l("People and equipment"),
    ReadinessArea.COST: _l("Cost"),
    ReadinessArea.LEGAL_RISK: _l("Legal risk"),
    ReadinessArea.COMMUNITY: _l("Safety and trust"),
    ReadinessArea.OPEN_QUESTION: _l("Open questions"),
}

STATES: dict[str, LazyString] = {
    ReadinessState.NOT_LOOKED_AT: pgettext("point", "Not looked at yet"),
    ReadinessState.UNDER_WAY: pgettext("point", "Under way"),
    ReadinessState.KNOWN: pgettext("point", "Known"),
    ReadinessState.CANNOT_BE_KNOWN: pgettext("point", "Cannot be known"),
}

STATE_TAGS: dict[str, str] = {
    ReadinessState.NOT_LOOKED_AT: "neutral",
    ReadinessState.UNDER_WAY: "waiting",
    ReadinessState.KNOWN: "done",
    ReadinessState.CANNOT_BE_KNOWN: "warning",
}
"""How a state looks: see components/tag.html."""

KINDS: dict[str, LazyString] = {
    StakeholderKind.PUBLIC_BODY: pgettext("stakeholder", "Public body"),
    StakeholderKind.LAW_ENFORCEMENT: pgettext("stakeholder", "Law enforcement"),
    StakeholderKind.SCHOOLS: pgettext("stakeholder", "Schools"),
    StakeholderKind.HEALTH: pgettext("stakeholder", "Health"),
    StakeholderKind.FAITH: pgettext("stakeholder", "Faith"),
    StakeholderKind.BUSINESS: pgettext("stakeholder", "Business"),
    StakeholderKind.LABOR: pgettext("stakeholder", "Labor"),
    StakeholderKind.NEIGHBORHOOD: pgettext("stakeholder", "Neighborhood"),
    StakeholderKind.ADVOCACY: pgettext("stakeholder", "Advocacy"),
    StakeholderKind.SERVICE: pgettext("stakeholder", "Social services"),
    StakeholderKind.MEDIA: pgettext("stakeholder", "Media"),
    StakeholderKind.RESIDENTS: pgettext("stakeholder", "Group of residents"),
}

HOW: dict[str, LazyString] = {
    OutreachHow.LETTER: _l("Letter"),
    OutreachHow.EMAIL: pgettext("way of asking", "E-mail"),
    OutreachHow.PHONE: pgettext("way of asking", "Telephone"),
    OutreachHow.VISIT: _l("Visit"),
    OutreachHow.MEETING: pgettext("way of asking", "Meeting"),
    OutreachHow.FLYER: _l("Flyer"),
    OutreachHow.RADIO: _l("Radio"),
    OutreachHow.SOCIAL_MEDIA: _l("Social media"),
    OutreachHow.NEWSPAPER: _l("Newspaper"),
}

OUTCOMES: dict[str, LazyString] = {
    OutreachOutcome.PLANNED: pgettext("stakeholder", "Planned"),
    OutreachOutcome.ANSWERED: pgettext("stakeholder", "Answered"),
    OutreachOutcome.NO_ANSWER: pgettext("stakeholder", "No answer"),
    OutreachOutcome.DECLINED: pgettext("stakeholder", "Did not want to take part"),
    OutreachOutcome.NOT_REACHED: pgettext("stakeholder", "Could not be reached"),
}

STANDINGS: dict[str, LazyString] = {
    Standing.ANSWERED: pgettext("stakeholder", "Answered"),
    Standing.DECLINED: pgettext("stakeholder", "Did not want to take part"),
    Standing.NO_ANSWER: pgettext("stakeholder", "Asked, no answer"),
    Standing.NOT_REACHED: pgettext("stakeholder", "Tried, could not be reached"),
    Standing.NOT_ASKED: pgettext("stakeholder", "Not asked yet"),
}

STEPS: dict[str, LazyString] = {
    RegisterStep.ATTEMPT_CHANGED: _l("An attempt was corrected"),
    RegisterStep.ATTEMPT_REMOVED: _l("An attempt was taken away"),
    RegisterStep.BODY_CHANGED: _l("What is said of the body was changed"),
    RegisterStep.BODY_HIDDEN: _l("It was not shown for a time, from this day on"),
}

STANDING_TAGS: dict[str, str] = {
    Standing.ANSWERED: "done",
    Standing.DECLINED: "neutral",
    Standing.NO_ANSWER: "waiting",
    Standing.NOT_REACHED: "warning",
    Standing.NOT_ASKED: "waiting",
}
"""How a standing looks: see components/tag.html."""


def dollars(amount: int) -> str:
    """An amount as it stands on a price tag; a saving has a minus before it."""
    return f"{'−' if amount < 0 else ''}${count_said(abs(amount))}"
