"""What a person of the fictional county read in its comments: both sides alike, not always as the program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask
from sqlalchemy.orm import Session

from engage.comments.filters import PERSON
from engage.comments.models import Comment, CommentReview
from engage.demo import cli, reading
from engage.reports.frozen import store
from engage.reports.measures import TallyKey
from engage.reports.models import ReportVersion
from tests.demo.records import records, toml

READ = toml("docket-287g/readings.toml")
KEYS = [*READ["confirmed"], *(row["key"] for row in READ["corrected"])]


def test_as_many_comments_of_one_side_are_read_and_corrected_as_of_the_other() -> None:
    sides = {record.key: record.side for record in records()}
    corrected = Counter(sides[row["key"]] for row in READ["corrected"])
    confirmed = Counter(sides[key] for key in READ["confirmed"])

    assert len(set(KEYS)) == len(KEYS)
    assert confirmed["support"] == confirmed["oppose"] > 5
    assert corrected["support"] == corrected["oppose"] > 2


@pytest.fixture
def those_read(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[], object]:
    some = [script for script in reading.scripts() if script.key in KEYS]
    monkeypatch.setattr(reading, "scripts", lambda: some)
    monkeypatch.setattr(cli, "create_app", lambda: app)
    return lambda: CliRunner().invoke(cli.demo_command, catch_exceptions=False)


def test_the_first_version_knows_no_answers_and_both_know_what_a_person_has_read(
    those_read: Callable[[], object], session: Session
) -> None:
    those_read()

    reviews = session.execute(
        sa.select(Comment.tracking_number, CommentReview.confirmed).join(Comment.review)
    )
    assert Counter(confirmed for _number, confirmed in reviews) == {
        True: len(READ["confirmed"]), False: len(READ["corrected"]),
    }  # fmt: skip
    versions = session.scalars(sa.select(ReportVersion).order_by(ReportVersion.number)).all()
    first, second = (store.inputs_of_version(session, version) for version in versions)
    assert first.numbers == second.numbers
    assert first.numbers[TallyKey("read_by", PERSON)] == len(KEYS)
