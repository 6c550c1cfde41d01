"""The published reports of the county: its closed period before anybody answered it, and with the answers."""

from __future__ import annotations

from engage.clock import utcnow
from engage.comments.queries import get_period
from engage.db.session import write_transaction
from engage.db.types import Localised
from engage.demo.answers import add_answers
from engage.reports.frozen.store import latest
from engage.reports.ratings.models import WHOLE, Rated
from engage.reports.ratings.service import rate
from engage.reports.service.publish import ask_for_version, publish_due

PERIOD = "287g-first-draft"

BEFORE_ANSWERS = Localised(
    "The comments alone, before the county answered them.",
    "Solo los comentarios, antes de que el condado los respondiera.",
)
WITH_ANSWERS = Localised(
    "With the county's answers. The comments are the same.",
    "Con las respuestas del condado. Los comentarios son los mismos.",
)

RATINGS = {
    WHOLE: (
        ((Rated.FAIR,), 17),
        ((Rated.FAIR, Rated.HARD), 6),
        ((Rated.LEAVES_OUT,), 12),
        ((Rated.LEAVES_OUT, Rated.HARD), 8),
    ),
    "community_trust": (((Rated.FAIR,), 10), ((Rated.LEAVES_OUT,), 11)),
}
"""What readers said of the newest report, and how many of them."""


def publish_reports() -> int:
    """Publish a version, answer its comments and publish the next; returns how many versions. Call once
    everything is counted.
    """
    published = _publish(BEFORE_ANSWERS)
    with write_transaction() as session:
        add_answers(session, utcnow())
    published += _publish(WITH_ANSWERS)
    _rate()
    return published


def _publish(note: Localised) -> int:
    """As staff do."""
    with write_transaction() as session:
        period = get_period(session, PERIOD)
        ask_for_version(session, period, note=note, actor=None, now=utcnow())
    return publish_due()


def _rate() -> None:
    """As readers do: of the newest report, and of one concern of it."""
    with write_transaction() as session:
        newest = latest(session, get_period(session, PERIOD))
        if newest is None:
            return
        for part, answers in RATINGS.items():
            for said, readers in answers:
                for _ in range(readers):
                    rate(session, newest, part, said, is_doubtful=False)
