"""Let readers say of a published summary whether it is fair: numbers for each part of a version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_COUNTED = ("readers", "fair", "leaves_out", "hard_to_understand", "unchecked")


def upgrade() -> None:
    op.create_table(
        "report_rating",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(60), nullable=False),
        sa.Column(
            "counted",
            sa.Enum(*_COUNTED, native_enum=False, create_constraint=True, length=40, name="counted"),
            nullable=False,
        ),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.CheckConstraint("n > 0", name=op.f("ck_report_rating_n_is_positive")),
        sa.CheckConstraint("told BETWEEN 0 AND n", name=op.f("ck_report_rating_told_is_no_more")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["report_version.id"],
            name=op.f("fk_report_rating_version_id_report_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("version_id", "part", "counted", name=op.f("pk_report_rating")),
    )


def downgrade() -> None:
    op.drop_table("report_rating")
