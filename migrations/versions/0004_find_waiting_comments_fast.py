"""Find the comments that wait for a moderator, the oldest first, without reading those that are decided."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WAITING = sa.text("disposition = 'received'")


def upgrade() -> None:
    op.create_index(
        "ix_comment_waiting",
        "comment",
        ["received_on", "id", "period_id"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def downgrade() -> None:
    op.drop_index("ix_comment_waiting", table_name="comment")
