"""Count failed sign-ins without knowing who, refuse used codes, plan when a message is tried again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_attempt",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_attempt")),
    )
    op.create_index("ix_account_attempt_digest_made_at", "account_attempt", ["digest", "made_at"])
    op.create_index(op.f("ix_account_attempt_made_at"), "account_attempt", ["made_at"])

    op.add_column("user_account", sa.Column("tf_last_counter", sa.BigInteger(), nullable=True))

    op.add_column("outbox_message", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE outbox_message SET due_at = queued_at WHERE sent_at IS NULL")
    op.create_index(op.f("ix_outbox_message_due_at"), "outbox_message", ["due_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_outbox_message_due_at"), table_name="outbox_message")
    # Not in a batch: that would recreate the tables on SQLite, and drop the roles of every account.
    op.drop_column("outbox_message", "due_at")
    op.drop_column("user_account", "tf_last_counter")
    op.drop_index(op.f("ix_account_attempt_made_at"), table_name="account_attempt")
    op.drop_index("ix_account_attempt_digest_made_at", table_name="account_attempt")
    op.drop_table("account_attempt")
