"""The documents of a meeting that residents may read now, with their addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engage.meetings.models import FileKindName, Meeting, MeetingFile
from engage.meetings.papers import public_files, public_item_files
from engage.web.links import address_of, path_to


@dataclass(frozen=True, slots=True)
class Paper:
    """A document: its title in one language, where it is, and what it is. ``media_type`` None: not known."""

    title: str
    address: str
    kind: FileKindName
    media_type: str | None
    posted_at: datetime


def public_papers(meeting: Meeting, language: str, now: datetime) -> list[Paper]:
    """In order: of the whole meeting, then of its items as the posted agenda names them."""
    return [
        Paper(
            title=file.title.best(language)[0],
            address=_address(file, language),
            kind=file.kind,
            media_type=file.media_type,
            posted_at=file.posted_at,
        )
        for file in [*public_files(meeting, now), *public_item_files(meeting, now)]
    ]


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
    return address_of(path_to("meetings.file", language, slug=meeting.slug, file_id=file.id))
