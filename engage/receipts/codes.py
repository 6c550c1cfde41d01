"""Secret codes that can be read out and typed: groups of four, no look-alikes, and typing errors are told.

The 31 characters are those of tracking numbers. 31 is a prime number, so two check characters (the sum of
the digits, and the sum of each times its place) find every wrong character and every two that were swapped.
The kind of the code goes into the check: who types one code where another is asked for is told so.
"""

from __future__ import annotations

import re
from enum import IntEnum

from engage.comments.tracking import ALPHABET
from engage.errors import RuleBroken

_BASE = len(ALPHABET)
_GROUP = 4
_CHECKS = 2
_NOT_IN_A_CODE = re.compile(r"[\W_]+")


class CodeKind(IntEnum):
    """What a code is for; the number goes into its check."""

    RECEIPT = 0
    WITHDRAWAL = 7


_DIGITS = {CodeKind.RECEIPT: 26, CodeKind.WITHDRAWAL: 14}
_BITS = {CodeKind.RECEIPT: 128, CodeKind.WITHDRAWAL: 69}
"""How many random bits the digits hold: 31**26 is a little more than 2**128, 31**14 than 2**69."""


class Mistyped(RuleBroken):
    """Not a code of this kind: too short, too long, or something in it is wrong."""


class OtherKind(Mistyped):
    """A code of the other kind, typed without an error."""


def to_code(secret: bytes, kind: CodeKind) -> str:
    """The code for the first bits of a secret, as many as the kind holds."""
    number = int.from_bytes(secret) >> len(secret) * 8 - _BITS[kind]
    digits: list[int] = []
    for _ in range(_DIGITS[kind]):
        number, digit = divmod(number, _BASE)
        digits.append(digit)
    letters = "".join(ALPHABET[digit] for digit in (*digits, *_checks(digits, kind)))
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def from_code(typed: str, kind: CodeKind) -> bytes:
    """The secret bits that somebody typed; capitals, spaces and hyphens do not matter. Raises Mistyped."""
    letters = _NOT_IN_A_CODE.sub("", typed).lower()
    for other in CodeKind:
        if other is not kind and _is_right(letters, other):
            raise OtherKind("This is the other code of the receipt.")
    if not _is_right(letters, kind):
        raise Mistyped("There is a typing error in this code.")
    digits = [ALPHABET.index(letter) for letter in letters[:-_CHECKS]]
    number = sum(digit * _BASE**place for place, digit in enumerate(digits))
    if number >> _BITS[kind]:
        raise Mistyped("There is a typing error in this code.")
    length = -(-_BITS[kind] // 8)
    shifted: int = number << length * 8 - _BITS[kind]
    return shifted.to_bytes(length)


def _is_right(letters: str, kind: CodeKind) -> bool:
    if len(letters) != _DIGITS[kind] + _CHECKS or not set(letters) <= set(ALPHABET):
        return False
    digits = [ALPHABET.index(letter) for letter in letters]
    return tuple(digits[-_CHECKS:]) == _checks(digits[:-_CHECKS], kind)


def _checks(digits: list[int], kind: CodeKind) -> tuple[int, int]:
    weighted = sum(place * digit for place, digit in enumerate(digits, start=1))
    return (sum(digits) + kind) % _BASE, weighted % _BASE
