"""Let a period be extended, reopened and cancelled with a reason; hold its texts complete; take in paper.

Columns are added one by one and not by copying tables, because a copy would lose the triggers on them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_FLAGS = ("honeypot", "too_fast", "no_proof_of_work", "reported", "contested", "appealed")
_UNFINISHED = "a period is published with title, summary and notice in each language that it needs"
_HISTORY = "the history of a period is append-only"
_TEXTS = ("title", "summary", "notice")
_WATCHED = "published_at, required_languages, title, summary, instructions, notice, notice_posted_on"
# What was public before there were notices stays as it is until it has got one.
_ON_UPDATE = "NEW.published_at IS NOT NULL AND (OLD.published_at IS NULL OR OLD.notice_posted_on IS NOT NULL)"


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def upgrade() -> None:
    _add_to_periods()
    _create_changes()
    _create_batches()
    _add_to_comments()
    _set_flags((*_FLAGS, "mistaken"))
    _hold_texts_complete()
    _keep_history()


def _add_to_periods() -> None:
    instant = "TIMESTAMP WITH TIME ZONE" if _is_postgresql() else "DATETIME"
    for column in (
        "notice JSON",
        "notice_posted_on DATE",
        """required_languages JSON DEFAULT '["en", "es"]' NOT NULL""",
        (
            "late_policy VARCHAR(40) DEFAULT 'refuse' NOT NULL CONSTRAINT ck_comment_period_late_policy "
            "CHECK (late_policy IN ('refuse', 'accept_marked'))"
        ),
        (
            f"late_until {instant} CONSTRAINT ck_comment_period_late_until_is_after_the_end CHECK "
            "(late_until IS NULL OR (late_policy = 'accept_marked' AND late_until > closes_at))"
        ),
        f"cancelled_at {instant}",
    ):
        op.execute(f"ALTER TABLE comment_period ADD COLUMN {column}")


def _create_changes() -> None:
    op.create_table(
        "period_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("kind", _enum("extend", "reopen", "cancel", name="kind"), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("old_closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("new_closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'cancel') = (new_closes_at IS NULL)",
            name=op.f("ck_period_change_cancelled_has_no_new_end"),
        ),
        sa.CheckConstraint(
            "new_closes_at > old_closes_at", name=op.f("ck_period_change_ends_later_than_before")
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["comment_period.id"], name=op.f("fk_period_change_period_id_comment_period")
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name=op.f("fk_period_change_actor_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_change")),
    )
    op.create_index(op.f("ix_period_change_period_id"), "period_change", ["period_id"])


def _create_batches() -> None:
    op.create_table(
        "intake_batch",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("kind", _enum("intermediary", "file", name="kind"), nullable=False),
        sa.Column("name", sa.String(160), nullable=False),
        sa.Column("label", sa.String(8), nullable=False),
        sa.Column("code_digest", sa.String(64), nullable=True),
        sa.Column("is_certified", sa.Boolean(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("is_certified", name=op.f("ck_intake_batch_is_certified")),
        sa.CheckConstraint(
            "(kind = 'intermediary') = (code_digest IS NOT NULL)",
            name=op.f("ck_intake_batch_intermediary_has_a_code"),
        ),
        sa.CheckConstraint(
            "(kind = 'intermediary') = (expires_at IS NOT NULL)",
            name=op.f("ck_intake_batch_intermediary_has_an_end"),
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["comment_period.id"], name=op.f("fk_intake_batch_period_id_comment_period")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_intake_batch_created_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_batch")),
        sa.UniqueConstraint("label", name=op.f("uq_intake_batch_label")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_intake_batch_code_digest")),
    )
    op.create_index(op.f("ix_intake_batch_period_id"), "intake_batch", ["period_id"])


def _add_to_comments() -> None:
    big = "BIGINT" if _is_postgresql() else "INTEGER"
    for column in (
        "postmarked_on DATE",
        "entered_by_id INTEGER CONSTRAINT fk_comment_entered_by_id_user_account REFERENCES user_account (id)",
        f"batch_id {big} CONSTRAINT fk_comment_batch_id_intake_batch REFERENCES intake_batch (id)",
    ):
        op.execute(f"ALTER TABLE comment ADD COLUMN {column}")
    op.create_index(op.f("ix_comment_batch_id"), "comment", ["batch_id"])


def _set_flags(flags: tuple[str, ...]) -> None:
    """Let comment_flag have these flags and no others."""
    name, listed = "ck_comment_flag_flag", ", ".join(f"'{flag}'" for flag in flags)
    if _is_postgresql():
        op.execute(f"ALTER TABLE comment_flag DROP CONSTRAINT {name}")
        op.execute(f"ALTER TABLE comment_flag ADD CONSTRAINT {name} CHECK (flag IN ({listed}))")
        return
    op.execute(
        "CREATE TABLE new_comment_flag (comment_id INTEGER NOT NULL, flag VARCHAR(40) NOT NULL, "
        "CONSTRAINT pk_comment_flag PRIMARY KEY (comment_id, flag), "
        "CONSTRAINT fk_comment_flag_comment_id_comment FOREIGN KEY(comment_id) REFERENCES comment (id) "
        f"ON DELETE CASCADE, CONSTRAINT {name} CHECK (flag IN ({listed})))"
    )
    op.execute("INSERT INTO new_comment_flag SELECT comment_id, flag FROM comment_flag")
    op.execute("DROP TABLE comment_flag")
    op.execute("ALTER TABLE new_comment_flag RENAME TO comment_flag")


def _hold_texts_complete() -> None:
    if _is_postgresql():
        lacks = " OR ".join(f"coalesce(NEW.{text} ->> code, '') = ''" for text in _TEXTS)
        op.execute(
            "CREATE FUNCTION refuse_unfinished_comment_period() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "DECLARE code text; BEGIN "
            "IF NEW.notice_posted_on IS NULL OR json_array_length(NEW.required_languages) = 0 THEN "
            f"RAISE EXCEPTION '{_UNFINISHED}' USING ERRCODE = 'check_violation'; END IF; "
            "FOR code IN SELECT json_array_elements_text(NEW.required_languages) LOOP "
            f"IF {lacks} OR (coalesce(NEW.instructions ->> 'en', '') || "
            "coalesce(NEW.instructions ->> 'es', '') <> '' "
            "AND coalesce(NEW.instructions ->> code, '') = '') THEN "
            f"RAISE EXCEPTION '{_UNFINISHED}' USING ERRCODE = 'check_violation'; END IF; "
            "END LOOP; RETURN NEW; END $$"
        )
        for name, event, condition in (
            ("insert", "INSERT", "NEW.published_at IS NOT NULL"),
            ("update", f"UPDATE OF {_WATCHED}", _ON_UPDATE),
        ):
            op.execute(
                f"CREATE TRIGGER comment_period_is_finished_{name} BEFORE {event} ON comment_period "
                f"FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION refuse_unfinished_comment_period()"
            )
        return

    def text_of(column: str, code: str = "needed.value") -> str:
        return f"coalesce(json_extract(NEW.{column}, '$.' || {code}), '')"

    lacks = " OR ".join(f"{text_of(text)} = ''" for text in _TEXTS)
    any_instructions = f"{text_of('instructions', repr('en'))} || {text_of('instructions', repr('es'))} <> ''"
    unfinished = (
        "NEW.notice_posted_on IS NULL OR json_array_length(NEW.required_languages) = 0 OR EXISTS ("  # noqa: S608
        f"SELECT 1 FROM json_each(NEW.required_languages) AS needed WHERE {lacks} OR ({any_instructions} AND "
        f"{text_of('instructions')} = ''))"
    )
    for name, event, condition in (
        ("insert", "INSERT", "NEW.published_at IS NOT NULL"),
        ("update", f"UPDATE OF {_WATCHED}", _ON_UPDATE),
    ):
        op.execute(
            f"CREATE TRIGGER comment_period_is_finished_{name} BEFORE {event} ON comment_period "
            f"WHEN ({condition}) AND ({unfinished}) BEGIN SELECT RAISE(ABORT, '{_UNFINISHED}'); END"
        )


def _keep_history() -> None:
    if _is_postgresql():
        op.execute(
            "CREATE FUNCTION refuse_period_change_change() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_HISTORY}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER period_change_append_only BEFORE UPDATE OR DELETE ON period_change "
            "FOR EACH ROW EXECUTE FUNCTION refuse_period_change_change()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER period_change_no_{verb.lower()} BEFORE {verb} ON period_change "
            f"BEGIN SELECT RAISE(ABORT, '{_HISTORY}'); END"
        )


def downgrade() -> None:
    if _is_postgresql():
        for name in ("insert", "update"):
            op.execute(f"DROP TRIGGER comment_period_is_finished_{name} ON comment_period")
        op.execute("DROP FUNCTION refuse_unfinished_comment_period()")
        op.execute("DROP TRIGGER period_change_append_only ON period_change")
        op.execute("DROP FUNCTION refuse_period_change_change()")
    else:
        for name in ("insert", "update"):
            op.execute(f"DROP TRIGGER comment_period_is_finished_{name}")
    op.execute("DELETE FROM comment_flag WHERE flag = 'mistaken'")
    _set_flags(_FLAGS)
    op.drop_index(op.f("ix_comment_batch_id"), table_name="comment")
    for column in ("batch_id", "entered_by_id", "postmarked_on"):
        op.execute(f"ALTER TABLE comment DROP COLUMN {column}")
    op.drop_table("intake_batch")
    op.drop_table("period_change")
    for column in (
        "cancelled_at",
        "late_until",
        "late_policy",
        "required_languages",
        "notice_posted_on",
        "notice",
    ):
        op.execute(f"ALTER TABLE comment_period DROP COLUMN {column}")


def _enum(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
