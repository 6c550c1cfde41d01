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
    ReadinessState.NOT_LOOKED_AT: _l("Not looked at yet"),
    ReadinessState.UNDER_WAY: _l("Under way"),
    ReadinessState.KNOWN: _l("Known"),
    ReadinessState.CANNOT_BE_KNOWN: _l("Cannot be known"),
}

STATE_TAGS: dict[str, str] = {
    ReadinessState.NOT_LOOKED_AT: "neutral",
    ReadinessState.UNDER_WAY: "waiting",
    ReadinessState.KNOWN: "done",
    ReadinessState.CANNOT_BE_KNOWN: "warning",
}
"""How a state looks: see components/tag.html."""

KINDS: dict[str, LazyString] = {
    StakeholderKind.PUBLIC_BODY: _l("Public body"),
    StakeholderKind.LAW_ENFORCEMENT: _l("Law enforcement"),
    StakeholderKind.SCHOOLS: _l("Schools"),
    StakeholderKind.HEALTH: _l("Health"),
    StakeholderKind.FAITH: _l("Faith"),
    StakeholderKind.BUSINESS: _l("Business"),
    StakeholderKind.LABOR: _l("Labor"),
    StakeholderKind.NEIGHBORHOOD: _l("Neighborhood"),
    StakeholderKind.ADVOCACY: _l("Advocacy"),
    StakeholderKind.SERVICE: _l("Social services"),
    StakeholderKind.MEDIA: _l("Media"),
    StakeholderKind.RESIDENTS: _l("Group of residents"),
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
    OutreachOutcome.PLANNED: _l("Planned"),
    OutreachOutcome.ANSWERED: _l("Answered"),
    OutreachOutcome.NO_ANSWER: _l("No answer"),
    OutreachOutcome.DECLINED: _l("Did not want to take part"),
    OutreachOutcome.NOT_REACHED: _l("Could not be reached"),
}

STANDINGS: dict[str, LazyString] = {
    Standing.ANSWERED: _l("Answered"),
    Standing.DECLINED: _l("Did not want to take part"),
    Standing.NO_ANSWER: _l("Asked, no answer"),
    Standing.NOT_REACHED: _l("Tried, could not be reached"),
    Standing.NOT_ASKED: _l("Not asked yet"),
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
