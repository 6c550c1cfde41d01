"""The job that reads dockets: it keeps what staff decided, and quotes only what everybody may read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.analysis.themes import Theme as FoundTheme
from engage.clock import utcnow
from engage.comments.models import Comment, CommentPeriod, CommentTheme, Disposition, Position, Theme
from engage.comments.models import ThemeStatus as Status
from engage.db.types import Localised
from engage.jobs.queue import run_once
from engage.themes import queries, service
from engage.themes.models import DocketReading, Quote
from engage.themes.service.find import LOOK_EVERY, find_due
from engage.themes.service.keep import keep_themes
from engage.worker import HANDLERS
from tests.analysis.test_themes import made_up
from tests.support import makers

NAMES = Localised(en="Bridge", es="Puente")


def found(*members: Sequence[int], words: tuple[str, ...] = ("bridge", "river")) -> tuple[FoundTheme, ...]:
    """Themes as the analysis gives them."""
    return tuple(FoundTheme(words, ("en",), tuple(rows), len(rows), tuple(rows[:2]), 0.9) for rows in members)


def members(session: Session, theme: Theme) -> set[int]:
    rows = sa.select(CommentTheme.comment_id).where(CommentTheme.theme_id == theme.id)
    return set(session.scalars(rows))


def let_time_pass(session: Session) -> None:
    session.execute(sa.update(DocketReading).values(looked_at=utcnow() - LOOK_EVERY - timedelta(minutes=1)))
    session.commit()


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    """A period of many comments about three subjects, of both sides."""
    period = makers.comment_period(session)
    for number, text in enumerate(made_up(160)[0]):
        makers.comment(
            session,
            period,
            body=f"The {text}.",
            position=list(Position)[number % 2],
            tracking_number=f"T{number}",
        )
    session.commit()
    return period


class TestFindDue:
    def test_finds_themes_and_quotes_once_the_comments_are_measured(
        self, session: Session, period: CommentPeriod
    ) -> None:
        assert find_due() == 0  # Nothing is measured yet.

        run_once(HANDLERS)

        themes = queries.themes(session, period.docket)
        assert {"bridge", "books", "market"} <= {word for theme in themes for word in theme.words}
        assert {theme.status for theme in themes} == {Status.CANDIDATE}
        assert [quote.comment.position for quote in queries.quotes(session, period)] == [
            *[Position.SUPPORT] * 3,
            *[Position.OPPOSE] * 3,
        ]

        # Nothing is due now; and where nothing has changed it is only looked at.
        assert find_due() == 0
        let_time_pass(session)
        assert find_due() == 1
        session.expire_all()
        assert queries.themes(session, period.docket) == themes

        # A quoted comment that is restricted is gone at once, and replaced at the next look.
        quoted = queries.quotes(session, period)[0].comment
        session.execute(
            sa.update(Comment).where(Comment.id == quoted.id).values(disposition=Disposition.RECEIVED)
        )
        session.commit()
        assert quoted not in [quote.comment for quote in queries.quotes(session, period)]
        assert len(queries.quotes(session, period)) == 5
        let_time_pass(session)
        find_due()
        session.expire_all()
        assert len(queries.quotes(session, period)) == 6

    def test_of_a_docket_without_many_comments_it_finds_nothing(self, session: Session) -> None:
        period = makers.comment_period(session)
        makers.comment(session, period)
        session.commit()

        run_once(HANDLERS)

        assert queries.themes(session, period.docket) == []
        assert queries.quotes(session, period) == []
        assert queries.dockets(session)[0].looked_at is not None


class TestQuotes:
    def test_of_a_text_that_has_changed_nothing_is_quoted(self, session: Session) -> None:
        period = makers.comment_period(session)
        comment = makers.comment(session, period, body="Keep the bridge open. My neighbor is ill.")
        session.add(
            Quote(
                period_id=period.id,
                place=1,
                comment_id=comment.id,
                body_digest=comment.body_digest,
                start=0,
                stop=21,
            )
        )
        session.flush()
        (quote,) = queries.quotes(session, period)
        assert (quote.text, quote.begins_later, quote.ends_sooner) == ("Keep the bridge open.", False, True)

        comment.body, comment.body_digest = "Keep the [redacted] open.", "0" * 64
        session.flush()

        assert queries.quotes(session, period) == []


class TestKeepThemes:
    @pytest.fixture
    def comments(self, session: Session) -> list[int]:
        """The ids of ten posted comments of one docket that are counted already."""
        period = makers.comment_period(session)
        rows = [makers.comment(session, period, count_due=False) for _ in range(10)]
        self.docket = period.docket
        return [row.id for row in rows]

    def due(self, session: Session) -> set[int]:
        return set(session.scalars(sa.select(Comment.id).where(Comment.count_due)))

    def test_a_name_survives_the_next_run(self, session: Session, comments: list[int]) -> None:
        keep_themes(session, self.docket.id, found([0, 1, 2, 3]), comments)
        (theme,) = queries.themes(session, self.docket)
        service.confirm_theme(session, theme, NAMES)
        assert self.due(session) == set(comments[:4])
        session.execute(sa.update(Comment).values(count_due=False))

        keep_themes(session, self.docket.id, found([1, 2, 3, 4, 5], words=("span",)), comments)

        (again,) = queries.themes(session, self.docket)
        assert (again.id, again.name, again.status) == (theme.id, NAMES, Status.CONFIRMED)
        assert (again.words, again.size) == (["span"], 5)
        assert members(session, again) == set(comments[1:6])
        # Only what is new in it or not in it any more is counted anew.
        assert self.due(session) == {comments[0], comments[4], comments[5]}

    def test_a_candidate_that_is_not_found_any_more_goes_and_a_decided_one_stays(
        self, session: Session, comments: list[int]
    ) -> None:
        keep_themes(session, self.docket.id, found([0, 1, 2], [3, 4, 5], [6, 7, 8]), comments)
        first, second, _ = queries.themes(session, self.docket)
        service.confirm_theme(session, first, NAMES)
        service.dismiss_theme(session, second)

        keep_themes(session, self.docket.id, (), comments)

        assert queries.themes(session, self.docket) == [first, second]
        assert members(session, first) == set(comments[:3])

    def test_one_that_was_merged_is_known_again_and_counts_for_the_other(
        self, session: Session, comments: list[int]
    ) -> None:
        keep_themes(session, self.docket.id, found([0, 1, 2, 3], [4, 5, 6]), comments)
        larger, smaller = queries.themes(session, self.docket)
        service.confirm_theme(session, larger, NAMES)
        service.merge_theme(session, smaller, larger)
        session.execute(sa.update(Comment).values(count_due=False))

        keep_themes(session, self.docket.id, found([0, 1, 2, 3], [4, 5, 6, 7]), comments)

        assert queries.themes(session, self.docket) == [larger]
        assert queries.merged(session, larger) == [smaller]
        assert members(session, smaller) == set(comments[4:8])
        assert self.due(session) == {comments[7]}

    def test_running_twice_changes_nothing(self, session: Session, comments: list[int]) -> None:
        themes = found([0, 1, 2], [3, 4, 5])
        keep_themes(session, self.docket.id, themes, comments)
        before = [(theme.id, members(session, theme)) for theme in queries.themes(session, self.docket)]

        keep_themes(session, self.docket.id, themes, comments)

        assert [(t.id, members(session, t)) for t in queries.themes(session, self.docket)] == before


class TestMergeTheme:
    def test_takes_along_what_was_merged_before(self, session: Session) -> None:
        docket = makers.docket(session)
        first, second, third = (makers.theme(session, docket) for _ in range(3))

        service.merge_theme(session, first, second)
        service.merge_theme(session, second, third)
        session.expire_all()

        assert queries.themes(session, docket) == [third]
        assert {theme.id for theme in queries.merged(session, third)} == {first.id, second.id}

    def test_refuses_what_makes_no_sense(self, session: Session) -> None:
        theme = makers.theme(session, makers.docket(session))
        stranger = makers.theme(session, makers.docket(session))
        dismissed = makers.theme(session, theme.docket, status=Status.DISMISSED)
        merged = makers.theme(session, theme.docket, merged_into_id=dismissed.id)

        for into in (theme, stranger, dismissed, merged):
            with pytest.raises(service.CannotMerge):
                service.merge_theme(session, theme, into)

    def test_a_name_in_one_language_is_not_enough(self, session: Session) -> None:
        theme = makers.theme(session, makers.docket(session), status=Status.CANDIDATE)

        with pytest.raises(service.NameMissing):
            service.confirm_theme(session, theme, Localised(en="Bridge"))
