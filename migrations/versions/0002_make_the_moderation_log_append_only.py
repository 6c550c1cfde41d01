"""Make the moderation log append-only: the database itself refuses to change or delete a row."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MESSAGE = "the moderation log is append-only"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_moderation_event_change() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER moderation_event_append_only BEFORE UPDATE OR DELETE ON moderation_event "
            "FOR EACH ROW EXECUTE FUNCTION refuse_moderation_event_change()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER moderation_event_no_{verb.lower()} BEFORE {verb} ON moderation_event "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER moderation_event_append_only ON moderation_event")
        op.execute("DROP FUNCTION refuse_moderation_event_change()")
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(f"DROP TRIGGER moderation_event_no_{verb.lower()}")
