"""What is told of the answers, to the public and before it to officials."""

from __future__ import annotations

from datetime import datetime

from engage.feedback.models import FeedbackForm


def staff_section(_form: FeedbackForm, _now: datetime) -> str:
    """This part of a form's staff page."""
    return ""
