"""Let SQLite use the indexes of what is due, and find one posted comment of a text without reading others.

SQLite takes a partial index only where a query says its condition in the same words, and our queries say
``count_due = 1``.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

DUE = (
    ("ix_comment_due", "id", "analysis_due"),
    ("ix_comment_count_due", "id", "count_due"),
    ("ix_comment_period_count_due", "period_id", "count_due"),
)


def upgrade() -> None:
    for name, column, flag in DUE:
        _replace(name, [column], sqlite_where=sa.text(f"{flag} = 1"), postgresql_where=sa.text(flag))
    _replace("ix_comment_period_text", ["period_id", "body_digest", "disposition"])


def downgrade() -> None:
    for name, column, flag in DUE:
        _replace(name, [column], sqlite_where=sa.text(flag), postgresql_where=sa.text(flag))
    _replace("ix_comment_period_text", ["period_id", "body_digest"])


def _replace(name: str, columns: list[str], **conditions: Any) -> None:
    op.drop_index(name, table_name="comment")
    op.create_index(name, "comment", columns, **conditions)
