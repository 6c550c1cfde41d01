"""Remember what those who come to a meeting were told, so that each thing is told once.

Two columns of an attendee, both about the meeting and not about the person.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attendee", sa.Column("told_change_id", sa.Integer(), nullable=True))
    op.add_column("attendee", sa.Column("reminded_of", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("attendee", "reminded_of")
    op.drop_column("attendee", "told_change_id")
