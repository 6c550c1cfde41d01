"""Suggestions that are learned from the labels of one docket, used for its comments and for no others'."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.analysis import Analyser, PositionLabel, PositionSuggestion
from engage.analysis.position_model import PositionModel
from engage.comments.models import Comment, CommentAnalysis, CommentPeriod, Position
from engage.comments.service import analyse_due
from engage.comments.service.remeasure import remeasure_due
from engage.dockets import taxonomy
from engage.dockets.models import LearnedPositions
from engage.jobs.queue import run_once
from engage.labelling import queries
from engage.labelling.models import DrawnComment, Label, Sample
from engage.labelling.service import draw_sample, learn_due, measure_due
from engage.labelling.service import learn as learning
from tests.labelling.test_service import say
from tests.support import makers
from tests.support.makers import NOON

WORK = {"analyse": analyse_due, "learn": learn_due, "measure": measure_due, "remeasure": remeasure_due}


@dataclass
class OneWord:
    """As analysis.position_learning.PositionModel: a known word goes with a position."""

    words: dict[str, str]

    def suggest(self, text: str) -> PositionSuggestion:
        found = next((said for word, said in self.words.items() if word in text), "unclear")
        return PositionSuggestion(PositionLabel(found))

    def to_json(self) -> str:
        return json.dumps(self.words, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> OneWord:
        return cls(json.loads(text))


@pytest.fixture
def lessons(monkeypatch: pytest.MonkeyPatch) -> list[learning.Lesson]:
    """What was learned from; a lesson makes the model that its last words go with their positions."""
    given: list[learning.Lesson] = []

    def learn(lesson: learning.Lesson) -> OneWord:
        given.append(lesson)
        pairs = zip(lesson.texts, lesson.positions, strict=True)
        return OneWord({text.split()[-1]: said.value for text, said in pairs})

    monkeypatch.setattr(learning, "_learn", learn)
    monkeypatch.setattr(learning, "LEAST_LABELS", 3)
    monkeypatch.setattr(taxonomy, "PositionModel", OneWord)
    return given


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    """Twelve comments that declare nothing and four that do; half of them go by “rivers”, half by “hills”."""
    period = makers.comment_period(session)
    for number in range(16):
        makers.comment(
            session,
            period,
            body=f"Number {number} speaks of {'rivers' if number % 2 else 'hills'}",
            position=Position.NEUTRAL if number >= 12 else None,
        )
    draw_sample(session, period, size=50, now=NOON)
    session.commit()
    run_once({"analyse": analyse_due})
    return period


def label_all(session: Session, period: CommentPeriod) -> None:
    """Label every comment, as a clerk would: rivers support and hills oppose."""
    session.rollback()
    person = makers.user(session, RoleName.CLERK).id
    for comment in session.scalars(sa.select(Comment).where(Comment.period_id == period.id)):
        say(session, comment, "support" if "rivers" in comment.body else "oppose", person=person)
    session.get_one(Sample, period.id).learn_due = True
    session.commit()


def suggestions(session: Session, period: CommentPeriod) -> set[tuple[str, str]]:
    session.rollback()
    rows = session.execute(
        sa.select(Comment.body, CommentAnalysis.position_suggested)
        .join(CommentAnalysis, CommentAnalysis.comment_id == Comment.id)
        .where(Comment.period_id == period.id)
    )
    return {(body.split()[-1], said) for body, said in rows}


def test_are_used_for_the_comments_of_the_docket_and_for_no_others(
    session: Session, period: CommentPeriod, lessons: list[learning.Lesson]
) -> None:
    elsewhere = makers.comment_period(session)
    makers.comment(session, elsewhere, body="Here too somebody speaks of rivers")
    session.commit()
    label_all(session, period)

    run_once(WORK)

    assert suggestions(session, period) == {("rivers", "support"), ("hills", "oppose")}
    assert suggestions(session, elsewhere) == {("rivers", "unclear")}
    learned = session.scalars(sa.select(LearnedPositions)).one()
    versions = set(
        session.scalars(
            sa.select(CommentAnalysis.analyser_version)
            .join(Comment, Comment.id == CommentAnalysis.comment_id)
            .where(Comment.period_id == period.id)
        )
    )
    (version,) = versions
    assert version == learned.docket.analyser_version
    assert version.startswith(f"{Analyser().version}+positions.")
    assert (learned.docket_id, learned.labels) == (period.docket_id, len(lessons[0].texts))


def test_never_learn_from_the_labels_that_check_them(
    session: Session, period: CommentPeriod, lessons: list[learning.Lesson]
) -> None:
    label_all(session, period)

    run_once(WORK)

    session.rollback()
    undeclared = session.scalars(
        sa.select(DrawnComment).join(DrawnComment.comment).where(Comment.position.is_(None))
    ).all()
    teach = {drawn.comment.body for drawn in undeclared if drawn.teaches}
    check = {drawn.comment.body for drawn in undeclared} - teach
    declared = session.scalars(sa.select(Comment.body).where(Comment.position.is_not(None))).all()
    assert set(lessons[0].texts) == teach | set(declared)
    pairs = queries.measures(session, period)["position", "support"] if check else []
    assert sum(n for _, _, n in pairs) == len(check)


def test_are_learned_again_only_from_clearly_more_labels(
    session: Session, period: CommentPeriod, lessons: list[learning.Lesson]
) -> None:
    label_all(session, period)
    run_once(WORK)
    session.rollback()
    session.get_one(Sample, period.id).learn_due = True
    session.commit()

    assert learn_due() == 1
    assert learn_due() == 0

    assert len(lessons) == 1


def test_are_left_to_the_rules_where_labels_are_few_or_nothing_was_learned(
    session: Session, period: CommentPeriod, lessons: list[learning.Lesson], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "_learn", lambda _lesson: None)
    label_all(session, period)
    before = suggestions(session, period)

    run_once(WORK)

    assert suggestions(session, period) == before
    assert session.scalars(sa.select(LearnedPositions)).all() == []
    assert not session.scalars(sa.select(Sample.learn_due)).one()
    assert len(session.scalars(sa.select(Label)).all()) == 16


def test_are_what_the_library_learns() -> None:
    """Without a database: a lesson in, a model as text, suggestions out."""
    pytest.importorskip("engage.analysis.position_learning")
    sides = ("support", "oppose")
    lesson = learning.Lesson(
        docket_id=1,
        texts=tuple(
            f"Story {number}: our {'rivers shine' if number % 2 else 'hills wait'}, said {number * 7}"
            for number in range(120)
        ),
        positions=tuple(PositionLabel(sides[number % 2 == 0]) for number in range(120)),
        languages=("en",) * 120,
    )

    model = learning._learn(lesson)

    assert model is not None
    again = PositionModel.from_json(model.to_json())
    said = [again.suggest(text).position for text in lesson.texts]
    right = [one is other for one, other in zip(said, lesson.positions, strict=True)]
    assert sum(right) > 60
    assert {one for one, is_right in zip(said, right, strict=True) if not is_right} <= {PositionLabel.UNCLEAR}
