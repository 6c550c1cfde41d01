"""What was answered, read back in words."""

from __future__ import annotations

from flask import Flask, g

from engage.db.types import Localised
from engage.feedback.asking import said
from engage.survey.definition import Kind, Question


def test_a_day_and_a_step_are_read_back_in_words(app: Flask) -> None:
    seen_on = Question(name="seen_on", kind=Kind.DATE)
    trust = Question(
        name="trust", kind=Kind.SCALE, low_text=Localised("Bad", "Malo"), high_text=Localised("Good", "Bueno")
    )
    answers = {"seen_on": "2026-10-03", "trust": "2"}

    with app.test_request_context("/es/"):
        g.language = "es"
        words = [text for question in (seen_on, trust) for _row, text in said(question, answers)]

    last = trust.steps[-1]
    assert words == ["3 de octubre de 2026", f"2 de {last} (1 = Malo, {last} = Bueno)"]
