"""Atom feeds (RFC 4287), written by a library. Only what everybody may see, by the same queries as the
pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import current_app
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engage.comments.models import Comment, CommentPeriod
from engage.comments.queries import public_comments
from engage.web.links import address_of, path_to
from engage.web.locale import day as in_words
from engage.web.news import Happening, Subject, happenings

ATOM = "http://www.w3.org/2005/Atom"
MIMETYPE = "application/atom+xml"
REACHES_BACK = timedelta(days=365)

_LONGEST = 50
_BEGAN = 2026  # the year in the ids of the site: see RFC 4151
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; ``key`` is the same for ever."""

    key: str
    title: str
    text: str
    path: str
    updated: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed in one language: its own path and that of the page that it stands for."""

    key: str
    title: str
    path: str
    page: str
    language: str
    entries: Sequence[Entry]
    began: datetime

    @property
    def updated(self) -> datetime:
        """When the newest entry was, without entries when the thing itself began."""
        return max((entry.updated for entry in self.entries), default=self.began)


def news_entries(
    session: Session, subjects: Sequence[Subject] | str, language: str, now: datetime
) -> list[Entry]:
    """What has happened to these subjects, or to all of one kind; reminders are for followers alone."""
    found = [
        happening
        for happening in happenings(session, now - REACHES_BACK, now)
        if not happening.is_reminder and _is_about(happening, subjects)
    ]
    return [_entry(happening, language) for happening in reversed(found)][:_LONGEST]


def comment_entries(session: Session, period: CommentPeriod, language: str, now: datetime) -> list[Entry]:
    """The posted comments of a period by the day of receipt: how many, and where to read them.

    Never one by one: their order would be the order in which they arrived.
    """
    count = sa.func.count()
    wanted = (
        public_comments(now)
        .where(Comment.period_id == period.id)
        .with_only_columns(Comment.received_on, count)
        .group_by(Comment.received_on)
        .order_by(Comment.received_on.desc())
        .limit(_LONGEST)
    )
    zone = ZoneInfo(period.time_zone)
    return [
        _of_day(period, received, number, language, zone, now) for received, number in session.execute(wanted)
    ]


def newest(*groups: Sequence[Entry]) -> list[Entry]:
    """The newest entries of several lists."""
    entries = (entry for group in groups for entry in group)
    return sorted(entries, key=lambda entry: (entry.updated, entry.key), reverse=True)[:_LONGEST]


def render(feed: Feed) -> bytes:
    """The document."""
    # Said here, and not by ElementTree's register of prefixes, which is one for the whole process: other
    # libraries write into it.
    root = Element("feed", {"xmlns": ATOM, "xml:lang": feed.language})
    _add(root, "id", _tag(f"{feed.key}/{feed.language}"))
    _add(root, "title", feed.title)
    _add(root, "updated", _instant(feed.updated))
    _add(SubElement(root, "author"), "name", current_app.config["ENGAGE_SETTINGS"].site_name)
    _link(root, "self", address_of(feed.path), MIMETYPE)
    _link(root, "alternate", address_of(feed.page), "text/html")
    for entry in feed.entries:
        element = SubElement(root, "entry")
        _add(element, "id", _tag(f"{entry.key}/{feed.language}"))
        _add(element, "title", entry.title)
        _add(element, "updated", _instant(entry.updated))
        _link(element, "alternate", address_of(entry.path), "text/html")
        _add(element, "summary", entry.text)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _is_about(happening: Happening, subjects: Sequence[Subject] | str) -> bool:
    if isinstance(subjects, str):
        return any(subject.kind == subjects for subject in happening.subjects)
    return any(subject in happening.subjects for subject in subjects)


def _entry(happening: Happening, language: str) -> Entry:
    told = happening.tell(language)
    return Entry(happening.key, told.about, told.text, told.path, happening.happened_at)


def _of_day(
    period: CommentPeriod, received: date, number: int, language: str, zone: ZoneInfo, now: datetime
) -> Entry:
    begun = datetime.combine(received, time(), zone)
    ended = datetime.combine(received + timedelta(days=1), time(), zone)
    with force_locale(language):
        title = _("Comments of %(day)s", day=in_words(received))
        text = ngettext(
            "%(num)s comment that was received on this day is posted.",
            "%(num)s comments that were received on this day are posted.",
            number,
        )
    return Entry(
        key=f"period:{period.id}:comments:{received.isoformat()}",
        title=title,
        text=text,
        path=path_to("comments.reading_room", language, slug=period.slug, day=received.isoformat()),
        updated=ended if ended <= now else begun,
    )


def _tag(key: str) -> str:
    """An id that stays when the site moves to another scheme or port (RFC 4151)."""
    host = urlsplit(current_app.config["ENGAGE_SETTINGS"].base_url).hostname
    return f"tag:{host},{_BEGAN}:{key}"


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _NO_XML.sub("", text)


def _link(parent: Element, rel: str, href: str, mimetype: str) -> None:
    SubElement(parent, "link", {"rel": rel, "href": href, "type": mimetype})


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
