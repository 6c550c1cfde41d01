"""Remember for a day which proofs of work were used, so that none is used twice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spent_challenge",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_spent_challenge")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_spent_challenge_last_day"), "spent_challenge", ["last_day"])


def downgrade() -> None:
    op.drop_table("spent_challenge")
