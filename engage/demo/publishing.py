"""The published reports of the county: two versions of its closed period, the second with a new reason."""

from __future__ import annotations

from engage.clock import utcnow
from engage.comments.queries import get_period
from engage.db.session import write_transaction
from engage.db.types import Localised
from engage.reports.service.publish import ask_for_version, publish_due

PERIOD = "287g-first-draft"

NOTES = (
    Localised(
        "First version, after the comment period closed.",
        "Primera versión, después del cierre del período de comentarios.",
    ),
    Localised(
        "With the county's answers. The comments are the same.",
        "Con las respuestas del condado. Los comentarios son los mismos.",
    ),
)


def publish_reports() -> int:
    """Publish each version as staff do; returns how many. Call once everything is counted."""
    published = 0
    for note in NOTES:
        with write_transaction() as session:
            period = get_period(session, PERIOD)
            ask_for_version(session, period, note=note, actor=None, now=utcnow())
        published += publish_due()
    return published
