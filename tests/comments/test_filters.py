"""The reading room's arguments: an allow-list, and the conditions behind them."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from engage.analysis import UNKNOWN
from engage.comments import queries
from engage.comments.filters import BadFilter, CommentFilter
from engage.comments.models import Channel, Comment, CommentAnalysis, CommentConcern, CommentPeriod, Position
from engage.dockets.models import District
from tests.support import makers

DIGEST = "a" * 64


@pytest.mark.parametrize(
    ("arguments", "criteria"),
    [
        ({}, CommentFilter()),
        ({"position": "", "page": "3"}, CommentFilter()),
        ({"position": "unstated"}, CommentFilter(position="unstated")),
        ({"written_in": "es"}, CommentFilter(language="es")),
        ({"language": "es"}, CommentFilter(language="es")),
        ({"day": "2026-10-15"}, CommentFilter(day=date(2026, 10, 15))),
        ({"named": "no"}, CommentFilter(named=False)),
        ({"text": DIGEST, "tone": "not_scored"}, CommentFilter(text=DIGEST, tone="not_scored")),
        ({"tone_reason": "analyser_failed"}, CommentFilter(tone_reason="analyser_failed")),
    ],
)
def test_arguments_become_conditions(arguments: dict[str, str], criteria: CommentFilter) -> None:
    assert CommentFilter.from_args(arguments) == criteria
    assert CommentFilter.from_args(criteria.arguments) == criteria


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("position", "sideways"),
        ("concern", "'; DROP TABLE comment; --"),
        ("tone", "angry"),
        ("tone_reason", "because"),
        ("written_in", "klingon"),
        ("district", "a b"),
        ("district", "\x00"),
        ("day", "tomorrow"),
        ("day", "2026-02-30"),
        ("channel", "pigeon"),
        ("text", "A" * 64),
        ("named", "true"),
        ("order", "received_on"),
        ("disposition", "restricted"),
        ("client_token", "x"),
        ("period__docket", "1"),
        ("__class__", "x"),
    ],
)
def test_any_other_argument_or_value_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(BadFilter, match=name):
        CommentFilter.from_args({name: value})


def test_a_repeated_argument_is_refused() -> None:
    with pytest.raises(BadFilter, match="position"):
        CommentFilter.from_args(MultiDict([("position", "support"), ("position", "oppose")]))


def test_one_that_asks_for_nothing_is_false() -> None:
    assert not CommentFilter()
    assert CommentFilter(named=False)


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    """A period with two comments that differ in everything that can be asked for."""
    period = makers.comment_period(session)
    north = District(code="north", name=makers.both("North"))
    session.add(north)
    measured(
        makers.comment(
            session,
            period,
            body="First",
            position=Position.OPPOSE,
            name="Ana",
            district=north,
            received_on=date(2026, 10, 15),
            channel=Channel.MAIL,
        ),
        "es",
        "not_scored",
        reason="language",
        concern="crime_reporting",
    )
    measured(
        makers.comment(session, period, body="Second", received_on=date(2026, 10, 16)), "en", "positive", 0.5
    )
    session.flush()
    return period


def measured(
    comment: Comment,
    language: str,
    tone: str,
    score: float | None = None,
    *,
    reason: str | None = None,
    concern: str = "",
) -> None:
    comment.analysis = CommentAnalysis(
        analyser_version="1",
        language=language,
        language_confidence=0.9,
        tone=tone,
        tone_score=score,
        tone_reason=reason,
        position_suggested="unclear",
        concerns=[CommentConcern(code=concern)] if concern else [],
    )


def found(session: Session, period: CommentPeriod, criteria: CommentFilter) -> set[str]:
    bodies = {comment.body for comment in queries.read(session, period, criteria, number=1).rows}
    assert queries.count(session, period, criteria) == len(bodies)
    return bodies


@pytest.mark.parametrize(
    "criteria",
    [
        CommentFilter(position="oppose"),
        CommentFilter(concern="crime_reporting"),
        CommentFilter(tone="not_scored"),
        CommentFilter(tone_reason="language"),
        CommentFilter(language="es"),
        CommentFilter(district="north"),
        CommentFilter(day=date(2026, 10, 15)),
        CommentFilter(channel="mail"),
        CommentFilter(named=True),
        CommentFilter(named=True, district="north", language="es", position="oppose", tone="not_scored"),
    ],
    ids=lambda criteria: ",".join(criteria.arguments),
)
def test_each_condition_finds_the_comment_that_meets_it(
    session: Session, period: CommentPeriod, criteria: CommentFilter
) -> None:
    assert found(session, period, criteria) == {"First"}


@pytest.mark.parametrize(
    "criteria",
    [
        CommentFilter(position="unstated"),
        CommentFilter(district="unstated"),
        CommentFilter(named=False),
        CommentFilter(tone="positive", channel="web"),
    ],
    ids=lambda criteria: ",".join(criteria.arguments),
)
def test_what_is_not_stated_can_be_asked_for(
    session: Session, period: CommentPeriod, criteria: CommentFilter
) -> None:
    assert found(session, period, criteria) == {"Second"}


def test_conditions_that_exclude_each_other_find_nothing(session: Session, period: CommentPeriod) -> None:
    assert found(session, period, CommentFilter(position="oppose", language="en")) == set()


def test_a_text_finds_all_its_submissions(session: Session, period: CommentPeriod) -> None:
    again = makers.comment(session, period, body="FIRST!")

    assert found(session, period, CommentFilter(text=again.body_digest)) == {"First", "FIRST!"}


def test_what_waits_for_the_analyser_can_be_asked_for(session: Session, period: CommentPeriod) -> None:
    makers.comment(session, period, body="Third")

    assert found(session, period, CommentFilter(tone="unmeasured")) == {"Third"}
    assert found(session, period, CommentFilter(language=UNKNOWN)) == set()
