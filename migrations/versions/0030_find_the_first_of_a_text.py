"""Find the first posted comment of a text, and whether a batch has one, without looking at all of them."""

from __future__ import annotations

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_TEXT = ["period_id", "body_digest", "disposition"]


def upgrade() -> None:
    _replace("ix_comment_period_text", [*_TEXT, "id"])
    op.create_index("ix_comment_batch_text", "comment", ["batch_id", "body_digest", "disposition"])
    op.drop_index("ix_comment_batch_id", table_name="comment")


def downgrade() -> None:
    op.create_index("ix_comment_batch_id", "comment", ["batch_id"])
    op.drop_index("ix_comment_batch_text", table_name="comment")
    _replace("ix_comment_period_text", _TEXT)


def _replace(name: str, columns: list[str]) -> None:
    op.drop_index(name, table_name="comment")
    op.create_index(name, "comment", columns)
