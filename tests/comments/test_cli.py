"""``engage period``: periods without a browser."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy.orm import Session

from engage.comments import cli
from engage.comments.models import CommentPeriod, PeriodChange
from engage.db.types import Localised
from engage.errors import NotFound, RuleBroken
from tests.support import makers

ADD = [
    "add",
    "jail",
    "--docket",
    "agreement",
    "--title-en",
    "Jail",
    "--title-es",
    "Cárcel",
    "--summary-en",
    "What",
    "--summary-es",
    "Qué",
    "--notice-en",
    "The county asks",
    "--notice-es",
    "El condado pregunta",
    "--opens",
    "2020-03-02T08:00",
    "--closes",
    "2020-04-01T17:00",
]


@pytest.fixture(autouse=True)
def site(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command finds this test's site, with one docket."""
    monkeypatch.setattr(cli, "_site", lambda: app)
    makers.docket(session, slug="agreement")
    session.commit()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.period_group, arguments, catch_exceptions=True)


def only(session: Session) -> CommentPeriod:
    return session.scalars(sa.select(CommentPeriod)).one()


def test_a_closed_period_of_the_past_can_be_added_for_an_import(session: Session) -> None:
    result = run(*ADD)

    assert result.output == "Added the comment period “jail” (closed).\n"
    period = only(session)
    assert period.title == Localised("Jail", "Cárcel")
    assert period.summary == Localised("What", "Qué")
    # The site of the tests is in New York; summer time has begun at the second.
    assert period.opens_at == datetime(2020, 3, 2, 13, 0, tzinfo=UTC)
    assert period.closes_at == datetime(2020, 4, 1, 21, 0, tzinfo=UTC)


def test_the_zone_can_be_named_and_an_offset_wins(session: Session) -> None:
    run(*ADD[:-1], "2020-04-01T17:00+00:00", "--time-zone", "America/Denver")

    assert only(session).opens_at == datetime(2020, 3, 2, 15, 0, tzinfo=UTC)
    assert only(session).closes_at == datetime(2020, 4, 1, 17, 0, tzinfo=UTC)
    assert only(session).time_zone == "America/Denver"


def test_a_draft_is_kept_from_the_public(session: Session) -> None:
    assert "(draft)" in run(*ADD, "--draft").output
    assert only(session).published_at is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--opens", "yesterday"), "no date and time"),
        (("--time-zone", "Mars/Olympus"), "no time zone"),
        (("--text-limit", "1"), "200<=x<=100000"),
    ],
)
def test_what_cannot_be_understood_is_named(arguments: tuple[str, ...], said: str) -> None:
    result = run(*ADD, *arguments)

    assert result.exit_code == 2
    assert said in result.output


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("--docket", "no-such"), NotFound),
        (("--closes", "2020-03-02T08:00"), RuleBroken),
        (("--opens", "2020-03-08T02:30"), RuleBroken),
        (("--summary-es", ""), RuleBroken),
        (("--notice-es", ""), RuleBroken),
        (("--title-es", ""), RuleBroken),
        (("--instructions-en", "Only English"), RuleBroken),
    ],
)
def test_what_breaks_a_rule_is_refused_and_leaves_nothing(
    session: Session, arguments: tuple[str, ...], error: type[Exception]
) -> None:
    result = run(*ADD, *arguments)

    assert isinstance(result.exception, error)
    assert str(result.exception)
    assert session.scalar(sa.select(sa.func.count()).select_from(CommentPeriod)) == 0


def test_an_address_is_taken_once(session: Session) -> None:
    run(*ADD)

    assert isinstance(run(*ADD).exception, RuleBroken)


def test_the_list_shows_each_period_with_its_state_and_local_times(session: Session) -> None:
    run(*ADD)

    assert run("list").output == ("jail\tclosed\t2020-03-02T08:00-05:00\t2020-04-01T17:00-04:00\tJail\n")


WHY = ("--reason-en", "More time to translate", "--reason-es", "Más tiempo para traducir")


def test_the_end_is_moved_by_the_clocks_of_the_place_and_the_reason_is_kept(session: Session) -> None:
    run(*ADD, "--closes", "2100-07-01T17:00")

    extended = run("extend", "jail", "--closes", "2100-12-01T17:00", *WHY)

    assert extended.output == (
        "The comment period “jail” ended 2100-07-01T17:00-04:00 and now ends 2100-12-01T17:00-05:00.\n"
    )
    (change,) = session.scalars(sa.select(PeriodChange))
    assert (change.kind, change.reason.es, change.actor_id) == ("extend", "Más tiempo para traducir", None)
    assert isinstance(run("reopen", "jail", "--closes", "2101-01-01T00:00", *WHY).exception, RuleBroken)
    assert isinstance(run("cancel", "jail", "--reason-en", "Only English").exception, RuleBroken)
    assert run("cancel", "jail", *WHY).output == "Cancelled the comment period “jail”.\n"
    assert "cancelled" in run("list").output


def test_a_closed_period_is_opened_again(session: Session) -> None:
    run(*ADD)

    assert "now ends 2100-01-01T00:00" in run("reopen", "jail", "--closes", "2100-01-01T00:00", *WHY).output
    assert "open" in run("list").output


def test_the_policy_for_late_comments_can_be_given(session: Session) -> None:
    run(*ADD, "--late", "accept_marked", "--late-until", "2020-04-03T17:00")

    assert only(session).late_policy == "accept_marked"
    assert only(session).late_until == datetime(2020, 4, 3, 21, 0, tzinfo=UTC)


def test_one_language_can_be_enough(session: Session) -> None:
    result = run(*ADD, "--title-en", "", "--summary-en", "", "--notice-en", "", "--language", "es")

    assert result.exit_code == 0
    assert only(session).required_languages == ["es"]
