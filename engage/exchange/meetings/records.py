"""What a reader of another system's file of meetings hands on.

There is no field for who organises, attends or is to be asked: names and addresses of persons are not read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from engage.clock import NoSuchTime, from_wall_clock
from engage.exchange.values import BadRecord, fold, plain_text, short, usable
from engage.meetings.models import FileKindName, Format, MeetingKind

MOST_MEETINGS: Final = 20_000
"""The most meetings that are taken of one file."""

MAX_TITLE: Final = 300
MAX_PLACE: Final = 300
MAX_SUMMARY: Final = 20_000
MAX_ADDRESS: Final = 500
MAX_LINKS: Final = 50
MAX_ITEMS: Final = 500
LONGEST: Final = timedelta(days=31)
YEARS: Final = range(1970, 2101)


class State(StrEnum):
    """What the source says of a meeting."""

    CONFIRMED = "confirmed"
    TENTATIVE = "tentative"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class SourceLink:
    """A document, recording or page of a meeting."""

    kind: FileKindName
    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceMeeting:
    """One meeting as another system published it.

    ``row`` is where it stands in the file: the line of an ICS file, else the number of the record from 1 on.
    ``source_id`` is unique within the file and stays when the meeting moves. ``uid`` is the UID of a
    calendar, else None. ``is_whole_day``: the source tells no hour, so that the times are those of its days.
    """

    row: int
    source_id: str
    title: str
    starts_at: datetime
    ends_at: datetime | None
    time_zone: str
    state: State = State.CONFIRMED
    uid: str | None = None
    kind: MeetingKind = MeetingKind.REGULAR
    summary: str | None = None
    organiser: str | None = None
    place_name: str | None = None
    place_street: str | None = None
    join_url: str | None = None
    time_notes: str | None = None
    is_whole_day: bool = False
    links: Sequence[SourceLink] = ()
    items: Sequence[str] = ()

    @property
    def format(self) -> Format:
        """Where people attend: online alone only where no place is named."""
        if self.join_url is None:
            return Format.IN_PERSON
        return Format.HYBRID if self.place_name or self.place_street else Format.ONLINE


_KINDS: Final = (
    (MeetingKind.EMERGENCY, r"emergency|emergencia"),
    (MeetingKind.HEARING, r"hearing|audiencia"),
    (MeetingKind.TOWN_HALL, r"town hall|cabildo abierto|asamblea"),
    (MeetingKind.WORKSHOP, r"workshop|work session|study session|taller|sesion de trabajo"),
    (MeetingKind.OFFICE_HOURS, r"office hours|horas? de (?:oficina|consulta|atencion)"),
    (MeetingKind.STEERING_COMMITTEE, r"steering committee|comite directivo"),
    (MeetingKind.COMMUNITY_FORUM, r"forum|foro"),
    (MeetingKind.SPECIAL, r"special|especial|extraordinari[ao]"),
)
_CALLED_OFF: Final = re.compile(
    r"^[\W_]*(?:(?P<cancelled>cancell?ed|cancelad[oa])|(?P<postponed>postponed|pospuest[oa]|aplazad[oa]))\b[\W_]*",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_ONLINE: Final = frozenset({"online", "virtual", "remote", "en linea", "remota", "remoto"})


def kind_of(*words: str | None) -> MeetingKind:
    """What sort of meeting these words, the most telling first, speak of."""
    for text in filter(None, words):
        folded = fold(text)
        for kind, pattern in _KINDS:
            if re.search(rf"\b(?:{pattern})\b", folded):
                return kind
    return MeetingKind.REGULAR


def title_and_state(title: str, state: State) -> tuple[str, State]:
    """The title without “Cancelled:” or “Postponed:” before it, and what that says of the meeting."""
    said = _CALLED_OFF.match(title)
    if said is None:
        return title, state
    told = State.CANCELLED if said["cancelled"] else State.POSTPONED
    return title[said.end() :] or title, State.CANCELLED if state is State.CANCELLED else told


def title_of(value: str) -> str:
    """A title on one line. Raises BadRecord where there is none."""
    title = short(value, "title", MAX_TITLE)
    if not title:
        raise BadRecord("The entry has no title.")
    return title


def summary_of(value: str) -> str | None:
    """What the meeting is about, as plain text."""
    text = usable(plain_text(value), "description") if value else ""
    if len(text) > MAX_SUMMARY:
        raise BadRecord(
            f"The description is too long: {len(text):,} characters, and the limit is {MAX_SUMMARY:,}."
        )
    return text or None


def place_of(value: str, join_url: str | None = None) -> tuple[str | None, str | None]:
    """The place and the link to join by, of a text that may hold either or both."""
    found = _ADDRESS.search(value)
    if found:
        join_url = join_url or address(found[0].rstrip(".,;)"))
        value = _ADDRESS.sub(" ", value)
    name = short(value.strip(" ,;-"), "place", MAX_PLACE)
    return (None if name and join_url and fold(name) in _ONLINE else name), join_url


def address(value: str) -> str | None:
    """A web address that may be shown; None for anything else, such as a script or a file."""
    value = value.strip()
    good = len(value) <= MAX_ADDRESS and _ADDRESS.fullmatch(value) and value.isprintable()
    return value if good else None


def time_zone(name: str) -> ZoneInfo:
    """A time zone by its name in the IANA's list. Raises BadRecord for any other name."""
    if name not in available_timezones():
        raise BadRecord(f"The time zone “{name[:60]}” is not known; write one such as America/Denver.")
    return ZoneInfo(name)


def instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a time on the wall. Raises BadRecord for one that the clocks skip, or too far away."""
    if local.year not in YEARS:
        raise BadRecord(f"The year {local.year} is too far from today.")
    try:
        return from_wall_clock(local, zone)
    except NoSuchTime as error:
        raise BadRecord(str(error)) from error


def end_of(starts_at: datetime, ends_at: datetime | None) -> datetime | None:
    """The end; None for one that says nothing. Raises BadRecord for one before the start or a month away."""
    if ends_at is None or ends_at == starts_at:
        return None
    if ends_at < starts_at:
        raise BadRecord("It ends before it starts.")
    if ends_at - starts_at > LONGEST:
        raise BadRecord(f"It lasts longer than {LONGEST.days} days.")
    return ends_at


def made_up_id(*parts: object) -> str:
    """An id for an entry without one, by what it says: it is the same as long as that is."""
    return "text-" + sha256("\n".join(map(str, parts)).encode()).hexdigest()[:24]
