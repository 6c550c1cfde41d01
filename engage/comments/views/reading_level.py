"""How easy a period's texts are to read: told to residents, and to the staff who can still change them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, render_template
from flask_babel import gettext as _

from engage.analysis.readability import PLAIN_GRADE, Readability, readability
from engage.comments.models import CommentPeriod
from engage.db.types import LANGUAGES, Localised
from engage.web.parts import add_part


@dataclass(frozen=True, slots=True)
class ReadingLevel:
    """One text of a period in one language: what it is called, and how it measures."""

    text: str
    language: str
    level: Readability


def init_app(app: Flask) -> None:
    """Let templates measure a text; tell the staff below the form of a period."""
    app.jinja_env.filters["reading_level"] = readability
    add_part(app, "staff_period", _for_staff)


def _for_staff(period: CommentPeriod) -> str:
    levels = [
        ReadingLevel(name, language, level)
        for name, text in _texts(period)
        for language in LANGUAGES
        if (level := readability(getattr(text, language), language))
    ]
    return render_template(
        "comments/_reading_level.html", levels=levels, plain_grade=PLAIN_GRADE, period=period
    )


def _texts(period: CommentPeriod) -> list[tuple[str, Localised]]:
    named = (
        (_("What is proposed"), period.summary),
        (_("In plain language"), period.plain_summary),
        (_("Other ways"), period.instructions),
    )
    return [(name, text) for name, text in named if text]
