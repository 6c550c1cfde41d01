"""Group the versions of one letter, and keep what staff think of a burst.

The texts of a campaign are told by their fingerprints. Triggers forget a fingerprint, and the numbers that a
text is found by, in the very statement that withdraws or changes the last comment with that text: so nothing
of a text can outlive it here, whoever changes the comment.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KINDS = ("busy_day", "letter_in_a_day", "unnamed_copies", "flagged_day")

_FORGET = """
UPDATE campaign SET is_stale = {true}, is_broken = {true}
WHERE id IN (
    SELECT campaign_id FROM campaign_text
    WHERE period_id = OLD.period_id AND digest = OLD.body_digest AND campaign_id IS NOT NULL
) AND NOT EXISTS (
    SELECT 1 FROM comment WHERE period_id = OLD.period_id AND body_digest = OLD.body_digest AND id <> OLD.id
);
DELETE FROM campaign_text
WHERE period_id = OLD.period_id AND digest = OLD.body_digest AND NOT EXISTS (
    SELECT 1 FROM comment WHERE period_id = OLD.period_id AND body_digest = OLD.body_digest AND id <> OLD.id
);
"""
_LOOK_AGAIN = "UPDATE comment SET campaign_due = {true} WHERE id = NEW.id AND NEW.body_digest <> ''; "


def upgrade() -> None:
    op.add_column(
        "comment", sa.Column("campaign_due", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.create_index(
        "ix_comment_campaign_due",
        "comment",
        ["id"],
        sqlite_where=sa.text("campaign_due = 1"),
        postgresql_where=sa.text("campaign_due"),
    )
    _create_campaign()
    _create_campaign_text()
    _create_anchors("campaign_letter_anchor", "campaign")
    _create_anchors("campaign_text_anchor", "campaign_text")
    _create_dismissal()
    if op.get_bind().dialect.name == "postgresql":
        _create_triggers_of_postgresql()
    else:
        _create_triggers_of_sqlite()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name in ("campaign_forgets_changed", "campaign_forgets_deleted"):
            op.execute(f"DROP TRIGGER {name} ON comment")
        op.execute("DROP FUNCTION campaign_forget_changed()")
        op.execute("DROP FUNCTION campaign_forget_deleted()")
    else:
        op.execute("DROP TRIGGER campaign_forgets_changed")
        op.execute("DROP TRIGGER campaign_forgets_deleted")
    for table in (
        "burst_dismissal", "campaign_text_anchor", "campaign_letter_anchor", "campaign_text", "campaign"
    ):  # fmt: skip
        op.drop_table(table)
    op.drop_index("ix_comment_campaign_due", table_name="comment")
    op.drop_column("comment", "campaign_due")


def _create_campaign() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("organiser", sa.String(length=160), nullable=True),
        sa.Column("merged_into_id", _ID, nullable=True),
        sa.Column("is_stale", sa.Boolean(), nullable=False),
        sa.Column("is_broken", sa.Boolean(), nullable=False),
        sa.CheckConstraint("merged_into_id <> id", name=op.f("ck_campaign_is_not_merged_into_itself")),
        sa.ForeignKeyConstraint(
            ["period_id"], ["comment_period.id"], name=op.f("fk_campaign_period_id_comment_period")
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"],
            ["campaign.id"],
            name=op.f("fk_campaign_merged_into_id_campaign"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    op.create_index(op.f("ix_campaign_period_id"), "campaign", ["period_id"])
    op.create_index(op.f("ix_campaign_merged_into_id"), "campaign", ["merged_into_id"])
    op.create_index(
        "ix_campaign_stale",
        "campaign",
        ["id"],
        sqlite_where=sa.text("is_stale = 1"),
        postgresql_where=sa.text("is_stale"),
    )


def _create_campaign_text() -> None:
    op.create_table(
        "campaign_text",
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("campaign_id", _ID, nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("is_exemplar", sa.Boolean(), nullable=False),
        sa.Column("is_personal", sa.Boolean(), nullable=True),
        sa.Column("compared_with", _ID, nullable=True),
        sa.Column("is_placed", sa.Boolean(), nullable=False),
        sa.Column("recount", sa.Boolean(), nullable=False),
        sa.Column("former_id", _ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["period_id"], ["comment_period.id"], name=op.f("fk_campaign_text_period_id_comment_period")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaign.id"],
            name=op.f("fk_campaign_text_campaign_id_campaign"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_text")),
        sa.UniqueConstraint("period_id", "digest", name=op.f("uq_campaign_text_period_id_digest")),
    )
    op.create_index("ix_campaign_text_of", "campaign_text", ["campaign_id", "is_personal"])
    op.create_index(
        "ix_campaign_text_recount",
        "campaign_text",
        ["id"],
        sqlite_where=sa.text("recount = 1"),
        postgresql_where=sa.text("recount"),
    )


def _create_anchors(table: str, owner: str) -> None:
    op.create_table(
        table,
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["period_id"], ["comment_period.id"], name=op.f(f"fk_{table}_period_id_comment_period")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], [f"{owner}.id"], name=op.f(f"fk_{table}_owner_id_{owner}"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("period_id", "anchor", "owner_id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_owner_id"), table, ["owner_id"])


def _create_dismissal() -> None:
    op.create_table(
        "burst_dismissal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*_KINDS, name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("subject_id", _ID, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("dismissed_by_id", sa.Integer(), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("note <> ''", name=op.f("ck_burst_dismissal_says_why")),
        sa.ForeignKeyConstraint(
            ["period_id"], ["comment_period.id"], name=op.f("fk_burst_dismissal_period_id_comment_period")
        ),
        sa.ForeignKeyConstraint(
            ["dismissed_by_id"],
            ["user_account.id"],
            name=op.f("fk_burst_dismissal_dismissed_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_burst_dismissal")),
        sa.UniqueConstraint(
            "period_id",
            "kind",
            "day",
            "subject_id",
            name=op.f("uq_burst_dismissal_period_id_kind_day_subject_id"),
        ),
    )
    op.create_index(op.f("ix_burst_dismissal_dismissed_by_id"), "burst_dismissal", ["dismissed_by_id"])


def _create_triggers_of_sqlite() -> None:
    forget, look_again = _FORGET.format(true=1), _LOOK_AGAIN.format(true=1)
    op.execute(
        "CREATE TRIGGER campaign_forgets_changed AFTER UPDATE OF body, body_digest ON comment "
        "WHEN OLD.body <> NEW.body OR OLD.body_digest <> NEW.body_digest "
        f"BEGIN {forget}{look_again}END"
    )
    op.execute(
        f"CREATE TRIGGER campaign_forgets_deleted AFTER DELETE ON comment FOR EACH ROW BEGIN {forget}END"
    )


def _create_triggers_of_postgresql() -> None:
    forget, look_again = _FORGET.format(true="true"), _LOOK_AGAIN.format(true="true")
    for verb, body in (("changed", forget + look_again), ("deleted", forget)):
        op.execute(
            f"CREATE FUNCTION campaign_forget_{verb}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {body}RETURN NULL; END $$"
        )
    op.execute(
        "CREATE TRIGGER campaign_forgets_changed AFTER UPDATE OF body, body_digest ON comment FOR EACH ROW "
        "WHEN (OLD.body <> NEW.body OR OLD.body_digest <> NEW.body_digest) "
        "EXECUTE FUNCTION campaign_forget_changed()"
    )
    op.execute(
        "CREATE TRIGGER campaign_forgets_deleted AFTER DELETE ON comment FOR EACH ROW "
        "EXECUTE FUNCTION campaign_forget_deleted()"
    )
