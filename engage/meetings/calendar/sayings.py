"""What is said about a meeting in a calendar or another system's file, in one language."""

from __future__ import annotations

import re

from flask_babel import LazyString, force_locale
from flask_babel import lazy_gettext as _l

from engage.db.types import Localised
from engage.meetings import words
from engage.meetings.models import Format, Meeting
from engage.web.links import address_of, path_to

_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f\u2028\u2029\ud800-\udfff]")
_CANCELLED = _l("Cancelled: %(title)s")
_POSTPONED = _l("Postponed: %(title)s")


def clean(text: str) -> str:
    """Without characters that break lines or no format knows."""
    return _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def told(value: Localised | None, language: str) -> str:
    """A text in a language, or in the one that it was written in."""
    return clean(value.best(language)[0]) if value else ""


def page_of(meeting: Meeting, language: str) -> str:
    """The address of a meeting's page."""
    return address_of(path_to("meetings.meeting", language, slug=meeting.slug))


def title_of(meeting: Meeting, language: str) -> tuple[str, str]:
    """The title and its language. It says itself that nobody should come: not every reader shows a status."""
    title, written_in = meeting.title.best(language)
    said = None
    if meeting.cancelled_at is not None:
        said = _CANCELLED
    elif meeting.postponed_at is not None:
        said = _POSTPONED
    title = clean(title).replace("\n", " ")
    return (name_of(said, written_in) % {"title": title} if said else title), written_in


def name_of(value: LazyString, language: str) -> str:
    """A name of one of the room's closed lists, in a language."""
    with force_locale(language):
        return str(value)


def kind_of(meeting: Meeting, language: str) -> str:
    """What sort of meeting it is."""
    return name_of(words.KINDS[meeting.kind], language)


def place_of(meeting: Meeting, language: str) -> str:
    """Where people come together, on one line; of a meeting that is online only, that it is."""
    if meeting.format is Format.ONLINE:
        return name_of(words.FORMATS[Format.ONLINE], language)
    parts = (told(meeting.place_name, language), clean(meeting.place_street or ""))
    return ", ".join(part for part in parts if part).replace("\n", ", ")


def join_link(meeting: Meeting) -> str | None:
    """The link to join by, where everybody may have it and it is one that leads somewhere."""
    url = meeting.public_join_url
    return url if url and url.startswith(("https://", "http://")) else None


def description_of(meeting: Meeting, language: str) -> str:
    """All that people need who only have their calendar at hand, one thing a line; not the page's address."""
    lines = [
        _said_change(meeting, language),
        told(meeting.summary, language),
        told(meeting.time_notes, language),
        "" if meeting.ends_at else name_of(_l("Its end is not stated."), language),
        *_ways(meeting, language),
        _labelled(language, _l("Accessibility: %(said)s"), told(meeting.accessibility, language)),
        _labelled(language, _l("Organized by: %(said)s"), told(meeting.organiser, language)),
    ]
    return "\n".join(line for line in lines if line)


def _ways(meeting: Meeting, language: str) -> list[str]:
    lines = []
    if meeting.is_in_person:
        lines.append(
            _labelled(language, _l("How to get there: %(said)s"), told(meeting.directions, language))
        )
    if meeting.is_online and meeting.join_is_public:
        lines.append(_labelled(language, _l("Join online: %(said)s"), join_link(meeting) or ""))
        lines.append(
            _labelled(language, _l("Join by telephone: %(said)s"), clean(meeting.public_join_phone or ""))
        )
    elif meeting.is_online:
        lines.append(name_of(_l("Who registers is told how to join online."), language))
    return lines


def _said_change(meeting: Meeting, language: str) -> str:
    if not meeting.changes:
        return ""
    change = meeting.changes[-1]
    return f"{name_of(words.CHANGES[change.kind], language)}: {told(change.reason, language)}"


def _labelled(language: str, label: LazyString, said: str) -> str:
    return name_of(label, language) % {"said": said} if said else ""
