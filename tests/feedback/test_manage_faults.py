"""Every fault of a definition is said in words, in both languages."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale

from engage.feedback.fault_words import say
from engage.survey.validity import Fault, Found


@pytest.mark.parametrize("fault", list(Fault))
def test_every_fault_has_a_sentence_in_both_languages(app: Flask, fault: Fault) -> None:
    said = set()
    for language in ("en", "es"):
        with app.test_request_context(f"/{language}/"), force_locale(language):
            said.add(say(Found(fault, "trust", "yes")))

    assert len(said) == 2
    assert all("trust" in one and "“yes”" in one for one in said)


def test_a_fault_of_the_whole_form_says_so(app: Flask) -> None:
    with app.test_request_context("/en/"):
        said = say(Found(Fault.NO_TITLE))

    assert said == "The form as a whole: It has no title."
