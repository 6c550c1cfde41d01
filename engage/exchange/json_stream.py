"""JSON files of any length, a value at a time, in bounded memory whatever is in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Any, Final, TextIO

MAX_VALUE: Final = 2_000_000
"""The longest object of one comment, in characters."""

MAX_DEPTH: Final = 50
"""How deep objects and lists may be nested."""

_CHUNK: Final = 1 << 16
_NEXT_MARK = re.compile(r'[^"{}\[\]]*+["{}\[\]]')
_STRING_END = re.compile(r'(?:[^"\\]|\\.)*+"', re.DOTALL)
_SCALAR_END = re.compile(r"[\s,:\]}]")
_STEPS: Final = {"{": 1, "[": 1, "}": -1, "]": -1}


class Malformed(Exception):
    """What follows is no JSON, so nobody can tell where the next record begins."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A value that was passed over, and why."""

    why: str


class Scanner:
    """Walks through a text of JSON without building what it passes."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._buffer = ""
        self._at = 0

    def peek(self) -> str:
        """The next character that is no space; an empty string at the end."""
        while True:
            while self._at < len(self._buffer) and self._buffer[self._at] in " \t\r\n":
                self._at += 1
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._fill():
                return ""

    def take(self, expected: str) -> None:
        """Step over one character."""
        found = self.peek()
        if found != expected:
            raise Malformed(
                f"“{expected}” is missing before “{found}”" if found else "the file ends too early"
            )
        self._at += 1

    def items(self) -> Iterator[Any]:
        """The values of a list, one by one."""
        self.take("[")
        while self._has_more("]"):
            yield self.value()
            self._comma("]")

    def each_key(self) -> Iterator[str]:
        """The keys of an object; whoever gets one takes its value before the next."""
        self.take("{")
        while self._has_more("}"):
            key = self.value() if self.peek() == '"' else None
            if not isinstance(key, str):
                raise Malformed("the key of an object is no text")
            self.take(":")
            yield key
            self._comma("}")

    def value(self) -> Any:
        """The next value, or Unreadable for one that is too long or too deep."""
        if self.peek() not in tuple('{["'):
            return loads(self._scalar())
        raw = self._container()
        return raw if isinstance(raw, Unreadable) else loads(raw)

    def _has_more(self, closing: str) -> bool:
        if self.peek() != closing:
            return True
        self.take(closing)
        return False

    def _comma(self, closing: str) -> None:
        if self.peek() != closing:
            self.take(",")

    def _fill(self) -> bool:
        """Read on, and never end between a backslash and what it escapes."""
        self._buffer = self._text.read(_CHUNK)
        self._at = 0
        if (len(self._buffer) - len(self._buffer.rstrip("\\"))) % 2:
            self._buffer += self._text.read(1)
        return bool(self._buffer)

    def _scalar(self) -> str:
        """A number, true, false or null; whether it is one is for json to say."""
        found = ""
        while len(found) < _CHUNK:
            end = _SCALAR_END.search(self._buffer, self._at)
            stop = end.start() if end else len(self._buffer)
            found += self._buffer[self._at : stop]
            self._at = stop
            if end or not self._fill():
                return found
        raise Malformed("there is text outside quotation marks")

    def _container(self) -> str | Unreadable:
        """The text of an object, list or string: up to where its brackets are closed."""
        nesting = _Nesting()
        parts: list[str] = []
        length = 0
        while True:
            end = nesting.end(self._buffer, self._at)
            stop = end or len(self._buffer)
            length += stop - self._at
            if length <= MAX_VALUE:
                parts.append(self._buffer[self._at : stop])
            self._at = stop
            if end:
                return _bounded(parts, length, nesting.deepest)
            if not self._fill():
                raise Malformed("the file ends in the middle of a value")


class _Nesting:
    """How deep in brackets a text is."""

    def __init__(self) -> None:
        self.deepest = 0
        self._depth = 0
        self._quoted = False

    def end(self, text: str, at: int) -> int | None:
        """Where after ``at`` all brackets and quotation marks are closed; None if not in this text."""
        while found := (_STRING_END if self._quoted else _NEXT_MARK).match(text, at):
            at = found.end()
            if text[at - 1] == '"':
                self._quoted = not self._quoted
            else:
                self._depth += _STEPS[text[at - 1]]
                self.deepest = max(self.deepest, self._depth)
            if self._depth <= 0 and not self._quoted:
                return at
        return None


def _bounded(parts: list[str], length: int, deepest: int) -> str | Unreadable:
    if length > MAX_VALUE:
        return Unreadable(f"The record is too long: {length:,} characters, and the limit is {MAX_VALUE:,}.")
    if deepest > MAX_DEPTH:
        return Unreadable(f"The record is nested {deepest:,} levels deep, and the limit is {MAX_DEPTH}.")
    return "".join(parts)


def loads(raw: str) -> Any:
    """A value whose length and depth are known to be bearable."""
    try:
        return json.loads(raw)
    except ValueError as error:
        raise Malformed(str(error)) from error


def value_of(line: str) -> Any:
    """The one value of a line."""
    scanner = Scanner(StringIO(line))
    value = scanner.value()
    if scanner.peek():
        raise Malformed("there is something after the end of the object")
    return value


def lines(text: TextIO) -> Iterator[Any]:
    """The values of JSON lines. A line that is no JSON is Unreadable, for the next one can still be found."""
    while line := text.readline(MAX_VALUE + 1):
        if len(line) > MAX_VALUE:
            while line and not line.endswith("\n"):
                line = text.readline(MAX_VALUE)
            yield Unreadable(f"The line is longer than {MAX_VALUE:,} characters.")
        elif line.strip():
            try:
                yield value_of(line)
            except Malformed as error:
                yield Unreadable(f"The line is not valid JSON: {error}.")


def is_lines(text: TextIO) -> bool:
    """Whether the first line with anything on it is a whole object, and is not the last."""
    while line := text.readline(MAX_VALUE):
        if line.strip():
            break
    try:
        return isinstance(value_of(line), dict) and bool(Scanner(text).peek())
    except Malformed:
        return False
