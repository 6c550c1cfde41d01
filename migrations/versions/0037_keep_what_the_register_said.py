"""Keep what was changed in the register, counts below a bound, and years that begin in other months."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_TABLE = "register_change"
_STEPS = ("attempt_changed", "attempt_removed", "body_changed", "body_hidden")
_HOW = (
    "letter", "email", "phone", "visit", "meeting", "flyer", "radio", "social_media", "newspaper",
)  # fmt: skip
_OUTCOMES = ("planned", "answered", "no_answer", "declined", "not_reached")


def upgrade() -> None:
    op.add_column("indicator_entry", sa.Column("below", sa.BigInteger(), nullable=True))
    op.add_column(
        "indicator_method",
        sa.Column("first_month", sa.Integer(), nullable=False, server_default=sa.text("1")),
    )
    op.add_column("indicator_method", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stakeholder_id", sa.Integer(), nullable=False),
        sa.Column("what", _choice("what", _STEPS), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("how", _choice("how", _HOW), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("outcome", _choice("outcome", _OUTCOMES), nullable=True),
        sa.ForeignKeyConstraint(
            ["stakeholder_id"],
            ["stakeholder.id"],
            name=op.f("fk_register_change_stakeholder_id_stakeholder"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_change")),
    )
    op.create_index(op.f("ix_register_change_stakeholder_id"), _TABLE, ["stakeholder_id"], unique=False)
    for verb in ("UPDATE", "DELETE"):
        _refuse(verb)


def downgrade() -> None:
    for verb in ("UPDATE", "DELETE"):
        _allow(verb)
    op.drop_table(_TABLE)
    op.drop_column("indicator_method", "told_at")
    op.drop_column("indicator_method", "first_month")
    op.drop_column("indicator_entry", "below")


def _choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _refuse(verb: str) -> None:
    """Let the database itself refuse to change what was written."""
    message, name = "what was changed in the register stays written", f"{_TABLE}_no_{verb.lower()}"
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
