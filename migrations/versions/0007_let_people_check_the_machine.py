"""Let people check the machine: samples of comments, labels, and what the reports count of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
POSITIONS = ("support", "oppose", "neutral", "mixed", "question_only", "unclear")
TONES = ("positive", "neutral", "negative")


def upgrade() -> None:
    op.create_table(
        "label_sample",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=32), nullable=False),
        sa.Column("cut", sa.String(length=64), nullable=False),
        sa.Column("drawn_from", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("measure_due", sa.Boolean(), nullable=False),
        sa.Column("learn_due", sa.Boolean(), nullable=False),
        sa.CheckConstraint("drawn_from > 0", name=op.f("ck_label_sample_drawn_from_some")),
        sa.ForeignKeyConstraint(
            ["period_id"], ["comment_period.id"], name=op.f("fk_label_sample_period_id_comment_period")
        ),
        sa.PrimaryKeyConstraint("period_id", name=op.f("pk_label_sample")),
    )
    op.create_index(
        "ix_label_sample_due",
        "label_sample",
        ["period_id"],
        sqlite_where=sa.text("measure_due = 1"),
        postgresql_where=sa.text("measure_due"),
    )
    op.create_index(
        "ix_label_sample_learn_due",
        "label_sample",
        ["period_id"],
        sqlite_where=sa.text("learn_due = 1"),
        postgresql_where=sa.text("learn_due"),
    )
    op.create_table(
        "label_drawn",
        sa.Column("comment_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_label_drawn_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["period_id"],
            ["label_sample.period_id"],
            name=op.f("fk_label_drawn_period_id_label_sample"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_label_drawn")),
    )
    op.create_index("ix_label_drawn_order", "label_drawn", ["period_id", "rank"])
    op.create_table(
        "label",
        sa.Column("id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("comment_id", BIG_ID, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("position", _choice("position", POSITIONS), nullable=False),
        sa.Column("tone", _choice("tone", TONES), nullable=True),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["label_drawn.comment_id"],
            name=op.f("fk_label_comment_id_label_drawn"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["user_account.id"], name=op.f("fk_label_person_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label")),
        sa.UniqueConstraint("comment_id", "person_id", name=op.f("uq_label_comment_id_person_id")),
    )
    op.create_index(op.f("ix_label_person_id"), "label", ["person_id"])
    op.create_table(
        "label_concern",
        sa.Column("label_id", BIG_ID, nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["label_id"], ["label.id"], name=op.f("fk_label_concern_label_id_label"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("label_id", "code", name=op.f("pk_label_concern")),
    )
    op.create_table(
        "label_measure",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("kind", _choice("kind", ("position", "concern")), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("pairs", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["period_id"],
            ["label_sample.period_id"],
            name=op.f("fk_label_measure_period_id_label_sample"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("period_id", "kind", "code", name=op.f("pk_label_measure")),
    )
    op.create_table(
        "learned_positions",
        sa.Column("docket_id", sa.Integer(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("labels", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["docket_id"],
            ["docket.id"],
            name=op.f("fk_learned_positions_docket_id_docket"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("docket_id", name=op.f("pk_learned_positions")),
    )


def downgrade() -> None:
    op.drop_table("learned_positions")
    for table in ("label_measure", "label_concern", "label", "label_drawn", "label_sample"):
        op.drop_table(table)


def _choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
