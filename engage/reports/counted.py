"""What the reports tell the author of a comment on its receipt: whether it is counted."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engage.comments.models import Comment, Disposition
from engage.receipts.parts import Step
from engage.reports.models import CountedComment


def steps(session: Session, comment: Comment) -> list[Step]:
    """That a comment counts in the open report, as it is counted now."""
    if comment.disposition is not Disposition.POSTED:
        return [Step(_("Counted in the report"), "upcoming")]
    counted = session.get(CountedComment, comment.id)
    is_counted = counted is not None and counted.facts.get("disposition") == Disposition.POSTED
    return [Step(_("Counted in the report"), "past" if is_counted else "current")]
