"""The documents of meetings: which of them residents may read. Every reader goes through the queries here.

A document of the whole meeting is there from the moment it was posted. One of an item is there as the posted
agenda names it, so that what was swapped afterwards is not read before the agenda is posted anew.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engage.dockets.models import Docket, Document, DocumentVersion
from engage.errors import NotFound
from engage.files import FileKind
from engage.meetings.models import FileKindName, Meeting, MeetingFile
from engage.meetings.posted import posted_agenda
from engage.meetings.queries import get_public_meeting

AFTERWARDS = frozenset({FileKindName.MINUTES, FileKindName.RECORDING, FileKindName.TRANSCRIPT})
"""What there is of a meeting that has been: shown with what became of it, and not beside its agenda."""

_KINDS = {kind.media_type: kind for kind in FileKind}


def public_files(meeting: Meeting, now: datetime) -> list[MeetingFile]:
    """The documents of the whole meeting that residents of a published meeting may read, in order."""
    return [file for file in meeting.files if file.item_id is None and file.is_readable(now)]


def public_item_files(meeting: Meeting, now: datetime) -> list[MeetingFile]:
    """The documents of the posted agenda's items that are still there as it names them, in order."""
    agenda = posted_agenda(meeting)
    named = [one.file for item in (agenda.items if agenda else ()) for one in item.files]
    return [file for file in named if file is not None and file.is_readable(now)]


def get_public_file(session: Session, slug: str, file_id: int, now: datetime) -> MeetingFile:
    """An uploaded file that residents may read. Raises NotFound: one answer for all others."""
    meeting = get_public_meeting(session, slug, now)
    for file in [*public_files(meeting, now), *public_item_files(meeting, now)]:
        if file.id == file_id and file.media_type:
            return file
    raise _unknown()


def get_file(meeting: Meeting, file_id: int) -> MeetingFile:
    """Any document of this meeting, for its staff. Raises NotFound, also for another meeting's."""
    for file in meeting.files:
        if file.id == file_id:
            return file
    raise _unknown()


def is_shown(file: MeetingFile, now: datetime) -> bool:
    """Whether residents see this document now."""
    if file.meeting.published_at is None or file.meeting.published_at > now:
        return False
    if file.item_id is None:
        return file.is_readable(now)
    agenda = posted_agenda(file.meeting)
    return agenda is not None and any(one.file is file for item in agenda.items for one in item.files)


def offered_versions(session: Session, meeting: Meeting, now: datetime) -> list[DocumentVersion]:
    """The versions of documents on the meeting's docket that residents may read, the newest first of each."""
    return list(
        session.scalars(
            sa.select(DocumentVersion)
            .join(Document, DocumentVersion.document_id == Document.id)
            .join(Docket, Document.docket_id == Docket.id)
            .where(Docket.id == meeting.docket_id, DocumentVersion.published_at <= now)
            .order_by(Document.position, Document.id, DocumentVersion.number.desc())
        )
    )


def kind_of(file: MeetingFile) -> FileKind | None:
    """What an uploaded file is; None for any other document."""
    return _KINDS.get(file.media_type or "")


def file_name(file: MeetingFile) -> str:
    """What an uploaded file is called on the computer of whoever saves it."""
    kind = kind_of(file)
    return f"{file.meeting.slug}-{file.id}{kind.extension if kind else ''}"


def _unknown() -> NotFound:
    return NotFound(_l("There is no such file here. It may not have been posted, or not yet."))
