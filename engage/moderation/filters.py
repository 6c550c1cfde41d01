"""What the queue can be narrowed down by. Never by position: whoever decides must not be able to gather one
side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from engage.comments.filters import BadFilter
from engage.comments.models import Comment, CommentAnalysis, CommentFlag, CommentPeriod, Flag


class WrittenIn(StrEnum):
    """The languages that the queue tells apart."""

    ENGLISH = "en"
    SPANISH = "es"
    OTHER = "other"
    UNMEASURED = "unmeasured"


class Hint(StrEnum):
    """What may make a comment need a closer look."""

    REPEATED = "repeated"
    LATE = "late"
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """Conditions that all hold; None means any. ``period`` is a slug."""

    period: str | None = None
    written_in: WrittenIn | None = None
    hint: Hint | None = None
    flag: Flag | None = None

    @classmethod
    def from_args(cls, arguments: Mapping[str, str]) -> QueueFilter:
        """Read the arguments of an address; an empty one is none. Raises BadFilter for a value that is not
        known.
        """
        given = {field.name: arguments[field.name] for field in fields(cls) if arguments.get(field.name)}
        return cls(
            period=given.get("period"),
            written_in=_member(WrittenIn, "written_in", given),
            hint=_member(Hint, "hint", given),
            flag=_member(Flag, "flag", given),
        )

    @property
    def arguments(self) -> dict[str, str]:
        """The arguments of the address that asks for this."""
        return {
            field.name: str(value)
            for field in fields(self)
            if (value := getattr(self, field.name)) is not None
        }

    def apply(self, statement: sa.Select[Any]) -> sa.Select[Any]:
        """Add the conditions to a SELECT that has Comment among what it selects from."""
        if self.period is not None:
            statement = statement.where(
                Comment.period_id
                == sa.select(CommentPeriod.id).where(CommentPeriod.slug == self.period).scalar_subquery()
            )
        if self.written_in is not None:
            statement = statement.where(_language_is(self.written_in))
        if self.hint is not None:
            statement = statement.where(_has(self.hint))
        if self.flag is not None:
            statement = statement.where(Comment.flags.any(CommentFlag.flag == self.flag))
        return statement


def _member(enumeration: type[Any], name: str, given: Mapping[str, str]) -> Any:
    if name not in given:
        return None
    try:
        return enumeration(given[name])
    except ValueError:
        raise BadFilter(name) from None


def _language_is(wanted: WrittenIn) -> sa.ColumnElement[bool]:
    if wanted is WrittenIn.UNMEASURED:
        return ~Comment.analysis.has()
    if wanted is WrittenIn.OTHER:
        return Comment.analysis.has(
            CommentAnalysis.language.not_in((WrittenIn.ENGLISH.value, WrittenIn.SPANISH.value))
        )
    return Comment.analysis.has(CommentAnalysis.language == wanted.value)


def _has(hint: Hint) -> sa.ColumnElement[bool]:
    if hint is Hint.LATE:
        return ~Comment.on_time
    if hint is Hint.IMPORTED:
        return Comment.source_format.is_not(None)
    other = aliased(Comment)
    return sa.exists().where(
        other.period_id == Comment.period_id,
        other.body_digest == Comment.body_digest,
        other.id != Comment.id,
    )
