"""The documents of a meeting that residents may read now, with their addresses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from engage.meetings.models import AgendaItem, FileKindName, Meeting, MeetingFile, NoticeKind
from engage.web.links import address_of, path_to

_UPLOADED = "meetings.file"


@dataclass(frozen=True, slots=True)
class Paper:
    """A document: its title in one language, where it is, and what it is. ``media_type`` None: not known."""

    title: str
    address: str
    kind: FileKindName
    media_type: str | None
    posted_at: datetime


def public_papers(meeting: Meeting, language: str, now: datetime) -> list[Paper]:
    """In order: of the whole meeting, then of its items.

    A document of an item is there as the posted agenda names it: what was swapped afterwards is not told
    here before the agenda is posted anew.
    """
    posted = _posted_words(meeting)
    files = [file for file in meeting.files if file.item_id is None]
    files += [file for item in meeting.items for file in item.files if _name(file) in posted]
    return [
        Paper(
            title=file.title.best(language)[0],
            address=_address(file, language),
            kind=file.kind,
            media_type=file.media_type,
            posted_at=file.posted_at,
        )
        for file in files
        if _is_readable(file, now)
    ]


def posted_items(meeting: Meeting) -> list[AgendaItem]:
    """The items of the agenda that was posted last, in order."""
    posted = _posted_words(meeting)
    return [item for item in meeting.items if {item.title.en, item.title.es} & posted - {""}]


def _is_readable(file: MeetingFile, now: datetime) -> bool:
    version = file.version
    if version is not None and not (
        version.published_at <= now and version.document.docket.is_published(now)
    ):
        return False
    return file.posted_at <= now


def _address(file: MeetingFile, language: str) -> str:
    if file.url is not None:
        return file.url
    version, meeting = file.version, file.meeting
    if version is not None:
        document = version.document
        named = {
            "slug": document.docket.slug,
            "document_slug": document.slug,
            "version": version.number,
        }
        return address_of(path_to("dockets.document", language, **named))
    if _UPLOADED in current_app.view_functions:
        return address_of(path_to(_UPLOADED, language, slug=meeting.slug, file_id=file.id))
    return address_of(path_to("meetings.meeting", language, slug=meeting.slug))


def _name(file: MeetingFile) -> str | None:
    """What a posted agenda names this very document by."""
    return file.version.digest if file.version else file.digest or file.url


def _posted_words(meeting: Meeting) -> set[str]:
    """Every text in the agenda that was posted last."""
    agendas = [notice for notice in meeting.notices if notice.kind is NoticeKind.AGENDA]
    return set(_texts(json.loads(agendas[-1].content))) if agendas else set()


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)
