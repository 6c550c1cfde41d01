"""Compare what people and the machine say of tones too, and of each side's comments by itself.

What is compared is worked out from the labels at any time: each sample is measured anew after going forward.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_OLD_KINDS = ("position", "concern")
_KINDS = (*_OLD_KINDS, "tone", "concern_support", "concern_oppose", "tone_support", "tone_oppose")
_NAME = "ck_label_measure_kind"
_COLUMNS = "period_id, kind, code, pairs"


def upgrade() -> None:
    _let_it_be(_KINDS)
    op.execute(sa.text("UPDATE label_sample SET measure_due = :due").bindparams(due=True))


def downgrade() -> None:
    op.execute(f"DELETE FROM label_measure WHERE kind NOT IN ({_quoted(_OLD_KINDS)})")  # noqa: S608
    _let_it_be(_OLD_KINDS)


def _let_it_be(kinds: tuple[str, ...]) -> None:
    """Change the closed list of kinds. On SQLite that takes a new table; nothing refers to this one."""
    condition = f"kind IN ({_quoted(kinds)})"
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f(_NAME), "label_measure", type_="check")
        op.create_check_constraint(op.f(_NAME), "label_measure", condition)
        return
    op.create_table(
        "label_measure_new",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("pairs", sa.JSON(), nullable=False),
        sa.CheckConstraint(condition, name=op.f(_NAME)),
        sa.ForeignKeyConstraint(
            ["period_id"],
            ["label_sample.period_id"],
            name=op.f("fk_label_measure_period_id_label_sample"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("period_id", "kind", "code", name=op.f("pk_label_measure")),
    )
    op.execute(f"INSERT INTO label_measure_new ({_COLUMNS}) SELECT {_COLUMNS} FROM label_measure")  # noqa: S608
    op.drop_table("label_measure")
    op.rename_table("label_measure_new", "label_measure")


def _quoted(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)
