"""Draws that are random and can be checked, and labels that are counted as the reports need them."""

from __future__ import annotations

from collections import Counter

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.analysis import OTHER, PositionLabel
from engage.clock import utcnow
from engage.comments.models import (
    Comment,
    CommentAnalysis,
    CommentConcern,
    CommentPeriod,
    Disposition,
    ModerationReason,
    Position,
)
from engage.jobs.queue import run_once
from engage.labelling import queries, service
from engage.labelling.models import DrawnComment, Label, LabelConcern, Sample
from engage.labelling.service.draw import rank_of
from engage.moderation.service import reopen_comments, restrict_comments, withdraw_comment
from engage.reports.service import count_due
from tests.support import makers
from tests.support.makers import NOON

WORK = {"count": count_due, "measure": service.measure_due}


def measured(suggested: str, *codes: str) -> CommentAnalysis:
    return CommentAnalysis(
        analyser_version="1",
        language="en",
        language_confidence=1.0,
        tone="not_scored",
        tone_reason="too_short",
        position_suggested=suggested,
        concerns=[CommentConcern(code=code, denied=False, spans=[]) for code in codes],
    )


def drawn_numbers(session: Session) -> set[str]:
    statement = sa.select(Comment.tracking_number).join(DrawnComment, DrawnComment.comment_id == Comment.id)
    return set(session.scalars(statement))


def say(session: Session, comment: Comment, position: str, *codes: str, person: int | None = None) -> None:
    """Label a drawn comment, by a new person unless one is named."""
    person = person or makers.user(session, RoleName.CLERK).id
    label = Label(comment_id=comment.id, person_id=person, position=PositionLabel(position))
    label.concerns = [LabelConcern(code=code) for code in codes]
    session.add(label)
    session.flush()


class TestDrawSample:
    def test_can_be_drawn_again_by_anybody_who_has_the_seed(self, session: Session) -> None:
        period = makers.comment_period(session)
        posted = [makers.comment(session, period) for _ in range(30)]
        makers.comment(session, period, disposition=Disposition.RECEIVED)

        new = service.draw_sample(session, period, size=12, now=NOON)

        sample = session.get_one(Sample, period.id)
        ranks = {comment.tracking_number: rank_of(sample.seed, comment.tracking_number) for comment in posted}
        assert new == 12
        assert drawn_numbers(session) == {number for number, rank in ranks.items() if rank <= sample.cut}
        assert (sample.drawn_from, sample.drawn_at) == (30, NOON)

    def test_gives_comments_that_came_later_the_same_chance(self, session: Session) -> None:
        period = makers.comment_period(session)
        for _ in range(20):
            makers.comment(session, period)
        service.draw_sample(session, period, size=10, now=NOON)
        before, cut = drawn_numbers(session), session.get_one(Sample, period.id).cut
        later = [makers.comment(session, period) for _ in range(40)]

        service.draw_sample(session, period, size=10, now=NOON)

        sample = session.get_one(Sample, period.id)
        expected = {
            comment.tracking_number
            for comment in later
            if rank_of(sample.seed, comment.tracking_number) <= cut
        }
        assert sample.cut == cut
        assert drawn_numbers(session) == before | expected

    def test_never_takes_one_out_when_more_are_drawn(self, session: Session) -> None:
        period = makers.comment_period(session)
        for _ in range(20):
            makers.comment(session, period)
        service.draw_sample(session, period, size=5, now=NOON)
        before = drawn_numbers(session)

        assert service.draw_sample(session, period, size=15, now=NOON) == 10
        assert before < drawn_numbers(session)
        assert service.draw_sample(session, period, size=5, now=NOON) == 0

    def test_says_where_nothing_is_posted(self, session: Session) -> None:
        with pytest.raises(service.NothingToDraw):
            service.draw_sample(session, makers.comment_period(session), size=5, now=NOON)

    def test_of_another_period_is_another_one(self, session: Session) -> None:
        periods = [makers.comment_period(session) for _ in range(2)]
        for period in periods:
            makers.comment(session, period)
            service.draw_sample(session, period, size=1, now=NOON)

        seeds = {session.get_one(Sample, period.id).seed for period in periods}

        assert len(seeds) == 2


class TestTables:
    def test_one_label_a_person_and_comment(self, session: Session) -> None:
        period = makers.comment_period(session)
        comment = makers.comment(session, period)
        service.draw_sample(session, period, size=1, now=NOON)
        person = makers.user(session, RoleName.CLERK).id
        say(session, comment, "oppose", person=person)

        with pytest.raises(IntegrityError, match="label"):
            say(session, comment, "support", person=person)

    def test_only_a_drawn_comment_is_labelled(self, session: Session) -> None:
        comment = makers.comment(session, makers.comment_period(session))

        with pytest.raises(IntegrityError):
            say(session, comment, "oppose")


