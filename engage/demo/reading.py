"""The files under ``data/`` as objects, and the calendar that turns their days into dates. No database."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from engage.clock import from_wall_clock
from engage.comments.models import Channel, ModerationReason, Position
from engage.db.types import LANGUAGES, Localised

DATA = files("engage.demo") / "data"
DOCKETS = ("docket-287g", "docket-cameras")
COMMENTS = ("closed-en", "closed-es", "letters-en", "open-en", "open-es", "other", "forum")


class Fate(StrEnum):
    """What the demo's moderator does with a comment."""

    POSTED = "posted"
    PENDING = "pending"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True)
class Script:
    """One comment as the demo sends it; ``day`` counts whole days from the opening of its period.

    ``meeting`` is the slug of the meeting at which it was spoken or for which it was written, ``item`` the
    number of the item there; None for most.
    """

    key: str
    period: str
    text: str
    position: Position | None
    name: str | None
    organisation: str | None
    district: str | None
    day: int
    channel: Channel
    fate: Fate
    reason: ModerationReason | None
    meeting: str | None = None
    item: int | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of the county, counted from the one on which it was loaded: negative is past."""

    today: date
    zone: ZoneInfo

    def day(self, days: int) -> date:
        """The date of a day."""
        return self.today + timedelta(days=days)

    def instant(self, days: int, at: str = "09:00") -> datetime:
        """The instant at which the clocks there show a time ("HH:MM") on a day."""
        return from_wall_clock(datetime.combine(self.day(days), time.fromisoformat(at)), self.zone)


def toml(name: str) -> dict[str, Any]:
    """A TOML file; every table with the languages of the site as its keys becomes a Localised."""
    content: dict[str, Any] = _with_languages(tomllib.loads((DATA / name).read_text(encoding="utf-8")))
    return content


def document(folder: str, name: str) -> Localised:
    """The text of one version of a document, Markdown in both languages."""
    texts = {code: (DATA / folder / f"{name}.{code}.md").read_text(encoding="utf-8") for code in LANGUAGES}
    return Localised(**texts)


def scripts() -> list[Script]:
    """Every comment of the demo, file by file."""
    texts = ((DATA / "comments" / f"{name}.jsonl").read_text(encoding="utf-8") for name in COMMENTS)
    # Not splitlines(): a text may hold other characters that end a line.
    return [_script(json.loads(line)) for text in texts for line in text.split("\n") if line]


def _with_languages(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) == set(LANGUAGES):
            return Localised(**{code: text.strip() for code, text in value.items()})
        return {key: _with_languages(inner) for key, inner in value.items()}
    return [_with_languages(inner) for inner in value] if isinstance(value, list) else value


def _script(line: dict[str, Any]) -> Script:
    return Script(
        key=line["key"],
        period=line["period"],
        text=line["text"],
        position=Position(line["position"]) if line["position"] else None,
        name=line["name"],
        organisation=line["organisation"],
        district=line["district"],
        day=line["day"],
        channel=Channel(line["channel"]),
        fate=Fate(line["moderation"]),
        reason=ModerationReason(line["reason"]) if line["reason"] else None,
        meeting=line.get("meeting"),
        item=line.get("item"),
    )
