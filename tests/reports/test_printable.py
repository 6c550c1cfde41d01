"""What the fonts lack is said in words; what they have is printed."""

from __future__ import annotations

import json
import unicodedata

import pytest
import typst
from flask import Flask

from engage import paths
from engage.reports.typeset.printable import _ranges, printable
from tests.reports.made import reader

_EACH_ALONE = b"""
#set document(title: "All characters")
#set text(lang: "en", font: ("Libertinus Serif", "Noto Naskh Arabic"))
#for character in json(bytes(sys.inputs.all)) [a#character;b #strong[a#character;b] ]
"""


class TestPrintable:
    @pytest.mark.parametrize(
        "text",
        [
            "¿Cuánto costará, señor Muñoz? – «Nada» … 25 €",
            "“It’s 100 % wrong”, №5 ½ → ✓",
            '#eval("1") $x^2$ *bold* _it_ @ref <label> \\ // /* `code` [link](http://x)',
            '#import "@preview/x:1"',
            '#read("/etc/passwd")',
            "Ελλάδα Москва שלום",
            "أنا أعارض هذا الاتفاق، ٪٢٥",
            "می\u200cخواهم",
            "https://example.org/?a=1&b=2",
        ],
    )
    def test_keeps_what_the_fonts_have(self, bare_site: Flask, text: str) -> None:
        with reader(bare_site):
            assert printable(text) == text

    @pytest.mark.parametrize(
        ("text", "english", "spanish"),
        [
            ("我反对这个协议。", "[text in another script: Chinese]", "[texto en otra escritura: chino]"),
            ("No a esto 👍🏽👎!", "No a esto [picture]!", "No a esto [dibujo]!"),
            ("यह ठीक नहीं है", "[text in another script: Devanagari]", "[texto en otra escritura: devanagari]"),
            ("반대합니다", "[text in another script: Korean]", "[texto en otra escritura: coreano]"),
            ("ကျွန်ုပ်", "[text in another script: Myanmar]", "[texto en otra escritura: birmano]"),
            ("𒀀", "[text in another script]", "[texto en otra escritura]"),
        ],
    )
    def test_says_what_they_lack(self, bare_site: Flask, text: str, english: str, spanish: str) -> None:
        with reader(bare_site):
            told = printable(text)
        with reader(bare_site, "es"):
            dicho = printable(text)

        assert (told, dicho) == (english, spanish)

    def test_leaves_out_what_nobody_sees_or_what_turns_the_text_around(self, bare_site: Flask) -> None:
        with reader(bare_site):
            told = printable("a\x00b\x1b[31m\u202ec\u2066d\u200b\u200c\ufeffe\u0301\ud800 \t\n f\ufffe")

        assert told == "ab[31mcdé f"

    def test_can_be_held_to_latin_letters(self, bare_site: Flask) -> None:
        with reader(bare_site):
            told = printable("“Señor” Москва, می\u200cخواهم", is_narrow=True)

        assert told == "“Señor” [text in another script: Cyrillic], [text in another script: Arabic]"

    def test_is_never_without_words_for_what_is_there(self, bare_site: Flask) -> None:
        with reader(bare_site):
            assert printable("") == ""
            assert all(printable(chr(number)) for number in range(0x21, 0x3000) if _is_seen(number))


def test_every_character_that_is_listed_prints_upright_and_bold() -> None:
    """Typst refuses a PDF/UA in which a character has no glyph."""
    characters = [
        chr(number) for first, last in zip(*_ranges(), strict=True) for number in range(first, last + 1)
    ]
    made = typst.compile(
        _EACH_ALONE,
        ignore_system_fonts=True,
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[str(paths.FONTS)]),
        sys_inputs={"all": json.dumps(characters)},
        pdf_standards=["ua-1"],
    )

    assert len(characters) > 5_000
    assert made is not None
    assert made.startswith(b"%PDF")


def _is_seen(number: int) -> bool:
    return unicodedata.category(chr(number))[0] in "LNPS"
