"""Measuring comments: killed, doubled, surprised by a change or an unreadable text, it loses nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from engage.analysis import Analyser, Analysis
from engage.comments.models import Comment, CommentAnalysis, CommentPeriod, Disposition
from engage.comments.service import analyse
from engage.comments.service.analyse import analyse_due
from engage.db.session import db
from tests.support import databases, makers
from tests.support.pages import Client, page

UNREADABLE = "A text that no analyser can read"


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    """A period for the comments."""
    return makers.comment_period(session, slug="jail")


def rows(session: Session) -> dict[str, CommentAnalysis | None]:
    session.rollback()
    session.expire_all()
    return {comment.body: comment.analysis for comment in session.scalars(sa.select(Comment))}


class Fussy(Analyser):
    """An analyser that fails on one text, and can be told to do something before each."""

    def __init__(self, before: object = None) -> None:
        super().__init__()
        self._before = before

    def analyse(self, text: str, *, language_hint: str | None = None) -> Analysis:
        if callable(self._before):
            self._before(text)
        if text == UNREADABLE:
            raise RecursionError(text)
        return super().analyse(text, language_hint=language_hint)


def test_what_was_measured_stands_with_the_comment(session: Session, period: CommentPeriod) -> None:
    comment = makers.comment(
        session, period, body="We oppose this: it costs taxpayers too much.", count_due=False
    )
    session.commit()

    assert analyse_due() == 1
    assert analyse_due() == 0

    (measured,) = rows(session).values()
    assert measured is not None
    assert measured.analyser_version == Analyser().version
    assert measured.language == "en"
    cost = next(concern for concern in measured.concerns if concern.code == "cost_resources")
    start, end, _cue = cost.spans[0]
    assert comment.body[start:end] == "costs"
    assert not comment.analysis_due
    assert comment.count_due


def test_a_second_look_replaces_the_first(session: Session, period: CommentPeriod) -> None:
    comment = makers.comment(session, period)
    session.commit()
    analyse_due()
    session.refresh(comment)
    comment.body, comment.analysis_due = "Ahora tenemos miedo de llamar a la policía por la noche.", True
    session.commit()

    assert analyse_due() == 1

    (measured,) = rows(session).values()
    assert measured is not None
    assert measured.language == "es"
    assert session.scalar(sa.select(sa.func.count()).select_from(CommentAnalysis)) == 1


def test_a_text_that_cannot_be_read_holds_up_no_other_and_says_so(
    session: Session,
    client: Client,
    period: CommentPeriod,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    poison = makers.comment(session, period, body=UNREADABLE)
    makers.comment(session, period, body="This one can be read without any trouble.")
    session.commit()
    monkeypatch.setattr(analyse, "analyser_of", lambda _docket: Fussy())

    with capture_logs() as log:
        assert sum(iter(analyse_due, 0)) == 2

    measured = rows(session)
    assert all(measured.values())
    failed = measured[UNREADABLE]
    assert failed is not None
    assert (failed.tone, failed.tone_score, failed.tone_reason) == ("not_scored", None, "analyser_failed")
    assert (failed.language, failed.concerns, failed.position_suggested) == ("und", [], "unclear")
    shown = page(client.get(f"/en/comments/{poison.tracking_number}"))
    assert "The analyser could not read this text" in shown.text()
    listed = page(client.get("/en/periods/jail/comments?tone_reason=analyser_failed"))
    assert listed.text(".//h2").startswith("1 comment")
    # The log knows which one it was, and nothing of its words.
    assert [(entry["comment_id"], entry["error"]) for entry in log] == [(poison.id, "RecursionError")]
    assert UNREADABLE not in repr(log)


def test_a_text_that_changed_meanwhile_is_measured_anew(
    app: Flask, session: Session, period: CommentPeriod, monkeypatch: pytest.MonkeyPatch
) -> None:
    comment = makers.comment(session, period, body="The first words of this comment.")
    session.commit()

    def change(text: str) -> None:
        if text.startswith("The first"):
            with app.app_context(), db.sessionmaker() as other:
                found = other.get_one(Comment, comment.id)
                found.body = "Other words altogether, written later on."
                other.commit()

    with monkeypatch.context() as patch:
        patch.setattr(analyse, "analyser_of", lambda _docket: Fussy(change))
        assert analyse_due() == 0
    assert rows(session) == {"Other words altogether, written later on.": None}

    assert analyse_due() == 1
    assert all(rows(session).values())


@pytest.mark.parametrize("disposition", Disposition)
def test_all_but_withdrawn_comments_are_measured(
    session: Session, period: CommentPeriod, disposition: Disposition
) -> None:
    reason = "spam" if disposition is Disposition.RESTRICTED else None
    makers.comment(session, period, disposition=disposition, restriction_reason=reason)
    session.commit()

    assert analyse_due() == (0 if disposition is Disposition.WITHDRAWN else 1)


def test_more_than_one_batch_is_finished_batch_by_batch(
    session: Session, period: CommentPeriod, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analyse, "BATCH", 4)
    for number in range(10):
        makers.comment(session, period, body=f"Comment {number} of ten")
    session.commit()

    done = list(iter(analyse_due, 0))

    assert sum(done) == 10
    assert max(done) <= 4
    assert all(rows(session).values())


def test_two_workers_at_once_measure_each_comment_once(
    app: Flask, session: Session, period: CommentPeriod, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        makers.comment(session, period, body=f"Comment {number} of thirty")
    session.commit()
    both_have_read = threading.Barrier(2, timeout=30)
    met = threading.local()

    def meet(_text: str) -> None:
        if not getattr(met, "already", False):
            met.already = True
            both_have_read.wait()

    monkeypatch.setattr(analyse, "analyser_of", lambda _docket: Fussy(meet))
    done: list[int] = []

    def work() -> None:
        with app.app_context():
            done.append(analyse_due())

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    # Both measured all thirty; whoever came second found nothing left to write.
    monkeypatch.undo()
    rest = sum(iter(analyse_due, 0))
    assert sum(done) + rest == 30
    assert all(rows(session).values())


WORKER = """
import sys, time
from pathlib import Path
from engage.app import create_app
from engage.comments.service import analyse
from engage.config import from_environment
from tests.conftest import test_environment

