"""Bring a database to the newest version, or back, with Alembic."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from engage import paths


def alembic_config(connection: sa.Connection | None = None) -> Config:
    """Alembic's settings, all in code: there is no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(paths.MIGRATIONS))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def upgrade(connection: sa.Connection, revision: str = "head") -> None:
    """Run the migrations up to ``revision``."""
    command.upgrade(alembic_config(connection), revision)


def downgrade(connection: sa.Connection, revision: str) -> None:
    """Run the migrations back to ``revision`` ("base" is an empty database)."""
    command.downgrade(alembic_config(connection), revision)


def newest() -> str:
    """The version of the tables that this code needs."""
    return str(ScriptDirectory.from_config(alembic_config()).get_current_head())


def is_known(revision: str) -> bool:
    """Whether this code knows a version, and so can bring it to the newest."""
    return revision in {
        script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()
    }


def is_current(connection: sa.Connection) -> bool:
    """Whether the database is at the newest version."""
    return MigrationContext.configure(connection).get_current_revision() == newest()
