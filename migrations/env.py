"""Runs migrations. Only this file sees the site's tables, to compare them; versions never import the site."""

from __future__ import annotations

import os
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from flask_security import AsaList

from engage.config import from_environment, read_environment_file
from engage.db.types import LocalisedText, UtcDateTime
from engage.models import Base


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write plain SQLAlchemy types into new versions, so that old ones still run when ours change."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, LocalisedText):
        return "sa.JSON()"
    if kind == "type" and isinstance(item, AsaList):
        return "sa.Text()"
    return False


def run(connection: sa.Connection) -> None:
    """Run what was asked for on one connection, in one transaction a version."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=render_item,
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    url = (
        context.config.get_main_option("sqlalchemy.url")
        or from_environment(read_environment_file() | dict(os.environ)).database_url
    )
    with sa.create_engine(url).connect() as own:
        run(own)
