"""The neutrality page: the same rule for every side, a test that can be checked, nobody exposed."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.analysis import OTHER
from engage.clock import utcnow
from engage.comments.filters import UNSTATED
from engage.comments.models import (
    CommentAnalysis,
    CommentConcern,
    CommentPeriod,
    Disposition,
    ModerationReason,
    Position,
)
from engage.moderation.evenness import FEWEST, Comparison, fisher, holm, judge
from engage.moderation.neutrality import (
    CONCERN,
    LANGUAGE,
    NOT_POSTED,
    POSITION,
    SMALLER,
    WAITS_LONG,
    Audit,
    Fate,
    Fates,
    Read,
    audit,
    read,
)
from engage.moderation.views.neutrality import _counted
from tests.support import makers
from tests.support.pages import Client

SignIn = Callable[..., Client]
TODAY = date(2026, 11, 25)
counts = st.integers(0, 60)


class TestFisher:
    @given(counts, counts, counts, counts)
    def test_is_the_exact_test_of_the_textbooks(self, a: int, b: int, c: int, d: int) -> None:
        assert fisher(a, a + b, c, c + d) == pytest.approx(fisher_exact([[a, b], [c, d]])[1], abs=1e-9)

    def test_takes_a_large_period_in_its_stride(self) -> None:
        assert fisher(30_000, 400_000, 30_100, 400_000) > 0.5
        assert fisher(40_000, 400_000, 30_000, 400_000) < 1e-100

    def test_holm_never_lowers_a_probability_and_keeps_their_order(self) -> None:
        assert holm([0.01, 0.04, 0.03]) == [0.03, 0.06, 0.06]


def fates(posted: int, restricted: int = 0, waiting: int = 0, days: int = 3) -> Fates:
    day = TODAY - timedelta(days)
    return Counter(
        {
            Fate(Disposition.POSTED, None, day): posted,
            Fate(Disposition.RESTRICTED, ModerationReason.OFF_TOPIC, day): restricted,
            Fate(Disposition.RECEIVED, None, day): waiting,
        }
    )


def audited(positions: dict[str, Fates], **others: dict[str, Fates]) -> Audit:
    languages = others.get("languages", {})
    concerns = others.get("concerns", {})
    with_concern = sum((some for code, some in concerns.items() if code != OTHER), Fates())
    return audit(Read(positions, languages, concerns, with_concern), TODAY)


def warned(found: Audit) -> set[tuple[str, str, str | None, str, bool]]:
    return {(one.dimension, one.group, one.against, one.outcome, one.is_more) for one in found.warnings}


class TestWarnings:
    def test_one_side_that_is_kept_from_readers_more_often(self) -> None:
        found = audited({Position.SUPPORT: fates(400, 60), Position.OPPOSE: fates(400, 8)})

        assert warned(found) == {
            (POSITION, Position.SUPPORT, None, NOT_POSTED, True),
            (POSITION, Position.OPPOSE, None, NOT_POSTED, False),
            (POSITION, Position.SUPPORT, Position.OPPOSE, NOT_POSTED, True),
        }

    def test_one_language_that_is_left_waiting(self) -> None:
        found = audited({}, languages={"en": fates(500, 5, 10, days=20), "es": fates(100, 1, 60, days=20)})

        assert (LANGUAGE, "es", None, WAITS_LONG, True) in warned(found)

    def test_what_came_this_week_is_not_left_waiting(self) -> None:
        found = audited({}, languages={"en": fates(500, 5, 0, days=2), "es": fates(10, 1, 300, days=2)})

        assert warned(found) == set()

    def test_a_difference_that_chance_makes_or_that_is_small_is_none(self) -> None:
        close = audited({Position.SUPPORT: fates(400, 14), Position.OPPOSE: fates(400, 8)})
        small = audited({Position.SUPPORT: fates(90_000, 10_000), Position.OPPOSE: fates(91_000, 9_000)})

        assert warned(close) == warned(small) == set()

    def test_too_few_comments_say_nothing(self) -> None:
        found = audited({Position.SUPPORT: fates(0, FEWEST - 1), Position.OPPOSE: fates(400)})

        assert found.comparisons == ()

    def test_spam_without_a_position_does_not_make_both_sides_look_favoured(self) -> None:
        found = audited(
            {Position.SUPPORT: fates(400, 4), Position.OPPOSE: fates(400, 4), UNSTATED: fates(100, 300)},
            concerns={"costs": fates(300, 3), "safety": fates(300, 3), OTHER: fates(200, 300)},
        )

        assert warned(found) == set()
        assert UNSTATED in [row.key for row in found.tables[0].rows]

    @given(st.tuples(*[st.tuples(*[st.integers(0, 80)] * 3)] * 2), st.integers(0, 20))
    def test_with_the_sides_exchanged_the_warnings_are_exchanged(
        self, sides: tuple[tuple[int, int, int], tuple[int, int, int]], days: int
    ) -> None:
        one, other = (fates(*side, days=days) for side in sides)
        plain = audited({Position.SUPPORT: one, Position.OPPOSE: other})
        swapped = audited({Position.SUPPORT: other, Position.OPPOSE: one})
        names = {Position.SUPPORT.value: Position.OPPOSE.value, Position.OPPOSE.value: Position.SUPPORT.value}

        assert {
            (names[group], outcome, is_more)
            for _, group, against, outcome, is_more in warned(plain)
            if not against
        } == {
            (group, outcome, is_more)
            for _, group, against, outcome, is_more in warned(swapped)
            if not against
        }
        both = [{one[2:4] for one in warned(some) if one[2]} for some in (plain, swapped)]
        assert both[0] == both[1]

    def test_many_groups_need_a_smaller_chance_each(self) -> None:
        one = Comparison("x", "a", None, NOT_POSTED, 20, 400, 6, 400)
        (alone,) = judge([one])
        among = judge([one, *(replace(one, group=str(n), hits=10, other_hits=10) for n in range(30))])[0]

        assert alone.is_lopsided
        assert not among.is_lopsided


class TestSmallGroups:
    def test_by_language_small_counts_and_the_totals_that_tell_them_are_hidden(self) -> None:
        found = audited({}, languages={"en": fates(400, 20), "es": fates(100, 12), "fr": fates(50, 2)})
        rows = {row.key: row for row in found.tables[1].rows}

        assert (rows["en"].received, rows["en"].not_posted) == (420, 20)
        for key, posted in (("es", 100), ("fr", 50)):
            assert (rows[key].posted, rows[key].not_posted, rows[key].received) == (posted, None, None)
            assert rows[key].share_not_posted is None

    def test_languages_of_fewer_than_ten_comments_are_told_together(self) -> None:
        found = audited({}, languages={"en": fates(400), "fr": fates(4), "ht": fates(7)})

        assert [(row.key, row.received) for row in found.tables[1].rows] == [("en", 400), (SMALLER, 11)]

    def test_the_median_days_are_those_of_what_waits(self) -> None:
        waiting = fates(0, waiting=10, days=2) + fates(0, waiting=11, days=9) + fates(300, days=30)
        (row,) = audited({Position.OPPOSE: waiting}).tables[0].rows

        assert (row.waiting, row.waiting_days) == (21, 9)

    @pytest.mark.parametrize("waiting", [0, 1, 9, 10])
    def test_the_median_days_of_few_are_not_told(self, waiting: int) -> None:
        groups: dict[str, Fates] = {
            Position.OPPOSE: fates(300, waiting=waiting),
            Position.SUPPORT: fates(300, waiting=30),
        }
        (opposing, _supporting) = sorted(
            audited(groups).tables[0].rows, key=lambda row: row.key != Position.OPPOSE
        )

        assert opposing.waiting == waiting
        assert opposing.waiting_days == (3 if waiting == 10 else None)

    def test_the_median_days_of_a_hidden_count_are_not_told(self) -> None:
        found = audited({}, languages={"en": fates(300, waiting=30), "es": fates(300, waiting=4)})

        assert {(row.waiting, row.waiting_days) for row in found.tables[1].rows} == {(None, None)}


def decide(session: Session, period: CommentPeriod, *, unfair: bool) -> None:
    """Two sides with as many comments; of one, more are kept from readers if ``unfair``."""
    today = utcnow().date()
    for position in (Position.SUPPORT, Position.OPPOSE):
        for number in range(60):
            is_kept = number < (30 if unfair and position is Position.OPPOSE else 3)
            comment = makers.comment(
                session,
                period,
                position=position,
                received_on=today - timedelta(3),
                disposition=Disposition.RESTRICTED if is_kept else Disposition.POSTED,
                restriction_reason=ModerationReason.OFF_TOPIC if is_kept else None,
                analysis_due=False,
            )
            comment.analysis = CommentAnalysis(
                analyser_version="1",
                language="en" if number % 2 else "es",
                language_confidence=1.0,
                tone="neutral",
                tone_score=0.0,
                position_suggested="unclear",
                concerns=[CommentConcern(code="costs")],
            )
    session.commit()


class TestPage:
    @pytest.fixture(autouse=True)
    def nothing_is_counted_yet(self) -> None:
        """These rows have no log; in another test's database its end and the numbers of rows may be equal."""
        _counted.clear()

    def test_says_that_nothing_stands_out_and_adds_up(self, session: Session, client: Client) -> None:
        period = makers.comment_period(session)
        decide(session, period, unfair=False)
        found = audit(read(session, [period.id]), utcnow().date())

        page = client.get("/en/moderation/neutrality").get_data(as_text=True)

        assert "No lopsided outcome was found" in page
        assert (found.received, found.posted, found.not_posted) == (120, 114, 6)
        assert [sum(row.posted for row in table.rows) for table in found.tables] == [114] * 3
        assert {table.dimension for table in found.tables} == {POSITION, LANGUAGE, CONCERN}

    def test_warns_everybody_and_those_who_decide(
        self, session: Session, client: Client, sign_in: SignIn
    ) -> None:
        period = makers.comment_period(session)
        decide(session, period, unfair=True)

        for language, word in (("en", "Lopsided"), ("es", "Desequilibrado")):
            page = client.get(f"/{language}/moderation/neutrality?period={period.slug}").get_data(
                as_text=True
            )
            assert word in page
        assert "Moderation looks lopsided" in sign_in(RoleName.MODERATOR).get("/en/staff").get_data(
            as_text=True
        )
        assert "lopsided" not in sign_in(RoleName.CLERK).get("/en/staff").get_data(as_text=True)

    def test_tells_a_spreadsheet_the_same_and_no_more(self, session: Session, client: Client) -> None:
        period = makers.comment_period(session)
        decide(session, period, unfair=False)

        rows = list(csv.DictReader(io.StringIO(client.get("/en/moderation/neutrality.csv").text)))

        by_language = {row["group"]: row for row in rows if row["group_by"] == "language"}
        assert {row["not_posted"] for row in by_language.values()} == {""}
        assert {row["received"] for row in by_language.values()} == {""}
        assert {row["not_posted"] for row in rows if row["group_by"] == "position"} == {"3"}
        assert {row["hidden"] for row in by_language.values()} == {"received not_posted"}
        assert {row["hidden"] for row in rows if row["group_by"] == "position"} == {""}

    @pytest.mark.parametrize(
        ("language", "words"),
        [
            ("en", "Posted comments can be counted by anybody"),
            ("es", "Los comentarios publicados los puede contar cualquiera"),
        ],
    )
    def test_says_which_numbers_are_not_shown(
        self, session: Session, client: Client, language: str, words: str
    ) -> None:
        decide(session, makers.comment_period(session), unfair=False)

        assert words in client.get(f"/{language}/moderation/neutrality").get_data(as_text=True)

    def test_leaves_out_what_the_public_may_not_know_of(self, session: Session, client: Client) -> None:
        decide(session, makers.comment_period(session, published_at=None), unfair=True)

        page = client.get("/en/moderation/neutrality").get_data(as_text=True)

        assert "There are too few comments to compare anything" in page

    def test_of_an_unknown_period_is_not_there(self, session: Session, client: Client) -> None:
        assert client.get("/en/moderation/neutrality?period=nothing").status_code == 404
