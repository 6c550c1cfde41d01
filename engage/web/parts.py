"""Parts of pages that rooms above hang into the pages of rooms below.

A page names a place and what is known there, ``{{ parts("receipt", comment=comment) }}``; every room that
has something to say there has told so in its ``init_app``. The places: ``docket_told`` (what came of it,
before its documents), ``docket`` and ``staff_docket`` (docket), ``period_report`` and ``period_told``
(likewise), ``period``, ``staff_period`` and ``staff_period_running`` (period), ``comment`` and
``staff_comment`` (comment), ``receipt`` (comment, is_holder), ``reading_room`` (period, criteria,
comments), ``listed_comment`` (comment), ``queued`` (comments), ``large_print`` (period), ``meeting``
(meeting), ``privacy`` (what a room promises), ``report`` (period: below the open report),
``report_to_publish`` (period), ``phase`` (docket, phase: on the page of every phase of a docket),
``oversight`` (docket), ``batch_entry`` (batch), ``queue``, ``staff_due`` (what is due), ``staff_home``,
``home``, ``meeting_list``, ``log_head``.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, current_app
from markupsafe import Markup

Provider = Callable[..., str]
"""Renders a part from what the place knows, given by name; an empty string where it has nothing to say."""

_KEY = "page_parts"


def add_part(app: Flask, place: str, provider: Provider) -> None:
    """Show what ``provider`` renders at a place of a page, after what was added before."""
    app.extensions.setdefault(_KEY, {}).setdefault(place, []).append(provider)


def parts(place: str, **known: object) -> Markup:
    """All that other rooms show at this place."""
    providers: list[Provider] = current_app.extensions.get(_KEY, {}).get(place, [])
    # Each provider renders a template, whose output is escaped already.
    return Markup("\n").join(Markup(provider(**known)) for provider in providers)  # noqa: S704
