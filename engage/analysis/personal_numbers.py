"""Numbers that belong to one person: phones, cards, Social Security and A-numbers, plates; also in words.

A docket is full of dates, dollars, sections and docket numbers. So a number counts by a form that only one
kind has (a hyphenated Social Security number, an area code with its brackets, a card's check digit) or by the
words beside it ("call me at", "mi seguro social", "tag number").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from itertools import pairwise

import phonenumbers

from engage.analysis.folding import Folded

Spans = Iterator[tuple[int, int]]

# -- Digits in words ---------------------------------------------------------------------------------------

_ENGLISH_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_SPANISH_DIGITS = ("cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve")
_VALUES = {
    word: str(value) for words in (_ENGLISH_DIGITS, _SPANISH_DIGITS) for value, word in enumerate(words)
} | {"oh": "0"}
_NUMBER_WORDS = frozenset(_VALUES)
_WORD = "|".join(sorted(_VALUES, key=len, reverse=True))
_SPELLED = re.compile(rf"\b(?:(?:{_WORD}|\d{{1,4}})[ ,.()-]{{1,4}}){{3,14}}(?:{_WORD}|\d{{1,4}})\b")
_TOKEN = re.compile(rf"(?:{_WORD})|\d+")
_LEAST_WORDS = 3
_LEAST_DIFFERENT = 2


def says_numbers(words: AbstractSet[str]) -> bool:
    """Whether a text of these words has enough number words that one of its numbers may be spelled out."""
    return len(_NUMBER_WORDS & words) >= _LEAST_DIFFERENT


def _spelled_numbers(folded: Folded) -> Iterator[tuple[int, int, str]]:
    """Runs of at least three number words, alone or among digits: start, end and the digits that they say.

    Counting ("one, two, three, four") is no number of anybody.
    """
    for match in _SPELLED.finditer(folded.text):
        tokens = _TOKEN.findall(match.group())
        digits = "".join(_VALUES.get(token, token) for token in tokens)
        if sum(token in _VALUES for token in tokens) >= _LEAST_WORDS and not _counts_up(digits):
            yield (*match.span(), digits)


def _counts_up(digits: str) -> bool:
    return all(int(after) - int(before) == 1 for before, after in pairwise(digits[:4]))


# -- Phones ------------------------------------------------------------------------------------------------

_EXTENSION = r"(?:,? ?(?:ext|extension|x)\b\.? ?\d{1,5}|,? ?x\d{1,5})?"
_END = rf"(?![\w%]|[.,/-]\d){_EXTENSION}"
_BEGIN = r"(?<![\w$./-])(?<!\d,)"
_SURE_PHONE = re.compile(
    # North America with a gap after each group; Mexico in the groups of its great cities; digits one by one.
    rf"{_BEGIN}(?:\+?1[ .-]{{0,2}})?(?:\([2-9]\d\d\)[ .-]{{0,3}}|[2-9]\d\d(?: ?[./-] ?"
    rf"| ))[2-9]\d\d[ .-]{{1,3}}\d{{4}}{_END}"
    rf"|{_BEGIN}(?:\(?(?:55|56|33|81)\)? )\d{{4}}[ -]\d{{4}}{_END}"
    rf"|{_BEGIN}(?:1[ .-])?[2-9](?:[ .-]\d){{9}}{_END}"
)
_INTERNATIONAL = re.compile(rf"(?<![\w+])\+\d(?:[ .()-]{{0,2}}\d){{7,14}}{_END}")
_CALLED_PHONE = re.compile(
    rf"{_BEGIN}(?:"
    r"(?:\+?1[ .-]?)?[2-9]\d{9}"
    r"|[2-9]\d\d[ .-]\d{7}|[2-9]\d{5}[ .-]\d{4}|[2-9]\d\d[ .-]\d{3}[ .-]?\d{2}[ .-]?\d{2}"
    r"|\(?\d{2,3}\)?[ .-]\d{3,4}[ .-]\d{4}|\(?\d{2,3}\)?[ .-]\d{4}[ .-]?\d{4}"
    r"|[6-9]\d\d[ .-]?\d\d[ .-]?\d\d[ .-]?\d\d|[6-9]\d\d[ .-]?\d{3}[ .-]?\d{3}"
    rf"|[2-9]\d\d[ .-]\d{{4}}){_END}"
)
_CALLED = re.compile(
    r"\b(?:phones?|ph|cell|cellphone|mobile|call(?:ing|ed)?|text|tel|telephone|dial|ring|reach(?:ed)?"
    r"|whats?app|fax|signal"
    r"|contact|work line|landline|(?:my|our|his|her|their) number|telefonos?|cel|celular|movil|fono"
    r"|llam\w{1,8}"
    r"|marque\w{0,3}|marca\w{0,3}|comuni\w{2,10}|contact\w{1,8}|(?:mi|su|nuestro) numero"
    r"|numero de (?:casa|telefono))\b"
)
_LOOK_BACK, _LOOK_AHEAD = 45, 20
_PHONE_DIGITS = (7, 10, 11, 12)
_MEXICAN_MOBILE = re.compile(r"^\+52\D{0,2}1\D?")


def find_spelled_phones(folded: Folded) -> Spans:
    """Phone numbers said in words; nine digits, as in Spain, only where they are called a phone."""
    for start, end, digits in _spelled_numbers(folded):
        if len(digits) in _PHONE_DIGITS or (len(digits) == 9 and _called(folded.text, start, end)):
            yield start, end


def find_phones(folded: Folded) -> Spans:
    """Numbers to dial in the United States, Mexico or Spain."""
    text = folded.text
    for match in _INTERNATIONAL.finditer(text):
        if _is_international(match.group()):
            yield match.span()
    yield from (match.span() for match in _SURE_PHONE.finditer(text))
    if _CALLED.search(text):
        yield from (match.span() for match in _CALLED_PHONE.finditer(text) if _called(text, *match.span()))


def _called(text: str, start: int, end: int) -> bool:
    return bool(_CALLED.search(text, max(0, start - _LOOK_BACK), end + _LOOK_AHEAD))


def _is_international(number: str) -> bool:
    """Whether a number with a plus is possible in its country; Mexico's old 1 for mobiles is let pass."""
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(_MEXICAN_MOBILE.sub("+52", number)))
    except phonenumbers.NumberParseException:
        return False


