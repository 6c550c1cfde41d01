"""The agenda that residents read: its last posted version, whatever has been changed in the working one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engage.db.types import Localised
from engage.meetings.models import AgendaItem, Meeting, MeetingFile, MeetingNotice, NoticeKind
from engage.meetings.notice_content import items_of


@dataclass(frozen=True, slots=True)
class PostedFile:
    """A document as it was posted; ``file`` is None where it was replaced or taken away since."""

    title: Localised
    file: MeetingFile | None


@dataclass(frozen=True, slots=True)
class PostedItem:
    """An item as it was posted; ``item`` is None where it was removed since."""

    position: int
    title: Localised
    summary: Localised | None
    is_withdrawn: bool
    files: tuple[PostedFile, ...]
    item: AgendaItem | None


@dataclass(frozen=True, slots=True)
class PostedAgenda:
    """The last posted version of a meeting's agenda. ``content`` is its items as JSON has them."""

    notice: MeetingNotice
    content: list[dict[str, Any]]
    items: tuple[PostedItem, ...]


def posted_agenda(meeting: Meeting) -> PostedAgenda | None:
    """What residents read of a meeting's agenda; None where none was posted yet."""
    versions = [notice for notice in meeting.notices if notice.kind is NoticeKind.AGENDA]
    if not versions:
        return None
    last = max(versions, key=lambda notice: notice.number)
    content: list[dict[str, Any]] = json.loads(last.content)["items"]
    items = {item.id: item for item in meeting.items}
    return PostedAgenda(last, content, tuple(_item(said, items.get(said.get("id", 0))) for said in content))


def differs_from_posted(meeting: Meeting, now: datetime) -> bool:
    """Whether the working agenda is another than residents read; an empty one is none."""
    agenda = posted_agenda(meeting)
    return (agenda.content if agenda else []) != items_of(meeting.items, now)


def posted_items(meeting: Meeting) -> list[AgendaItem]:
    """The items that residents know of and that are still on the agenda: what can be spoken or written on."""
    agenda = posted_agenda(meeting)
    return [one.item for one in agenda.items if one.item and not one.is_withdrawn] if agenda else []


def was_taken_off(item: AgendaItem) -> bool:
    """Whether the posted agenda says that this item is not on it any more, or leaves it out where an earlier
    one had it."""
    agendas = [notice for notice in item.meeting.notices if notice.kind is NoticeKind.AGENDA]
    is_known = any(said.get("id") == item.id for one in agendas for said in json.loads(one.content)["items"])
    return is_known and item not in posted_items(item.meeting)


def _item(said: Mapping[str, Any], item: AgendaItem | None) -> PostedItem:
    here = {(file.shown_digest, file.url): file for file in (item.files if item else ())}
    files = (
        PostedFile(Localised(**one["title"]), here.get((one["digest"], one["url"]))) for one in said["files"]
    )
    return PostedItem(
        position=said["position"],
        title=Localised(**said["title"]),
        summary=Localised(**said["summary"]) if said["summary"] else None,
        is_withdrawn=said.get("withdrawn", False),
        files=tuple(files),
        item=item,
    )
