"""Redact stretches and seal originals, let a second person confirm removals, take reports, appeals, contests.

Lines of the log may say more; what stands in it stays as it was, and so does the form that its digests cover.
Going back is refused by the log's own rules once it holds a line that the former version could not say.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MESSAGE = "the moderation log is append-only"

_OLD_ACTIONS = ("post", "restrict", "reopen", "import", "update", "withdraw")
_ACTIONS = (
    *_OLD_ACTIONS,
    "propose", "confirm", "decline", "redact", "restore", "open_original", "appeal_open", "appeal_upheld",
    "appeal_denied", "dismiss_reports", "contest_open", "contest_admitted", "contest_dismissed",
)  # fmt: skip
_RESTRICTIONS = (
    "spam", "true_threat", "obscenity_legal", "doxxing_personal_data", "malware_or_illegal", "off_topic",
    "duplicate_submission", "impersonation_contested",
)  # fmt: skip
_REASONS = (
    *_RESTRICTIONS,
    "own_personal_data", "others_personal_data", "over_redacted", "check_redaction", "decide_appeal",
    "legal_request", "within_rules", "seen_to",
)  # fmt: skip
_KINDS = (
    "phone", "email", "address", "ssn", "a_number", "dob", "card", "plate", "status_disclosure",
    "person_name", "private_fact", "threat", "obscenity", "link",
)  # fmt: skip


def upgrade() -> None:
    op.add_column(
        "comment", sa.Column("is_redacted", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    for column in ("name", "organisation"):
        where = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            f"ix_comment_{column}", "comment", [column], sqlite_where=where, postgresql_where=where
        )
    _let_the_log_say(_ACTIONS, _REASONS)
    _create_removals()
    _create_redactions()
    _create_disputes()


def downgrade() -> None:
    for table in ("contest", "appeal", "comment_report", "redaction", "sealed_key", "sealed_original"):
        op.drop_table(table)
    op.drop_table("removal_proposal")
    _let_the_log_say(_OLD_ACTIONS, _RESTRICTIONS)
    for column in ("name", "organisation"):
        op.drop_index(f"ix_comment_{column}", table_name="comment")
    op.drop_column("comment", "is_redacted")


def _create_removals() -> None:
    op.create_table(
        "removal_proposal",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("comment_id", _BIG, nullable=False),
        sa.Column("reason", _enum("reason", *_RESTRICTIONS), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", _enum("outcome", "confirmed", "declined", "moot"), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "outcome <> 'confirmed' OR (decided_by_id IS NOT NULL AND decided_by_id <> proposed_by_id)",
            name=op.f("ck_removal_proposal_confirmed_by_somebody_else"),
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (decided_at IS NULL)", name=op.f("ck_removal_proposal_decided_at_a_time")
        ),
        _to("removal_proposal", "comment_id", "comment"),
        _to("removal_proposal", "proposed_by_id", "user_account"),
        _to("removal_proposal", "decided_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removal_proposal")),
    )
    op.create_index("ix_removal_proposal_comment_id", "removal_proposal", ["comment_id"])
    _create_open_index("removal_proposal", ["comment_id"], "outcome IS NULL", unique=True)


def _create_redactions() -> None:
    for table, parent in (("sealed_original", "comment"), ("sealed_key", "sealed_original")):
        op.create_table(
            table,
            sa.Column("comment_id", _BIG, autoincrement=False, nullable=False),
            sa.Column("sealed", sa.LargeBinary(), nullable=False),
            _to(table, "comment_id", parent, "id" if parent == "comment" else "comment_id"),
            sa.PrimaryKeyConstraint("comment_id", name=op.f(f"pk_{table}")),
        )
    op.create_table(
        "redaction",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("comment_id", _BIG, nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("stop", sa.Integer(), nullable=False),
        sa.Column("kind", _enum("kind", *_KINDS), nullable=False),
        sa.Column("reason", _enum("reason", *_REASONS), nullable=False),
        sa.CheckConstraint("start >= 0 AND stop > start", name=op.f("ck_redaction_is_not_empty")),
        _to("redaction", "comment_id", "sealed_original", "comment_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redaction")),
    )
    op.create_index(op.f("ix_redaction_comment_id"), "redaction", ["comment_id"])


def _create_disputes() -> None:
    op.create_table(
        "comment_report",
        sa.Column("comment_id", _BIG, autoincrement=False, nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("reason", _enum("reason", *_RESTRICTIONS), nullable=False),
        sa.Column("sealed_words", sa.LargeBinary(), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        _to("comment_report", "comment_id", "comment"),
        sa.PrimaryKeyConstraint("comment_id", "token", name=op.f("pk_comment_report")),
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    _create_open_index("comment_report", ["comment_id"], "is_open = 1" if is_sqlite else "is_open")
    op.create_table(
        "appeal",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("comment_id", _BIG, nullable=False),
        sa.Column("event_id", _BIG, nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("restricted_by_id", sa.Integer(), nullable=True),
        *_asked_for(),
        sa.Column("outcome", _enum("outcome", "upheld", "denied", "moot"), nullable=True),
        *_decided(),
        sa.CheckConstraint(
            "outcome = 'moot' OR (decided_by_id IS NOT NULL AND answer IS NOT NULL) OR outcome IS NULL",
            name=op.f("ck_appeal_decided_has_an_answer"),
        ),
        sa.CheckConstraint(
            "outcome = 'moot' OR decided_by_id <> restricted_by_id",
            name=op.f("ck_appeal_decided_by_another_than_restricted"),
        ),
        sa.CheckConstraint(
            "outcome = 'moot' OR decided_by_id <> proposed_by_id",
            name=op.f("ck_appeal_decided_by_another_than_proposed"),
        ),
        _to("appeal", "comment_id", "comment"),
        _to("appeal", "event_id", "moderation_event"),
        _to("appeal", "proposed_by_id", "user_account"),
        _to("appeal", "restricted_by_id", "user_account"),
        _to("appeal", "decided_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("event_id", name=op.f("uq_appeal_event_id")),
    )
    op.create_table(
        "contest",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("comment_id", _BIG, nullable=False),
        sa.Column("case_number", sa.String(16), nullable=False),
        sa.Column("code_index", sa.String(64), nullable=False),
        sa.Column("client_token", sa.String(64), nullable=False),
        *_asked_for(),
        sa.Column("admitted_by_id", sa.Integer(), nullable=True),
        sa.Column("admitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", _enum("outcome", "upheld", "dismissed", "moot"), nullable=True),
        *_decided(),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome = 'moot' OR decided_by_id IS NOT NULL",
            name=op.f("ck_contest_decided_by_somebody"),
        ),
        sa.CheckConstraint(
            "(admitted_at IS NULL) = (admitted_by_id IS NULL)", name=op.f("ck_contest_admitted_by_somebody")
        ),
        _to("contest", "comment_id", "comment"),
        _to("contest", "admitted_by_id", "user_account"),
        _to("contest", "decided_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest")),
        sa.UniqueConstraint("case_number", name=op.f("uq_contest_case_number")),
        sa.UniqueConstraint("client_token", name=op.f("uq_contest_client_token")),
    )
    for table in ("appeal", "contest"):
        op.create_index(f"ix_{table}_comment_id", table, ["comment_id"])
        op.create_index(op.f(f"ix_{table}_purge_after"), table, ["purge_after"])
        _create_open_index(table, ["opened_on", "id"], "outcome IS NULL")


def _asked_for() -> list[sa.Column[object]]:
    return [
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_contact", sa.LargeBinary(), nullable=True),
        sa.Column("is_noted", sa.Boolean(), nullable=False),
        sa.Column("purge_after", sa.Date(), nullable=False),
    ]


def _decided() -> list[sa.Column[object]]:
    return [
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
    ]


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _to(table: str, column: str, parent: str, key: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{parent}.{key}"], name=op.f(f"fk_{table}_{column}_{parent}"))


def _create_open_index(table: str, columns: list[str], is_open: str, *, unique: bool = False) -> None:
    where = sa.text(is_open)
    op.create_index(
        f"ix_{table}_open", table, columns, unique=unique, sqlite_where=where, postgresql_where=where
    )


def _let_the_log_say(actions: tuple[str, ...], reasons: tuple[str, ...]) -> None:
    """Change the closed lists of the log. On SQLite that takes a new table, which then gets its triggers."""
    allowed = {
        "ck_moderation_event_action": f"action IN ({_quoted(actions)})",
        "ck_moderation_event_reason": f"reason IN ({_quoted(reasons)})",
    }
    if op.get_bind().dialect.name == "postgresql":
        for name, condition in allowed.items():
            op.drop_constraint(op.f(name), "moderation_event", type_="check")
            op.create_check_constraint(op.f(name), "moderation_event", condition)
        return
    op.create_table(
        "moderation_event_new",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("comment_id", _BIG, nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(40), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous_digest", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        *(sa.CheckConstraint(condition, name=op.f(name)) for name, condition in allowed.items()),
        _to("moderation_event", "actor_id", "user_account"),
        _to("moderation_event", "comment_id", "comment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_event")),
        sa.UniqueConstraint("digest", name=op.f("uq_moderation_event_digest")),
        sa.UniqueConstraint("previous_digest", name=op.f("uq_moderation_event_previous_digest")),
    )
    columns = "id, comment_id, action, reason, actor_id, happened_at, previous_digest, digest"
    op.execute(f"INSERT INTO moderation_event_new ({columns}) SELECT {columns} FROM moderation_event")  # noqa: S608
    op.drop_table("moderation_event")
    op.rename_table("moderation_event_new", "moderation_event")
    op.create_index(op.f("ix_moderation_event_actor_id"), "moderation_event", ["actor_id"])
    op.create_index(op.f("ix_moderation_event_comment_id"), "moderation_event", ["comment_id"])
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER moderation_event_no_{verb.lower()} BEFORE {verb} ON moderation_event "
            f"BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
        )


def _quoted(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)