class TestMeasureDue:
    @pytest.fixture
    def period(self, session: Session) -> CommentPeriod:
        """Three comments that declare nothing and one that does, all drawn; two are about costs."""
        period = makers.comment_period(session)
        for suggested, codes, declared in (
            ("oppose", ("cost_resources",), None),
            ("unclear", ("cost_resources",), None),
            ("oppose", (OTHER,), None),
            ("oppose", (OTHER,), Position.OPPOSE),
        ):
            makers.comment(
                session,
                period,
                body=f"{codes[0]} {suggested}",
                analysis=measured(suggested, *codes),
                analysis_due=False,
                position=declared,
            )
        service.draw_sample(session, period, size=10, now=NOON)
        session.commit()
        return period

    def comments(self, session: Session, period: CommentPeriod) -> list[Comment]:
        """Those that declare nothing first."""
        statement = sa.select(Comment).where(Comment.period_id == period.id)
        found = list(session.scalars(statement))
        return sorted(found, key=lambda one: (one.position is not None, one.body))

    def pairs(
        self, session: Session, period: CommentPeriod, kind: str, code: str
    ) -> Counter[tuple[float, float]]:
        session.rollback()
        found = queries.measures(session, period).get((kind, code), [])
        return Counter({(label, said): n for label, said, n in found})

    def test_counts_what_people_and_the_machine_say(self, session: Session, period: CommentPeriod) -> None:
        costs, also_costs, other, declared = self.comments(session, period)
        say(session, costs, "oppose", "cost_resources")
        say(session, also_costs, "support", OTHER)
        say(session, other, "oppose", "cost_resources")
        say(session, declared, "oppose", OTHER)
        session.commit()

        assert service.measure_due() == 1
        assert service.measure_due() == 0

        assert self.pairs(session, period, "concern", "cost_resources") == {
            (1, 1): 1,
            (0, 1): 1,
            (1, 0): 1,
            (0, 0): 1,
        }
        assert sum(self.pairs(session, period, "position", "oppose").values()) == 3

    def test_two_people_count_half_each(self, session: Session, period: CommentPeriod) -> None:
        first, *_ = self.comments(session, period)
        say(session, first, "oppose", "cost_resources")
        say(session, first, "neutral", OTHER)
        session.commit()

        service.measure_due()

        assert self.pairs(session, period, "concern", "cost_resources") == {(0.5, 1): 1}
        assert sum(self.pairs(session, period, "position", "neutral").values()) == 1

    def test_a_letter_weighs_no_more_than_in_the_draw(self, session: Session) -> None:
        """One label holds for all copies, also for those that were drawn further on."""
        period, clerk = makers.comment_period(session), makers.user(session, RoleName.CLERK)
        bodies = ("letter", "first", "second", "letter", "third", "letter")
        drawn = [
            makers.comment(
                session, period, body=body, analysis=measured("unclear", OTHER), analysis_due=False
            )
            for body in bodies
        ]
        service.draw_sample(session, period, size=10, now=NOON)
        for place, comment in enumerate(drawn):
            session.get_one(DrawnComment, comment.id).rank = f"{place:064x}"
        session.commit()

        numbers = []
        for comment in (drawn[0], drawn[1], drawn[2], drawn[4]):
            service.label_comment(
                session, comment, clerk, position=PositionLabel.UNCLEAR, concerns=[OTHER], tone=None
            )
            session.commit()
            service.measure_due()
            numbers.append(sum(self.pairs(session, period, "concern", OTHER).values()))

        assert numbers == [1, 2, 4, 6]

    def test_leaves_out_what_is_not_posted_any_more_and_takes_it_back(
        self, session: Session, period: CommentPeriod
    ) -> None:
        first, *_ = self.comments(session, period)
        say(session, first, "oppose", "cost_resources")
        session.commit()
        run_once(WORK)
        assert self.pairs(session, period, "concern", OTHER)

        reopen_comments(session, [first], None, utcnow())
        session.commit()
        restrict_comments(session, [first], None, utcnow(), ModerationReason.SPAM)
        session.commit()
        run_once(WORK)
        assert not self.pairs(session, period, "concern", OTHER)
        assert len(session.scalars(sa.select(Label)).all()) == 1

    def test_forgets_what_was_said_about_a_comment_that_its_author_withdrew(
        self, session: Session, period: CommentPeriod
    ) -> None:
        first, *_ = self.comments(session, period)
        say(session, first, "oppose", "cost_resources")
        session.commit()
        withdraw_comment(session, first, None, utcnow())
        session.commit()

        run_once(WORK)

        session.rollback()
        assert session.scalars(sa.select(Label)).all() == []
        assert session.scalars(sa.select(LabelConcern)).all() == []
        assert len(session.scalars(sa.select(DrawnComment)).all()) == 3
