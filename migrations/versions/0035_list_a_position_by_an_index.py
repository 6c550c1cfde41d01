"""Count and list the comments of a position from an index alone."""

from __future__ import annotations

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_comment_position", "comment", ["period_id", "disposition", "position", "received_on", "id"]
    )


def downgrade() -> None:
    op.drop_index("ix_comment_position", table_name="comment")
