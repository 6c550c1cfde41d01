"""The demo's files become objects without losing anything."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from engage.db.types import Localised
from engage.demo import reading
from engage.demo.reading import Calendar
from tests.demo.records import DATA, records

DENVER = ZoneInfo("America/Denver")


def test_every_comment_is_read_with_all_that_its_author_gave() -> None:
    read = {script.key: script for script in reading.scripts()}

    assert len(read) == len(records())
    for record in records():
        script = read[record.key]
        assert (script.text, script.position, script.day) == (record.text, record.position, record.day)
        assert (script.name, script.organisation) == (record.name, record.organisation)
        assert (script.fate, script.reason) == (record.moderation, record.reason)


def test_no_file_of_comments_is_left_out() -> None:
    assert sorted(reading.COMMENTS) == sorted(path.stem for path in (DATA / "comments").glob("*.jsonl"))


def test_texts_in_both_languages_become_one_value() -> None:
    place = reading.toml("county.toml")

    assert place["county"]["name"] == Localised("Olmeda County", "Condado de Olmeda")
    assert place["county"]["code"] == "olmeda"


def test_a_document_is_its_text_in_both_languages() -> None:
    body = reading.document("docket-287g", "agreement-v2")

    assert "Part B" in body.en
    assert "Parte B" in body.es


@pytest.mark.parametrize(
    ("today", "closes_at"),
    [
        pytest.param(date(2026, 6, 1), datetime(2026, 6, 29, 23, tzinfo=UTC), id="summer"),
        pytest.param(
            date(2026, 2, 20), datetime(2026, 3, 20, 23, tzinfo=UTC), id="clocks go forward meanwhile"
        ),
        pytest.param(
            date(2026, 10, 20), datetime(2026, 11, 18, 0, tzinfo=UTC), id="clocks go back meanwhile"
        ),
    ],
)
def test_a_deadline_is_what_the_clocks_there_show(today: date, closes_at: datetime) -> None:
    assert Calendar(today, DENVER).instant(28, "17:00") == closes_at
