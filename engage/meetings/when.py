"""When a meeting is, in words and in numbers, as clocks in its place show it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask_babel import format_date, format_datetime, ngettext
from flask_babel import gettext as _

from engage.meetings.models import Meeting

_MINUTE = timedelta(minutes=1)


def in_words(meeting: Meeting) -> str:
    """The day, both ends and the zone: “Thursday, January 14, 2027, 6:00 PM – 8:00 PM (MST)”."""
    return span_in_words(*_local(meeting))


def span_in_words(begins: datetime, ends: datetime | None) -> str:
    """The same of two instants, both as clocks in the place show them."""
    day = format_date(begins.date(), "full")
    if ends is None or ends.date() == begins.date():
        return str(_("%(day)s, %(hours)s", day=day, hours=_hours(begins, ends)))
    return str(
        _(
            "%(day)s, %(begins)s – %(last_day)s, %(ends)s",
            day=day,
            begins=_time(begins),
            last_day=format_date(ends.date(), "full"),
            ends=f"{_time(ends)} ({ends.tzname()})",
        )
    )


def day_in_words(day: date) -> str:
    """“Thursday, January 14, 2027”."""
    return str(format_date(day, "full"))


def month_in_words(day: date) -> str:
    """“January 2027”."""
    return str(format_date(day, "MMMM y"))


def weekday(day: date) -> str:
    """“Thursday”."""
    return str(format_date(day, "EEEE"))


def short(instant: datetime, meeting: Meeting) -> str:
    """“Jan 14, 6:00 PM”, in the meeting's place."""
    local = instant.astimezone(meeting.zone)
    return str(_("%(day)s, %(time)s", day=format_date(local.date(), "medium"), time=_time(local)))


def time_of(instant: datetime, meeting: Meeting) -> str:
    """“6:00 PM”, in the meeting's place."""
    return _time(instant.astimezone(meeting.zone))


def hours(meeting: Meeting) -> str:
    """Both ends and the zone, without the day; on another day's end, only the beginning."""
    return _hours(*_local(meeting))


def _hours(begins: datetime, ends: datetime | None) -> str:
    if ends is None or ends.date() != begins.date():
        return f"{_time(begins)} ({begins.tzname()})"
    if begins.tzname() != ends.tzname():
        # The clocks change while the meeting is on.
        return f"{_time(begins)} ({begins.tzname()}) – {_time(ends)} ({ends.tzname()})"
    return f"{_time(begins)} – {_time(ends)} ({ends.tzname()})"


def in_numbers(meeting: Meeting) -> str:
    """The same for whoever reads no words: “2027-01-14 18:00–20:00 UTC−07:00”, near to ISO 8601."""
    begins, ends = _local(meeting)
    if ends is None:
        return f"{begins:%Y-%m-%d %H:%M} {_offset(begins)}"
    if begins.utcoffset() != ends.utcoffset() or begins.date() != ends.date():
        return f"{begins:%Y-%m-%d %H:%M} {_offset(begins)} – {ends:%Y-%m-%d %H:%M} {_offset(ends)}"
    return f"{begins:%Y-%m-%d %H:%M}–{ends:%H:%M} {_offset(begins)}"


def duration(meeting: Meeting) -> str:
    """How long it lasts: “1 hour 30 minutes”. Real time, also where the clocks change in between."""
    if meeting.ends_at is None:
        return str(_("The end is not stated."))
    whole, minutes = divmod(round((meeting.ends_at - meeting.starts_at) / _MINUTE), 60)
    said = []
    if whole:
        said.append(ngettext("%(num)s hour", "%(num)s hours", whole))
    if minutes:
        said.append(ngettext("%(num)s minute", "%(num)s minutes", minutes))
    return " ".join(said)


def distance(meeting: Meeting, now: datetime) -> str:
    """How far off it is, in days of its place: “in 9 days”, “tomorrow”, “now”, “3 days ago”."""
    if meeting.starts_at <= now < meeting.last_instant:
        return str(_("now"))
    days = (meeting.local_start.date() - now.astimezone(meeting.zone).date()).days
    if days == 0:
        return str(_("today"))
    if days == 1:
        return str(_("tomorrow"))
    if days == -1:
        return str(_("yesterday"))
    if days < 0:
        return str(ngettext("%(num)s day ago", "%(num)s days ago", -days))
    return str(ngettext("in %(num)s day", "in %(num)s days", days))


def _local(meeting: Meeting) -> tuple[datetime, datetime | None]:
    ends = meeting.ends_at
    return meeting.local_start, ends.astimezone(meeting.zone) if ends else None


def _time(local: datetime) -> str:
    return str(format_datetime(local, "h:mm a", rebase=False))


def _offset(local: datetime) -> str:
    """“UTC−07:00”, with the sign for minus."""
    text = local.strftime("%z")
    return f"UTC{text[0].replace('-', '−')}{text[1:3]}:{text[3:5]}"
