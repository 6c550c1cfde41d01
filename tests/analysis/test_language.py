"""Which language a text is written in."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from engage.analysis.language import UNKNOWN, identify

SHARED = Path(__file__).resolve().parents[3] / "shared" / "evaluation" / "langid_dev.csv"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Vote no", "en"),
        ("I support 287(g).", "en"),
        ("No me opongo", "es"),
        ("sí", "es"),
        ("Estoy en contra", "es"),
        ("Tôi phản đối thỏa thuận này", "vi"),
        ("今天天气很好，我反对这个协议", "zh"),
        ("我不同意", "zh"),
        ("저는 반대합니다", "ko"),
        ("أنا ضد هذا الاتفاق", "ar"),
        ("NO ESTOY DE ACUERDO", "es"),
        ("tengo miedo", "es"),
        ("fuera ice", "es"),
        ("no mas deportaciones", "es"),
        ("Mi hijo fue al school y el sheriff lo paró en la highway", "es"),
        ("ICE OUT", "en"),
        ("My abuela says no to ICE and so do I", "en"),
        ("illegal is illegal", "en"),
        ("Je suis contre cet accord", "fr"),
        ("See https://example.org/una-pagina-en-espanol for the whole story", "en"),
    ],
)
def test_short_texts_are_known(text: str, code: str) -> None:
    assert identify(text).code == code


@pytest.mark.parametrize(
    "text", ["", "   ", "287(g)", "????", "12345", "https://example.org", "👍👍", "\x00\ud800"]
)
def test_what_has_no_words_is_not_guessed(text: str) -> None:
    language = identify(text)

    assert (language.code, language.confidence) == (UNKNOWN, 0.0)


def test_what_the_sender_said_decides_only_where_the_words_do_not() -> None:
    assert identify("No", hint="en").code == "en"
    assert identify("No", hint="es-MX").code == "es"
    assert identify("I am against this agreement and its cost", hint="es").code == "en"
    assert identify("287(g)", hint="es").code == UNKNOWN


@pytest.mark.shared
@pytest.mark.parametrize(("words", "least"), [(None, 0.99), (4, 0.99)])
def test_fragments_of_others_are_told_apart(words: int | None, least: float) -> None:
    with SHARED.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["lang"] in ("en", "es")]

    right = sum(identify(" ".join(row["text"].split()[:words])).code == row["lang"] for row in rows)

    assert right / len(rows) >= least
