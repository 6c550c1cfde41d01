"""Keep every wording of a readiness point, where bodies are, and whether a decision leads on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_TABLE = "readiness_version"


def upgrade() -> None:
    op.add_column("decision", sa.Column("goes_ahead", sa.Boolean(), nullable=True))
    op.add_column(
        "stakeholder",
        sa.Column("districts", sa.JSON(), nullable=False, server_default=sa.text("'[]'")),
    )
    op.add_column(
        "stakeholder",
        sa.Column("stays_unnamed", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "not_looked_at",
                "under_way",
                "known",
                "cannot_be_known",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("finding", sa.JSON(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("source", sa.JSON(), nullable=False),
        sa.Column("source_url", sa.String(length=400), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_readiness_version_number_is_positive")),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["readiness_item.id"],
            name=op.f("fk_readiness_version_item_id_readiness_item"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readiness_version")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_readiness_version_item_id_number")),
    )
    op.create_index(op.f("ix_readiness_version_published_at"), _TABLE, ["published_at"], unique=False)
    for verb in ("UPDATE", "DELETE"):
        _refuse(verb)


def downgrade() -> None:
    for verb in ("UPDATE", "DELETE"):
        _allow(verb)
    op.drop_table(_TABLE)
    op.drop_column("stakeholder", "stays_unnamed")
    op.drop_column("stakeholder", "districts")
    op.drop_column("decision", "goes_ahead")


def _refuse(verb: str) -> None:
    """Let the database itself refuse to change what was published."""
    message, name = "what was published stays as it is", f"{_TABLE}_no_{verb.lower()}"
    if not _is_postgresql():
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {verb} ON {_TABLE} BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}'; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {_TABLE} FOR EACH ROW EXECUTE FUNCTION {name}()")


def _allow(verb: str) -> None:
    name = f"{_TABLE}_no_{verb.lower()}"
    if _is_postgresql():
        op.execute(f"DROP TRIGGER {name} ON {_TABLE}")
        op.execute(f"DROP FUNCTION {name}()")
    else:
        op.execute(f"DROP TRIGGER {name}")


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
