"""The words of XLSForm: its types, its columns and languages, and the constraints that are bounds here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from engage.marks import N_
from engage.survey.definition import Kind


class Type(NamedTuple):
    """What a cell of the column ``type`` says. ``advice``: what to do about one that cannot be asked."""

    kind: Kind | None
    list_name: str = ""
    other: bool = False
    is_whole: bool = False
    is_about_the_device: bool = False
    advice: str = ""


_CHOICES = re.compile(
    r"(?P<type>select[_ ]one|select1|select[_ ]multiple|select all that apply|rank)(?: from)?\s+(?P<list>\S+)"
    r"(?P<other>\s+or[_ ](?:specify[_ ])?other)?"
)
_CHOSEN = {
    "one": Kind.SINGLE,
    "1": Kind.SINGLE,
    "multiple": Kind.MULTIPLE,
    "apply": Kind.MULTIPLE,
    "rank": Kind.RANKING,
}
_PLAIN = {
    "text": Kind.SHORT_TEXT,
    "string": Kind.SHORT_TEXT,
    "integer": Kind.NUMBER,
    "int": Kind.NUMBER,
    "decimal": Kind.NUMBER,
    "date": Kind.DATE,
    "note": Kind.NOTE,
    "range": Kind.SCALE,
}
_DEVICE = frozenset(
    (
        *("start", "end", "today", "deviceid", "device_id", "phonenumber", "phone_number", "username"),
        *("simserial", "subscriberid", "email", "audit", "start-geopoint", "start_geopoint", "uri:deviceid"),
    )
)
_OTHERWISE = N_("The type “%(type)s” is not supported. Take the row out, or ask for it in words.")
_ADVICE = {
    "begin_repeat": N_(
        "Repeats are not supported. Ask once, or write the questions as often as they are asked."
    ),
    "end_repeat": N_(
        "Repeats are not supported. Ask once, or write the questions as often as they are asked."
    ),
    "calculate": N_("Nothing is worked out while somebody answers. Take the row “%(type)s” out."),
    "hidden": N_("Nothing is worked out while somebody answers. Take the row “%(type)s” out."),
    "select_one_from_file": N_("Lists must stand in the sheet “choices”, not in a file of their own."),
    "select_multiple_from_file": N_("Lists must stand in the sheet “choices”, not in a file of their own."),
    "acknowledge": N_("Ask it as select_one with one choice instead of “%(type)s”."),
    "trigger": N_("Ask it as select_one with one choice instead of “%(type)s”."),
}
_PLACES = N_("“%(type)s” would tell where somebody is. Ask for a part of the county with select_one instead.")
_FILES = N_("“%(type)s” asks for a file, which could tell who somebody is. Take the row out.")
_ADVICE |= dict.fromkeys(("geopoint", "geotrace", "geoshape"), _PLACES)
_ADVICE |= dict.fromkeys(("image", "photo", "audio", "video", "file", "background-audio"), _FILES)


def type_of(cell: str) -> Type:
    """Read a cell of the column ``type``."""
    text = " ".join(cell.split())
    if match := _CHOICES.fullmatch(text):
        word = re.split(r"[_ ]", match["type"])[-1].removeprefix("select")
        return Type(_CHOSEN[word], match["list"], other=match["other"] is not None)
    plain = text.lower().replace(" ", "_")
    if plain in _PLAIN:
        return Type(_PLAIN[plain], is_whole=plain in ("integer", "int"))
    if plain in _DEVICE:
        return Type(None, is_about_the_device=True)
    return Type(
        None,
        advice=_ADVICE.get(
            plain.partition("_list")[0].split("__")[0], _ADVICE.get(text.split(" ")[0].lower(), _OTHERWISE)
        ),
    )


def is_begin(cell: str) -> bool:
    """Whether a group begins here."""
    return " ".join(cell.split()).lower().replace(" ", "_") == "begin_group"


def is_end(cell: str) -> bool:
    """Whether a group ends here."""
    return " ".join(cell.split()).lower().replace(" ", "_") == "end_group"


def is_yes(cell: str) -> bool | None:
    """Whether a cell says yes or no; None where it is an expression."""
    word = cell.strip().lower()
    if word in ("yes", "true", "true()", "1"):
        return True
    return False if word in ("", "no", "false", "false()", "0") else None


_NUMBER, _DAY = r"(-?\d{1,15}(?:\.\d{1,15})?)(?![\d.])", r"(?:date\()?'(\d{4}-\d\d-\d\d)'\)?"
_ALONE = re.compile(r"not\(\s*selected\(\s*\.\s*,\s*'\w+'\s*\)\s+and\s+count-selected\(\.\)\s*>\s*1\s*\)")

BOUNDS: dict[Kind, tuple[tuple[re.Pattern[str], str], ...]] = {
    Kind.NUMBER: (
        (re.compile(rf"(?<!\))\.\s*>=\s*{_NUMBER}"), "minimum"),
        (re.compile(rf"(?<!\))\.\s*<=\s*{_NUMBER}"), "maximum"),
    ),
    Kind.DATE: (
        (re.compile(rf"\.\s*>=\s*{_DAY}"), "minimum"),
        (re.compile(rf"\.\s*<=\s*{_DAY}"), "maximum"),
    ),
    Kind.MULTIPLE: (
        (_ALONE, ""),  # What “none” means here anyway.
        (re.compile(r"count-selected\(\s*\.\s*\)\s*<=\s*(\d{1,3})"), "most_choices"),
    ),
    **dict.fromkeys(
        (Kind.SHORT_TEXT, Kind.LONG_TEXT),
        ((re.compile(r"string-length\(\s*\.\s*\)\s*<=\s*(\d{1,6})"), "longest"),),
    ),
}
"""What of a constraint becomes an attribute of a question, by its kind."""


class Columns(NamedTuple):
    """Rows by plain names of columns; texts are in ``label en``, ``label es``, ``hint en``, ``hint es``."""

    rows: list[dict[str, str]]
    left_out: frozenset[str]
    is_spanish: bool


_SAME = {"caption": "label", "relevance": "relevant", "list": "list_name", "value": "name", "command": "type"}
_TEXTS = ("label", "hint")


def columns_of(rows: Sequence[Mapping[str, str]], settings: Mapping[str, str]) -> Columns:
    """The rows of a sheet, with the columns that this site knows called alike."""
    usual = _language(settings.get("default_language", "")) or "en"
    left_out: set[str] = set()
    known = {column: _column(column, usual, left_out) for row in rows for column in row}
    made = [{known[column]: text for column, text in row.items() if known[column]} for row in rows]
    return Columns(made, frozenset(left_out), usual == "es")


def _column(column: str, usual: str, left_out: set[str]) -> str:
    parts = re.split(r"\s*::?\s*", column.strip(), maxsplit=1)
    name = parts[0].lower().replace(" ", "_")
    name = _SAME.get(name, name)
    if name not in _TEXTS:
        return name
    if len(parts) == 1:
        return f"{name} {usual}"
    language = _language(parts[1])
    if language is None:
        left_out.add(parts[1][:40])
        return ""
    return f"{name} {language}"


def _language(name: str) -> str | None:
    """English or Spanish, by its code in brackets or its name in either."""
    code = re.search(r"\(([A-Za-z]{2,3})(?:[-_]\w+)?\)", name)
    word = (code[1] if code else name).strip().lower()
    if word in ("en", "eng", "english", "inglés", "ingles", "default", ""):
        return "en" if word else None
    return "es" if word in ("es", "spa", "spanish", "español", "espanol", "castellano") else None
