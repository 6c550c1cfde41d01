"""Say of a comment why a moderator should look twice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_FLAGS = ("honeypot", "too_fast", "no_proof_of_work", "reported", "contested", "appealed")


def upgrade() -> None:
    op.create_table(
        "comment_flag",
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "flag",
            sa.Enum(*_FLAGS, name="flag", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_comment_flag_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("comment_id", "flag", name=op.f("pk_comment_flag")),
    )


def downgrade() -> None:
    op.drop_table("comment_flag")
