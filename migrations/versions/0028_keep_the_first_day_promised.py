"""Keep the day that was promised first, and when an answer was first given."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("response", sa.Column("first_due_on", sa.Date(), nullable=True))
    op.add_column("fact_question", sa.Column("first_due_on", sa.Date(), nullable=True))
    op.add_column("fact_question", sa.Column("first_answered_at", sa.DateTime(timezone=True), nullable=True))
    # What is there already was never moved or corrected.
    op.execute("UPDATE response SET first_due_on = due_on")
    op.execute("UPDATE fact_question SET first_due_on = due_on, first_answered_at = answered_at")


def downgrade() -> None:
    op.drop_column("fact_question", "first_answered_at")
    op.drop_column("fact_question", "first_due_on")
    op.drop_column("response", "first_due_on")
