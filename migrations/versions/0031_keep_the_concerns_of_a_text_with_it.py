"""Keep how many comments of a text or a submitter raise each concern with it: one row instead of several."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_REPEATED = sa.text("kind = 'text' AND n > 1")


def upgrade() -> None:
    op.add_column("report_distinct", sa.Column("concerns", sa.JSON(), nullable=False, server_default="{}"))
    gather = "json_object_agg" if _is_postgresql() else "json_group_object"
    same = " AND ".join(f"g.{name} = report_distinct.{name}" for name in ("period_id", "kind", "key"))
    op.execute(
        sa.text(
            "UPDATE report_distinct SET concerns = g.concerns FROM ("  # noqa: S608 - our own words
            f"SELECT period_id, kind, key, {gather}(concern, n) AS concerns FROM report_concern_distinct"
            f" GROUP BY period_id, kind, key) AS g WHERE {same}"
        )
    )
    op.drop_table("report_concern_distinct")
    op.drop_index("ix_report_distinct_most", table_name="report_distinct")
    op.create_index(
        "ix_report_distinct_repeated",
        "report_distinct",
        ["period_id", "n"],
        sqlite_where=_REPEATED,
        postgresql_where=_REPEATED,
    )


def downgrade() -> None:
    op.drop_index("ix_report_distinct_repeated", table_name="report_distinct")
    op.create_index("ix_report_distinct_most", "report_distinct", ["period_id", "kind", "n"])
    op.create_table(
        "report_concern_distinct",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("concern", sa.String(length=60), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("text", "submitter", name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.CheckConstraint("n > 0", name=op.f("ck_report_concern_distinct_n_is_positive")),
        sa.ForeignKeyConstraint(
            ["period_id"],
            ["comment_period.id"],
            name=op.f("fk_report_concern_distinct_period_id_comment_period"),
        ),
        sa.PrimaryKeyConstraint(
            "period_id", "concern", "kind", "key", name=op.f("pk_report_concern_distinct")
        ),
    )
    pairs = "json_each_text(d.concerns)" if _is_postgresql() else "json_each(d.concerns)"
    op.execute(
        sa.text(
            "INSERT INTO report_concern_distinct (period_id, concern, kind, key, n)"  # noqa: S608
            " SELECT d.period_id, c.key, d.kind, d.key, CAST(c.value AS integer)"
            f" FROM report_distinct AS d CROSS JOIN {'LATERAL ' if _is_postgresql() else ''}{pairs} AS c"
        )
    )
    op.drop_column("report_distinct", "concerns")


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
