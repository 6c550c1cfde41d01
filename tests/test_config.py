"""Settings: a missing or bad one stops the start with one clear line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from engage import app
from engage.config import BadSetting, from_environment, read_environment_file

GOOD = {"ENGAGE_SECRET_KEY": "x" * 32}


def test_a_secret_is_all_that_must_be_set() -> None:
    settings = from_environment(GOOD)

    assert settings.database_url.startswith("sqlite:///")
    assert settings.staff_mfa
    assert not settings.is_https
    assert "127.0.0.1" in settings.trusted_hosts


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("ENGAGE_SECRET_KEY", "", "is not set"),
        ("ENGAGE_SECRET_KEY", "short", "shorter than 32"),
        ("ENGAGE_CONTACT_KEY", "short", "shorter than 32"),
        ("ENGAGE_LOG_KEY", "short", "shorter than 32"),
        ("ENGAGE_DATABASE_URL", "mysql://x", "sqlite:// or postgresql://"),
        ("ENGAGE_QUEUE_URL", "amqp://x", "must begin with"),
        ("ENGAGE_LIMITS_URL", "memory://", "must begin with"),
        ("ENGAGE_LIMITS", "none", "on, off"),
        ("ENGAGE_PROXY_HOPS", "-1", "from 0 to 9"),
        ("ENGAGE_PROXY_HOPS", "two", "from 0 to 9"),
        ("ENGAGE_PROXY_HOPS", "10", "from 0 to 9"),
        ("ENGAGE_MAIL_URL", "http://x", "smtp://"),
        ("ENGAGE_BASE_URL", "engage.example.gov", "https://"),
        ("ENGAGE_SITE_EXIT_URL", "javascript:alert(1)", "https://"),
        ("ENGAGE_STAFF_MFA", "maybe", "required, optional"),
        ("ENGAGE_SEMANTIC", "yes", "off, on"),
        ("ENGAGE_SITE_TIME_ZONE", "Mars/Olympus", "time zone"),
        ("ENGAGE_SITE_TIME_ZONE", "../../etc/passwd", "time zone"),
    ],
)
def test_a_bad_one_is_named_in_one_line(name: str, value: str, words: str) -> None:
    with pytest.raises(BadSetting) as caught:
        from_environment(GOOD | {name: value})

    assert name in str(caught.value)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_meaning_without_its_packages_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "is_installed", lambda: False)

    with pytest.raises(BadSetting, match=r"ENGAGE_SEMANTIC is on, .* make semantic"):
        app.create_app(from_environment(GOOD | {"ENGAGE_SEMANTIC": "on"}))


@pytest.mark.parametrize("url", ["postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"])
def test_postgresql_is_reached_by_the_driver_that_is_installed(url: str) -> None:
    assert from_environment(GOOD | {"ENGAGE_DATABASE_URL": url}).database_url == "postgresql+psycopg://u@h/d"


def test_the_host_of_the_base_address_is_trusted() -> None:
    settings = from_environment(GOOD | {"ENGAGE_BASE_URL": "https://engage.example.gov/"})

    assert settings.base_url == "https://engage.example.gov"
    assert settings.trusted_hosts[0] == "engage.example.gov"
    assert settings.is_https


def test_named_hosts_replace_the_guess() -> None:
    assert from_environment(GOOD | {"ENGAGE_TRUSTED_HOSTS": "a.example, b.example"}).trusted_hosts == (
        "a.example",
        "b.example",
    )


def test_the_environment_file_is_read_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "engage.env"
    path.write_text("# made by make run\n\nENGAGE_SECRET_KEY = a=b\n")

    assert read_environment_file(path) == {"ENGAGE_SECRET_KEY": "a=b"}
    assert read_environment_file(tmp_path / "none") == {}


def test_a_command_says_what_is_wrong_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from engage import cli

    monkeypatch.setenv("ENGAGE_DATABASE_URL", "mysql://x")
    monkeypatch.setenv("ENGAGE_SECRET_KEY", "x" * 32)
    monkeypatch.setattr("sys.argv", ["engage", "setup"])

    with pytest.raises(SystemExit) as left:
        cli.main()

    assert left.value.code == 1
    said = capsys.readouterr().err
    assert said.startswith("Error: ENGAGE_DATABASE_URL")
    assert said.count("\n") == 1


def test_an_unknown_command_is_refused() -> None:
    from engage.cli import engage

    result = CliRunner().invoke(engage, ["dance"])

    assert result.exit_code == 2
    assert "dance" in result.output
