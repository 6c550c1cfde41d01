"""Open a docket, change it, show it to residents."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.db.types import Localised
from engage.dockets.models import Docket
from engage.dockets.slugs import checked_slug
from engage.errors import RuleBroken


class Incomplete(RuleBroken):
    """Something that residents read is missing in one of the languages."""


class SlugTaken(RuleBroken):
    """Another docket, or another document of the docket, already has this address."""


class AddressFixed(RuleBroken):
    """Residents may have kept the address of what is published, so it stays."""


def create_docket(session: Session, *, slug: str, title: Localised, summary: Localised) -> Docket:
    """Begin a docket that only staff see. It may still lack a language.

    Raises SlugTaken; RuleBroken for a bad slug.
    """
    docket = Docket(slug=checked_slug(slug), title=title, summary=summary)
    try:
        with session.begin_nested():
            session.add(docket)
    except IntegrityError:
        raise _taken(slug) from None
    return docket


def change_docket(
    session: Session, docket: Docket, *, title: Localised, summary: Localised, slug: str | None = None
) -> None:
    """Write it anew. Once it is published its address stays and both languages are needed.

    Raises AddressFixed, Incomplete, SlugTaken; RuleBroken for a bad slug.
    """
    slug = docket.slug if slug is None else checked_slug(slug)
    if docket.published_at is not None:
        _refuse_incomplete(title, summary)
        if slug != docket.slug:
            raise AddressFixed(_l("The docket is published, so its address can no longer change."))
    try:
        with session.begin_nested():
            docket.slug, docket.title, docket.summary = slug, title, summary
    except IntegrityError:
        raise _taken(slug) from None


def publish_docket(session: Session, docket: Docket, now: datetime) -> None:
    """Show it to residents from ``now`` on, or leave it as it is where they see it. Raises Incomplete."""
    _refuse_incomplete(docket.title, docket.summary)
    if docket.published_at is None:
        docket.published_at = now
    session.flush()


def need_both(*texts: Localised) -> None:
    """Raise Incomplete unless every text is written in every language of the site."""
    if not all(text.is_complete for text in texts):
        raise Incomplete(_l("Write this in English and in Spanish: residents read both."))


def _refuse_incomplete(title: Localised, summary: Localised) -> None:
    if not (title.is_complete and summary.is_complete):
        raise Incomplete(
            _l("Residents see a docket only with a title and a summary in English and in Spanish.")
        )


def _taken(slug: str) -> SlugTaken:
    return SlugTaken(_l("Another docket already has the address “%(slug)s”.", slug=slug))
