"""Both languages are complete: nothing untranslated in the catalogue, nothing unwrapped in a template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import Environment

from engage import paths

ROOT = paths.PACKAGE.parent
SPANISH = paths.TRANSLATIONS / "es" / "LC_MESSAGES" / "messages.po"
TEMPLATES = sorted(paths.TEMPLATES.rglob("*.html"))

# Words that are the same in every language, or are drawn and not read.
SAME_EVERYWHERE = re.compile(
    r"\b(Engage|English|Español|CSV|JSON|PDF|RSS|Atom|ID|SHA-256|English \(en\)|Español \(es\))\b"
)
SPOKEN_ATTRIBUTES = re.compile(
    r"""\b(?:alt|title|placeholder|aria-label|aria-description|content)="([^"]*[A-Za-zÁ-ú]{2}[^"]*)\""""
)
REFRESH = re.compile(r"0; url=")
MARKUP = re.compile(r"<(script|style)\b.*?</\1>|<!--.*?-->|<[^>]*>", re.DOTALL)
CLASS_NAMES = re.compile(r"(?:[a-z]+(?:--?|__)[a-z0-]+\s*)+")  # a macro that writes into a class attribute
LETTERS = re.compile(r"[A-Za-zÁ-ú]{2,}")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%[sd]")


def _messages() -> Catalog:
    catalog = Catalog()
    methods = [("engage/**.py", "python"), ("templates/**.html", "jinja2")]
    options = {
        "templates/**.html": {
            "trim_blocks": "true",
            "lstrip_blocks": "true",
            "silent": "false",
            "extensions": "jinja2.ext.do",
        }
    }
    keywords = {
        "_": None,
        "_l": None,
        "N_": None,
        "gettext": None,
        "lazy_gettext": None,
        "ngettext": (1, 2),
        "_n": (1, 2),
        "pgettext": ((1, "c"), 2),
    }
    for name, line, message, _comments, context in extract_from_dir(ROOT, methods, options, keywords):
        if name.startswith((".venv", "build", "static")):
            continue
        catalog.add(message, locations=[(name, line)], context=context)
    return catalog


@pytest.fixture(scope="module")
def spanish() -> Catalog:
    """The Spanish catalogue as it stands in the project."""
    with SPANISH.open("rb") as file:
        return read_po(file, locale="es")


def _all_forms(message: Message) -> list[str]:
    strings = message.string if isinstance(message.string, list | tuple) else [message.string]
    return [str(text or "") for text in strings]


def test_every_string_of_the_site_has_a_spanish_one(spanish: Catalog) -> None:
    untranslated = []
    for message in _messages():
        translated = spanish.get(
            message.id if isinstance(message.id, str) else message.id[0], message.context
        )
        if message.id and (translated is None or translated.fuzzy or not all(_all_forms(translated))):
            untranslated.append(f"{message.locations[0][0]}: {message.id!r}")

    assert untranslated == []


def test_no_spanish_string_loses_or_invents_a_placeholder(spanish: Catalog) -> None:
    wrong = []
    for message in spanish:
        ids = message.id if isinstance(message.id, list | tuple) else [message.id]
        wanted = set(PLACEHOLDER.findall(str(ids[-1])))
        wrong += [
            text for text in _all_forms(message) if message.id and set(PLACEHOLDER.findall(text)) - wanted
        ]
        wrong += [
            text
            for text in _all_forms(message)[-1:]
            if message.id and wanted - set(PLACEHOLDER.findall(text))
        ]

    assert wrong == []


def _unwrapped(source: str) -> Iterator[str]:
    plain = _without_tags(source)
    spoken = (match.group(1) for match in SPOKEN_ATTRIBUTES.finditer(plain))
    yield from (text for text in spoken if LETTERS.search(text) and not REFRESH.match(text))
    for piece in MARKUP.sub("\n", plain).split("\n"):
        words = SAME_EVERYWHERE.sub("", re.sub(r"&\w+;", "", piece))
        if LETTERS.search(words) and not CLASS_NAMES.fullmatch(piece.strip()):
            yield piece.strip()


def _without_tags(source: str) -> str:
    """What a template writes by itself: no Jinja tag, nothing that is wrapped, a 0 for every variable."""
    environment = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)
    silent = False  # inside {% trans %}, or a {% set name %}…{% endset %} block, which names classes
    block: list[str] = []
    text: list[str] = []
    for _line, kind, value in environment.lex(source):
        if kind == "block_begin":
            block = []
        elif kind in ("name", "operator"):
            block.append(value)
        elif kind == "block_end" and block:
            opens = block[0] == "trans" or (block[0] == "set" and "=" not in block)
            silent = opens or (silent and block[0] not in ("endtrans", "endset"))
            text.append(" ")
        elif kind == "data":
            text.append(" " if silent else value)
        elif kind == "variable_begin":
            text.append("0")
    return "".join(text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(paths.TEMPLATES)))
def test_a_template_says_nothing_in_one_language_only(path: Path) -> None:
    viewport = "width=device-width, initial-scale=1"
    said = [text for text in _unwrapped(path.read_text(encoding="utf-8")) if text != viewport]

    assert said == []


def test_the_guard_itself_finds_an_unwrapped_string() -> None:
    assert list(_unwrapped("<p>{% trans %}Fine{% endtrans %}</p><p>Not fine</p>")) == ["Not fine"]
    assert list(_unwrapped('<img alt="A map">')) == ["A map"]
