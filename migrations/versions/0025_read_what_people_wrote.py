"""Read what people wrote in answer to forms: what it is found by, what was struck out, and quotes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("form_text", sa.Column("words", sa.Text(), nullable=True))
    op.add_column(
        "form_text", sa.Column("is_redacted", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.create_table(
        "form_reading",
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("read_with", sa.String(length=120), nullable=True),
        sa.Column("quotes_due", sa.Boolean(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["form_id"],
            ["feedback_form.id"],
            name=op.f("fk_form_reading_form_id_feedback_form"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("form_id", name=op.f("pk_form_reading")),
    )
    op.create_table(
        "form_quote",
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=60), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("text_id", _BIG, nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("stop", sa.Integer(), nullable=False),
        sa.CheckConstraint("start >= 0 AND stop > start", name=op.f("ck_form_quote_is_a_stretch")),
        sa.ForeignKeyConstraint(
            ["form_id"],
            ["feedback_form.id"],
            name=op.f("fk_form_quote_form_id_feedback_form"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["text_id"], ["form_text.id"], name=op.f("fk_form_quote_text_id_form_text"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("form_id", "question", "place", name=op.f("pk_form_quote")),
    )
    op.create_index(op.f("ix_form_quote_text_id"), "form_quote", ["text_id"], unique=False)


def downgrade() -> None:
    op.drop_table("form_quote")
    op.drop_table("form_reading")
    op.drop_column("form_text", "is_redacted")
    op.drop_column("form_text", "words")
