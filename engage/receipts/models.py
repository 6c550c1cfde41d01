"""The public log and what belongs to it: entries, nodes, heads, manifests, witnesses.

Nodes and heads are added and never changed; the database refuses anything else (triggers in migration 0020).
No table here holds the instant of anything that a resident did.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engage.comments.models import Comment, ModerationReason
from engage.db.base import Base, BigId, random_id
from engage.db.types import text_enum

SEAL = "seal_log"
"""The job that seals what waits to be put into the log."""

MANIFEST = "publish_manifest"
"""The job that says of every leaf what has become of it."""


class LogEntry(Base):
    """What the log holds of one comment, written in the transaction that received it.

    ``field_names`` (with commas, in order) and ``digests`` (32 bytes each) make ``leaf_hash``: see
    receipts.leaf. ``sealed_code`` is the code of the receipt, encrypted under the log's key; None once the
    comment is withdrawn, and then nobody but who holds the receipt can open a digest. ``leaf_index`` is the
    leaf's number once it is sealed. ``entered_on`` is the day of the entry in the site's zone: sealing is
    promised by a day.
    """

    __tablename__ = "log_entry"
    __table_args__ = (
        sa.Index(
            "ix_log_entry_pending",
            "leaf_hash",
            sqlite_where=sa.text("leaf_index IS NULL"),
            postgresql_where=sa.text("leaf_index IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False, default=random_id)
    comment_id: Mapped[int | None] = mapped_column(
        BigId, sa.ForeignKey("comment.id", ondelete="SET NULL"), unique=True
    )
    leaf_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    field_names: Mapped[str] = mapped_column(sa.String(400))
    digests: Mapped[bytes] = mapped_column(sa.LargeBinary)
    sealed_code: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    entered_on: Mapped[date]
    leaf_index: Mapped[int | None] = mapped_column(sa.BigInteger, unique=True)

    comment: Mapped[Comment | None] = relationship()

    @property
    def digest_of(self) -> dict[str, bytes]:
        """The digest of each field, by name."""
        names = self.field_names.split(",")
        return {name: self.digests[32 * place : 32 * place + 32] for place, name in enumerate(names)}


class LogNode(Base):
    """A complete subtree of the log: see receipts.tree. Those of level 0 are the leaves."""

    __tablename__ = "log_node"
    __table_args__ = ({"sqlite_with_rowid": False},)

    level: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))


class LogHead(Base):
    """A state of the log that was published: one root a size, signed as a C2SP checkpoint in ``note``."""

    __tablename__ = "log_head"

    size: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    sealed_on: Mapped[date]
    note: Mapped[str] = mapped_column(sa.Text)


class LeafDisposition(StrEnum):
    """What has become of a leaf, as a manifest says it."""

    WAITING = "waiting"
    PUBLISHED = "published"
    REDACTED = "redacted"
    WITHHELD = "withheld"
    DUPLICATE = "duplicate"
    SPAM = "spam"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


class LogManifest(Base):
    """What had become of every leaf up to ``size`` when this version was made.

    ``counts`` by disposition; their sum is ``size``. ``rows_digest`` is SHA-256 over the rows as they are
    downloaded, and stands in the signed ``note``. ``looked_at`` is when this version was last compared with
    what has become of the comments since.
    """

    __tablename__ = "log_manifest"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(sa.ForeignKey("log_head.size"))
    made_on: Mapped[date]
    looked_at: Mapped[datetime]
    counts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    rows_digest: Mapped[str] = mapped_column(sa.String(64))
    note: Mapped[str] = mapped_column(sa.Text)


class LogDisposition(Base):
    """What has become of a leaf, from a version of the manifest on until a later row of the same leaf."""

    __tablename__ = "log_disposition"
    __table_args__ = ({"sqlite_with_rowid": False},)

    leaf_index: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(
        sa.ForeignKey("log_manifest.version"), primary_key=True, autoincrement=False
    )
    disposition: Mapped[LeafDisposition] = mapped_column(text_enum(LeafDisposition, "disposition"))
    reason: Mapped[ModerationReason | None] = mapped_column(text_enum(ModerationReason, "reason"))


class LogWitness(Base):
    """Somebody who watches the log and whose cosignatures are shown: ``verifier_key`` is name+id+key."""

    __tablename__ = "log_witness"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120), unique=True)
    verifier_key: Mapped[str] = mapped_column(sa.String(240))


class LogCosignature(Base):
    """The line with which a witness signed a head."""

    __tablename__ = "log_cosignature"

    size: Mapped[int] = mapped_column(sa.ForeignKey("log_head.size"), primary_key=True, autoincrement=False)
    witness_id: Mapped[int] = mapped_column(
        sa.ForeignKey("log_witness.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    line: Mapped[str] = mapped_column(sa.Text)

    witness: Mapped[LogWitness] = relationship()
