"""Column types that both databases keep alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

LANGUAGES = ("en", "es")


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Refuses naive values; always read back in UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a time zone cannot be stored.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Localised:
    """One text in each language of the site. An empty string was not written in that language."""

    en: str = ""
    es: str = ""

    def best(self, language: str) -> tuple[str, str]:
        """The text for a reader of ``language``, and the language that it is really in."""
        wanted = {"en": self.en, "es": self.es}
        for code in (language, *LANGUAGES):
            if wanted.get(code):
                return wanted[code], code
        return "", language

    @property
    def is_complete(self) -> bool:
        """Written in every language of the site."""
        return bool(self.en and self.es)

    def __bool__(self) -> bool:
        return bool(self.en or self.es)


class LocalisedText(TypeDecorator[Localised]):
    """A Localised value, kept as a JSON object with one key a language."""

    impl = sa.JSON
    cache_ok = True

    def process_bind_param(self, value: Localised | None, dialect: sa.Dialect) -> dict[str, str] | None:
        return None if value is None else {"en": value.en, "es": value.es}

    def process_result_value(self, value: Mapping[str, Any] | None, dialect: sa.Dialect) -> Localised | None:
        return None if value is None else Localised(**value)


def text_enum(enumeration: type[StrEnum], name: str) -> sa.Enum:
    """A column of an enumeration's values (not its member names), with a CHECK constraint called ``name``."""
    return sa.Enum(
        enumeration,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=True,
        length=40,
        name=name,
    )
