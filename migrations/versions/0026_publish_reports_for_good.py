"""Publish reports for good, answer them, and follow a docket through its whole life."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TABLES = (
    "theme_excerpt",
    "comment_review",
    "indicator_method",
    "indicator_entry",
    "indicator_category",
    "indicator",
    "outreach",
    "stakeholder",
    "readiness_item",
    "fact_question_comment",
    "commitment_step",
    "response_version",
    "commitment",
    "response",
    "fact_question",
    "report_document",
    "report_version",
    "report_concern_distinct",
    "report_inputs",
    "report_column",
    "census_share",
)
_NEVER_CHANGED = (
    "report_inputs",
    "report_column",
    "report_document",
    "response_version",
    "commitment_step",
    "indicator_entry",
)


def upgrade() -> None:
    _create_reports()
    _create_responses()
    _create_lifecycle()
    _create_oversight()
    _create_readings()
    for table in _NEVER_CHANGED:
        _refuse(table, "UPDATE")
        _refuse(table, "DELETE")
    # Whoever asked for it may leave; nothing else of a published report changes.
    _refuse("report_version", "UPDATE", when=_IS_CHANGED)
    _refuse("report_version", "DELETE", when="OLD.published_at IS NOT NULL")


def downgrade() -> None:
    for table in (*_NEVER_CHANGED, "report_version"):
        _allow(table)
    for table in _TABLES:
        op.drop_table(table)


def _create_reports() -> None:
    op.create_table(
        "census_share",
        sa.Column("margin", _enum("margin", "district", "language"), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("source", sa.JSON(), nullable=False),
        sa.Column("source_url", sa.String(length=400), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.CheckConstraint("people >= 0", name=op.f("ck_census_share_people_is_not_negative")),
        sa.PrimaryKeyConstraint("margin", "key", name=op.f("pk_census_share")),
    )
    op.create_table(
        "report_column",
        sa.Column("list_digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("piece", sa.Integer(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("list_digest", "name", "piece", name=op.f("pk_report_column")),
    )
    op.create_table(
        "report_inputs",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_report_inputs")),
    )
    op.create_table(
        "report_concern_distinct",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("concern", sa.String(length=60), nullable=False),
        sa.Column("kind", _enum("kind", "text", "submitter"), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.CheckConstraint("n > 0", name=op.f("ck_report_concern_distinct_n_is_positive")),
        sa.ForeignKeyConstraint(
            ["period_id"],
            ["comment_period.id"],
            name=op.f("fk_report_concern_distinct_period_id_comment_period"),
        ),
        sa.PrimaryKeyConstraint(
            "period_id", "concern", "kind", "key", name=op.f("pk_report_concern_distinct")
        ),
    )
    op.create_table(
        "report_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("note", sa.JSON(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("method", sa.Integer(), nullable=True),
        sa.Column("posted", sa.Integer(), nullable=True),
        sa.Column("inputs_digest", sa.String(length=64), nullable=True),
        sa.Column("list_digest", sa.String(length=64), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_report_version_number_is_positive")),
        sa.CheckConstraint(
            "published_at IS NULL OR (inputs_digest IS NOT NULL AND list_digest IS NOT NULL)",
            name=op.f("ck_report_version_published_with_its_inputs"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"],
            ["user_account.id"],
            name=op.f("fk_report_version_asked_by_id_user_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["inputs_digest"],
            ["report_inputs.digest"],
            name=op.f("fk_report_version_inputs_digest_report_inputs"),
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["comment_period.id"], name=op.f("fk_report_version_period_id_comment_period")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_version")),
        sa.UniqueConstraint("period_id", "number", name=op.f("uq_report_version_period_id_number")),
    )
    op.create_index(op.f("ix_report_version_asked_by_id"), "report_version", ["asked_by_id"], unique=False)
    op.create_index(
        "ix_report_version_due",
        "report_version",
        ["id"],
        unique=False,
        sqlite_where=sa.text("published_at IS NULL"),
        postgresql_where=sa.text("published_at IS NULL"),
    )
    op.create_index(
        op.f("ix_report_version_inputs_digest"), "report_version", ["inputs_digest"], unique=False
    )
    op.create_index(op.f("ix_report_version_list_digest"), "report_version", ["list_digest"], unique=False)
    op.create_index(op.f("ix_report_version_published_at"), "report_version", ["published_at"], unique=False)
    op.create_table(
        "report_document",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["report_version.id"],
            name=op.f("fk_report_document_version_id_report_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("version_id", "language", name=op.f("pk_report_document")),
    )


def _create_responses() -> None:
    op.create_table(
        "fact_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("docket_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("is_disputed", sa.Boolean(), nullable=False),
        sa.Column("owner", sa.JSON(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("source", sa.JSON(), nullable=False),
        sa.Column("source_url", sa.String(length=400), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["docket_id"], ["docket.id"], name=op.f("fk_fact_question_docket_id_docket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_question")),
    )
    op.create_index(op.f("ix_fact_question_answered_at"), "fact_question", ["answered_at"], unique=False)
    op.create_index(op.f("ix_fact_question_docket_id"), "fact_question", ["docket_id"], unique=False)
    op.create_table(
        "response",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("concern", sa.String(length=60), nullable=False),
        sa.Column("owner", sa.JSON(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "state",
            _enum(
                "state",
                "under_consideration",
                "accepted",
                "partly_accepted",
                "rejected",
                "out_of_authority",
                "implemented",
            ),
            nullable=True,
        ),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("is_ready", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["period_id"], ["comment_period.id"], name=op.f("fk_response_period_id_comment_period")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sa.UniqueConstraint("period_id", "concern", name=op.f("uq_response_period_id_concern")),
    )
    op.create_table(
        "commitment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("docket_id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("owner", sa.JSON(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["docket_id"], ["docket.id"], name=op.f("fk_commitment_docket_id_docket")),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["response.id"],
            name=op.f("fk_commitment_response_id_response"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
    )
    op.create_index(op.f("ix_commitment_docket_id"), "commitment", ["docket_id"], unique=False)
    op.create_index(op.f("ix_commitment_published_at"), "commitment", ["published_at"], unique=False)
    op.create_index(op.f("ix_commitment_response_id"), "commitment", ["response_id"], unique=False)
    op.create_table(
        "response_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            _enum(
                "state",
                "under_consideration",
                "accepted",
                "partly_accepted",
                "rejected",
                "out_of_authority",
                "implemented",
            ),
            nullable=False,
        ),
        sa.Column("owner", sa.JSON(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_response_version_number_is_positive")),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["response.id"],
            name=op.f("fk_response_version_response_id_response"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_version")),
        sa.UniqueConstraint("response_id", "number", name=op.f("uq_response_version_response_id_number")),
    )
    op.create_index(
        op.f("ix_response_version_published_at"), "response_version", ["published_at"], unique=False
    )
    op.create_table(
        "commitment_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("state", _enum("state", "planned", "under_way", "done", "dropped"), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("note", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_commitment_step_percent_is_a_share")),
        sa.ForeignKeyConstraint(
            ["commitment_id"],
            ["commitment.id"],
            name=op.f("fk_commitment_step_commitment_id_commitment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_step")),
    )
    op.create_index(
        op.f("ix_commitment_step_commitment_id"), "commitment_step", ["commitment_id"], unique=False
    )
    op.create_index(
        op.f("ix_commitment_step_published_at"), "commitment_step", ["published_at"], unique=False
    )
    op.create_table(
        "fact_question_comment",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", _BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_fact_question_comment_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["fact_question.id"],
            name=op.f("fk_fact_question_comment_question_id_fact_question"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", "comment_id", name=op.f("pk_fact_question_comment")),
    )
    op.create_index(
        op.f("ix_fact_question_comment_comment_id"), "fact_question_comment", ["comment_id"], unique=False
    )


def _create_lifecycle() -> None:
    op.create_table(
        "readiness_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("docket_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "area",
            _enum("area", "resources", "cost", "legal_risk", "community", "open_question"),
            nullable=False,
        ),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column(
            "state", _enum("state", "not_looked_at", "under_way", "known", "cannot_be_known"), nullable=False
        ),
        sa.Column("finding", sa.JSON(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("source", sa.JSON(), nullable=False),
        sa.Column("source_url", sa.String(length=400), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["docket_id"], ["docket.id"], name=op.f("fk_readiness_item_docket_id_docket"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readiness_item")),
    )
    op.create_index("ix_readiness_item_docket_id", "readiness_item", ["docket_id", "position"], unique=False)
    op.create_table(
        "stakeholder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("docket_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            _enum(
                "kind",
                "public_body",
                "law_enforcement",
                "schools",
                "health",
                "faith",
                "business",
                "labor",
                "neighborhood",
                "advocacy",
                "service",
                "media",
                "residents",
            ),
            nullable=False,
        ),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["docket_id"], ["docket.id"], name=op.f("fk_stakeholder_docket_id_docket"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stakeholder")),
    )
    op.create_index("ix_stakeholder_docket_id", "stakeholder", ["docket_id", "position"], unique=False)
    op.create_table(
        "outreach",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stakeholder_id", sa.Integer(), nullable=False),
        sa.Column(
            "how",
            _enum(
                "how",
                "letter",
                "email",
                "phone",
                "visit",
                "meeting",
                "flyer",
                "radio",
                "social_media",
                "newspaper",
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column(
            "outcome",
            _enum("outcome", "planned", "answered", "no_answer", "declined", "not_reached"),
            nullable=False,
        ),
        sa.Column("note", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["stakeholder_id"],
            ["stakeholder.id"],
            name=op.f("fk_outreach_stakeholder_id_stakeholder"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outreach")),
    )
    op.create_index(op.f("ix_outreach_stakeholder_id"), "outreach", ["stakeholder_id"], unique=False)


def _create_oversight() -> None:
    op.create_table(
        "indicator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("docket_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column(
            "unit",
            _enum("unit", "people", "cases", "events", "dollars", "hours", "days", "percent"),
            nullable=False,
        ),
        sa.Column("frequency", _enum("frequency", "month", "quarter", "year"), nullable=False),
        sa.Column("source", sa.JSON(), nullable=False),
        sa.Column("source_url", sa.String(length=400), nullable=True),
        sa.Column("owner", sa.JSON(), nullable=False),
        sa.Column("promised", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["docket_id"], ["docket.id"], name=op.f("fk_indicator_docket_id_docket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
        sa.UniqueConstraint("docket_id", "slug", name=op.f("uq_indicator_docket_id_slug")),
    )
    op.create_table(
        "indicator_category",
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_id"],
            ["indicator.id"],
            name=op.f("fk_indicator_category_indicator_id_indicator"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("indicator_id", "key", name=op.f("pk_indicator_category")),
    )
    op.create_table(
        "indicator_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("hundredths", _BIG, nullable=True),
        sa.Column("method", sa.Integer(), nullable=False),
        sa.Column("note", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "hundredths IS NULL OR hundredths >= 0", name=op.f("ck_indicator_entry_value_is_not_negative")
        ),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_indicator_entry_ends_after_it_starts")),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicator.id"], name=op.f("fk_indicator_entry_indicator_id_indicator")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_entry")),
    )
    op.create_index(
        "ix_indicator_entry_indicator_id",
        "indicator_entry",
        ["indicator_id", "first_on", "category"],
        unique=False,
    )
    op.create_table(
        "indicator_method",
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_id"],
            ["indicator.id"],
            name=op.f("fk_indicator_method_indicator_id_indicator"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("indicator_id", "number", name=op.f("pk_indicator_method")),
    )


def _create_readings() -> None:
    op.create_table(
        "comment_review",
        sa.Column("comment_id", _BIG, autoincrement=False, nullable=False),
        sa.Column("machine", sa.JSON(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("of_digest", sa.String(length=64), nullable=False),
        sa.Column("read_by_id", sa.Integer(), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_comment_review_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["read_by_id"], ["user_account.id"], name=op.f("fk_comment_review_read_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_comment_review")),
    )
    op.create_index(op.f("ix_comment_review_read_by_id"), "comment_review", ["read_by_id"], unique=False)
    op.create_table(
        "theme_excerpt",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("concern", sa.String(length=60), nullable=False),
        sa.Column("kind", _enum("kind", "said", "concrete", "proposal", "question"), nullable=False),
        sa.Column("position", sa.String(length=40), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("comment_id", _BIG, nullable=False),
        sa.Column("body_digest", sa.String(length=64), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("stop", sa.Integer(), nullable=False),
        sa.CheckConstraint("start >= 0 AND stop > start", name=op.f("ck_theme_excerpt_is_a_stretch")),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_theme_excerpt_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["comment_period.id"], name=op.f("fk_theme_excerpt_period_id_comment_period")
        ),
        sa.PrimaryKeyConstraint(
            "period_id", "concern", "kind", "position", "place", name=op.f("pk_theme_excerpt")
        ),
    )
    op.create_index(op.f("ix_theme_excerpt_comment_id"), "theme_excerpt", ["comment_id"], unique=False)


_IS_CHANGED = (
    "OLD.published_at IS NOT NULL AND (NEW.published_at IS NULL OR NEW.published_at <> OLD.published_at"
    " OR NEW.number <> OLD.number OR NEW.period_id <> OLD.period_id OR NEW.posted IS NULL"
    " OR NEW.posted <> OLD.posted OR NEW.method IS NULL OR NEW.method <> OLD.method"
    " OR CAST(NEW.note AS text) <> CAST(OLD.note AS text)"
    " OR NEW.inputs_digest <> OLD.inputs_digest OR NEW.list_digest <> OLD.list_digest)"
)


def _refuse(table: str, verb: str, *, when: str = "TRUE") -> None:
    """Let the database itself refuse to change what was published."""
    message = "what was published stays as it is"
    name = f"{table}_no_{verb.lower()}"
    if not _is_postgresql():
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
        return
    row = "OLD" if verb == "DELETE" else "NEW"
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {when} THEN RAISE EXCEPTION '{message}'; END IF; RETURN {row}; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def _allow(table: str) -> None:
    for verb in ("update", "delete"):
        if _is_postgresql():
            op.execute(f"DROP TRIGGER {table}_no_{verb} ON {table}")
            op.execute(f"DROP FUNCTION {table}_no_{verb}()")
        else:
            op.execute(f"DROP TRIGGER {table}_no_{verb}")


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
