"""What happens to meetings, read from their rows, for followers and feeds. All that is told is public."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from functools import partial
from itertools import groupby

import sqlalchemy as sa
from flask_babel import force_locale
from sqlalchemy.orm import Session, joinedload, selectinload

from engage.dockets.models import Docket
from engage.marks import N_
from engage.meetings import when
from engage.meetings.announced import Announced, as_announced, as_it_stands
from engage.meetings.models import (
    FileKindName,
    Meeting,
    MeetingChange,
    MeetingChangeKind,
    MeetingFile,
    MeetingNotice,
    MinutesVersion,
    NoticeKind,
)
from engage.meetings.queries import public_meetings
from engage.web.links import path_to, said_in
from engage.web.locale import moment
from engage.web.news import DOCKET, MEETING, Happening, Subject, Told

REMINDS_BEFORE = timedelta(hours=24)


_SAID = {
    "announced": N_("A meeting was announced: %(when)s. Where: %(place)s."),
    "series": N_("%(number)s meetings were announced. The first one: %(when)s. Where: %(place)s."),
    "agenda": N_("The agenda is posted."),
    "agenda_again": N_("The agenda was changed: version %(number)s is posted."),
    MeetingChangeKind.CONFIRM: N_("The meeting is confirmed: %(when)s. Reason: %(reason)s"),
    MeetingChangeKind.MOVE: N_("The time has changed, from %(old)s to %(new)s. Reason: %(reason)s"),
    MeetingChangeKind.PLACE: N_("The place has changed. Now: %(place)s. Reason: %(reason)s"),
    MeetingChangeKind.POSTPONE: N_(
        "The meeting of %(old)s is postponed and has no new date yet. Reason: %(reason)s"
    ),
    MeetingChangeKind.RESCHEDULE: N_(
        "The meeting has a new date: %(new)s instead of %(old)s. Reason: %(reason)s"
    ),
    MeetingChangeKind.CANCEL: N_("The meeting of %(old)s is cancelled. Reason: %(reason)s"),
    "minutes": N_("The minutes are published as a draft."),
    "minutes_approved": N_("The approved minutes are published."),
    FileKindName.RECORDING: N_("A recording was added: %(title)s"),
    FileKindName.TRANSCRIPT: N_("A transcript was added: %(title)s"),
    "reminder": N_("The meeting begins soon: %(when)s. Where: %(place)s."),
    "online": N_("online"),
}


def meeting_happenings(session: Session, since: datetime, now: datetime) -> Iterator[Happening]:
    """Announced, agenda posted, changed, soon, minutes and recordings: each once."""
    yield from _announced(session, since, now)
    yield from _agendas(session, since, now)
    yield from _changes(session, since, now)
    yield from _records(session, since, now)
    yield from _reminders(session, now)


def _announced(session: Session, since: datetime, now: datetime) -> Iterator[Happening]:
    """The meetings of a series that were published together are one piece of news."""
    is_recent = sa.or_(Meeting.published_at >= since, Docket.published_at >= since)
    wanted = (
        _visible(now)
        .where(is_recent)
        .options(selectinload(Meeting.notices), selectinload(Meeting.changes))
        .order_by(Meeting.series_id, Meeting.published_at, Meeting.starts_at, Meeting.id)
    )
    found = [meeting for meeting in session.scalars(wanted) if _shown_from(meeting) >= since]
    for (series_id, published_at), group in groupby(found, key=lambda one: (one.series_id, one.published_at)):
        meetings = list(group)
        if series_id is None or len(meetings) == 1:
            for meeting in meetings:
                yield _about(meeting, "announced", f"meeting:{meeting.id}:announced", _shown_from(meeting))
        else:
            key = f"meetings:series:{series_id}:announced:{published_at.isoformat()}"
            yield _about_many(meetings, key)


def _agendas(session: Session, since: datetime, now: datetime) -> Iterator[Happening]:
    """Each version of an agenda that says something else about its items.

    One that only follows a new start is told by the change already.
    """
    recent = sa.select(MeetingNotice.meeting_id).where(
        MeetingNotice.kind == NoticeKind.AGENDA, MeetingNotice.posted_at.between(since, now)
    )
    wanted = _visible(now).where(Meeting.id.in_(recent)).options(selectinload(Meeting.notices))
    for meeting in session.scalars(wanted):
        versions = [notice for notice in meeting.notices if notice.kind is NoticeKind.AGENDA]
        said_before = None
        for version in versions:
            says = json.loads(version.content)["items"]
            if says != said_before:
                what = "agenda" if said_before is None else "agenda_again"
                key = f"meeting:{meeting.id}:agenda:{version.number}"
                yield _about(meeting, what, key, version.posted_at, fragment="#agenda", number=version.number)
            said_before = says


def _changes(session: Session, since: datetime, now: datetime) -> Iterator[Happening]:
    changed = sa.select(MeetingChange.meeting_id).where(MeetingChange.happened_at.between(since, now))
    wanted = _visible(now).where(Meeting.id.in_(changed)).options(selectinload(Meeting.changes))
    for meeting in session.scalars(wanted):
        for change in meeting.changes:
            key = f"meeting:{meeting.id}:change:{change.id}"
            yield _about(meeting, change.kind, key, change.happened_at, fragment="#history", change=change)


def _records(session: Session, since: datetime, now: datetime) -> Iterator[Happening]:
    """Minutes, recordings and transcripts."""
    files = MeetingFile.kind.in_((FileKindName.RECORDING, FileKindName.TRANSCRIPT))
    posted = sa.select(MeetingFile).where(files, MeetingFile.posted_at.between(since, now))
    minutes = sa.select(MinutesVersion).where(
        MinutesVersion.published_at <= now,
        sa.or_(MinutesVersion.published_at >= since, MinutesVersion.approved_on >= since.date()),
    )
    meetings = _by_id(session, now)
    for file in session.scalars(posted.order_by(MeetingFile.id)):
        if meeting := meetings.get(file.meeting_id):
            key = f"meeting:{meeting.id}:file:{file.id}"
            yield _about(meeting, file.kind, key, file.posted_at, fragment="#after", file=file)
    for version in session.scalars(minutes.order_by(MinutesVersion.meeting_id, MinutesVersion.number)):
        if meeting := meetings.get(version.meeting_id):
            yield from _of_minutes(meeting, version, now)


def _of_minutes(meeting: Meeting, version: MinutesVersion, now: datetime) -> Iterator[Happening]:
    """A draft, and its approval; one that was approved when it was published is told as approved alone."""
    key = f"meeting:{meeting.id}:minutes:{version.number}"
    published = version.published_at or now
    if version.approved_on is None:
        yield _about(meeting, "minutes", key, published, fragment="#after")
        return
    approved = datetime.combine(version.approved_on, time(), meeting.zone)
    if approved > published:
        yield _about(meeting, "minutes", key, published, fragment="#after")
    yield _about(
        meeting, "minutes_approved", f"{key}:approved", min(max(approved, published), now), fragment="#after"
    )


def _reminders(session: Session, now: datetime) -> Iterator[Happening]:
    """A day before, to those alone who follow the meeting itself and want it."""
    soon = _visible(now).where(Meeting.starts_at > now, Meeting.starts_at <= now + REMINDS_BEFORE)
    for meeting in session.scalars(soon):
        happened_at = meeting.starts_at - REMINDS_BEFORE
        # Who announces a meeting less than a day ahead has reminded everybody by that.
        if meeting.takes_place(now) and _shown_from(meeting) < happened_at:
            yield Happening(
                key=f"meeting:{meeting.id}:reminder:{meeting.starts_at.isoformat()}",
                subjects=_subjects([meeting])[:1],
                happened_at=happened_at,
                tell=partial(_tell, meeting, "reminder"),
                is_reminder=True,
            )


def _visible(now: datetime) -> sa.Select[Meeting]:
    return public_meetings(now).options(joinedload(Meeting.docket))


def _by_id(session: Session, now: datetime) -> dict[int, Meeting]:
    with_records = sa.union(sa.select(MeetingFile.meeting_id), sa.select(MinutesVersion.meeting_id))
    wanted = _visible(now).where(Meeting.id.in_(with_records.scalar_subquery()))
    return {meeting.id: meeting for meeting in session.scalars(wanted)}


def _shown_from(meeting: Meeting) -> datetime:
    """Since when everybody may see it."""
    published = meeting.published_at or meeting.changed_at
    docket = meeting.docket.published_at if meeting.docket else None
    return max(published, docket) if docket else published


def _about(
    meeting: Meeting,
    what: str,
    key: str,
    happened_at: datetime,
    *,
    fragment: str = "",
    number: int = 0,
    change: MeetingChange | None = None,
    file: MeetingFile | None = None,
) -> Happening:
    return Happening(
        key=key,
        subjects=_subjects([meeting]),
        happened_at=max(happened_at, _shown_from(meeting)),
        needed_by=_needed_by(meeting, change) if change else None,
        tell=partial(_tell, meeting, what, fragment=fragment, number=number, change=change, file=file),
    )


def _needed_by(meeting: Meeting, change: MeetingChange) -> datetime:
    """Before anybody sets out for where it was to be, or misses where it is."""
    return min(change.old_starts_at, change.new_starts_at or meeting.starts_at)


def _about_many(meetings: Sequence[Meeting], key: str) -> Happening:
    first = min(meetings, key=lambda one: as_announced(one).begins)
    return Happening(
        key=key,
        subjects=_subjects(meetings),
        happened_at=_shown_from(first),
        tell=partial(_tell, first, "series", number=len(meetings)),
    )


def _subjects(meetings: Iterable[Meeting]) -> tuple[Subject, ...]:
    meetings = list(meetings)
    own = [Subject(MEETING, str(meeting.id)) for meeting in meetings]
    dockets = {meeting.docket_id for meeting in meetings if meeting.docket_id is not None}
    return (*own, *(Subject(DOCKET, str(number)) for number in sorted(dockets)))


def _tell(
    meeting: Meeting,
    what: str,
    language: str,
    *,
    fragment: str = "",
    number: int = 0,
    change: MeetingChange | None = None,
    file: MeetingFile | None = None,
) -> Told:
    values: dict[str, object] = {"number": number, "title": file.title.best(language)[0] if file else ""}
    # What was announced then stays so; all else is said as it stands.
    stated = as_announced(meeting) if what in ("announced", "series") else as_it_stands(meeting)
    with force_locale(language):
        values["when"] = when.span_in_words(stated.begins, stated.ends)
        if change is not None:
            values["old"] = moment(change.old_starts_at, meeting.time_zone)
            values["new"] = moment(change.new_starts_at or change.old_starts_at, meeting.time_zone)
            values["reason"] = change.reason.best(language)[0]
    return Told(
        about=meeting.title.best(language)[0] or meeting.slug,
        text=said_in(language, _SAID[what], place=_place(stated, language), **values),
        path=path_to("meetings.meeting", language, slug=meeting.slug) + fragment,
    )


def _place(stated: Announced, language: str) -> str:
    named = stated.place_name.best(language)[0] if stated.place_name else ""
    online = said_in(language, _SAID["online"]) if stated.is_online else ""
    return ", ".join(filter(None, (named, stated.place_street, online)))
