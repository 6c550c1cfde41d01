"""Documents and their versions. A version is never changed: the next one follows it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.db.types import Localised
from engage.dockets.models import Docket, Document, DocumentVersion
from engage.dockets.service.docket import SlugTaken, need_both
from engage.dockets.slugs import checked_slug
from engage.errors import RuleBroken


class OutOfOrder(RuleBroken):
    """A version may not be shown before the one that it follows."""


class Unchanged(RuleBroken):
    """A version says the same as the one before it: somebody has sent the form twice."""


def add_document(
    session: Session,
    docket: Docket,
    *,
    slug: str,
    title: Localised,
    body: Localised,
    published_at: datetime,
    change_note: Localised | None = None,
) -> Document:
    """Put a document with its first version on a docket, after those that are there. ``body`` is Markdown.

    Residents see it from ``published_at`` on, if the docket is published. Raises Incomplete,
    SlugTaken; RuleBroken for a bad slug.
    """
    need_both(title, body, *([change_note] if change_note else []))
    last = session.scalar(sa.select(sa.func.max(Document.position)).where(Document.docket_id == docket.id))
    document = Document(
        docket_id=docket.id, slug=checked_slug(slug), title=title, position=0 if last is None else last + 1
    )
    document.versions = [
        DocumentVersion(number=1, body=body, change_note=change_note or None, published_at=published_at)
    ]
    try:
        with session.begin_nested():
            session.add(document)
    except IntegrityError:
        raise SlugTaken(
            _l("Another document of this docket already has the address “%(slug)s”.", slug=slug)
        ) from None
    session.expire(docket, ["documents"])
    return document


def add_document_version(
    session: Session, document: Document, *, body: Localised, change_note: Localised, published_at: datetime
) -> DocumentVersion:
    """Follow the newest version with another one; ``change_note`` says what is different.

    Raises Incomplete, OutOfOrder, Unchanged.
    """
    need_both(body, change_note)
    session.scalars(sa.select(Document.id).where(Document.id == document.id).with_for_update()).one()
    newest = session.scalars(
        sa.select(DocumentVersion)
        .where(DocumentVersion.document_id == document.id)
        .order_by(DocumentVersion.number.desc())
        .limit(1)
    ).one()
    if body == newest.body:
        raise Unchanged(_l("This is the text of version %(number)s.", number=newest.number))
    if published_at < newest.published_at:
        raise OutOfOrder(
            _l("Version %(number)s is shown later than that: choose a day after it.", number=newest.number)
        )
    version = DocumentVersion(
        document_id=document.id,
        number=newest.number + 1,
        body=body,
        change_note=change_note,
        published_at=published_at,
    )
    session.add(version)
    session.flush()
    session.expire(document, ["versions"])
    return version
