"""People who follow something, and what reaches them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from engage.db.session import write_transaction
from engage.follows.models import Follower, Frequency
from engage.follows.service.find import find_comment_news, find_news
from engage.follows.service.keep import confirm
from engage.follows.service.tell import tell_news
from engage.follows.tokens import Asked, Wish
from engage.mail.sealed import Content
from engage.web.news import Subject
from tests.support.signing import outbox

Follow = Callable[..., Follower]


@pytest.fixture
def follow(session: Session) -> Follow:
    """Let somebody follow something, confirmed: ``follow("ana@example.org", Wish(…), frequency=…)``."""

    def follow(
        address: str,
        *wishes: Wish,
        frequency: Frequency = Frequency.REAL_TIME,
        language: str = "en",
        is_discreet: bool = False,
    ) -> Follower:
        with write_transaction() as rows:
            return confirm(rows, Asked(address, wishes, frequency, language, is_discreet))

    return follow


@pytest.fixture
def mails(app: Flask) -> Callable[[], list[Content]]:
    """Find and tell all news, as the worker does; gives what waits in the outbox."""

    def work() -> list[Content]:
        with app.app_context():
            find_news()
            find_comment_news()
            tell_news()
        return outbox(app)

    return work


def wish(subject: Subject, *, wants_reminder: bool = True) -> Wish:
    """A wish to follow a subject."""
    return Wish(subject.kind, subject.key, wants_reminder=wants_reminder)
