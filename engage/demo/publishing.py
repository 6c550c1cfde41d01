"""The published reports of the county: its closed period before anybody answered it, and with the answers."""

from __future__ import annotations

from engage.clock import utcnow
from engage.comments.queries import get_period
from engage.db.session import write_transaction
from engage.db.types import Localised
from engage.demo.answers import add_answers
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


def publish_reports() -> int:
    """Publish a version, answer its comments and publish the next; returns how many versions. Call once
    everything is counted.
    """
    published = _publish(BEFORE_ANSWERS)
    with write_transaction() as session:
        add_answers(session, utcnow())
    return published + _publish(WITH_ANSWERS)


def _publish(note: Localised) -> int:
    """As staff do."""
    with write_transaction() as session:
        period = get_period(session, PERIOD)
        ask_for_version(session, period, note=note, actor=None, now=utcnow())
    return publish_due()
