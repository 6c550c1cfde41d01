"""``engage demo`` as somebody types it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from engage.accounts.models import RoleName
from engage.db.session import db
from engage.demo import cli, reading
from tests.support import makers


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Result]:
    """Call the command on the test's site, with every twelfth comment."""
    some = reading.scripts()[::12]
    monkeypatch.setattr(reading, "scripts", lambda: some)
    monkeypatch.setattr(cli, "create_app", lambda: app)
    return lambda: CliRunner().invoke(cli.demo_command, catch_exceptions=False)


def passwords(output: str) -> dict[str, str]:
    """The password printed for each role."""
    return dict(re.findall(r"^(\w+) +\S+@\S+ +([2-9a-z]{4}(?:-[2-9a-z]{4}){3})$", output, re.MULTILINE))


def test_the_first_run_says_what_is_there_with_a_password_for_every_role_and_the_second_that_it_is_there(
    run: Callable[[], Result],
) -> None:
    first = run()

    assert first.exit_code == 0
    assert set(passwords(first.output)) == set(RoleName) - {RoleName.RESIDENT}
    assert re.search(r"Olmeda County is ready: 3 dockets, \d+ meetings, (\d+) comments", first.output)
    assert "Filling the fictional county" in first.output

    second = run()

    assert second.exit_code == 0
    assert passwords(second.output) == {}
    assert second.output == "The fictional county is here already; nothing was changed.\n"


def test_a_site_of_its_own_is_told_apart_without_an_error(app: Flask, run: Callable[[], Result]) -> None:
    with app.app_context(), db.sessionmaker() as session:
        makers.docket(session)
        session.commit()

    result = run()

    assert result.exit_code == 0
    assert "Nothing was changed." in result.output
