"""What may be seen of dockets. Every reader, page or feed or other room, goes through the queries here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, selectinload

from engage.dockets.models import Docket, DocketUpdate, Document, DocumentVersion
from engage.errors import NotFound


@dataclass(frozen=True, slots=True)
class PublicDocument:
    """A document as residents see it: the ``versions`` that they may read, the newest first; never none."""

    document: Document
    versions: tuple[DocumentVersion, ...]

    @property
    def latest(self) -> DocumentVersion:
        """The newest version."""
        return self.versions[0]

    def version(self, number: int) -> DocumentVersion:
        """One of the versions. Raises NotFound, the same for one to come and one that never was."""
        for version in self.versions:
            if version.number == number:
                return version
        raise NotFound(_l("There is no such version of this document."))


def public_dockets(session: Session, now: datetime) -> list[Docket]:
    """The dockets that everybody may see, the last published first, with phases and decision."""
    return list(session.scalars(_public(now).order_by(Docket.published_at.desc(), Docket.id.desc())))


def public_dockets_with_contents(session: Session, now: datetime) -> list[Docket]:
    """The dockets that everybody may see, with documents, versions and updates, but none of their texts."""
    wanted = _public(now).options(
        selectinload(Docket.documents).selectinload(Document.versions).defer(DocumentVersion.body),
        selectinload(Docket.updates).defer(DocketUpdate.body),
    )
    return list(session.scalars(wanted.order_by(Docket.id)))


def get_public_docket(session: Session, slug: str, now: datetime) -> Docket:
    """The published docket with this slug. Raises NotFound: a draft is not there for the public."""
    wanted = _public(now).where(Docket.slug == _searchable(slug))
    docket = session.scalar(
        wanted.options(
            selectinload(Docket.documents).selectinload(Document.versions), selectinload(Docket.updates)
        )
    )
    return _found(docket)


def public_documents(docket: Docket, now: datetime) -> list[PublicDocument]:
    """The documents of a docket that have a version to read, in the order of the staff."""
    documents = (
        PublicDocument(
            document, tuple(version for version in document.versions if version.published_at <= now)
        )
        for document in docket.documents
    )
    return [document for document in documents if document.versions]


def get_public_document(session: Session, slug: str, document_slug: str, now: datetime) -> PublicDocument:
    """A document of a published docket. Raises NotFound, also where no version may be read yet."""
    docket = get_public_docket(session, slug, now)
    for found in public_documents(docket, now):
        if found.document.slug == document_slug:
            return found
    raise NotFound(_l("There is no such document."))


def public_updates(docket: Docket, now: datetime) -> list[DocketUpdate]:
    """The news of a docket that residents may read, the newest first."""
    return [update for update in docket.updates if update.published_at <= now]


def dockets(session: Session) -> list[Docket]:
    """All dockets, drafts too, for the staff: the newest first."""
    return list(session.scalars(sa.select(Docket).order_by(Docket.id.desc())))


def get_docket(session: Session, slug: str) -> Docket:
    """Any docket, for the staff. Raises NotFound."""
    return _found(session.scalar(sa.select(Docket).where(Docket.slug == _searchable(slug))))


def get_document(session: Session, slug: str, document_slug: str) -> Document:
    """Any document, for the staff. Raises NotFound."""
    docket = get_docket(session, slug)
    for document in docket.documents:
        if document.slug == document_slug:
            return document
    raise NotFound(_l("There is no such document."))


def _public(now: datetime) -> sa.Select[Docket]:
    statement = sa.select(Docket).where(Docket.published_at <= now)
    return statement.options(selectinload(Docket.phases), selectinload(Docket.decision))


def _searchable(text: str) -> str:
    """Without the one character that PostgreSQL cannot even be asked for."""
    return text.replace("\0", "")


def _found(docket: Docket | None) -> Docket:
    if docket is None:
        raise NotFound(_l("There is no such docket."))
    return docket