class Stuck(analyse.Analyser):
    def analyse(self, text, *, language_hint=None):
        Path(sys.argv[2]).write_text("measuring")
        time.sleep(600)

analyse.analyser_of = lambda docket: Stuck()
app = create_app(from_environment(test_environment(sys.argv[1], Path(sys.argv[3]))))
with app.app_context():
    analyse.analyse_due()
"""


@pytest.fixture
def stuck_worker(sandbox: databases.Sandbox, tmp_path: Path) -> Iterator[Path]:
    """A worker process in the middle of a batch; the file says when. Killed by the test, or at its end."""
    sign = tmp_path / "sign"
    process = subprocess.Popen([sys.executable, "-c", WORKER, sandbox.url, str(sign), str(tmp_path)])
    (tmp_path / "pid").write_text(str(process.pid))
    yield sign
    process.kill()
    process.wait()


def test_a_worker_killed_in_the_middle_loses_nothing(
    session: Session, period: CommentPeriod, request: pytest.FixtureRequest
) -> None:
    for number in range(5):
        makers.comment(session, period, body=f"Comment {number} of five")
    session.commit()
    sign: Path = request.getfixturevalue("stuck_worker")
    for _ in range(600):
        if sign.exists():
            break
        time.sleep(0.1)
    assert sign.exists()

    os.kill(int((sign.parent / "pid").read_text()), signal.SIGKILL)

    assert sum(iter(analyse_due, 0)) == 5
    assert all(rows(session).values())
