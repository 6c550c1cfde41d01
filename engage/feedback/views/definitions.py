"""A form's definition as a file, out and in: SurveyJS' JSON and XLSForm."""

from __future__ import annotations

from datetime import datetime

from engage.feedback.models import FeedbackForm


def staff_section(_form: FeedbackForm, _now: datetime) -> str:
    """This part of a form's staff page."""
    return ""
