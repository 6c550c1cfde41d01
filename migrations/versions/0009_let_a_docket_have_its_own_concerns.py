"""Let a docket have a taxonomy of its own, and say which analyser is in force for its comments.

Until now a docket kept only the name of a taxonomy, and there was only one.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("docket", "taxonomy")
    op.add_column("docket", sa.Column("taxonomy_toml", sa.Text(), nullable=True))
    op.add_column("docket", sa.Column("analyser_version", sa.String(length=120), nullable=True))
    op.add_column("comment_period", sa.Column("checked_version", sa.String(length=120), nullable=True))
    op.add_column(
        "comment_period",
        sa.Column("checked_up_to", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    )
    op.create_index("ix_comment_period_walk", "comment", ["period_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_comment_period_walk", table_name="comment")
    for column in ("checked_up_to", "checked_version"):
        op.drop_column("comment_period", column)
    for column in ("analyser_version", "taxonomy_toml"):
        op.drop_column("docket", column)
    op.add_column(
        "docket", sa.Column("taxonomy", sa.String(length=80), nullable=False, server_default="287g")
    )
