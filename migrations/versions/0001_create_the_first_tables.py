"""Create the first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "district",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_district")),
        sa.UniqueConstraint("code", name=op.f("uq_district_code")),
    )
    op.create_table(
        "docket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("taxonomy", sa.String(length=80), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_docket")),
        sa.UniqueConstraint("slug", name=op.f("uq_docket_slug")),
    )
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_key", sa.String(length=120), nullable=False),
        sa.Column("recipient", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
        sa.UniqueConstraint("event_key", name=op.f("uq_outbox_message_event_key")),
    )
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_message_queued_at"), ["queued_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_message_sent_at"), ["sent_at"], unique=False)

    op.create_table(
        "role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "name",
            sa.Enum(
                "resident",
                "host",
                "moderator",
                "clerk",
                "official",
                "administrator",
                name="name",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("permissions", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
        sa.UniqueConstraint("name", name=op.f("uq_role_name")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("tf_primary_method", sa.String(length=64), nullable=True),
        sa.Column("tf_totp_secret", sa.String(length=255), nullable=True),
        sa.Column("mf_recovery_codes", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_user_account_fs_uniquifier")),
    )
    op.create_table(
        "comment_period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("docket_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("instructions", sa.JSON(), nullable=True),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("text_limit", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_comment_period_closes_after_it_opens")),
        sa.CheckConstraint(
            "text_limit BETWEEN 200 AND 100000", name=op.f("ck_comment_period_text_limit_is_sensible")
        ),
        sa.ForeignKeyConstraint(
            ["docket_id"], ["docket.id"], name=op.f("fk_comment_period_docket_id_docket")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_period")),
        sa.UniqueConstraint("slug", name=op.f("uq_comment_period_slug")),
    )
    with op.batch_alter_table("comment_period", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comment_period_closes_at"), ["closes_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_comment_period_docket_id"), ["docket_id"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("docket_id", sa.Integer(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["docket_id"], ["docket.id"], name=op.f("fk_decision_docket_id_docket"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("docket_id", name=op.f("uq_decision_docket_id")),
    )
    op.create_table(
        "docket_phase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("docket_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "assess_readiness",
                "engage_stakeholders",
                "apply",
                "train_and_implement",
                "monitor_and_evaluate",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_docket_phase_ends_after_it_starts")
        ),
        sa.ForeignKeyConstraint(
            ["docket_id"], ["docket.id"], name=op.f("fk_docket_phase_docket_id_docket"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_docket_phase")),
        sa.UniqueConstraint("docket_id", "position", name=op.f("uq_docket_phase_docket_id_position")),
    )
    with op.batch_alter_table("docket_phase", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_docket_phase_docket_id"), ["docket_id"], unique=False)

    op.create_table(
        "docket_update",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("docket_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["docket_id"], ["docket.id"], name=op.f("fk_docket_update_docket_id_docket"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_docket_update")),
    )
    with op.batch_alter_table("docket_update", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_docket_update_docket_id"), ["docket_id"], unique=False)

    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("docket_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["docket_id"], ["docket.id"], name=op.f("fk_document_docket_id_docket"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("docket_id", "slug", name=op.f("uq_document_docket_id_slug")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_docket_id"), ["docket_id"], unique=False)

    op.create_table(
        "user_role",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["role_id"], ["role.id"], name=op.f("fk_user_role_role_id_role"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_user_role_user_id_user_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "role_id", name=op.f("pk_user_role")),
    )
    op.create_table(
        "comment",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("tracking_number", sa.String(length=16), nullable=False),
        sa.Column("client_token", sa.String(length=64), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_digest", sa.String(length=64), nullable=False),
        sa.Column(
            "position",
            sa.Enum(
                "support",
                "oppose",
                "neutral",
                "mixed",
                "question_only",
                name="position",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("organisation", sa.String(length=160), nullable=True),
        sa.Column("district_id", sa.Integer(), nullable=True),
        sa.Column(
            "channel",
            sa.Enum(
                "web",
                "api",
                "email",
                "mail",
                "hand_delivery",
                "phone",
                "voicemail",
                "meeting_oral",
                "paper_intake",
                "import",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("on_time", sa.Boolean(), nullable=False),
        sa.Column(
            "disposition",
            sa.Enum(
                "received",
                "posted",
                "restricted",
                "withdrawn",
                name="disposition",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "restriction_reason",
            sa.Enum(
                "spam",
                "true_threat",
                "obscenity_legal",
                "doxxing_personal_data",
                "malware_or_illegal",
                "off_topic",
                "duplicate_submission",
                "impersonation_contested",
                name="restriction_reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("source_format", sa.String(length=40), nullable=True),
        sa.Column("source_id", sa.String(length=200), nullable=True),
        sa.Column("analysis_due", sa.Boolean(), nullable=False),
        sa.Column("count_due", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(disposition = 'restricted') = (restriction_reason IS NOT NULL)",
            name=op.f("ck_comment_restricted_has_reason"),
        ),
        sa.CheckConstraint(
            "(source_format IS NULL) = (source_id IS NULL)", name=op.f("ck_comment_source_is_whole")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_comment_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["comment_period.id"], name=op.f("fk_comment_period_id_comment_period")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
        sa.UniqueConstraint("client_token", name=op.f("uq_comment_client_token")),
        sa.UniqueConstraint(
            "period_id",
            "source_format",
            "source_id",
            name=op.f("uq_comment_period_id_source_format_source_id"),
        ),
        sa.UniqueConstraint("tracking_number", name=op.f("uq_comment_tracking_number")),
    )
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_comment_count_due",
            ["id"],
            unique=False,
            sqlite_where=sa.text("count_due"),
            postgresql_where=sa.text("count_due"),
        )
        batch_op.create_index(batch_op.f("ix_comment_district_id"), ["district_id"], unique=False)
        batch_op.create_index(
            "ix_comment_due",
            ["id"],
            unique=False,
            sqlite_where=sa.text("analysis_due"),
            postgresql_where=sa.text("analysis_due"),
        )
        batch_op.create_index("ix_comment_period_text", ["period_id", "body_digest"], unique=False)
        batch_op.create_index(
            "ix_comment_queue", ["period_id", "disposition", "received_on", "id"], unique=False
        )

    op.create_table(
        "document_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("change_note", sa.JSON(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_document_version_number_is_positive")),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["document.id"],
            name=op.f("fk_document_version_document_id_document"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_version")),
        sa.UniqueConstraint("document_id", "number", name=op.f("uq_document_version_document_id_number")),
    )
    with op.batch_alter_table("document_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_version_document_id"), ["document_id"], unique=False)

    op.create_table(
        "comment_analysis",
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("analyser_version", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("language_confidence", sa.Double(), nullable=False),
        sa.Column("tone", sa.String(length=20), nullable=False),
        sa.Column("tone_score", sa.Double(), nullable=True),
        sa.Column("tone_reason", sa.String(length=40), nullable=True),
        sa.Column("position_suggested", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "(tone = 'not_scored') = (tone_reason IS NOT NULL)",
            name=op.f("ck_comment_analysis_not_scored_has_reason"),
        ),
        sa.CheckConstraint(
            "(tone = 'not_scored') = (tone_score IS NULL)",
            name=op.f("ck_comment_analysis_not_scored_has_no_score"),
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_comment_analysis_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_comment_analysis")),
    )
    op.create_table(
        "moderation_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "post",
                "restrict",
                "reopen",
                "import",
                "update",
                "withdraw",
                name="action",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "spam",
                "true_threat",
                "obscenity_legal",
                "doxxing_personal_data",
                "malware_or_illegal",
                "off_topic",
                "duplicate_submission",
                "impersonation_contested",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous_digest", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name=op.f("fk_moderation_event_actor_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_moderation_event_comment_id_comment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_event")),
        sa.UniqueConstraint("digest", name=op.f("uq_moderation_event_digest")),
        sa.UniqueConstraint("previous_digest", name=op.f("uq_moderation_event_previous_digest")),
    )
    with op.batch_alter_table("moderation_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_moderation_event_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_moderation_event_comment_id"), ["comment_id"], unique=False)

    op.create_table(
        "comment_concern",
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("denied", sa.Boolean(), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment_analysis.comment_id"],
            name=op.f("fk_comment_concern_comment_id_comment_analysis"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("comment_id", "code", name=op.f("pk_comment_concern")),
    )
    with op.batch_alter_table("comment_concern", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comment_concern_code"), ["code"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("comment_concern", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comment_concern_code"))

    op.drop_table("comment_concern")
    with op.batch_alter_table("moderation_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_moderation_event_comment_id"))
        batch_op.drop_index(batch_op.f("ix_moderation_event_actor_id"))

    op.drop_table("moderation_event")
    op.drop_table("comment_analysis")
    with op.batch_alter_table("document_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_version_document_id"))

    op.drop_table("document_version")
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.drop_index("ix_comment_queue")
        batch_op.drop_index("ix_comment_period_text")
        batch_op.drop_index(
            "ix_comment_due", sqlite_where=sa.text("analysis_due"), postgresql_where=sa.text("analysis_due")
        )
        batch_op.drop_index(batch_op.f("ix_comment_district_id"))
        batch_op.drop_index(
            "ix_comment_count_due", sqlite_where=sa.text("count_due"), postgresql_where=sa.text("count_due")
        )

    op.drop_table("comment")
    op.drop_table("user_role")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_docket_id"))

    op.drop_table("document")
    with op.batch_alter_table("docket_update", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_docket_update_docket_id"))

    op.drop_table("docket_update")
    with op.batch_alter_table("docket_phase", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_docket_phase_docket_id"))

    op.drop_table("docket_phase")
    op.drop_table("decision")
    with op.batch_alter_table("comment_period", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comment_period_docket_id"))
        batch_op.drop_index(batch_op.f("ix_comment_period_closes_at"))

    op.drop_table("comment_period")
    op.drop_table("user_account")
    op.drop_table("role")
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_message_sent_at"))
        batch_op.drop_index(batch_op.f("ix_outbox_message_queued_at"))

    op.drop_table("outbox_message")
    op.drop_table("docket")
    op.drop_table("district")
