"""Column types keep the same value on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.db.types import Localised
from engage.dockets.models import Docket
from tests.support import makers

SUMMER = datetime(2026, 7, 1, 12, 30, 15, 123456, tzinfo=timezone(timedelta(hours=-4)))


def test_an_instant_comes_back_in_utc(session: Session) -> None:
    docket = makers.docket(session, published_at=SUMMER)
    session.commit()
    session.expire_all()

    assert docket.published_at == SUMMER
    assert docket.published_at is not None
    assert docket.published_at.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(session: Session) -> None:
    with pytest.raises(sa.exc.StatementError, match="without a time zone"):
        makers.docket(session, published_at=datetime(2026, 7, 1))  # noqa: DTZ001


def test_both_languages_of_a_text_are_kept(session: Session) -> None:
    docket = makers.docket(session, title=Localised(en="Should we?", es="¿Deberíamos?"))
    session.commit()
    session.expire_all()

    assert session.scalars(sa.select(Docket)).one().title == Localised(en="Should we?", es="¿Deberíamos?")
    assert docket.title.is_complete


@pytest.mark.parametrize(
    ("value", "language", "expected"),
    [
        (Localised(en="Yes", es="Sí"), "es", ("Sí", "es")),
        (Localised(en="Yes"), "es", ("Yes", "en")),
        (Localised(es="Sí"), "en", ("Sí", "es")),
        (Localised(), "es", ("", "es")),
    ],
)
def test_a_reader_gets_the_best_language_and_is_told_which(
    value: Localised, language: str, expected: tuple[str, str]
) -> None:
    assert value.best(language) == expected
    assert bool(value) == bool(expected[0])


def test_an_unknown_value_of_an_enumeration_is_refused_by_the_database(session: Session) -> None:
    period = makers.comment_period(session)
    makers.comment(session, period)
    session.flush()

    with pytest.raises(sa.exc.IntegrityError):
        session.execute(sa.text("UPDATE comment SET position = 'furious'"))
