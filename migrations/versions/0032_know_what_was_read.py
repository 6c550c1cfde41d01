"""Know whether the very texts that are posted were read, by the sum of their fingerprints on both sides.

What was counted before has no such sum: every period is counted anew, as after a new method of counting.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("theme_reading", sa.Column("texts", sa.BigInteger))
    op.add_column("report_period", sa.Column("texts", sa.BigInteger, nullable=False, server_default="0"))
    op.execute(sa.text("UPDATE report_period SET method = 0"))


def downgrade() -> None:
    op.drop_column("report_period", "texts")
    op.drop_column("theme_reading", "texts")