# -- Cards -------------------------------------------------------------------------------------------------

_CARD = re.compile(r"(?<![\d-])[2-6]\d{3}(?:[ -]?\d){9,15}(?![\d-])")


def find_cards(folded: Folded) -> Spans:
    """Card numbers: 13 to 19 digits, the first that of an issuer, with a good check digit (Luhn)."""
    for match in _CARD.finditer(folded.text):
        digits = [int(character) for character in match.group() if character.isdigit()]
        doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]
        if len(set(digits)) > 1 and (sum(doubled) + sum(digits[-1::-2])) % 10 == 0:
            yield match.span()


# -- Social Security ---------------------------------------------------------------------------------------

_SOCIAL = (
    r"\b(?:ssn|ss ?#|soc(?:ial)?\.? sec(?:urity)?|social|seguro social|seguridad social|seguro|nss|imss"
    r"|itin)\b"
)
_SSN_HYPHENS = re.compile(r"(?<![\d-])(?!000|666|9\d\d)\d{3}-\d{2}-\d{4}(?![\d-])")
_SSN_CALLED = re.compile(
    rf"{_SOCIAL}[^\d\n]{{0,30}}?(?<![$\d])(\d{{3}}[ .-]?\d{{2}}[ .-]?\d{{4}}"
    rf"|\d{{2}}[ -]?\d{{2}}[ -]?\d{{2}}[ -]?\d{{4}}[ -]?\d)"
    r"(?![\d%]|[.,]\d)"
)
_SSN_THEN_CALLED = re.compile(rf"(?<![\d$-])(\d{{3}}[ .]\d{{2}}[ .]\d{{4}})(?!\d)[^\d\n]{{1,20}}?{_SOCIAL}")
_LAST_FOUR = re.compile(
    r"\b(?:last|ultimos) (?:four|4|cuatro) (?:digits |numbers |digitos |numeros )?(?:of |de "
    r"|del )?(?:my |mi |his |her )?"
    rf"{_SOCIAL}[^\d\n]{{0,15}}(\d{{4}})(?!\d)"
)
_SSN_DIGITS = 9
_SOCIAL_HINTS = ("soc", "segur", "ssn", "ss#", "ss #", "nss", "imss", "itin")
_SOCIAL_BEFORE = re.compile(_SOCIAL)


