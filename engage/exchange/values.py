"""What the cells of other systems mean: plain text, days, languages, positions, addresses of attachments."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from html.entities import html5
from typing import Final

from engage.exchange.records import (
    MAX_ID,
    MAX_NAME,
    MAX_ORGANISATION,
    MAX_SHORT,
    MAX_TEXT_BYTES,
    Disposition,
    PositionName,
)


class BadRecord(Exception):
    """A record that cannot be used; the text is a sentence that says why."""


_BLOCKS: Final = (
    "address|article|aside|blockquote|br|div|dd|dl|dt|footer|h[1-6]|header|hr|li|ol|p|pre|section|table|tr|ul"
)
_INLINE: Final = (
    "a|abbr|b|big|caption|center|cite|code|del|em|font|i|iframe|img|input|ins|kbd|label|mark|q|s|small|span|strike|"
    "strong|sub|sup|tbody|td|tfoot|th|thead|tt|u|var|html|head|body|meta|link"
)
# Only names that HTML knows are tags: "<3" and "a < b > c" are what somebody wrote.
_TAG = re.compile(
    rf"<(?:(/?)(script|style)|/?(?:({_BLOCKS})|{_INLINE}))(?:\s[^<>]*+|/)?>|<!--", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:(#)(?:[0-9]{1,7}|[xX][0-9a-fA-F]{1,6})|[A-Za-z][A-Za-z0-9]{1,31});")
_EMPTY_LINES = re.compile(r"\n{3,}")
_UNUSABLE = re.compile(r"[\x00\ud800-\udfff]")


def plain_text(value: str) -> str:
    """The words of a text that may be HTML: tags gone, blocks and <br> as line ends, entities undone once.

    Time grows with the length, whatever the markup.
    """
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    value = _without_tags(value) if "<" in value else value
    value = _ENTITY.sub(_character, value) if "&" in value else value
    value = "\n".join(line.rstrip() for line in value.replace("\r", "\n").split("\n"))
    return _EMPTY_LINES.sub("\n\n", value).strip()


def _character(entity: re.Match[str]) -> str:
    # html.unescape alone would also turn the beginning of an unknown name, "&notit;", into "¬it;".
    return html.unescape(entity[0]) if entity[1] == "#" or entity[0][1:] in html5 else entity[0]


def _without_tags(value: str) -> str:
    kept: list[str] = []
    position = 0
    unclosed: set[str] = set()
    for tag in _TAG.finditer(value):
        if tag.start() < position:
            continue
        kept.append(value[position : tag.start()])
        position = tag.end()
        if tag[3]:
            kept.append("\n")
        elif tag[2] or tag[0] == "<!--":
            position = _after_unseen(value, tag, unclosed)
    kept.append(value[position:])
    return "".join(kept)


def _after_unseen(value: str, tag: re.Match[str], unclosed: set[str]) -> int:
    """The end of what a browser never shows: a script, a style, a comment. Endless, it hides nothing."""
    closing = f"</{tag[2].lower()}" if tag[2] else "-->"
    if tag[1] or closing in unclosed:
        return tag.end()
    end = value.find(closing, tag.end())
    if end < 0:
        unclosed.add(closing)
        return tag.end()
    return end + len(closing) if closing == "-->" else end


def undo_formula_guard(value: str) -> str:
    """Take away the apostrophe that an exporter put before a formula's first character, exactly once."""
    return value[1:] if value[:1] == "'" and value[1:2] in ("=", "+", "-", "@") else value


def guard_formula(value: str) -> str:
    """The value for a cell that a spreadsheet must not take for a formula."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r", "\n", "\0") and value else value


def usable(value: str, what: str) -> str:
    """The value, unless it holds characters that no database keeps."""
    found = _UNUSABLE.search(value)
    if found:
        kind = "a NUL character" if found[0] == "\0" else "half a character (a lone surrogate)"
        raise BadRecord(f"The {what} holds {kind}.")
    return value


def comment_text(value: str) -> str:
    """A comment's words, within the limit; may be empty."""
    text = usable(plain_text(value), "text")
    size = len(text.encode())
    if size > MAX_TEXT_BYTES:
        raise BadRecord(f"The text is too long: {size:,} bytes, and the limit is {MAX_TEXT_BYTES:,}.")
    return text


