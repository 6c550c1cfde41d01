"""Name the program that made a published report, so that other words of a later one are no fault of it.

What was published before has no name: nobody knows which program made it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("report_version", sa.Column("program", sa.String(64)))


def downgrade() -> None:
    op.drop_column("report_version", "program")
