"""Bring the meetings of another system's file into the site, again and again.

A meeting is known by its source's format and its id there, so the same file twice changes nothing, a newer
file changes what it says otherwise, and what has vanished from it is left alone. A meeting follows its source
until one of our staff has moved, postponed or cancelled it; its texts follow always, in the language of the
import, and what was written in the other language stays.

What residents have seen changes in public: each change of time, place or state is counted, has its row with
the reason that the source says so, and is posted as a new version of the notice. A cancelled meeting stays
cancelled: who asked people not to come does not take that back in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from engage.db.session import advisory_lock
from engage.db.types import Localised
from engage.dockets.models import Docket
from engage.exchange.importing import Summary
from engage.exchange.meetings.records import SourceLink, SourceMeeting, State
from engage.exchange.meetings.sources import MeetingSource
from engage.exchange.records import RowProblem
from engage.exchange.values import fold
from engage.meetings.models import (
    AgendaItem,
    Meeting,
    MeetingChangeKind,
    MeetingFile,
    MeetingSeries,
    MeetingStatus,
)
from engage.meetings.posted import differs_from_posted
from engage.meetings.service import post_all, post_notice, repost_agenda, write_change

BATCH: Final = 200
_IMPORT_LOCK: Final = 2_870_022
_SLUG_TITLE: Final = 50
_REASON: Final = Localised(
    en="This is what the source of this meeting says.", es="Así lo indica la fuente de esta reunión."
)
_WHOLE_DAY: Final = Localised(en="The hour is not stated.", es="No se indica la hora.")
_TITLES: Final = {
    "Agenda": Localised(en="Agenda", es="Orden del día"),
    "Document": Localised(en="Document", es="Documento"),
    "Link": Localised(en="Link", es="Enlace"),
    "Minutes": Localised(en="Minutes", es="Acta"),
    "Page": Localised(en="Page at the source", es="Página en la fuente"),
    "Video": Localised(en="Video", es="Video"),
}
"""Titles that our readers give to links without any, in both languages."""

_TEXTS: Final = ("title", "summary", "organiser", "time_notes")


@dataclass(frozen=True, slots=True)
class Target:
    """Where meetings go. ``language`` is that of the file's texts; ``publish``: all see them at once."""

    docket: Docket | None
    language: str
    publish: bool
    now: datetime


def import_meetings(
    session: Session,
    *,
    source: MeetingSource,
    target: Target,
    dry_run: bool = False,
    on_problem: Callable[[RowProblem], None] = lambda _problem: None,
) -> Summary:
    """Take over what is new and changed in a file; returns how many entries were what.

    All in the caller's transaction: BadFile, raised where the rest of the file cannot be trusted, must roll
    it back. Bad entries are told to ``on_problem`` and the good ones taken. With ``dry_run`` it only
    compares. Meetings that this site itself has told in a calendar are passed over.
    """
    summary = Summary()

    def tell(problem: RowProblem) -> None:
        summary.bad += 1
        on_problem(problem)

    if not dry_run:
        advisory_lock(session, _IMPORT_LOCK)
        _hold_all(session, source.format)
    for batch in _batches(_good(source, tell)):
        known, own = _known(session, source.format, batch), _own(session, batch)
        for said in batch:
            meeting = known.get(said.source_id)
            if said.uid in own:
                summary.skipped += 1
            elif meeting is None:
                summary.new += 1
                if not dry_run:
                    _add(session, source.format, said, target)
            else:
                _follow(session, meeting, said, target, summary, tell, dry_run=dry_run)
    summary.skipped += source.skipped
    return summary


def _hold_all(session: Session, kind: str) -> None:
    """Hold every meeting that may be posted, before the first is: see service.notice._hold."""
    known = sa.select(Meeting.id).where(Meeting.source_format == kind).order_by(Meeting.id)
    session.execute(known.with_for_update(key_share=True))


def _good(source: MeetingSource, tell: Callable[[RowProblem], None]) -> Iterator[SourceMeeting]:
    for item in source:
        if isinstance(item, RowProblem):
            tell(item)
        else:
            yield item


def _batches(items: Iterator[SourceMeeting]) -> Iterator[list[SourceMeeting]]:
    while batch := list(islice(items, BATCH)):
        yield batch


def _known(session: Session, kind: str, batch: list[SourceMeeting]) -> dict[str, Meeting]:
    """The meetings of this batch that are there already, by their ids in the source."""
    statement = (
        sa.select(Meeting)
        .where(Meeting.source_format == kind, Meeting.source_id.in_([said.source_id for said in batch]))
        .options(selectinload(Meeting.items), selectinload(Meeting.files), selectinload(Meeting.changes))
    )
    return {meeting.source_id or "": meeting for meeting in session.scalars(statement)}


