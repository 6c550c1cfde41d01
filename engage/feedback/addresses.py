"""Where residents answer a form."""

from __future__ import annotations

from engage.feedback.models import FeedbackForm
from engage.web.links import address_of, path_to


def answer_address(form: FeedbackForm, language: str) -> str:
    """The whole address of the page on which a form is answered, to be printed and handed on."""
    return address_of(path_to("feedback.form", language, slug=form.slug))
