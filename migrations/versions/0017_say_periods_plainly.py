"""Let a comment period say what is proposed in plain language too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("comment_period", sa.Column("plain_summary", sa.JSON(), nullable=True))


def downgrade() -> None:
    # Not in a batch: the table would be made anew, without its triggers.
    op.drop_column("comment_period", "plain_summary")
