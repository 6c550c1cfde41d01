"""Find comments by a concern from an index alone, and those of rare channels and languages by small ones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_NOT_WEB = sa.text("channel <> 'web'")
_RARE = sa.text("language NOT IN ('en', 'es')")


def upgrade() -> None:
    op.create_index(
        "ix_comment_channel",
        "comment",
        ["period_id", "channel", "received_on", "id"],
        sqlite_where=_NOT_WEB,
        postgresql_where=_NOT_WEB,
    )
    op.create_index(
        "ix_comment_analysis_language",
        "comment_analysis",
        ["language", "comment_id"],
        sqlite_where=_RARE,
        postgresql_where=_RARE,
    )
    op.drop_index("ix_comment_concern_code", table_name="comment_concern")
    op.create_index("ix_comment_concern_code", "comment_concern", ["code", "comment_id"])


def downgrade() -> None:
    op.drop_index("ix_comment_concern_code", table_name="comment_concern")
    op.create_index("ix_comment_concern_code", "comment_concern", ["code"])
    op.drop_index("ix_comment_analysis_language", table_name="comment_analysis")
    op.drop_index("ix_comment_channel", table_name="comment")
