"""Keep what the reports have counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_period",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("method", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["period_id"], ["comment_period.id"], name=op.f("fk_report_period_period_id_comment_period")
        ),
        sa.PrimaryKeyConstraint("period_id", name=op.f("pk_report_period")),
    )
    op.create_table(
        "report_tally",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.CheckConstraint("n > 0", name=op.f("ck_report_tally_n_is_positive")),
        sa.ForeignKeyConstraint(
            ["period_id"], ["comment_period.id"], name=op.f("fk_report_tally_period_id_comment_period")
        ),
        sa.PrimaryKeyConstraint("period_id", "measure", "key", name=op.f("pk_report_tally")),
    )
    op.create_table(
        "report_distinct",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("text", "submitter", name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.CheckConstraint("n > 0", name=op.f("ck_report_distinct_n_is_positive")),
        sa.ForeignKeyConstraint(
            ["period_id"], ["comment_period.id"], name=op.f("fk_report_distinct_period_id_comment_period")
        ),
        sa.PrimaryKeyConstraint("period_id", "kind", "key", name=op.f("pk_report_distinct")),
    )
    op.create_index("ix_report_distinct_most", "report_distinct", ["period_id", "kind", "n"])
    op.create_table(
        "report_comment",
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_report_comment_comment_id_comment")
        ),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_report_comment")),
    )
    op.create_index(
        "ix_comment_period_count_due",
        "comment",
        ["period_id"],
        sqlite_where=sa.text("count_due"),
        postgresql_where=sa.text("count_due"),
    )


def downgrade() -> None:
    op.drop_index("ix_comment_period_count_due", table_name="comment")
    op.drop_table("report_comment")
    op.drop_table("report_distinct")
    op.drop_table("report_tally")
    op.drop_table("report_period")
