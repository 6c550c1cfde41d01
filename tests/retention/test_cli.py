"""``engage purge``, as somebody types it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.contacts.models import Purpose
from engage.contacts.service import keep_address
from engage.retention import cli
from engage.retention.models import Purge


@pytest.fixture
def commands(app: Flask, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """A terminal at the site under test."""
    monkeypatch.setattr(cli, "create_app", lambda: app)
    return CliRunner()


@pytest.mark.parametrize("options", [[], ["--rewrite"]])
def test_purges_now_and_says_how_much(session: Session, commands: CliRunner, options: list[str]) -> None:
    yesterday = utcnow().date() - timedelta(days=1)
    keep_address(session, purpose=Purpose.FOLLOW, address="a@example.org", purge_after=yesterday)
    session.commit()
    session.close()

    told = commands.invoke(cli.purge_command, options, catch_exceptions=False)

    assert told.output == "1 things erased.\n"
    assert (
        commands.invoke(cli.purge_command, ["--check"], catch_exceptions=False).output == "The purge runs.\n"
    )


def test_a_monitor_is_told_that_the_purge_has_stopped(session: Session, commands: CliRunner) -> None:
    long_ago = utcnow().date() - timedelta(days=5)
    session.add(Purge(data_class="contacts", purged_on=long_ago, days=0, erased=0))
    session.commit()

    told = commands.invoke(cli.purge_command, ["--check"])

    assert isinstance(told.exception, cli.PurgeStopped)
