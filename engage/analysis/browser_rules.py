"""The rules of the personal-data finder as a JavaScript module: a browser finds what the server finds.

``static/build.py`` writes the module; nobody keeps a second copy of a rule. What the rules are applied by is
`static/js/personal-data-finder.js`, a port of `engage.analysis.personal_data` and its neighbours by hand;
`tests/web/test_personal_data_in_browser.py` runs the same sentences through both.

Python's patterns become regular-expression literals. JavaScript has the same signs for nearly all that they
use. Two things differ: a stretch with its own rule for capitals, ``(?i:…)``, which browsers of 2024 cannot
read, becomes ``[aA]`` letter by letter; and ``^`` and ``$`` become what Python means by them. The text that
they are given is folded to ASCII there, so ``\\w`` and ``\\b`` mean the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from types import ModuleType

import phonenumbers
from phonenumbers.phonemetadata import PhoneMetadata

from engage.analysis import (
    folding,
    personal_data,
    personal_dates,
    personal_names,
    personal_numbers,
    personal_places,
    status_disclosure,
)

_MODULES: Mapping[str, ModuleType] = {
    "data": personal_data,
    "dates": personal_dates,
    "names": personal_names,
    "numbers": personal_numbers,
    "places": personal_places,
    "status": status_disclosure,
}
_FOLDED_CHARACTERS = "_QUOTES_AND_DASHES"
_OWN_CAPITALS = "(?-i:"
_NO_LENGTH = -1  # in the metadata of phonenumbers
_HEAD = "// Made by engage/analysis/browser_rules.py out of the server's own rules. Do not edit.\n"


class CannotTranslate(ValueError):
    """A pattern uses something that these few rules do not know; the message names it."""


def browser_rules() -> str:
    """The text of the module: one exported object a Python module, one name a rule."""
    parts = [f"export const {name}={{{','.join(_rules(module))}}};" for name, module in _MODULES.items()]
    parts.append(f"export const languages=[{','.join(_languages())}];")
    parts.append(f"export const folded={_data(vars(folding)[_FOLDED_CHARACTERS])};")
    parts.append(f"export const dialling={_data(_dialling())};")
    return _HEAD + "\n".join(parts) + "\n"


def translate(pattern: re.Pattern[str]) -> str:
    """A pattern of Python as a literal of JavaScript. Raises CannotTranslate."""
    ignores_case = bool(pattern.flags & re.IGNORECASE)
    has_own_capitals = _OWN_CAPITALS in pattern.pattern
    by_flag = ignores_case and not has_own_capitals
    writer = _Writer(
        expands=ignores_case and has_own_capitals, by_line=bool(pattern.flags & re.MULTILINE), by_flag=by_flag
    )
    flags = f"g{'i' if by_flag else ''}{'d' if pattern.groups else ''}"
    return f"/{writer.write(pattern.pattern)}/{flags}"


class _Writer:
    """Walks one pattern; ``expands`` says whether letters of either case are meant where it stands."""

    def __init__(self, *, expands: bool, by_line: bool, by_flag: bool) -> None:
        self._groups = [expands]
        self._by_line = by_line
        self._by_flag = by_flag

    def write(self, pattern: str) -> str:
        """The pattern in JavaScript's signs."""
        written, at = [], 0
        while at < len(pattern):
            sign = pattern[at]
            if sign == "\\":
                written.append(pattern[at : at + 2])
                at += 2
            elif sign == "[":
                end = _end_of_class(pattern, at)
                written.append(self._class(pattern[at:end]))
                at = end
            elif sign == "(":
                text, length = self._group(pattern, at)
                written.append(text)
                at += length
            else:
                written.append(self._plain(sign))
                at += 1
        return "".join(written)

    def _group(self, pattern: str, at: int) -> tuple[str, int]:
        """How a group begins here and there, and the length of it here."""
        for begin, own in (("(?i:", True), (_OWN_CAPITALS, False)):
            if pattern.startswith(begin, at):
                self._groups.append(own and not self._by_flag)
                return "(?:", len(begin)
        again = re.compile(r"\(\?P=(\w+)\)").match(pattern, at)
        if again:
            return f"\\k<{again[1]}>", len(again[0])
        for begin, there in (("(?P<", "(?<"), ("(?<=", "(?<="), ("(?<!", "(?<!"), ("(?:", "(?:")):
            if pattern.startswith(begin, at):
                self._groups.append(self._groups[-1])
                return there, len(begin)
        if pattern.startswith(("(?=", "(?!"), at):
            self._groups.append(self._groups[-1])
            return pattern[at : at + 3], 3
        if pattern.startswith("(?", at):
            raise CannotTranslate(pattern[at : at + 12])
        self._groups.append(self._groups[-1])
        return "(", 1

    def _plain(self, sign: str) -> str:
        if sign == ")":
            self._groups.pop()
        if sign == "^":
            return r"(?<![^\n])" if self._by_line else "^"
        if sign == "$":
            return r"(?![^\n])" if self._by_line else r"(?=\n?$)"
        if sign == "/":
            return r"\/"
        return f"[{sign.lower()}{sign.upper()}]" if self._expands(sign) else sign

    def _class(self, text: str) -> str:
        """A class with its brackets; ranges such as ``a-z`` get their other case too."""
        inside = re.sub(r"^(\[\^?)\]", r"\1\]", text).replace("/", r"\/")
        if not self._groups[-1]:
            return inside
        other = re.sub(
            r"\\.|[A-Za-z]", lambda one: one[0] if one[0][0] == "\\" else one[0].swapcase(), inside
        )
        letters = "".join(
            found[0] for found in re.finditer(r"\\.|[A-Za-z]-[A-Za-z]|[A-Za-z]", other) if found[0][0] != "\\"
        )
        return f"{inside[:-1]}{letters}]"

    def _expands(self, sign: str) -> bool:
        return self._groups[-1] and sign.isascii() and sign.isalpha()


