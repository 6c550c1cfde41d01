"""The demo's files as they stand, read without any code of the site."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[2] / "engage" / "demo" / "data"
SIDES = ("support", "oppose")
LANGUAGES = ("en", "es")
PERIODS = ("287g-first-draft", "287g-second-draft")


@dataclass(frozen=True)
class Record:
    """One line of a comment file. An unknown field or a missing one stops the reading."""

    key: str
    period: str
    text: str
    language: str
    position: str | None
    name: str | None
    organisation: str | None
    district: str | None
    day: int
    channel: str
    moderation: str
    reason: str | None
    written_as: str | None = None
    contains: list[str] = field(default_factory=list)
    campaign: str | None = None
    meeting: str | None = None
    item: int | None = None

    @property
    def side(self) -> str | None:
        """Where the text stands, whether or not a position was declared."""
        return self.position or self.written_as


@cache
def records() -> tuple[Record, ...]:
    """Every comment, file by file."""
    lines = [
        line
        for path in sorted((DATA / "comments").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").split("\n")
        if line
    ]
    return tuple(Record(**json.loads(line)) for line in lines)


@cache
def toml(name: str) -> dict[str, Any]:
    """One of the TOML files."""
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


def one_side(side: str, language: str | None = None, period: str | None = None) -> list[Record]:
    """The comments of a side, of one language or period where that is asked."""
    return [
        record
        for record in records()
        if record.side == side and language in (None, record.language) and period in (None, record.period)
    ]
