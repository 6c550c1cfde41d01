"""Meetings as JSON: Open Civic Data, City Scrapers, and an Event of schema.org for search engines.

City Scrapers and Open Civic Data know four states. What is postponed is "cancelled" there, as City Scrapers
itself does it: nobody should go there at that time. Its description says that it is postponed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from flask_babel import lazy_gettext as _l

from engage.meetings.calendar.papers import Paper, public_papers
from engage.meetings.calendar.sayings import (
    description_of,
    join_link,
    kind_of,
    name_of,
    page_of,
    place_of,
    title_of,
    told,
)
from engage.meetings.models import FileKindName, Format, Meeting, MeetingKind, MeetingStatus
from engage.meetings.posted import PostedItem, posted_agenda

_STATES: Final = {
    MeetingStatus.CANCELLED: "cancelled",
    MeetingStatus.POSTPONED: "cancelled",
    MeetingStatus.TENTATIVE: "tentative",
    MeetingStatus.PASSED: "passed",
}
_CLASSES: Final = {
    MeetingKind.COMMUNITY_FORUM: "Forum",
    MeetingKind.TOWN_HALL: "Forum",
    MeetingKind.OFFICE_HOURS: "Forum",
    MeetingKind.STEERING_COMMITTEE: "Committee",
}
_JOIN: Final = _l("Join online")
_SCHEMA_ORG: Final = "https://schema.org"
_MODES: Final = {
    Format.IN_PERSON: "OfflineEventAttendanceMode",
    Format.ONLINE: "OnlineEventAttendanceMode",
    Format.HYBRID: "MixedEventAttendanceMode",
}


def city_scrapers_of(meeting: Meeting, language: str, now: datetime) -> dict[str, Any]:
    """A Meeting of City Scrapers. Its id has the start that was announced first, and stays."""
    links = [{"href": paper.address, "title": paper.title} for paper in public_papers(meeting, language, now)]
    if join := join_link(meeting):
        links.append({"href": join, "title": name_of(_JOIN, language)})
    return {
        "id": _scraped_id(meeting),
        "title": title_of(meeting, language)[0],
        "description": description_of(meeting, language),
        "classification": _CLASSES.get(meeting.kind, "Not classified"),
        "status": _state(meeting, now),
        "all_day": False,
        "start": meeting.local_start.isoformat(),
        "end": meeting.last_instant.astimezone(meeting.zone).isoformat(),
        "time_notes": told(meeting.time_notes, language),
        "location": _scraped_location(meeting, language),
        "links": links,
        "source": page_of(meeting, language),
    }


def open_civic_data_of(meeting: Meeting, language: str, now: datetime) -> dict[str, Any]:
    """An Event of Open Civic Data."""
    papers = public_papers(meeting, language, now)
    page = page_of(meeting, language)
    organiser = told(meeting.organiser, language)
    links = [{"note": kind_of(meeting, language), "url": page}]
    if join := join_link(meeting):
        links.append({"note": name_of(_JOIN, language), "url": join})
    return {
        "_type": "event",
        "id": f"ocd-event/{uuid5(NAMESPACE_URL, meeting.uid)}",
        "name": title_of(meeting, language)[0],
        "description": description_of(meeting, language),
        "classification": meeting.kind.value.replace("_", " "),
        "start_time": meeting.local_start.isoformat(),
        "timezone": meeting.time_zone,
        "end_time": meeting.ends_at.astimezone(meeting.zone).isoformat() if meeting.ends_at else None,
        "all_day": False,
        "status": _state(meeting, now),
        "location": {"name": place_of(meeting, language), "url": page, "coordinates": None},
        "media": [_medium(paper) for paper in papers if paper.kind is FileKindName.RECORDING],
        "links": links,
        "documents": [
            _document(paper, meeting) for paper in papers if paper.kind is not FileKindName.RECORDING
        ],
        "participants": [_organiser(organiser)] if organiser else [],
        "agenda": [
            {
                "description": told(item.title, language),
                "classification": "",
                "order": str(item.position),
                "subjects": [],
                "notes": [text] if (text := told(item.summary, language)) else [],
                "related_entities": [],
                "media": [],
            }
            for item in _posted_items(meeting)
        ],
        "sources": [{"url": page, "note": None}],
        "updated_at": meeting.changed_at.isoformat(),
        "extras": {"cityscrapers/id": _scraped_id(meeting)},
    }


def schema_org_of(meeting: Meeting, language: str) -> dict[str, Any]:
    """An Event of schema.org."""
    event = {
        "@context": _SCHEMA_ORG,
        "@type": "Event",
        "name": told(meeting.title, language),
        "description": description_of(meeting, language),
        "startDate": meeting.local_start.isoformat(),
        "endDate": meeting.last_instant.astimezone(meeting.zone).isoformat(),
        "eventStatus": f"{_SCHEMA_ORG}/{_event_status(meeting)}",
        "eventAttendanceMode": f"{_SCHEMA_ORG}/{_MODES[meeting.format]}",
        "location": _locations(meeting, language),
        "inLanguage": language,
        "isAccessibleForFree": True,
        "url": page_of(meeting, language),
    }
    if meeting.first_start != meeting.starts_at:
        event["previousStartDate"] = meeting.first_start.astimezone(meeting.zone).isoformat()
    organiser = told(meeting.organiser, language)
    if organiser:
        event["organizer"] = {"@type": "Organization", "name": organiser}
    if meeting.capacity is not None and meeting.is_in_person:
        event["maximumPhysicalAttendeeCapacity"] = meeting.capacity
    return event


def _posted_items(meeting: Meeting) -> list[PostedItem]:
    """The agenda in the words that were posted, without what was taken off it."""
    agenda = posted_agenda(meeting)
    return [item for item in agenda.items if not item.is_withdrawn] if agenda else []


def _event_status(meeting: Meeting) -> str:
    if meeting.cancelled_at is not None:
        return "EventCancelled"
    if meeting.postponed_at is not None:
        return "EventPostponed"
    return "EventScheduled" if meeting.first_start == meeting.starts_at else "EventRescheduled"


def _locations(meeting: Meeting, language: str) -> list[dict[str, Any]]:
    """The room, the way to join from elsewhere, or both; a link that not everybody has is the page's."""
    found: list[dict[str, Any]] = []
    if meeting.is_in_person:
        place: dict[str, Any] = {"@type": "Place", "name": told(meeting.place_name, language)}
        place["address"] = {"@type": "PostalAddress", "streetAddress": meeting.place_street or place["name"]}
        accessibility = told(meeting.accessibility, language)
        if accessibility:
            feature = {"@type": "LocationFeatureSpecification", "name": accessibility, "value": True}
            place["amenityFeature"] = [feature]
        found.append(place)
    if meeting.is_online:
        url = join_link(meeting) or page_of(meeting, language)
        found.append({"@type": "VirtualLocation", "url": url})
    return found


