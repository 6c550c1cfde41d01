"""Where residents answer a form."""

from __future__ import annotations

from engage.feedback.models import FeedbackForm


def answer_path(form: FeedbackForm, language: str) -> str:
    """The path of the page on which a form is answered."""
    return f"/{language}/forms/{form.slug}"
