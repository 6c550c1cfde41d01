"""The commands, as somebody types them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy.orm import Session

from engage.backup import cli
from engage.backup.archive import NotEmpty
from tests.support import makers


@pytest.fixture
def commands(app: Flask, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """A terminal at the site under test."""
    monkeypatch.setattr(cli, "create_app", lambda: app)
    return CliRunner()


def test_say_what_they_did(session: Session, commands: CliRunner, tmp_path: Path) -> None:
    makers.comment(session, makers.comment_period(session))
    session.commit()
    session.close()
    file = str(tmp_path / "copy.zip")

    made = commands.invoke(cli.backup_command, [file], catch_exceptions=False)
    refused = commands.invoke(cli.restore_command, [file])
    restored = commands.invoke(cli.restore_command, [file, "--replace"], catch_exceptions=False)

    assert "read back and checked" in made.output
    assert isinstance(refused.exception, NotEmpty)
    assert restored.output.startswith("Restored the backup of ")
