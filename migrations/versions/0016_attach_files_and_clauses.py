"""Let a comment carry files and be about clauses; say of a file, too, that it is kept from readers."""

from __future__ import annotations

import re
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_KINDS = ("jpeg", "png", "pdf", "text")
_REASONS = (
    "spam",
    "true_threat",
    "obscenity_legal",
    "doxxing_personal_data",
    "malware_or_illegal",
    "off_topic",
    "duplicate_submission",
    "impersonation_contested",
)
_STANCES = ("keep", "change", "strike")
_ACTIONS = ("restrict_attachment", "post_attachment")


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("comment_id", _big_id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", _enum("kind", _KINDS), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("description", sa.String(300), nullable=True),
        sa.Column("restriction_reason", _enum("restriction_reason", _REASONS), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_attachment_number_is_positive")),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_attachment_comment_id_comment"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("comment_id", "number", name=op.f("pk_attachment")),
    )
    op.create_table(
        "upload",
        sa.Column("id", _big_id(), autoincrement=False, nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", _enum("kind", _KINDS), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("purge_after", sa.Date(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sa.UniqueConstraint("token", "digest", name=op.f("uq_upload_token_digest")),
    )
    op.create_index(op.f("ix_upload_purge_after"), "upload", ["purge_after"])
    op.create_table(
        "comment_clause",
        sa.Column("comment_id", _big_id(), nullable=False),
        sa.Column("clause", sa.String(40), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("stance", _enum("stance", _STANCES), nullable=True),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_comment_clause_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["document_version.id"],
            name=op.f("fk_comment_clause_version_id_document_version"),
        ),
        sa.PrimaryKeyConstraint("comment_id", "clause", name=op.f("pk_comment_clause")),
    )
    op.create_index(op.f("ix_comment_clause_clause"), "comment_clause", ["clause"])
    op.create_index(op.f("ix_comment_clause_version_id"), "comment_clause", ["version_id"])
    op.create_table(
        "comment_translation",
        sa.Column("comment_id", _big_id(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("of_digest", sa.String(64), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_comment_translation_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"],
            ["user_account.id"],
            name=op.f("fk_comment_translation_made_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("comment_id", "language", name=op.f("pk_comment_translation")),
    )
    op.create_index(op.f("ix_comment_translation_made_by_id"), "comment_translation", ["made_by_id"])
    _allow_actions(lambda allowed: [*allowed, *(action for action in _ACTIONS if action not in allowed)])


def downgrade() -> None:
    _allow_actions(lambda allowed: [action for action in allowed if action not in _ACTIONS])
    op.drop_table("comment_translation")
    op.drop_table("comment_clause")
    op.drop_table("upload")
    op.drop_table("attachment")


def _big_id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _allow_actions(change: Callable[[list[str]], list[str]]) -> None:
    """Change the closed list of what the log of moderation can say, whoever has put what into it."""
    connection = op.get_bind()
    checks = sa.inspect(connection).get_check_constraints("moderation_event")
    (check,) = (check for check in checks if check["name"] == "ck_moderation_event_action")
    allowed = change(re.findall(r"'([a-z_]+)'", check["sqltext"]))
    condition = "action IN ({})".format(", ".join(f"'{action}'" for action in allowed))
    if connection.dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_moderation_event_action"), "moderation_event", type_="check")
        op.create_check_constraint(op.f("ck_moderation_event_action"), "moderation_event", condition)
    else:
        _rebuild(connection, check["sqltext"], condition)


def _rebuild(connection: sa.Connection, before: str, after: str) -> None:
    """SQLite cannot change a condition: the table is made anew, and its indexes and triggers with it."""
    rows = connection.exec_driver_sql(
        "SELECT type, sql FROM sqlite_master WHERE tbl_name = 'moderation_event' AND sql IS NOT NULL"
    ).all()
    (table,) = (sql for kind, sql in rows if kind == "table")
    changed = re.sub(r'^CREATE TABLE "?moderation_event"?', 'CREATE TABLE "moderation_event_new"', table)
    connection.exec_driver_sql(changed.replace(f"({before})", f"({after})"))
    connection.exec_driver_sql("INSERT INTO moderation_event_new SELECT * FROM moderation_event")
    connection.exec_driver_sql("DROP TABLE moderation_event")
    connection.exec_driver_sql("ALTER TABLE moderation_event_new RENAME TO moderation_event")
    for kind, sql in rows:
        if kind != "table":
            connection.exec_driver_sql(sql)
