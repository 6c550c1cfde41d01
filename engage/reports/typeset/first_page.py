"""What stands in people's own words on the first page in print: the same sentences as on the web.

They are no part of the document that is kept, which holds references only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask_babel import gettext as _

from engage.comments import words
from engage.comments.models import Position
from engage.reports.document.said import language_of
from engage.reports.front import ShortQuote
from engage.reports.page import ReportPage

_SIDES = (Position.SUPPORT, Position.OPPOSE)

Row = dict[str, Any]


def in_their_words(page: ReportPage, said: Callable[[str], str]) -> dict[str, Any]:
    """What each side says of the first concerns, what is proposed and what is disputed.

    ``variants`` are what to print of it, most first and nothing last: as much as there is room for in every
    language, so that none is told less than another. The quotes of concerns give way first, and ``more`` says
    that something is left out.
    """
    return {
        "title": _("In their words"),
        "heads": [_("What it is"), *(str(words.POSITIONS[side]) for side in _SIDES)],
        "note": _(
            "Chosen by a program, by one rule for both sides that stands in the report; how many are quoted "
            "says nothing about how many say so."
        ),
        "more": _("More in the report"),
        "variants": _variants(page, said) if page.inputs.voices else [[]],
    }


def _variants(page: ReportPage, said: Callable[[str], str]) -> list[list[Row]]:
    front = page.front

    def row(title: str, quotes: Iterable[ShortQuote | None], none: str) -> Row:
        sides = [_quote(quote, page, said) if quote else None for quote in quotes]
        return {"title": said(title), "sides": sides, "below": [], "none": none}

    none = _("No sentence of theirs about it that says enough by itself.")
    concerns = [
        row(told.label, (front.quote_of(told.concern.key, side) for side in _SIDES), none)
        for told in front.quoted_concerns
    ]
    by_side = {quote.voice.facts.position: quote for quote in front.proposals}
    proposals = row(
        _("What people propose instead, or ask for"),
        (by_side.get(side) for side in _SIDES),
        _("No sentence was found that proposes something and says enough by itself."),
    )
    disputed = {
        "title": _("What is disputed"),
        "sides": [],
        "below": [_quote(quote, page, said) for quote in front.dispute],
        "none": _("No two statements were found that do not go together."),
    }
    last = [proposals, disputed]
    return [concerns + last, concerns[:1] + last, last, [proposals], []]


def _quote(quote: ShortQuote, page: ReportPage, said: Callable[[str], str]) -> dict[str, Any]:
    facts = quote.voice.facts
    written_in = language_of(quote.voice.quoted) or ""
    return {
        "position": str(words.POSITIONS[facts.position]),
        "text": f"{said(quote.text)}{'…' if quote.is_cut else ''}",
        "language": written_in,
        "mark": words.in_language(written_in),
        "is_gone": False,
        "href": page.address("comments.comment", tracking_number=facts.tracking_number),
        "number": facts.tracking_number,
    }
