"""Let people be told by e-mail, and seal what waits in the outbox."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_FREQUENCIES = ("real_time", "daily", "weekly")
_NOTICES = ("hourly", "daily")
# What engage.mail.sealed knows a message by that was not encrypted: there is no key here.
_PLAIN = b"plain\0"

_OUTBOX = sa.table(
    "outbox_message",
    sa.column("id"),
    sa.column("event_key", sa.String),
    sa.column("kind", sa.String),
    sa.column("message_key", sa.String),
    sa.column("recipient", sa.String),
    sa.column("subject", sa.String),
    sa.column("body", sa.Text),
    sa.column("sealed", sa.LargeBinary),
    sa.column("queued_at", sa.DateTime(timezone=True)),
    sa.column("due_at", sa.DateTime(timezone=True)),
    sa.column("sent_at", sa.DateTime(timezone=True)),
    sa.column("last_error", sa.String),
)


def upgrade() -> None:
    _make_follows()
    _seal_the_outbox()


def _make_follows() -> None:
    op.create_table(
        "follower",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("contact_id", _BIG, nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("is_discreet", sa.Boolean(), nullable=False),
        sa.Column("bounces", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_follower_contact_id_contact"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follower")),
        sa.UniqueConstraint("contact_id", name=op.f("uq_follower_contact_id")),
    )
    op.create_table(
        "follow",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("follower_id", _BIG, nullable=False),
        sa.Column("subject_kind", sa.String(20), nullable=False),
        sa.Column("subject_key", sa.String(64), nullable=False),
        sa.Column(
            "frequency",
            sa.Enum(*_FREQUENCIES, name="frequency", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("wants_reminder", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["follower_id"], ["follower.id"], name=op.f("fk_follow_follower_id_follower"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow")),
        sa.UniqueConstraint(
            "follower_id",
            "subject_kind",
            "subject_key",
            name=op.f("uq_follow_follower_id_subject_kind_subject_key"),
        ),
    )
    op.create_index("ix_follow_subject", "follow", ["subject_kind", "subject_key", "id"])
    op.create_table(
        "follow_news",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("follower_id", _BIG, nullable=False),
        sa.Column("follow_id", _BIG, nullable=False),
        sa.Column("event_index", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["follower_id"],
            ["follower.id"],
            name=op.f("fk_follow_news_follower_id_follower"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["follow_id"], ["follow.id"], name=op.f("fk_follow_news_follow_id_follow"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_news")),
        sa.UniqueConstraint(
            "follower_id", "event_index", name=op.f("uq_follow_news_follower_id_event_index")
        ),
    )
    op.create_index(op.f("ix_follow_news_follow_id"), "follow_news", ["follow_id"])
    op.create_index(op.f("ix_follow_news_due_on"), "follow_news", ["due_on"])
    op.create_table(
        "follow_told",
        sa.Column("event_key", sa.String(160), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("event_key", name=op.f("pk_follow_told")),
    )
    op.create_index(op.f("ix_follow_told_happened_on"), "follow_told", ["happened_on"])
    op.create_table(
        "follow_scan",
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_follow_scan")),
    )
    op.create_table(
        "queue_notice",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "frequency",
            sa.Enum(*_NOTICES, name="frequency", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("told_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_queue_notice_user_id_user_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_queue_notice")),
    )


def _seal_the_outbox() -> None:
    with op.batch_alter_table("outbox_message") as batch:
        batch.add_column(sa.Column("kind", sa.String(40), nullable=False, server_default=""))
        batch.add_column(sa.Column("message_key", sa.String(32), nullable=True))
        batch.add_column(sa.Column("sealed", sa.LargeBinary(), nullable=True))
        batch.add_column(sa.Column("bounced_on", sa.Date(), nullable=True))
    connection = op.get_bind()
    for row in connection.execute(sa.select(_OUTBOX)).mappings().all():
        connection.execute(sa.update(_OUTBOX).where(_OUTBOX.c.id == row["id"]).values(_sealed(row)))
    with op.batch_alter_table("outbox_message") as batch:
        batch.alter_column("message_key", existing_type=sa.String(32), nullable=False)
        batch.alter_column("kind", existing_type=sa.String(40), server_default=None)
        batch.drop_column("recipient")
        batch.drop_column("subject")
        batch.drop_column("body")
        batch.create_unique_constraint(op.f("uq_outbox_message_message_key"), ["message_key"])


def _sealed(row: Any) -> dict[str, Any]:
    content = {"recipient": row["recipient"], "subject": row["subject"], "body": row["body"], "headers": {}}
    return {
        "kind": row["event_key"].partition(":")[0][:40],
        "message_key": hashlib.sha256(row["event_key"].encode()).hexdigest()[:32],
        "sealed": _PLAIN + json.dumps(content).encode() if row["due_at"] is not None else None,
        "queued_at": _start_of_day(row["queued_at"]),
        "sent_at": _start_of_day(row["sent_at"]),
    }


def _start_of_day(instant: Any) -> Any:
    return instant and instant.replace(hour=0, minute=0, second=0, microsecond=0)


def downgrade() -> None:
    """What waits encrypted cannot be read here: it is given up, and says so."""
    with op.batch_alter_table("outbox_message") as batch:
        batch.add_column(sa.Column("recipient", sa.String(255), nullable=False, server_default=""))
        batch.add_column(sa.Column("subject", sa.String(200), nullable=False, server_default=""))
        batch.add_column(sa.Column("body", sa.Text(), nullable=False, server_default=""))
    connection = op.get_bind()
    waiting = sa.select(_OUTBOX.c.id, _OUTBOX.c.sealed).where(_OUTBOX.c.due_at.is_not(None))
    for row in connection.execute(waiting).mappings().all():
        connection.execute(sa.update(_OUTBOX).where(_OUTBOX.c.id == row["id"]).values(_opened(row["sealed"])))
    with op.batch_alter_table("outbox_message") as batch:
        batch.drop_constraint(op.f("uq_outbox_message_message_key"), type_="unique")
        for name, kind in (("recipient", sa.String(255)), ("subject", sa.String(200)), ("body", sa.Text())):
            batch.alter_column(name, existing_type=kind, server_default=None)
        for name in ("kind", "message_key", "sealed", "bounced_on"):
            batch.drop_column(name)
    for table in ("queue_notice", "follow_scan", "follow_told", "follow_news", "follow", "follower"):
        op.drop_table(table)


def _opened(sealed: bytes | None) -> dict[str, Any]:
    if sealed is None or not sealed.startswith(_PLAIN):
        return {"due_at": None, "last_error": "sealed, and the site was taken back"}
    content = json.loads(sealed.removeprefix(_PLAIN))
    return {name: content[name] for name in ("recipient", "subject", "body")}
