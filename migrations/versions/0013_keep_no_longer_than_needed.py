"""How long each class of data is kept, what was purged, what must be scrubbed; accounts that are erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "retention_rule",
        sa.Column("data_class", sa.String(40), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.CheckConstraint("days >= 0", name=op.f("ck_retention_rule_days_are_not_negative")),
        sa.PrimaryKeyConstraint("data_class", name=op.f("pk_retention_rule")),
    )
    op.create_table(
        "purge",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("data_class", sa.String(40), nullable=False),
        sa.Column("purged_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("erased", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purge")),
        sa.UniqueConstraint("data_class", "purged_on", name=op.f("uq_purge_data_class_purged_on")),
    )
    op.create_index(op.f("ix_purge_purged_on"), "purge", ["purged_on"])
    op.create_table(
        "scrub_request",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scrub_request")),
    )
    op.add_column("user_account", sa.Column("deactivated_on", sa.Date(), nullable=True))
    op.add_column(
        "user_account", sa.Column("is_erased", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    op.drop_column("user_account", "is_erased")
    op.drop_column("user_account", "deactivated_on")
    op.drop_table("scrub_request")
    op.drop_table("purge")
    op.drop_table("retention_rule")
