"""Keep the public log of receipts: entries beside comments, nodes and heads that are never changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_DISPOSITIONS = (
    "waiting", "published", "redacted", "withheld", "duplicate", "spam", "withdrawn", "erased"
)  # fmt: skip
_REASONS = (
    "spam", "true_threat", "obscenity_legal", "doxxing_personal_data", "malware_or_illegal", "off_topic",
    "duplicate_submission", "impersonation_contested",
)  # fmt: skip
_MESSAGE = "the public log is append-only"
_APPEND_ONLY = ("log_node", "log_head", "log_disposition")


def upgrade() -> None:
    _create_entries()
    op.create_table(
        "log_node",
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("level", "position", name=op.f("pk_log_node")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "log_head",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(32), nullable=False),
        sa.Column("sealed_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_log_head")),
    )
    _create_manifests()
    _create_witnesses()
    for table in _APPEND_ONLY:
        _refuse_changes(table)


def downgrade() -> None:
    for table in (
        "log_cosignature", "log_witness", "log_disposition", "log_manifest", "log_head", "log_node",
        "log_entry",
    ):  # fmt: skip
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_log_change()")


def _create_entries() -> None:
    op.create_table(
        "log_entry",
        sa.Column("id", _big_id(), autoincrement=False, nullable=False),
        sa.Column("comment_id", _big_id(), nullable=True),
        sa.Column("leaf_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("field_names", sa.String(400), nullable=False),
        sa.Column("digests", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_code", sa.LargeBinary(), nullable=True),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("leaf_index", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_log_entry_comment_id_comment"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_entry")),
        sa.UniqueConstraint("comment_id", name=op.f("uq_log_entry_comment_id")),
        sa.UniqueConstraint("leaf_hash", name=op.f("uq_log_entry_leaf_hash")),
        sa.UniqueConstraint("leaf_index", name=op.f("uq_log_entry_leaf_index")),
    )
    op.create_index(
        "ix_log_entry_pending",
        "log_entry",
        ["leaf_hash"],
        sqlite_where=sa.text("leaf_index IS NULL"),
        postgresql_where=sa.text("leaf_index IS NULL"),
    )


def _create_manifests() -> None:
    op.create_table(
        "log_manifest",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("rows_digest", sa.String(64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["size"], ["log_head.size"], name=op.f("fk_log_manifest_size_log_head")),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_log_manifest")),
    )
    op.create_table(
        "log_disposition",
        sa.Column("leaf_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("disposition", _one_of("disposition", _DISPOSITIONS), nullable=False),
        sa.Column("reason", _one_of("reason", _REASONS), nullable=True),
        sa.ForeignKeyConstraint(
            ["version"], ["log_manifest.version"], name=op.f("fk_log_disposition_version_log_manifest")
        ),
        sa.PrimaryKeyConstraint("leaf_index", "version", name=op.f("pk_log_disposition")),
        sqlite_with_rowid=False,
    )


def _create_witnesses() -> None:
    op.create_table(
        "log_witness",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("verifier_key", sa.String(240), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_witness")),
        sa.UniqueConstraint("name", name=op.f("uq_log_witness_name")),
    )
    op.create_table(
        "log_cosignature",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("witness_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["size"], ["log_head.size"], name=op.f("fk_log_cosignature_size_log_head")),
        sa.ForeignKeyConstraint(
            ["witness_id"],
            ["log_witness.id"],
            name=op.f("fk_log_cosignature_witness_id_log_witness"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("size", "witness_id", name=op.f("pk_log_cosignature")),
    )
    op.create_index(op.f("ix_log_cosignature_witness_id"), "log_cosignature", ["witness_id"])


def _refuse_changes(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE OR REPLACE FUNCTION refuse_log_change() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_MESSAGE}'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_log_change()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
        )


def _big_id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _one_of(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