def _end_of_class(pattern: str, at: int) -> int:
    end = at + 2 if pattern[at + 1] in "^]" else at + 1
    while pattern[end] != "]":
        end += 2 if pattern[end] == "\\" else 1
    return end + 1


def _rules(module: ModuleType) -> Iterator[str]:
    """The patterns, sets of words and numbers of a module, under their names without the underscore."""
    for name, value in vars(module).items():
        plain = name.lstrip("_")
        if isinstance(value, re.Pattern):
            yield f"{plain}:{translate(value)}"
        elif isinstance(value, frozenset):
            yield f"{plain}:new Set({_data(sorted(value))})"
        elif name.startswith("_") and plain.isupper():
            yield from _constants(plain, value)


def _constants(name: str, value: object) -> Iterator[str]:
    """A number, or what holds words, numbers or patterns; nothing for what only Python understands."""
    if isinstance(value, tuple) and all(isinstance(one, re.Pattern) for one in value):
        yield f"{name}:[{','.join(map(translate, value))}]"
    elif isinstance(value, int | dict) or (
        isinstance(value, tuple) and all(isinstance(one, str | int) for one in value)
    ):
        yield f"{name}:{_data(value)}"


def _languages() -> Iterator[str]:
    for language in vars(status_disclosure)["_LANGUAGES"]:
        statements = ",".join(map(translate, language.statements))
        yield (
            f"{{statements:[{statements}],hints:new Set({_data(sorted(language.hints))}),"
            f"hint:{translate(language.hint)},somebody:{translate(language.somebody)}}}"
        )


def _dialling() -> dict[str, list[int]]:
    """How many digits a number may have after each country's code: what `is_possible_number` goes by."""
    lengths = {}
    for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items():
        of_region = PhoneMetadata.metadata_for_region_or_calling_code(code, regions[0])
        general = of_region and of_region.general_desc
        if general:
            digits = {*general.possible_length, *general.possible_length_local_only}
            lengths[str(code)] = sorted(digits - {_NO_LENGTH})
    return lengths


def _data(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
