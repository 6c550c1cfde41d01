"""What the languages of conditions have in common: tokens, and how or, and, brackets join comparisons."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, NamedTuple

import regex

from engage.marks import N_
from engage.survey.conditions import AllOf, AnyOf, BadCondition, Condition

_DEEPEST = 20
_LONGEST = 4_000
"""The most characters that a condition may have."""


class Token(NamedTuple):
    """A piece of a condition: the name of the group that it matched, and its first character, from 1."""

    kind: str
    text: str
    place: int


def tokens(text: str, pattern: regex.Pattern[str]) -> list[Token]:
    """The pieces of a condition; ``pattern`` matches one and the space before it. Raises BadCondition."""
    if len(text) > _LONGEST:
        raise BadCondition(N_("A condition may have at most %(most)s characters."), most=_LONGEST)
    found, place, text = [], 0, text.rstrip()
    while place < len(text):
        match = pattern.match(text, place)
        if match is None:
            raise BadCondition(
                N_("“%(text)s” is not understood (character %(place)s)."),
                text=text[place:].strip()[:20],
                place=place + 1,
            )
        kind = match.lastgroup or ""
        found.append(Token(kind, match[kind], match.start(kind) + 1))
        place = match.end()
    return found


class Parser(ABC):
    """Recursive descent: or binds weakest, then and, then what a language calls a single condition."""

    OR: ClassVar[tuple[str, ...]] = ("or",)
    AND: ClassVar[tuple[str, ...]] = ("and",)

    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._place = 0
        self._depth = 0

    def whole(self) -> Condition:
        """The condition that all tokens make together. Raises BadCondition."""
        if not self._tokens:
            raise BadCondition(N_("The condition is empty."))
        found = self.either()
        if self._place < len(self._tokens):
            raise self.bad(self._tokens[self._place])
        return found

    def either(self) -> Condition:
        """One or several conditions of which one must hold."""
        operands = [self._both()]
        while self.took(*self.OR):
            operands.append(self._both())
        return operands[0] if len(operands) == 1 else AnyOf(tuple(operands))

    def _both(self) -> Condition:
        operands = [self.single()]
        while self.took(*self.AND):
            operands.append(self.single())
        return operands[0] if len(operands) == 1 else AllOf(tuple(operands))

    def single(self) -> Condition:
        """A condition that neither or nor and takes apart; brackets go only so deep."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise BadCondition(N_("Brackets go deeper than %(depth)s."), depth=_DEEPEST)
        try:
            return self.undivided()
        finally:
            self._depth -= 1

    @abstractmethod
    def undivided(self) -> Condition:
        """What stands between and and or in this language: not, brackets, a comparison."""

    def took(self, *texts: str) -> bool:
        """Whether one of these marks or words came next; then it is passed."""
        token = self._tokens[self._place] if self._place < len(self._tokens) else None
        if token is None or token.kind not in ("mark", "word") or token.text.lower() not in texts:
            return False
        self._place += 1
        return True

    def need(self, text: str) -> None:
        """Pass a mark that must come next."""
        if not self.took(text):
            if self._place < len(self._tokens):
                raise self.bad(self._tokens[self._place])
            raise BadCondition(N_("“%(text)s” is missing."), text=text)

    def peek(self) -> Token:
        """What comes next."""
        if self._place >= len(self._tokens):
            raise BadCondition(N_("The condition ends too early."))
        return self._tokens[self._place]

    def next(self) -> Token:
        """What comes next, passed."""
        token = self.peek()
        self._place += 1
        return token

    def bad(self, token: Token) -> BadCondition:
        """That this token cannot stand where it does."""
        return BadCondition(
            N_("“%(text)s” is not understood here (character %(place)s)."), text=token.text, place=token.place
        )
