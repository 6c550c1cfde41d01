"""Keep the words of each comment for searching, and its vector where the site goes by meaning.

Every comment is measured once more, which fills the table.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "comment_search",
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=True),
        sa.Column("embedder", sa.String(length=60), nullable=True),
        sa.CheckConstraint(
            "(vector IS NULL) = (embedder IS NULL)", name=op.f("ck_comment_search_vector_names_its_embedder")
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment_analysis.comment_id"],
            name=op.f("fk_comment_search_comment_id_comment_analysis"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_comment_search")),
    )
    op.execute(
        sa.text("UPDATE comment SET analysis_due = :due WHERE disposition != 'withdrawn'").bindparams(
            due=True
        )
    )


def downgrade() -> None:
    op.drop_table("comment_search")