def _own(session: Session, batch: list[SourceMeeting]) -> frozenset[str]:
    """The UIDs of this batch that are this site's own."""
    uids = {said.uid for said in batch if said.uid}
    meetings = sa.select(Meeting.uid).where(Meeting.uid.in_(uids))
    series = sa.select(MeetingSeries.uid).where(MeetingSeries.uid.in_(uids))
    return frozenset(session.scalars(sa.union(meetings, series)))


def _add(session: Session, kind: str, said: SourceMeeting, target: Target) -> None:
    """A draft, or where that is asked for a published meeting. It is held elsewhere: none registers here."""
    place = Localised(**{target.language: said.place_name}) if said.place_name else None
    meeting = Meeting(
        slug=_slug(kind, said),
        docket=target.docket,
        kind=said.kind,
        source_format=kind,
        source_id=said.source_id,
        takes_registrations=False,
        takes_speakers=False,
        changed_at=target.now,
        format=said.format,
        place_name=place,
        place_street=said.place_street,
        join_url=said.join_url,
        starts_at=said.starts_at,
        ends_at=said.ends_at,
        time_zone=said.time_zone,
        **_texts(None, said, target),
        **_state(None, said, target.now),
    )
    session.add(meeting)
    session.flush()
    _append(meeting, said, target)
    if target.publish:
        meeting.published_at = target.now
    _post(session, meeting, target.now)


@dataclass(frozen=True, slots=True)
class _Step:
    """What has to be done about a meeting that is known.

    ``values`` are written in silence, ``changes`` in public; ``is_refused``: it stays cancelled.
    """

    values: dict[str, Any]
    changes: list[tuple[MeetingChangeKind, dict[str, Any]]]
    has_more: bool
    publishes: bool
    is_refused: bool = False

    @property
    def is_due(self) -> bool:
        return bool(self.values or self.changes or self.has_more or self.publishes)


def _follow(
    session: Session,
    meeting: Meeting,
    said: SourceMeeting,
    target: Target,
    summary: Summary,
    tell: Callable[[RowProblem], None],
    *,
    dry_run: bool,
) -> None:
    step = _step(meeting, said, target)
    if step.is_refused:
        message = "It was cancelled for all to see, and the source now says otherwise. It stays cancelled."
        tell(RowProblem(said.row, said.source_id, message))
    if not step.is_due:
        summary.unchanged += not step.is_refused
        return
    summary.changed += 1
    if dry_run:
        return
    # What staff have written beside the source and not posted yet must not become public with its changes.
    has_unposted = meeting.published_at is not None and differs_from_posted(meeting, target.now)
    for name, value in step.values.items():
        setattr(meeting, name, value)
    if step.values:
        meeting.changed_at = target.now
    _append(meeting, said, target)
    for kind, values in step.changes:
        write_change(session, meeting, kind, reason=_REASON, actor=None, now=target.now, **values)
    if step.publishes:
        meeting.published_at = target.now
    _post(session, meeting, target.now, has_unposted=has_unposted)


def _step(meeting: Meeting, said: SourceMeeting, target: Target) -> _Step:
    values = _different(meeting, _texts(meeting, said, target))
    has_more = bool(_new_items(meeting, said) or _new_links(meeting, said))
    status = meeting.status(target.now)
    if status is MeetingStatus.DRAFT:
        facts = {**_when(said), **_where(meeting, said, target), **_state(meeting, said, target.now)}
        publishes = target.publish and meeting.published_at is None
        return _Step(values | _different(meeting, facts), [], has_more, publishes)
    is_ours = any(change.actor_id is not None for change in meeting.changes)
    if is_ours or status is MeetingStatus.PASSED:
        return _Step(values, [], has_more, publishes=False)
    if status is MeetingStatus.CANCELLED:
        is_back = said.state is not State.CANCELLED
        return _Step(values, [], has_more, publishes=False, is_refused=is_back)
    return _Step(values, list(_changes(meeting, said, target)), has_more, publishes=False)


def _changes(
    meeting: Meeting, said: SourceMeeting, target: Target
) -> Iterator[tuple[MeetingChangeKind, dict[str, Any]]]:
    """What the source says otherwise than residents have read, in the order in which it is told."""
    if place := _different(meeting, _where(meeting, said, target)):
        yield MeetingChangeKind.PLACE, place
    is_back = meeting.postponed_at is not None and said.state in (State.CONFIRMED, State.TENTATIVE)
    when = _when(said)
    if _different(meeting, when) or is_back:
        other_day = said.starts_at.astimezone(meeting.zone).date() != meeting.local_start.date()
        if is_back or other_day:
            first = meeting.original_starts_at or meeting.starts_at
            again = {"original_starts_at": first, "postponed_at": None if is_back else meeting.postponed_at}
            yield MeetingChangeKind.RESCHEDULE, when | again
        else:
            yield MeetingChangeKind.MOVE, when
    if meeting.is_tentative and said.state is State.CONFIRMED:
        yield MeetingChangeKind.CONFIRM, {"is_tentative": False}
    if said.state is State.CANCELLED:
        yield MeetingChangeKind.CANCEL, {"cancelled_at": target.now}
    elif said.state is State.POSTPONED and meeting.postponed_at is None:
        yield MeetingChangeKind.POSTPONE, {"postponed_at": target.now}


