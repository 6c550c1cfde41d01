"""``engage user``."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from engage import cli
from engage.accounts import queries
from engage.accounts.models import RoleName, User
from tests.support import makers
from tests.support.pages import Client
from tests.support.signing import give_password

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Call ``engage user …`` on the test's site; returns the exit status and what was printed."""
    monkeypatch.setattr("engage.accounts.cli.create_app", lambda: app)

    def run(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["engage", "user", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        status = 0
        try:
            cli.main()
        except SystemExit as leaving:
            status = int(leaving.code or 0)
        out, err = capsys.readouterr()
        return status, out, err

    return run


def test_add_makes_a_password_and_shows_it_once(run: Run, client: Client, session: Session) -> None:
    status, out, _err = run(
        "add", "Ana@example.org", "--role", "clerk", "--role", "host", "--name", "Ana Ruiz"
    )

    assert status == 0
    user = queries.user_by_email(session, "ana@example.org")
    assert user is not None
    assert user.name == "Ana Ruiz"
    assert user.role_names == {RoleName.CLERK, RoleName.HOST}
    password = out.splitlines()[1].rpartition(" ")[2]
    assert give_password(client, "ana@example.org", password).location == "/en/staff/second-factor"


def test_add_takes_the_password_from_standard_input(run: Run, client: Client) -> None:
    status, out, _err = run(
        "add", "ana@example.org", "--role", "clerk", "--password-stdin", typed="words in a row, four\n"
    )

    assert status == 0
    assert "words in a row" not in out
    assert give_password(client, "ana@example.org", "words in a row, four").status_code == 302


@pytest.mark.parametrize(
    ("arguments", "typed", "line"),
    [
        (["ana@example.org", "--role", "king"], "", "There is no role “king”. Roles: resident, host"),
        (["nobody", "--role", "host"], "", "This is not an e-mail address."),
        (["taken@example.org", "--role", "host"], "", "There is an account for taken@example.org already."),
        (
            ["ana@example.org", "--role", "host", "--password-stdin"],
            "short\n",
            "A password needs at least 12",
        ),
    ],
)
def test_add_says_in_one_line_what_is_wrong(
    run: Run, session: Session, arguments: list[str], typed: str, line: str
) -> None:
    makers.user(session, RoleName.HOST, email="taken@example.org")
    session.commit()

    status, out, err = run("add", *arguments, typed=typed)

    assert (status, out) == (1, "")
    assert err.startswith(f"Error: {line}")
    assert err.count("\n") == 1


def test_list_shows_every_account(run: Run, session: Session) -> None:
    makers.user(session, RoleName.HOST, email="ana@example.org", name="Ana")
    makers.user(session, RoleName.CLERK, RoleName.OFFICIAL, email="bo@example.org", name="Bo", active=False)
    session.commit()

    _status, out, _err = run("list")

    assert out.splitlines() == [
        "ana@example.org\thost\tactive\tno second factor",
        "bo@example.org\tclerk, official\tdeactivated\tno second factor",
    ]


def test_reset_second_factor_forgets_a_lost_one(run: Run, session: Session) -> None:
    user = makers.user(session, RoleName.HOST, tf_primary_method="authenticator", tf_totp_secret="{}")
    session.commit()

    status, _out, _err = run("reset-second-factor", user.email)

    session.expire_all()
    assert status == 0
    assert not session.get_one(User, user.id).has_second_factor
    assert (
        run("reset-second-factor", "nobody@example.org")[2]
        == "Error: There is no account for nobody@example.org.\n"
    )
