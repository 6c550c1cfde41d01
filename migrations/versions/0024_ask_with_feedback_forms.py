"""Ask with feedback forms: forms, their versions, answers, codes and results."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_HAS_ANSWERS = (
    "EXISTS (SELECT 1 FROM form_box WHERE version_id = OLD.id)"
    " OR EXISTS (SELECT 1 FROM form_response WHERE version_id = OLD.id)"
)
_TABLES = (
    "form_text_concern",
    "form_text",
    "form_ticket",
    "form_response",
    "form_box",
    "form_version",
    "form_ticket_batch",
    "form_text_event",
    "form_result",
    "feedback_form",
)


def upgrade() -> None:
    _create_forms()
    _create_answers()
    _refuse_changes("form_text_event", "what was decided about a text stays as it is")
    _refuse_changes("form_version", "what was asked stays as it was answered", when=_HAS_ANSWERS)


def downgrade() -> None:
    if _is_postgresql():
        for table in ("form_text_event", "form_version"):
            op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
            op.execute(f"DROP FUNCTION refuse_{table}_change()")
    for table in _TABLES:
        op.drop_table(table)


def _create_forms() -> None:
    op.create_table(
        "feedback_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("docket_id", sa.Integer(), nullable=True),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("host_id", sa.Integer(), nullable=True),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("working", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("entry", _enum("entry", "anybody", "code"), nullable=False),
        sa.Column("results", _enum("results", "live", "at_close"), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "closes_at IS NULL OR closes_at > opens_at", name=op.f("ck_feedback_form_closes_after_it_opens")
        ),
        sa.CheckConstraint("revision >= 0", name=op.f("ck_feedback_form_revision_counts_up")),
        sa.ForeignKeyConstraint(["docket_id"], ["docket.id"], name=op.f("fk_feedback_form_docket_id_docket")),
        sa.ForeignKeyConstraint(
            ["host_id"], ["user_account.id"], name=op.f("fk_feedback_form_host_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_feedback_form_meeting_id_meeting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_form")),
        sa.UniqueConstraint("slug", name=op.f("uq_feedback_form_slug")),
    )
    op.create_index(op.f("ix_feedback_form_docket_id"), "feedback_form", ["docket_id"], unique=False)
    op.create_index(op.f("ix_feedback_form_host_id"), "feedback_form", ["host_id"], unique=False)
    op.create_index(op.f("ix_feedback_form_meeting_id"), "feedback_form", ["meeting_id"], unique=False)
    op.create_table(
        "form_result",
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=True),
        sa.Column("tables", sa.JSON(), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("is_stale", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["form_id"], ["feedback_form.id"], name=op.f("fk_form_result_form_id_feedback_form")
        ),
        sa.PrimaryKeyConstraint("form_id", name=op.f("pk_form_result")),
    )
    op.create_table(
        "form_text_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("text_id", _BIG, nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("state", _enum("state", "waiting", "shown", "hidden"), nullable=False),
        sa.Column(
            "hidden_for",
            _enum("hidden_for", "personal_data", "true_threat", "obscenity", "spam", "unlawful"),
            nullable=True,
        ),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name=op.f("fk_form_text_event_actor_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["form_id"], ["feedback_form.id"], name=op.f("fk_form_text_event_form_id_feedback_form")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_text_event")),
    )
    op.create_index(op.f("ix_form_text_event_form_id"), "form_text_event", ["form_id"], unique=False)
    op.create_table(
        "form_ticket_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name=op.f("fk_form_ticket_batch_actor_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["form_id"], ["feedback_form.id"], name=op.f("fk_form_ticket_batch_form_id_feedback_form")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_ticket_batch")),
    )
    op.create_index(op.f("ix_form_ticket_batch_form_id"), "form_ticket_batch", ["form_id"], unique=False)


def _create_answers() -> None:
    op.create_table(
        "form_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name=op.f("fk_form_version_actor_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["form_id"], ["feedback_form.id"], name=op.f("fk_form_version_form_id_feedback_form")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_version")),
        sa.UniqueConstraint("form_id", "number", name=op.f("uq_form_version_form_id_number")),
    )
    op.create_table(
        "form_box",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["form_version.id"], name=op.f("fk_form_box_version_id_form_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_box")),
    )
    op.create_index(op.f("ix_form_box_version_id"), "form_box", ["version_id"], unique=False)
    op.create_table(
        "form_response",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.Column("channel", _enum("channel", "web", "paper", "import"), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("is_doubtful", sa.Boolean(), nullable=False),
        sa.Column("imported_as", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["version_id"], ["form_version.id"], name=op.f("fk_form_response_version_id_form_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_response")),
        sa.UniqueConstraint(
            "version_id", "imported_as", name=op.f("uq_form_response_version_id_imported_as")
        ),
    )
    op.create_index(op.f("ix_form_response_version_id"), "form_response", ["version_id"], unique=False)
    op.create_table(
        "form_ticket",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("code_index", sa.String(length=64), nullable=False),
        sa.Column("is_spent", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["form_ticket_batch.id"], name=op.f("fk_form_ticket_batch_id_form_ticket_batch")
        ),
        sa.ForeignKeyConstraint(
            ["form_id"], ["feedback_form.id"], name=op.f("fk_form_ticket_form_id_feedback_form")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_ticket")),
        sa.UniqueConstraint("form_id", "code_index", name=op.f("uq_form_ticket_form_id_code_index")),
    )
    op.create_index(op.f("ix_form_ticket_batch_id"), "form_ticket", ["batch_id"], unique=False)
    op.create_table(
        "form_text",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("response_id", _BIG, nullable=False),
        sa.Column("question", sa.String(length=60), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("is_confidential", sa.Boolean(), nullable=False),
        sa.Column("state", _enum("state", "waiting", "shown", "hidden"), nullable=False),
        sa.Column(
            "hidden_for",
            _enum("hidden_for", "personal_data", "true_threat", "obscenity", "spam", "unlawful"),
            nullable=True,
        ),
        sa.Column("language", sa.String(length=3), nullable=True),
        sa.Column("tone", sa.String(length=20), nullable=True),
        sa.Column("tone_score", sa.Double(), nullable=True),
        sa.Column("analysed_with", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "(state = 'hidden') = (hidden_for IS NOT NULL)", name=op.f("ck_form_text_hidden_has_a_reason")
        ),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["form_response.id"],
            name=op.f("fk_form_text_response_id_form_response"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_text")),
        sa.UniqueConstraint("response_id", "question", name=op.f("uq_form_text_response_id_question")),
    )
    op.create_index(
        "ix_form_text_unread",
        "form_text",
        ["id"],
        unique=False,
        sqlite_where=sa.text("analysed_with IS NULL"),
        postgresql_where=sa.text("analysed_with IS NULL"),
    )
    op.create_index(
        "ix_form_text_waiting",
        "form_text",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "form_text_concern",
        sa.Column("text_id", _BIG, nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["text_id"],
            ["form_text.id"],
            name=op.f("fk_form_text_concern_text_id_form_text"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("text_id", "code", name=op.f("pk_form_text_concern")),
    )


def _refuse_changes(table: str, message: str, *, when: str = "TRUE") -> None:
    if _is_postgresql():
        op.execute(
            f"CREATE FUNCTION refuse_{table}_change() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF {when} THEN RAISE EXCEPTION '{message}'; END IF; "
            f"IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION refuse_{table}_change()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
