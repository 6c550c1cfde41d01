"""What followers of a docket are told of its record: that there is something, never a number."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.oversight import service
from engage.oversight.happenings import record_happenings
from engage.oversight.models import Frequency
from tests.oversight.makers import FIRST, LONG_AGO, NOW, SECOND, adopted, counts, draft, indicator
from tests.support.makers import both

SINCE = datetime(2020, 1, 1, tzinfo=UTC)


def told(session: Session, since: datetime = SINCE, language: str = "en") -> list[str]:
    found = sorted(record_happenings(session, since, NOW), key=lambda one: one.happened_at)
    return [one.tell(language).text for one in found]


def test_figures_published_and_corrected(session: Session) -> None:
    watched = indicator(session)
    at = datetime(2026, 4, 20, tzinfo=UTC)
    service.publish_entry(session, watched, FIRST, counts(60, 20, 20, 20), at)
    service.publish_entry(
        session, watched, FIRST, counts(75, 35, 20, 20, note="Found."), at + timedelta(days=1)
    )

    assert told(session)[:2] == [
        "Figures were published for January to March 2026: Charges.",
        "Figures for January to March 2026 were corrected: Charges. The page says why.",
    ]
    assert told(session, since=at + timedelta(hours=1))[0].startswith(
        "Figures for January to March 2026 were"
    )
    spanish = told(session, language="es")[0]
    assert spanish == "Se publicaron cifras de enero a marzo 2026: Charges (es)."


def test_figures_that_are_late_from_the_first_instant_of_the_day_after(session: Session) -> None:
    watched = indicator(session)

    def late() -> list[datetime]:
        return [one.happened_at for one in record_happenings(session, SINCE, NOW) if "overdue" in one.key]

    assert len(late()) == 3
    assert late()[0].date() == FIRST.due_on(Frequency.QUARTER) + timedelta(days=1)
    # It stays a fact when the figures come, so that nobody is told twice or of nothing.
    before = late()
    service.publish_entry(session, watched, FIRST, counts(60, 20, 20, 20), NOW)
    assert late() == before
    in_time = datetime(2026, 7, 20, tzinfo=UTC)
    service.publish_entry(session, watched, SECOND, counts(60, 20, 20, 20), in_time)
    assert len(late()) == 2


def test_a_new_method(session: Session) -> None:
    watched = indicator(session)
    service.add_method(session, watched, both("Otherwise."), date(2026, 5, 1))

    assert "From May 1, 2026 on this is measured in a new way: Charges." in told(session)


def test_a_method_that_residents_are_told_of_after_it_began_is_news_on_that_day(session: Session) -> None:
    watched = indicator(session)
    service.add_method(session, watched, both("Otherwise."), date(2026, 5, 1), told_at=NOW)

    (found,) = [
        one for one in record_happenings(session, NOW - timedelta(days=1), NOW) if "method" in one.key
    ]

    assert found.happened_at == NOW


def test_nothing_of_a_draft_or_of_a_docket_that_is_not_shown(session: Session) -> None:
    docket = adopted(session)
    service.create_indicator(session, docket, draft("draft"))
    assert told(session) == []

    indicator(session, docket)
    docket.published_at = None
    session.flush()
    assert told(session) == []


def test_no_number_and_a_page_to_read(session: Session) -> None:
    watched = indicator(session)
    service.publish_entry(
        session, watched, FIRST, counts(5777, 5000, 500, 277), LONG_AGO + timedelta(days=480)
    )

    found = list(record_happenings(session, SINCE, utcnow()))

    for language in ("en", "es"):
        for one in found:
            said = one.tell(language)
            assert "5777" not in said.text.replace(",", "")
            assert said.path == f"/{language}/dockets/agreement/oversight/charges"
    assert len({one.key for one in found}) == len(found)
