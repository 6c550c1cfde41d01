"""Keep the themes that are found, what staff call them, and what the reports quote."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "theme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("docket_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "candidate",
                "confirmed",
                "dismissed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.JSON(), nullable=True),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "status <> 'confirmed' OR name IS NOT NULL", name=op.f("ck_theme_confirmed_has_a_name")
        ),
        sa.CheckConstraint("merged_into_id <> id", name=op.f("ck_theme_is_not_merged_into_itself")),
        sa.ForeignKeyConstraint(
            ["docket_id"], ["docket.id"], name=op.f("fk_theme_docket_id_docket"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["merged_into_id"], ["theme.id"], name=op.f("fk_theme_merged_into_id_theme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
    )
    op.create_index(op.f("ix_theme_docket_id"), "theme", ["docket_id"])
    op.create_index(op.f("ix_theme_merged_into_id"), "theme", ["merged_into_id"])
    op.create_table(
        "comment_theme",
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", _ID, nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["theme.id"], name=op.f("fk_comment_theme_theme_id_theme"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_comment_theme_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("theme_id", "comment_id", name=op.f("pk_comment_theme")),
    )
    op.create_index(op.f("ix_comment_theme_comment_id"), "comment_theme", ["comment_id"])
    op.create_table(
        "theme_reading",
        sa.Column("docket_id", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("posted", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["docket_id"], ["docket.id"], name=op.f("fk_theme_reading_docket_id_docket"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("docket_id", name=op.f("pk_theme_reading")),
    )
    op.create_index(op.f("ix_theme_reading_looked_at"), "theme_reading", ["looked_at"])
    op.create_table(
        "theme_quote",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("comment_id", _ID, nullable=False),
        sa.Column("body_digest", sa.String(length=64), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("stop", sa.Integer(), nullable=False),
        sa.CheckConstraint("stop > start", name=op.f("ck_theme_quote_is_not_empty")),
        sa.ForeignKeyConstraint(
            ["period_id"], ["comment_period.id"], name=op.f("fk_theme_quote_period_id_comment_period")
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_theme_quote_comment_id_comment"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("period_id", "place", name=op.f("pk_theme_quote")),
    )
    op.create_index(op.f("ix_theme_quote_comment_id"), "theme_quote", ["comment_id"])


def downgrade() -> None:
    for table in ("theme_quote", "theme_reading", "comment_theme", "theme"):
        op.drop_table(table)