def short(value: str, what: str, limit: int = MAX_SHORT) -> str | None:
    """A title, name, place…: one line of plain text, or None where there is nothing."""
    if not value:
        return None
    text = " ".join(usable(plain_text(value), what).split())
    if len(text) > limit:
        raise BadRecord(f"The {what} is too long: {len(text):,} characters, and the limit is {limit:,}.")
    return text or None


# What other systems write where somebody gave no name, or where the name was taken out.
_NO_NAME = re.compile(
    r"(?:(?:redacted|anonymous|anonymized|an[oó]nim[oa]|unknown|n/?a)\b[\s.]*)+", re.IGNORECASE
)


def person(value: str) -> str | None:
    """The name of a person; None for a word that stands where there is none."""
    name = short(value, "name", MAX_NAME)
    return None if name is None or _NO_NAME.fullmatch(name) else name


def organisation(value: str) -> str | None:
    """The name of an organisation."""
    return short(value, "organisation", MAX_ORGANISATION)


def identifier(value: str) -> str:
    """An id as it stands. Raises BadRecord for one that is missing or too long."""
    text = usable(value, "id").strip()
    if not text:
        raise BadRecord("The id is missing.")
    if len(text) > MAX_ID:
        raise BadRecord(f"The id is too long: {len(text):,} characters, and the limit is {MAX_ID:,}.")
    return text


_ZONE = r"(?: ?(?:Z|[A-Z]{2,5}|[+-]\d\d:?\d\d))?"
# CONSUL writes the hour alone.
_TIME = rf"(?:[T ,]+\d{{1,2}}(?::\d\d(?::\d\d(?:\.\d+)?)?)?(?: ?[AaPp]\.?[Mm]\.?)?{_ZONE})?"
_YEAR_FIRST = re.compile(
    rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){_TIME}", re.ASCII
)
_MONTH_FIRST = re.compile(
    rf"(?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})[-/.](?P<year>\d{{4}}){_TIME}", re.ASCII
)
_DAY_FIRST = re.compile(
    rf"(?P<day>\d{{1,2}})[-/.](?P<month>\d{{1,2}})[-/.](?P<year>\d{{4}}){_TIME}", re.ASCII
)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNIX_DATE = re.compile(
    rf"[A-Z][a-z]{{2}} (?P<name>{'|'.join(_MONTHS)}) +(?P<day>\d{{1,2}}) "
    r"[\d:]{8} [A-Z]{1,5} (?P<year>\d{4})",
    re.ASCII,
)
_YEARS: Final = range(1900, 2101)


def day(value: str, what: str, *, day_first: bool = False) -> date | None:
    """The day that the file writes, whatever its time and time zone; None where there is nothing.

    Knows 2025-05-16 (also with a time), 5/16/2025 (16/5/2025 if ``day_first``) and what Unix ``date`` writes.
    """
    value = value.strip()
    if not value:
        return None
    for shape in (_YEAR_FIRST, _DAY_FIRST if day_first else _MONTH_FIRST, _UNIX_DATE):
        found = shape.fullmatch(value)
        if found:
            return _calendar_day(found, value, what)
    order = "DAY/MONTH/YEAR" if day_first else "MONTH/DAY/YEAR"
    raise BadRecord(f"The {what} “{value[:40]}” is not a date; write YEAR-MONTH-DAY or {order}.")


