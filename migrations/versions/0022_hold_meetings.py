"""Hold meetings: notice, agenda, registration, speakers, minutes, and the comments made there."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MEETING_KINDS = (
    "regular",
    "special",
    "emergency",
    "community_forum",
    "steering_committee",
    "hearing",
    "town_hall",
    "workshop",
    "office_hours",
)
_PURPOSES = ("follow", "contest", "appeal")
_APPEND_ONLY = {
    "meeting_change": "what was changed of a meeting stays as it is",
    "meeting_notice": "what was posted stays as it is",
}
_TABLES = (
    "meeting_comment",
    "floor",
    "speaker_request",
    "accommodation_request",
    "attendee",
    "minutes_version",
    "meeting_file",
    "agenda_item",
    "meeting_notice",
    "notice_rule",
    "meeting_change",
    "meeting",
    "meeting_series",
)


def upgrade() -> None:
    _create_meetings()
    _create_notices()
    _create_contents()
    _create_attendees()
    _create_comments()
    for table, message in _APPEND_ONLY.items():
        _refuse_changes(table, message)
    _allow_purposes((*_PURPOSES, "meeting"))


def downgrade() -> None:
    op.execute("DELETE FROM contact WHERE purpose = 'meeting'")
    _allow_purposes(_PURPOSES)
    for table in _TABLES:
        op.drop_table(table)
    if _is_postgresql():
        for table in _APPEND_ONLY:
            op.execute(f"DROP FUNCTION refuse_{table}_change()")


def _create_meetings() -> None:
    op.create_table(
        "meeting_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("docket_id", sa.Integer(), nullable=True),
        sa.Column("host_id", sa.Integer(), nullable=True),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("uid", sa.String(length=200), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("rule", sa.String(length=300), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lasts_minutes", sa.Integer(), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "lasts_minutes BETWEEN 1 AND 1440", name=op.f("ck_meeting_series_length_is_sensible")
        ),
        sa.ForeignKeyConstraint(
            ["docket_id"], ["docket.id"], name=op.f("fk_meeting_series_docket_id_docket")
        ),
        sa.ForeignKeyConstraint(
            ["host_id"], ["user_account.id"], name=op.f("fk_meeting_series_host_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_series")),
        sa.UniqueConstraint("slug", name=op.f("uq_meeting_series_slug")),
        sa.UniqueConstraint("uid", name=op.f("uq_meeting_series_uid")),
    )
    op.create_index(op.f("ix_meeting_series_docket_id"), "meeting_series", ["docket_id"], unique=False)
    op.create_index(op.f("ix_meeting_series_host_id"), "meeting_series", ["host_id"], unique=False)
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("docket_id", sa.Integer(), nullable=True),
        sa.Column("period_id", sa.Integer(), nullable=True),
        sa.Column("series_id", sa.Integer(), nullable=True),
        sa.Column("recurrence_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("host_id", sa.Integer(), nullable=True),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("uid", sa.String(length=200), nullable=False),
        sa.Column("kind", _enum("kind", *_MEETING_KINDS), nullable=False),
        sa.Column("format", _enum("format", "in_person", "online", "hybrid"), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=True),
        sa.Column("organiser", sa.JSON(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("time_notes", sa.JSON(), nullable=True),
        sa.Column("place_name", sa.JSON(), nullable=True),
        sa.Column("place_street", sa.String(length=300), nullable=True),
        sa.Column("directions", sa.JSON(), nullable=True),
        sa.Column("accessibility", sa.JSON(), nullable=True),
        sa.Column("join_url", sa.String(length=500), nullable=True),
        sa.Column("join_phone", sa.String(length=120), nullable=True),
        sa.Column("join_is_public", sa.Boolean(), nullable=False),
        sa.Column("takes_registrations", sa.Boolean(), nullable=False),
        sa.Column("registration_minutes", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("accommodation_days", sa.Integer(), nullable=False),
        sa.Column("takes_speakers", sa.Boolean(), nullable=False),
        sa.Column("speakers_minutes", sa.Integer(), nullable=False),
        sa.Column("speaking_seconds", sa.Integer(), nullable=False),
        sa.Column("written_minutes", sa.Integer(), nullable=False),
        sa.Column("is_tentative", sa.Boolean(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("postponed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("original_starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attended_in_person", sa.Integer(), nullable=True),
        sa.Column("attended_remote", sa.Integer(), nullable=True),
        sa.Column("source_format", sa.String(length=40), nullable=True),
        sa.Column("source_id", sa.String(length=300), nullable=True),
        sa.CheckConstraint(
            "(series_id IS NULL) = (recurrence_at IS NULL)", name=op.f("ck_meeting_occurrence_is_whole")
        ),
        sa.CheckConstraint(
            "(source_format IS NULL) = (source_id IS NULL)", name=op.f("ck_meeting_source_is_whole")
        ),
        sa.CheckConstraint(
            "capacity IS NULL OR capacity BETWEEN 1 AND 100000", name=op.f("ck_meeting_capacity_is_sensible")
        ),
        sa.CheckConstraint(
            "ends_at IS NULL OR ends_at > starts_at", name=op.f("ck_meeting_ends_after_it_starts")
        ),
        sa.CheckConstraint("sequence >= 0", name=op.f("ck_meeting_sequence_counts_up")),
        sa.CheckConstraint(
            "speaking_seconds BETWEEN 15 AND 3600", name=op.f("ck_meeting_speaking_time_is_sensible")
        ),
        sa.ForeignKeyConstraint(["docket_id"], ["docket.id"], name=op.f("fk_meeting_docket_id_docket")),
        sa.ForeignKeyConstraint(
            ["host_id"], ["user_account.id"], name=op.f("fk_meeting_host_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["comment_period.id"], name=op.f("fk_meeting_period_id_comment_period")
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["meeting_series.id"], name=op.f("fk_meeting_series_id_meeting_series")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("series_id", "recurrence_at", name=op.f("uq_meeting_series_id_recurrence_at")),
        sa.UniqueConstraint("slug", name=op.f("uq_meeting_slug")),
        sa.UniqueConstraint("source_format", "source_id", name=op.f("uq_meeting_source_format_source_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_meeting_uid")),
    )
    op.create_index(op.f("ix_meeting_docket_id"), "meeting", ["docket_id"], unique=False)
    op.create_index(op.f("ix_meeting_host_id"), "meeting", ["host_id"], unique=False)
    op.create_index(op.f("ix_meeting_period_id"), "meeting", ["period_id"], unique=False)
    op.create_index(op.f("ix_meeting_starts_at"), "meeting", ["starts_at"], unique=False)
    op.create_table(
        "meeting_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            _enum("kind", "confirm", "move", "place", "postpone", "reschedule", "cancel"),
            nullable=False,
        ),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("old_starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("new_starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("old_place", sa.JSON(), nullable=True),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(kind IN ('move', 'reschedule')) = (new_starts_at IS NOT NULL)",
            name=op.f("ck_meeting_change_moved_has_a_new_start"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name=op.f("fk_meeting_change_actor_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_change_meeting_id_meeting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_change")),
    )
    op.create_index(op.f("ix_meeting_change_happened_at"), "meeting_change", ["happened_at"], unique=False)
    op.create_index(op.f("ix_meeting_change_meeting_id"), "meeting_change", ["meeting_id"], unique=False)


def _create_notices() -> None:
    op.create_table(
        "notice_rule",
        sa.Column("docket_id", sa.Integer(), nullable=False),
        sa.Column("kind", _enum("kind", *_MEETING_KINDS), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("unit", _enum("unit", "hours", "days"), nullable=False),
        sa.Column("basis", sa.JSON(), nullable=False),
        sa.CheckConstraint("amount BETWEEN 1 AND 2000", name=op.f("ck_notice_rule_amount_is_sensible")),
        sa.ForeignKeyConstraint(
            ["docket_id"], ["docket.id"], name=op.f("fk_notice_rule_docket_id_docket"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("docket_id", "kind", name=op.f("pk_notice_rule")),
    )
    op.create_table(
        "meeting_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("kind", _enum("kind", "notice", "agenda"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("chain_digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_meeting_notice_number_is_positive")),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name=op.f("fk_meeting_notice_actor_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_notice_meeting_id_meeting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_notice")),
        sa.UniqueConstraint("chain_digest", name=op.f("uq_meeting_notice_chain_digest")),
        sa.UniqueConstraint(
            "meeting_id", "kind", "number", name=op.f("uq_meeting_notice_meeting_id_kind_number")
        ),
    )


def _create_contents() -> None:
    op.create_table(
        "agenda_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=True),
        sa.Column("takes_written", sa.Boolean(), nullable=False),
        sa.Column("takes_speakers", sa.Boolean(), nullable=False),
        sa.Column(
            "decided",
            _enum(
                "decided", "approved", "rejected", "amended", "continued", "referred", "heard", "withdrawn"
            ),
            nullable=True,
        ),
        sa.Column("outcome", sa.JSON(), nullable=True),
        sa.CheckConstraint("position >= 1", name=op.f("ck_agenda_item_position_is_positive")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_agenda_item_meeting_id_meeting"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
        sa.UniqueConstraint("meeting_id", "position", name=op.f("uq_agenda_item_meeting_id_position")),
    )
    op.create_table(
        "meeting_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            _enum(
                "kind",
                "agenda",
                "packet",
                "notice",
                "presentation",
                "testimony",
                "minutes",
                "recording",
                "transcript",
                "other",
            ),
            nullable=False,
        ),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("url", sa.String(length=1000), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("media_type", sa.String(length=80), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(version_id IS NOT NULL AND content IS NULL AND url IS NULL) OR "
            "(version_id IS NULL AND content IS NOT NULL AND url IS NULL) OR "
            "(version_id IS NULL AND content IS NULL AND url IS NOT NULL)",
            name=op.f("ck_meeting_file_has_one_source"),
        ),
        sa.CheckConstraint(
            "(content IS NULL) = (digest IS NULL) AND (content IS NULL) = (media_type IS NULL)",
            name=op.f("ck_meeting_file_content_is_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["agenda_item.id"],
            name=op.f("fk_meeting_file_item_id_agenda_item"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meeting.id"],
            name=op.f("fk_meeting_file_meeting_id_meeting"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["document_version.id"], name=op.f("fk_meeting_file_version_id_document_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_file")),
    )
    op.create_index(op.f("ix_meeting_file_item_id"), "meeting_file", ["item_id"], unique=False)
    op.create_index(op.f("ix_meeting_file_meeting_id"), "meeting_file", ["meeting_id"], unique=False)
    op.create_table(
        "minutes_version",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "approved_on IS NULL OR published_at IS NOT NULL",
            name=op.f("ck_minutes_version_approved_is_published"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_minutes_version_number_is_positive")),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meeting.id"],
            name=op.f("fk_minutes_version_meeting_id_meeting"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("meeting_id", "number", name=op.f("pk_minutes_version")),
    )


def _create_attendees() -> None:
    op.create_table(
        "attendee",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("code_index", sa.String(length=64), nullable=False),
        sa.Column("client_token", sa.String(length=64), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("wants_place", sa.Boolean(), nullable=False),
        sa.Column("mode", _enum("mode", "in_person", "remote"), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=True),
        sa.Column("was_promoted", sa.Boolean(), nullable=False),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.Column("has_come", sa.Boolean(), nullable=False),
        sa.Column("sealed_name", sa.LargeBinary(), nullable=True),
        sa.Column("contact_id", _BIG, nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.CheckConstraint(
            "cancelled_on IS NULL OR seat IS NULL", name=op.f("ck_attendee_cancelled_frees_the_seat")
        ),
        sa.CheckConstraint("seat >= 1", name=op.f("ck_attendee_seat_is_positive")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_attendee_contact_id_contact"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_attendee_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendee")),
        sa.UniqueConstraint("client_token", name=op.f("uq_attendee_client_token")),
        sa.UniqueConstraint("code_index", name=op.f("uq_attendee_code_index")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_attendee_meeting_id_number")),
        sa.UniqueConstraint("meeting_id", "seat", name=op.f("uq_attendee_meeting_id_seat")),
    )
    op.create_index(op.f("ix_attendee_contact_id"), "attendee", ["contact_id"], unique=False)
    op.create_table(
        "accommodation_request",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("attendee_id", _BIG, nullable=False),
        sa.Column(
            "kind",
            _enum(
                "kind",
                "sign_language",
                "interpreter",
                "captions",
                "wheelchair",
                "large_print",
                "hearing_loop",
                "childcare",
                "quiet_space",
                "other",
            ),
            nullable=False,
        ),
        sa.Column("spoken", sa.String(length=8), nullable=True),
        sa.Column("sealed_details", sa.LargeBinary(), nullable=True),
        sa.Column(
            "state", _enum("state", "requested", "arranged", "not_possible", "withdrawn"), nullable=False
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'interpreter') = (spoken IS NOT NULL)",
            name=op.f("ck_accommodation_request_interpreter_has_a_language"),
        ),
        sa.ForeignKeyConstraint(
            ["attendee_id"],
            ["attendee.id"],
            name=op.f("fk_accommodation_request_attendee_id_attendee"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["user_account.id"],
            name=op.f("fk_accommodation_request_decided_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accommodation_request")),
    )
    op.create_index(
        op.f("ix_accommodation_request_attendee_id"), "accommodation_request", ["attendee_id"], unique=False
    )
    op.create_table(
        "speaker_request",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("attendee_id", _BIG, nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("mode", _enum("mode", "in_person", "remote"), nullable=False),
        sa.Column("sealed_name", sa.LargeBinary(), nullable=True),
        sa.Column("spoken", sa.String(length=8), nullable=True),
        sa.Column(
            "state", _enum("state", "requested", "called", "spoke", "absent", "cancelled"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["attendee_id"],
            ["attendee.id"],
            name=op.f("fk_speaker_request_attendee_id_attendee"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["agenda_item.id"], name=op.f("fk_speaker_request_item_id_agenda_item")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_speaker_request_meeting_id_meeting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speaker_request")),
        sa.UniqueConstraint("attendee_id", "item_id", name=op.f("uq_speaker_request_attendee_id_item_id")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_speaker_request_meeting_id_number")),
    )
    op.create_index(op.f("ix_speaker_request_item_id"), "speaker_request", ["item_id"], unique=False)
    op.create_index(
        "uq_speaker_request_attendee_on_anything",
        "speaker_request",
        ["attendee_id"],
        unique=True,
        sqlite_where=sa.text("item_id IS NULL"),
        postgresql_where=sa.text("item_id IS NULL"),
    )
    op.create_table(
        "floor",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("speaker_id", _BIG, nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_seconds", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["item_id"], ["agenda_item.id"], name=op.f("fk_floor_item_id_agenda_item"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_floor_meeting_id_meeting"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["speaker_id"],
            ["speaker_request.id"],
            name=op.f("fk_floor_speaker_id_speaker_request"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_floor")),
    )


def _create_comments() -> None:
    op.create_table(
        "meeting_comment",
        sa.Column("comment_id", _BIG, nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_meeting_comment_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["agenda_item.id"], name=op.f("fk_meeting_comment_item_id_agenda_item")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_comment_meeting_id_meeting")
        ),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_meeting_comment")),
    )
    op.create_index(op.f("ix_meeting_comment_item_id"), "meeting_comment", ["item_id"], unique=False)
    op.create_index(op.f("ix_meeting_comment_meeting_id"), "meeting_comment", ["meeting_id"], unique=False)


def _refuse_changes(table: str, message: str) -> None:
    if _is_postgresql():
        op.execute(
            f"CREATE FUNCTION refuse_{table}_change() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{message}'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION refuse_{table}_change()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )


def _allow_purposes(purposes: tuple[str, ...]) -> None:
    """What an address may be left for. SQLite: the condition is edited where it stands, as its manual tells.

    To make the table anew, as other migrations do, would delete whatever points at a contact.
    """
    condition = "purpose IN ({})".format(", ".join(f"'{purpose}'" for purpose in purposes))
    if _is_postgresql():
        op.drop_constraint(op.f("ck_contact_purpose"), "contact", type_="check")
        op.create_check_constraint(op.f("ck_contact_purpose"), "contact", condition)
        return
    connection = op.get_bind()
    table = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'contact'").scalar_one()
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    changed, count = re.subn(r"purpose IN \([^)]*\)", condition, table)
    if count != 1:
        raise RuntimeError("The table of contacts is not as migration 0012 made it.")
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.exec_driver_sql("UPDATE sqlite_master SET sql = ? WHERE name = 'contact'", (changed,))
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