def _state(meeting: Meeting, now: datetime) -> str:
    return _STATES.get(meeting.status(now), "confirmed")


def _scraped_id(meeting: Meeting) -> str:
    start = meeting.first_start.astimezone(meeting.zone)
    return f"engage/{start:%Y%m%d%H%M}/x/{meeting.slug.replace('-', '_')}"


def _scraped_location(meeting: Meeting, language: str) -> dict[str, str]:
    if not meeting.is_in_person:
        return {"name": place_of(meeting, language), "address": ""}
    return {"name": told(meeting.place_name, language), "address": meeting.place_street or ""}


def _medium(paper: Paper) -> dict[str, Any]:
    kind = paper.media_type or "text/html"
    return {"note": paper.title, "offset": None, "links": [{"media_type": kind, "url": paper.address}]}


def _document(paper: Paper, meeting: Meeting) -> dict[str, Any]:
    kind = paper.media_type or "text/html"
    return {
        "note": paper.title,
        "date": paper.posted_at.astimezone(meeting.zone).date().isoformat(),
        "media_type": kind,
        "url": paper.address,
        "links": [{"media_type": kind, "url": paper.address}],
    }


def _organiser(name: str) -> dict[str, Any]:
    return {
        "note": "host",
        "name": name,
        "entity_type": "organization",
        "entity_name": name,
        "entity_id": None,
    }