def _calendar_day(found: re.Match[str], value: str, what: str) -> date:
    parts = found.groupdict()
    month = _MONTHS.index(parts["name"]) + 1 if "name" in parts else int(parts["month"])
    try:
        result = date(int(parts["year"]), month, int(parts["day"]))
    except ValueError as error:
        raise BadRecord(f"The {what} “{value[:40]}” is not in the calendar ({error}).") from error
    if result.year not in _YEARS:
        raise BadRecord(f"The {what} “{value[:40]}” is too far from today.")
    return result


MAX_ADDRESSES: Final = 50_000
"""The longest list of attachments, in characters."""

_LANGUAGES: Final[Mapping[str, str]] = {
    "english": "en", "ingles": "en", "eng": "en",
    "spanish": "es", "espanol": "es", "castellano": "es", "spa": "es",
}  # fmt: skip
_LANGUAGE_CODE = re.compile(r"([a-z]{2})(?:[-_][a-z0-9_-]+)?")


def language(value: str) -> str | None:
    """The ISO 639-1 code of a declared language; None for what is none: the text itself tells as well."""
    if not value:
        return None
    code = _LANGUAGE_CODE.fullmatch(value.strip().lower())
    return code[1] if code else _LANGUAGES.get(fold(value))


_POSITIONS: Final[Mapping[PositionName, tuple[str, ...]]] = {
    "support": ("support", "supports", "supportive", "for", "in favor", "in favour", "favor", "agree",
                "a favor", "apoyo", "apoya", "de acuerdo"),
    "oppose": ("oppose", "opposes", "opposed", "against", "disagree", "contra", "en contra", "me opongo",
               "se opone", "en desacuerdo", "oposicion"),
    "neutral": ("neutral", "neutro", "neutra"),
    "mixed": ("mixed", "mixta", "mixto"),
    "question_only": ("question only", "question", "solo pregunta", "pregunta"),
}  # fmt: skip
_NO_POSITION: Final = ("", "none", "unclear", "not stated", "ninguna", "sin postura", "no indica")
_POSITION_BY_WORD: Final = {word: name for name, words in _POSITIONS.items() for word in words}


def position(value: str) -> PositionName | None:
    """The declared position that an English or Spanish word names."""
    if not value:
        return None
    word = fold(value)
    if word in _NO_POSITION:
        return None
    if word not in _POSITION_BY_WORD:
        raise BadRecord(f"The position “{value[:40]}” is none of {', '.join(_POSITIONS)}.")
    return _POSITION_BY_WORD[word]


_DISPOSITIONS: Final[Mapping[str, Disposition]] = {
    "": "posted", "posted": "posted", "published": "posted", "publicado": "posted",
    "restricted": "restricted", "hidden": "restricted", "restringido": "restricted", "oculto": "restricted",
    "withdrawn": "withdrawn", "retirado": "withdrawn",
}  # fmt: skip


def disposition(value: str) -> Disposition:
    """What has become of the comment, by its English or Spanish word; nothing means posted."""
    word = fold(value) if value else ""
    if word not in _DISPOSITIONS:
        raise BadRecord(f"The disposition “{value[:40]}” is none of posted, restricted, withdrawn.")
    return _DISPOSITIONS[word]


def web_addresses(value: str) -> tuple[str, ...]:
    """The http(s) addresses of a comma-joined cell; anything else in it is left out."""
    if not value:
        return ()
    if len(value) > MAX_ADDRESSES:
        raise BadRecord(f"The addresses of attachments are too long: {len(value):,} characters.")
    parts = (part.strip(" ,;\n") for part in re.split(r"[,;\s](?=https?://)", usable(value, "attachments")))
    return tuple(part for part in parts if re.fullmatch(r"https?://[^\s<>\"]{1,2000}", part))


def fold(value: str) -> str:
    """A word or header for comparing: no accents, no capitals, a space for all that is no letter or digit."""
    bare = "".join(char for char in unicodedata.normalize("NFD", value) if not unicodedata.combining(char))
    return re.sub(r"[\W_]+", " ", bare.casefold()).strip()