def _post(session: Session, meeting: Meeting, now: datetime, *, has_unposted: bool = False) -> None:
    """Post what residents can read now as a version of its own, where they can read anything.

    Of an agenda that ``has_unposted`` changes only the start is told anew, until a clerk posts it.
    """
    session.flush()
    if meeting.published_at is None or meeting.published_at > now:
        return
    if has_unposted:
        post_notice(session, meeting, actor=None, now=now)
        repost_agenda(session, meeting, actor=None, now=now)
    else:
        post_all(session, meeting, actor=None, now=now)


def _when(said: SourceMeeting) -> dict[str, Any]:
    return {"starts_at": said.starts_at, "ends_at": said.ends_at, "time_zone": said.time_zone}


def _where(meeting: Meeting, said: SourceMeeting, target: Target) -> dict[str, Any]:
    """Where the source says that people attend; nothing where it does not say."""
    if not (said.place_name or said.place_street or said.join_url):
        return {}
    return {
        "format": said.format,
        "place_name": _merged(meeting.place_name, said.place_name, target.language),
        "place_street": said.place_street,
        "join_url": said.join_url,
    }


def _texts(meeting: Meeting | None, said: SourceMeeting, target: Target) -> dict[str, Any]:
    """The texts that the source tells, beside what is written in the other language."""
    texts = {name: getattr(said, name) for name in _TEXTS}
    merged = {
        name: _merged(getattr(meeting, name) if meeting else None, text, target.language)
        for name, text in texts.items()
        if text
    }
    if said.is_whole_day and not said.time_notes:
        merged["time_notes"] = _WHOLE_DAY
    return merged


def _state(meeting: Meeting | None, said: SourceMeeting, now: datetime) -> dict[str, Any]:
    """Where a meeting stands that nobody has seen yet."""
    known = {"cancelled_at": State.CANCELLED, "postponed_at": State.POSTPONED}
    stands = {
        name: ((getattr(meeting, name) if meeting else None) or now) if said.state is state else None
        for name, state in known.items()
    }
    return stands | {"is_tentative": said.state is State.TENTATIVE}


def _merged(there: Localised | None, text: str | None, language: str) -> Localised | None:
    if not text:
        return there
    old = there or Localised()
    return Localised(en=text, es=old.es) if language == "en" else Localised(en=old.en, es=text)


def _different(meeting: Meeting, values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if getattr(meeting, name) != value}


def _append(meeting: Meeting, said: SourceMeeting, target: Target) -> None:
    """Add the items and links that are new. What is there stays: residents may have written about it."""
    for title in _new_items(meeting, said):
        position = max((item.position for item in meeting.items), default=0) + 1
        text = Localised(**{target.language: title})
        # Whoever imports does not run the meeting: nobody speaks or writes to its items here.
        meeting.items.append(
            AgendaItem(position=position, title=text, takes_written=False, takes_speakers=False)
        )
    for link in _new_links(meeting, said):
        meeting.files.append(
            MeetingFile(
                kind=link.kind,
                title=_TITLES.get(link.title) or Localised(**{target.language: link.title}),
                url=link.url,
                position=len(meeting.files),
                posted_at=target.now,
            )
        )


def _new_items(meeting: Meeting, said: SourceMeeting) -> list[str]:
    there = {text for item in meeting.items for text in (item.title.en, item.title.es)}
    return list(dict.fromkeys(title for title in said.items if title not in there))


def _new_links(meeting: Meeting, said: SourceMeeting) -> list[SourceLink]:
    there = {file.url for file in meeting.files}
    return list({link.url: link for link in said.links if link.url not in there}.values())


def _slug(kind: str, said: SourceMeeting) -> str:
    """Words of the title, the first day, and what makes it the source's alone."""
    title = re.sub(r"[^a-z0-9]+", "-", fold(said.title))[:_SLUG_TITLE].strip("-") or "meeting"
    own = sha256(f"{kind}\n{said.source_id}".encode()).hexdigest()[:8]
    return f"{title}-{said.starts_at:%Y-%m-%d}-{own}"
