"""Periods made up at random, with all that can happen to comments: every number equals a recount."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.analysis import fingerprint
from engage.clock import utcnow
from engage.comments import queries as comments
from engage.comments.models import (
    Campaign,
    CampaignText,
    Channel,
    Comment,
    CommentClause,
    CommentConcern,
    CommentReview,
    CommentTheme,
    Disposition,
    ModerationReason,
    Position,
    Stance,
)
from engage.dockets.models import District, Document, DocumentVersion
from engage.reports.behind import criteria
from engage.reports.facts import submitter_digest
from engage.reports.gather import open_report
from engage.reports.measures import OF_CONCERN, OF_DISTINCT, TallyKey
from engage.reports.models import Distinct, DistinctKind
from engage.reports.service import count, count_due, recount_period
from engage.reports.tables import every_cell
from tests.reports.lines import every_line
from tests.reports.test_count import NAMES, TEXTS, Story, count_all, stored
from tests.support import makers

STEPS = 100


class LongStory(Story):
    """Plays whatever can happen to comments, to the rows that reports are made of."""

    def __init__(self, session: Session, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - the same story at every run
        super().__init__(session)
        self.other = District(code=f"e-{self.period.id}", name=makers.both("Hills"))
        session.add(self.other)
        self.themes = [makers.theme(session, self.period.docket) for _ in range(3)]
        self.campaign = Campaign(period_id=self.period.id)
        session.add(self.campaign)
        self.reader = makers.user(session, RoleName.CLERK)
        document = Document(
            docket_id=self.period.docket_id, slug=f"text-{self.period.id}", title=makers.both("T")
        )
        session.add(document)
        session.flush()
        self.version = DocumentVersion(
            document_id=document.id, number=1, body=makers.both("1. One."), published_at=utcnow()
        )
        session.add(self.version)
        session.commit()

    def happen(self, times: int = STEPS) -> None:
        """So many things, one after another."""
        moves = ("post",) * 6 + ("analyse",) * 6 + ("analyse_again", "restrict", "reopen", "withdraw")
        for _ in range(times):
            what = self.chance.randrange(20)
            if what < 4:
                self.play(
                    (
                        "submit",
                        self.chance.choice(TEXTS),
                        self.chance.choice([None, *Position]),
                        self.chance.choice(NAMES),
                        self.chance.random() < 0.5,
                        self.chance.choice([Channel.WEB, Channel.PHONE]),
                    )
                )
            elif what < 11:
                index = self.chance.randrange(30)
                self.play((self.chance.choice(moves), index, self.chance.choice(list(ModerationReason))))
            elif what < 18:
                self._change(self.chance.choice(self._changes()))
            else:
                self._meanwhile()

        for index in range(25):
            self.play(("analyse", index, ModerationReason.SPAM))
            self.play(("post", index, ModerationReason.SPAM))
        for change in self._changes() * 2:
            self._change(change)

    def _meanwhile(self) -> None:
        self._count()

    def _changes(self) -> list[Callable[[Comment], None]]:
        return [self.redact, self.review, self.letter, self.clause, self.late, self.theme, self.move]

    def _change(self, change: Callable[[Comment], None]) -> None:
        comment = self._living(self.chance.randrange(30))
        if comment is not None:
            change(comment)
            comment.mark_changed()
            self.session.flush()

    def redact(self, comment: Comment) -> None:
        comment.body = comment.body.rsplit(" ", 1)[0] + " [redacted]"
        comment.body_digest = fingerprint(comment.body)
        comment.is_redacted = True

    def review(self, comment: Comment) -> None:
        self.session.merge(
            CommentReview(
                comment_id=comment.id,
                machine=[],
                confirmed=True,
                of_digest=comment.body_digest,
                read_by_id=self.reader.id,
                read_on=utcnow().date(),
            )
        )

    def letter(self, comment: Comment) -> None:
        """Its text becomes a version of the letter, or is taken out of it."""
        text = self.session.scalar(
            sa.select(CampaignText).where(
                CampaignText.period_id == self.period.id, CampaignText.digest == comment.body_digest
            )
        )
        if text is None:
            text = CampaignText(period_id=self.period.id, digest=comment.body_digest)
            self.session.add(text)
        text.campaign_id = self.campaign.id if self.chance.random() < 0.7 else None
        text.is_exemplar = False
        text.is_personal = None if text.campaign_id is None else self.chance.random() < 0.5
        self.session.flush()
        for other in self.comments:
            if other.body_digest == comment.body_digest:
                other.mark_changed()

    def clause(self, comment: Comment) -> None:
        self.session.execute(sa.delete(CommentClause).where(CommentClause.comment_id == comment.id))
        for key in self.chance.sample(["1-aaaaaaaa", "2-bbbbbbbb"], self.chance.randrange(3)):
            self.session.add(
                CommentClause(
                    comment_id=comment.id,
                    clause=key,
                    version_id=self.version.id,
                    stance=self.chance.choice([None, *Stance]),
                )
            )

    def late(self, comment: Comment) -> None:
        comment.on_time = not comment.on_time

    def theme(self, comment: Comment) -> None:
        """It joins a theme, or a theme is merged into another."""
        theme = self.chance.choice(self.themes)
        self.session.merge(CommentTheme(theme_id=theme.id, comment_id=comment.id, place=comment.id % 1000))
        if self.chance.random() < 0.3 and theme is not self.themes[0]:
            theme.merged_into_id = self.themes[0].id
            for other in self.comments:
                other.mark_changed()

    def move(self, comment: Comment) -> None:
        comment.district = self.chance.choice([None, self.district, self.other])
        comment.received_on -= timedelta(days=self.chance.randrange(40))


class StoryOfTwoWorkers(LongStory):
    """The same while two workers count at once."""

    def __init__(self, session: Session, seed: int, app: Flask) -> None:
        self.app = app
        super().__init__(session, seed)

    def _meanwhile(self) -> None:
        self.session.commit()

        def work() -> None:
            with self.app.app_context():
                count_due()

        with ThreadPoolExecutor(2) as threads:
            for running in [threads.submit(work) for _ in range(2)]:
                running.result()


def wrong(session: Session, story: LongStory) -> list[object]:
    """Every number that is not what the raw rows say: found by other ways than those that counted."""
    period, now = story.period, utcnow()
    numbers = stored(session, period)
    found: list[object] = []
    if numbers != recount_period(session, period.id):
        found.append("recount")
    codes = {str(place.id): place.code for place in comments.districts(session)}
    for (measure, key), n in numbers.items():
        behind = None if "read_by" in measure else criteria(TallyKey(measure, key), codes)
        if behind is not None and comments.count(session, period, behind, now) != n:
            found.append((measure, key, n))
    found += _wrong_distincts(session, story, numbers)
    session.expire_all()
    report = open_report(session, comments.get_public_period(session, period.slug, now), now)[0]
    for line in (*every_line(report.summary), *every_cell(report.tables)):
        if comments.count(session, period, line.filter, now) != line.n:
            found.append(line)
    return found


def _wrong_distincts(session: Session, story: LongStory, numbers: Counter[Any]) -> list[object]:
    texts: dict[str | None, Counter[str]] = defaultdict(Counter)
    people: dict[str | None, Counter[str]] = defaultdict(Counter)
    posted = sa.select(Comment).where(
        Comment.period_id == story.period.id, Comment.disposition == Disposition.POSTED
    )
    read = {"person": 0, "machine": 0}
    for comment in session.scalars(posted.execution_options(populate_existing=True)):
        raised = session.scalars(
            sa.select(CommentConcern.code).where(CommentConcern.comment_id == comment.id)
        ).all()
        person = submitter_digest(comment.name, comment.organisation)
        review = session.get(CommentReview, comment.id, populate_existing=True)
        if review is not None and review.of_digest == comment.body_digest:
            read["person"] += 1
        elif comment.analysis is not None:
            read["machine"] += 1
        for code in (None, *raised):
            texts[code][comment.body_digest] += 1
            if person:
                people[code][person] += 1
    told: dict[tuple[str, str], int] = {
        (OF_DISTINCT, "texts"): len(texts[None]),
        (OF_DISTINCT, "submitters"): len(people[None]),
        **{("read_by", key): n for key, n in read.items()},
    }
    for code in texts:
        if code is not None:
            told[OF_CONCERN, f"{code}|texts"] = len(texts[code])
            told[OF_CONCERN, f"{code}|submitters"] = len(people[code])
    found: list[object] = [(name, n, numbers[name]) for name, n in told.items() if numbers[name] != n]
    sharers = {DistinctKind.TEXT: texts, DistinctKind.SUBMITTER: people}
    return found + ([] if _sharers(session, story) == _expected(sharers) else ["texts and submitters"])


def _sharers(session: Session, story: LongStory) -> dict[Any, Any]:
    """The texts and submitters as they are kept: how many share each, and how many of those raise what."""
    rows = sa.select(Distinct.kind, Distinct.key, Distinct.n, Distinct.concerns)
    kept = session.execute(rows.where(Distinct.period_id == story.period.id))
    return {(kind, key): (n, concerns) for kind, key, n, concerns in kept}


def _expected(sharers: dict[DistinctKind, dict[str | None, Counter[str]]]) -> dict[Any, Any]:
    return {
        (kind, key): (n, {code: raised[key] for code, raised in of.items() if code and key in raised})
        for kind, of in sharers.items()
        for key, n in of[None].items()
    }


@pytest.mark.parametrize("seed", range(3))
def test_every_number_of_a_report_equals_a_recount(session: Session, seed: int) -> None:
    story = LongStory(session, seed)

    story.happen()
    session.commit()
    count_all()

    assert wrong(session, story) == []
    assert len(stored(session, story.period)) > 150


def test_also_where_two_workers_count_at_once(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(count, "BATCH", 3)
    story = StoryOfTwoWorkers(session, 11, app)

    story.happen()
    session.commit()
    count_all()

    assert wrong(session, story) == []


@pytest.mark.parametrize(
    ("target", "instead"),
    [
        ("engage.reports.service.count.concern_distincts", lambda _facts: set()),
        (
            "engage.reports.service.count.of_concern",
            lambda concern, _kind: TallyKey(OF_CONCERN, f"{concern}|texts"),
        ),
        ("engage.reports.facts._read_by", lambda _row: None),
        ("engage.reports.facts._part", lambda row: None if row.campaign_id is None else "copy"),
    ],
)
def test_a_hidden_fault_is_found(
    session: Session, monkeypatch: pytest.MonkeyPatch, target: str, instead: Any
) -> None:
    """The control: what counts wrong, everywhere alike, is found by those who count otherwise."""
    monkeypatch.setattr(target, instead)
    story = LongStory(session, 1)
    story.happen()
    session.commit()
    count_all()
    monkeypatch.undo()

    assert wrong(session, story)
