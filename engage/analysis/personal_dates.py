"""Dates of birth, in digits and in words: a whole date, called a birth."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

from engage.analysis.folding import Folded
from engage.analysis.personal_numbers import Spans

_MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|enero|ene|febrero|marzo|abril|abr|mayo|junio|julio|agosto|ago"
    r"|sep?tiembre|octubre"
    r"|noviembre|diciembre|dic)\b\.?"
)
_UNITS = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen|seventeen|eighteen"
    r"|nineteen|uno|un|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince"
    r"|dieci\w{3,6}"
    r"|veint\w{1,8})"
)
_TENS = (
    r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|treinta|cuarenta|cincuenta|sesenta"
    r"|setenta|ochenta|noventa)"
)
_ORDINALS = (
    r"(?:(?:twenty|thirty)[ -])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
    r"|eleventh|twelfth"
    r"|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
    r"|primero"
)
_SAID_DAY = rf"(?:{_ORDINALS}|{_TENS}(?: y {_UNITS})?|{_UNITS})"
_SAID_YEAR = (
    rf"(?:(?:nineteen|twenty|two thousand|mil novecientos|dos mil)(?:[ -](?:hundred|and|oh"
    rf"|{_TENS}(?: y)?|{_UNITS})){{0,3}})"
)
_DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th|o)?|{_SAID_DAY})"
_YEAR = rf"(?:(?:19|20)\d\d|'\d\d|{_SAID_YEAR})"
_JOIN = r"(?:,? (?:de |del |of |the |in )*(?:ano )?)"
_DATE = (
    r"(?:(?:19|20)\d\d[/.-]\d{1,2}[/.-]\d{1,2}|\d{1,2}(?P<sign>[/.-])\d{1,2}(?P=sign)(?:(?:19|20)\d\d|\d\d)"
    rf"|{_MONTHS} (?:the |el |dia )?{_DAY}{_JOIN}{_YEAR}|{_DAY}{_JOIN}{_MONTHS}{_JOIN}{_YEAR}"
    rf"|{_MONTHS}{_JOIN}{_YEAR})"
)
_BIRTH = (
    r"\b(?:born|birth ?da(?:te|y)s?|date of birth|d\.?o\.?b\b\.?|nacimiento|(?:fecha|f\.) (?:de )?nac\b\.?"
    r"|naci|nacio|nacimos|nacieron|nacid[oa]s?|cumpleanos|cumplo)"
)
_BIRTH_DATE = re.compile(rf"{_BIRTH}(?!\w)[^\d\n.!?]{{0,25}}?(?<![\w/$-])(?P<date>{_DATE})(?![\w/]|-\d)")
_DATE_OF_BIRTH_AFTER = re.compile(
    rf"(?<![\w/$-])(?P<date>{_DATE})(?![\w/]|-\d)[ ,(]{{1,3}}(?:is|was|being|es|era|fue) (?:my|his|her"
    rf"|our|mi|su) "
    r"(?:birth ?da(?:te|y)|date of birth|dob|fecha de nacimiento|cumpleanos)"
)
_BIRTH_WORDS = frozenset(
    """
    born birth birthday birthdays birthdate birthdates dob nac nacimiento naci nacio nacimos nacieron
    nacido nacida nacidos nacidas cumpleanos cumplo
    """.split()  # noqa: SIM905
)


def find_dates_of_birth(folded: Folded, words: AbstractSet[str]) -> Spans:
    """Whole dates, or a month and a year, from 1900 on, that the words beside them call a birth.

    ``words`` are those of the text, folded and in lower case.
    """
    if not _BIRTH_WORDS.isdisjoint(words) or "o.b" in folded.text:
        for pattern in (_BIRTH_DATE, _DATE_OF_BIRTH_AFTER):
            yield from (match.span("date") for match in pattern.finditer(folded.text))