def find_spelled_ssns(folded: Folded) -> Spans:
    """Nine digits said in words after a word for Social Security."""
    for start, end, digits in _spelled_numbers(folded):
        if len(digits) == _SSN_DIGITS and _SOCIAL_BEFORE.search(folded.text, max(0, start - 30), start):
            yield start, end


def find_ssns(folded: Folded) -> Spans:
    """Social Security numbers, the taxpayer numbers that stand for them, and Mexico's of eleven digits."""
    text = folded.text
    yield from (match.span() for match in _SSN_HYPHENS.finditer(text))
    if any(hint in text for hint in _SOCIAL_HINTS):
        for pattern in (_SSN_CALLED, _SSN_THEN_CALLED, _LAST_FOUR):
            yield from (match.span(1) for match in pattern.finditer(text))


# -- A-numbers ---------------------------------------------------------------------------------------------

_A_DIGITS = r"\d{3}[ -]?\d{3}[ -]?\d{2,3}(?!\w|-\d|[.,]\d)"
_A_FORM = re.compile(
    rf"(?<![\w'-])(?:A#[ ]?(?P<after_sign>{_A_DIGITS})"
    rf"|A[ -]?(?!\d{{3}} ?000)(?:{_A_DIGITS}))(?! ?(?:dollar|euro|pes[eo]|people|persona))"
)
_A_CALLED = re.compile(
    r"(?:\balien\b|\bextranjer[oa]s?\b|\buscis\b|\ba-?(?:number|numero)\b|\bnumero a\b|(?<!\w)a#)"
    r"(?:\W{1,3}(?:registration|number|num|numero|no|id|is|was|es|era|de|registro|alien)\b){0,4}[ :.#(-]{1,3}"
    rf"(a?[ -]?{_A_DIGITS})"
)


def find_a_numbers(folded: Folded) -> Spans:
    """Numbers of an alien's file: the letter A and eight or nine digits, or digits called by its name."""
    for match in _A_FORM.finditer(folded.cased):
        yield match.span("after_sign" if match["after_sign"] else 0)
    yield from (match.span(1) for match in _A_CALLED.finditer(folded.text))


# -- Plates ------------------------------------------------------------------------------------------------

_VEHICLE_MARK = (
    r"\b(?i:(?:license |licence |number )?(?:plates?|tags?)|licen[sc]e(?: no\.?| number| #)"
    r"|registration|placas?|matriculas?"
    r"|tablillas?|chapas?)\b"
)
_LINK = (
    r"(?:[ :,.#(\"-]{1,3}(?:(?i:number|numbers|no|num|numero|numeros|is|was|are|were|es|era|eran|son"
    r"|fue|de|del|con|with|from"
    r"|of|the|la|las|el|that|que|reads?|reading|said|says|saying|dice|decia|state|estado)\b"
    r"|[A-Z][a-z]{2,12}\b(?! ?[\d-]))){0,4}"
)
_PLATE = re.compile(
    rf"{_VEHICLE_MARK}{_LINK}[ :,.#(\"-]{{1,3}}"
    r"((?=[A-Z0-9 -]{0,8}\d)(?=[A-Z0-9 -]{0,8}[A-Z])(?:[A-Z0-9]{1,4}[ -]?[A-Z0-9]{2,5}"
    r"|[A-Z0-9]{2,3}[ -][A-Z0-9]{2,3}[ -][A-Z0-9]{1,3})"
    r"|[a-z]{2,4}-?\d{3,4}[a-z]?|\d{4}-?[a-z]{3})(?![\w-])"
)
_VEHICLE_MARKS = ("plate", "tag", "licen", "registration", "placa", "matricula", "tablilla", "chapa")


def find_plates(folded: Folded) -> Spans:
    """Plates of vehicles: letters and digits, called a plate or a tag, whosesoever state they are."""
    if any(mark in folded.text for mark in _VEHICLE_MARKS):
        yield from (match.span(1) for match in _PLATE.finditer(folded.cased))
