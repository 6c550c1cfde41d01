"""Personal data in a text, with its place, so that its author can be warned and a moderator can redact it.

Numbers alone say little: a docket is full of dates, dollars and section numbers. So a pattern counts by its
own form (an e-mail address, a hyphenated SSN) or by the words beside it ("plate number …", "nací el …").
Names are only found where they are introduced ("my name is …", "my neighbor Luis …"): without a model,
guessing from capitals would flag every place and official.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
import regex

from engage.analysis.folding import Folded
from engage.analysis.status_disclosure import find_status_disclosures


class PersonalDataKind(StrEnum):
    """What kind of personal data a stretch of text is."""

    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    SSN = "ssn"
    A_NUMBER = "a_number"
    DOB = "dob"
    CARD = "card"
    PLATE = "plate"
    STATUS_DISCLOSURE = "status_disclosure"
    PERSON_NAME = "person_name"


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One half-open stretch of the original text that holds personal data."""

    kind: PersonalDataKind
    start: int
    end: int


Finder = Callable[[str], Iterator[tuple[int, int]]]


def find_personal_data(folded: Folded) -> tuple[PersonalData, ...]:
    """Every stretch of personal data in a folded text, in order; of two that overlap the surer is kept."""
    taken: list[tuple[int, int]] = []
    found: list[PersonalData] = []
    has_digit = bool(_DIGIT.search(folded.cased))
    for kind, find in _FINDERS.items():
        if kind in _NEEDS_DIGITS and not has_digit:
            continue
        for start, end in find(folded.cased):
            if kind in _MAY_OVERLAP or not any(start < other[1] and other[0] < end for other in taken):
                found.append(PersonalData(kind, *folded.original(start, end)))
                taken += [] if kind in _MAY_OVERLAP else [(start, end)]
    return tuple(sorted(found, key=lambda one: (one.start, one.end, one.kind)))


_MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre"
    r"|noviembre|diciembre)"
)
_DATE = (
    rf"(?:\d{{1,4}}[/.-]\d{{1,2}}[/.-]\d{{1,4}}|{_MONTHS}\.? \d{{1,2}}(?:st|nd|rd|th)?,? (?:de |del |of "
    rf")?\d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? (?:de |of )?{_MONTHS},?(?: de| del)? \d{{4}}|{_MONTHS} (?:de |del "
    rf")?\d{{4}})"
)
_STREET = (
    r"(?:street|st|avenue|ave|road|rd|drive|dr|lane|ln|boulevard|blvd|court|ct|circle|cir|place|pl|way"
    r"|terrace|ter|trail|trl"
    r"|highway|hwy|parkway|pkwy|pike|route|loop|square|alley|run|path|crossing)"
)
_CALLE = r"(?:calle|avenida|av|avda|camino|carretera|bulevar|blvd|paseo|privada|callejon|plaza)"
_NAME = r"[A-Z][a-z]{1,20}(?:[ -](?:de |la |del |los )?[A-Z][a-z]{1,20}){0,3}"


def _pattern(expression: str, group: int | str = 0, *, cased: bool = False) -> Finder:
    """A finder for one regular expression; ``group`` is the part that is personal."""
    compiled = regex.compile(expression, 0 if cased else regex.IGNORECASE)

    def find(text: str) -> Iterator[tuple[int, int]]:
        return (match.span(group) for match in compiled.finditer(text))

    return find


def _all_of(*finders: Finder) -> Finder:
    def find(text: str) -> Iterator[tuple[int, int]]:
        return (span for finder in finders for span in finder(text))

    return find


_DIGITS = regex.compile(r"(?<![\w.$/-])\+?\(?\d[\d ().+-]{5,24}\d(?![\w%]|[./-]\d)")
_SPELLED = regex.compile(
    r"\b(?:(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|cero|uno|dos|tres|cuatro|cinco|seis"
    r"|siete|ocho|nueve)"
    r"[ ,.-]{1,3}){6,14}(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|cero|uno|dos|tres|cuatro"
    r"|cinco|seis|siete"
    r"|ocho|nueve)\b",
    regex.IGNORECASE,
)
_CALLED = regex.compile(
    r"\b(?:phone|cell|mobile|call|text|tel|telephone|reach|whatsapp|fax|telefono|celular|movil"
    r"|llam\w{0,8}|marque|marquen)\b",
    regex.IGNORECASE,
)
_REGIONS = ("US", "MX", "ES")


def _find_phones(text: str) -> Iterator[tuple[int, int]]:
    """Numbers to dial in the United States, Mexico or Spain, and numbers spelled out in words."""
    yield from (match.span() for match in _SPELLED.finditer(text))
    for match in _DIGITS.finditer(text):
        digits = sum(character.isdigit() for character in match.group())
        beside = text[max(0, match.start() - 40) : match.end() + 20]
        if 7 <= digits <= 15 and _is_phone(match.group(), digits, bool(_CALLED.search(beside))):
            yield match.span()


def _is_phone(number: str, digits: int, called: bool) -> bool:
    """Whether a run of digits is a telephone number: written or called so, and possible in a region."""
    if digits < 10:
        return called and bool(regex.fullmatch(r"\d{3}[ .-]\d{4}", number))
    written = number.startswith("+") or bool(
        regex.fullmatch(r"\(?\d{3}\)?[ .-]{1,2}\d{3}[ .-]?\d{4}", number)
    )
    if not written and not called:
        return False
    for region in _REGIONS:
        try:
            if phonenumbers.is_possible_number(phonenumbers.parse(number, region)):
                return True
        except phonenumbers.NumberParseException:
            continue
    return False


_CARD = regex.compile(r"(?<![\d-])\d(?:[ -]?\d){12,18}(?![\d-])")


def _find_cards(text: str) -> Iterator[tuple[int, int]]:
    """Card numbers: 13 to 19 digits with a good check digit (Luhn)."""
    for match in _CARD.finditer(text):
        digits = [int(character) for character in match.group() if character.isdigit()]
        doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]
        if len(set(digits)) > 1 and (sum(doubled) + sum(digits[-1::-2])) % 10 == 0:
            yield match.span()


_FINDERS: dict[PersonalDataKind, Finder] = {
    PersonalDataKind.EMAIL: _all_of(
        _pattern(r"(?<![\w.+'-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"),
        _pattern(
            r"\b[\w.+-]{2,64} ?[(\[]?(?:at|arroba)[)\]]? ?[\w-]{2,63} ?[(\[]?(?:dot|punto)[)\]]? ?(?:com"
            r"|org|net|edu|gov|mx|es)\b"
        ),
    ),
    PersonalDataKind.CARD: _find_cards,
    PersonalDataKind.A_NUMBER: _all_of(
        _pattern(r"(?<!\w)A[ #-]{0,2}\d{3}[ -]?\d{3}[ -]?\d{2,3}(?!\w)", cased=True),
        _pattern(
            r"(?:alien|registration|extranjero|a-?number|uscis|numero a)\W{1,3}(?:registration\W{1,3}"
            r"|number\W{1,3}|numero\W{1,3}"
            r"|no\W{1,3}|is\W{1,3}|es\W{1,3}|de registro\W{1,3}){0,4}(A?[ -]?\d{3}[ -]?\d{3}[ "
            r"-]?\d{2,3})(?!\w)",
            1,
        ),
    ),
    PersonalDataKind.SSN: _all_of(
        _pattern(r"(?<![\d-])(?!000|666|9\d\d)\d{3}-\d{2}-\d{4}(?![\d-])"),
        _pattern(
            r"\b(?:ssn|social security|social|seguro social|seguro|itin|soc sec)\b[^\d\n]{0,25}(\d{3}[ "
            r"-]?\d{2}[ -]?\d{4})(?!\d)",
            1,
        ),
        _pattern(r"\blast (?:four|4) (?:digits )?(?:of my )?(?:social|ssn)\b[^\d\n]{0,15}(\d{4})(?!\d)", 1),
    ),
    PersonalDataKind.DOB: _all_of(
        _pattern(
            rf"\b(?:born|birth ?da(?:te|y)|date of birth|dob|d\.o\.b\.?|nacimiento|naci|nacio|nacida"
            rf"|nacido|cumpleanos|cumplo)\b"
            rf"[^\d\n]{{0,20}}?({_DATE})",
            1,
        ),
    ),
    PersonalDataKind.PLATE: _all_of(
        _pattern(
            r"\b(?:plates?|tags?|placas?|matriculas?|tablilla)\b(?! readers?)[ :#]{1,2}(?:(?:number"
            r"|numbers|no|num|numero|is|was|are|es|era"
            r"|fue|de|reads?|of|the|la)\b\.?[ :#]{1,2}){0,3}((?=[A-Z0-9 -]{0,8}\d)[A-Z0-9]{1,4}[ "
            r"-]?[A-Z0-9]{2,5})\b",
            1,
        ),
    ),
    PersonalDataKind.ADDRESS: _all_of(
        _pattern(
            rf"(?<![\w$.,/-])\d{{1,6}} (?:[NSEW]\.? |north |south |east |west "
            rf")?(?:[A-Z0-9][\w.'-]{{0,20}} ){{1,4}}?(?i:{_STREET})\b\.?"
            r"(?: (?:NW|NE|SW|SE|North|South|East|West))?(?:,? (?i:apt|apartment|unit|lot|suite|ste"
            r"|#)\.? ?#?\w{1,6})?",
            cased=True,
        ),
        _pattern(
            r"(?<![\w$.,/-])\d{1,6} (?i:highway|hwy|county road|state road|route|us) \d{1,4}(?: (?:North"
            r"|South|East|West|N|S|E|W)\b)?"
            r"(?:,? (?i:apt|unit|lot|suite|#)\.? ?\w{1,6})?",
            cased=True,
        ),
        _pattern(
            rf"\b(?i:{_CALLE})\.? (?:(?:(?:de|del|la|las|los|el|y) ){{0,2}}[A-Z][\w.'-]{{1,20}},? ){{1,4}}"
            r"(?i:#|no\.? ?|num\.? ?|numero )?\d{1,5}\b(?! ?(?:km|%|euros|\$))(?:,? (?i:apto?|depto"
            r"|interior|int)\.? ?\w{1,6})?",
            cased=True,
        ),
        _pattern(r"\bP\.? ?O\.? ?Box \d{1,7}\b|\bapartado (?:postal )?\d{1,7}\b"),
        _pattern(
            r"\b(?:apartment|apt|unit|trailer|lot|apartamento|departamento) #?\w{1,5} (?:at|of|en|de) "
            r"[A-Z][\w' -]{2,40}?(?= apartments| mobile| park|,|\.|$)"
        ),
    ),
    PersonalDataKind.PHONE: _find_phones,
    PersonalDataKind.STATUS_DISCLOSURE: find_status_disclosures,
    PersonalDataKind.PERSON_NAME: _all_of(
        _pattern(rf"\b(?i:my name is|me llamo|mi nombre es|i am called) ({_NAME})", 1, cased=True),
        _pattern(
            r"\b(?i:my|our|mi|nuestro|nuestra) (?i:husband|wife|son|daughter|brother|sister|mother|father"
            r"|mom|dad|neighbor|friend"
            r"|cousin|uncle|aunt|nephew|niece|boss|landlord|coworker|roommate|esposo|esposa|hijo|hija"
            r"|hermano|hermana|madre|padre|mama"
            rf"|papa|vecino|vecina|amigo|amiga|primo|prima|tio|tia|sobrino|sobrina|jefe|companero"
            rf"|companera),? ({_NAME})",
            1,
            cased=True,
        ),
        _pattern(
            rf"(?m)^ ?(?i:sincerely|regards|best regards|thank you|thanks|atentamente|saludos"
            rf"|gracias),?\s{{1,4}}({_NAME})\s*$",
            1,
            cased=True,
        ),
        _pattern(
            rf"\b(?i:deputy|officer|agent|agente|oficial|sergeant|sargento) (?!Sheriff|County)({_NAME})",
            1,
            cased=True,
        ),
    ),
}
_DIGIT = regex.compile(r"\d")
_NEEDS_DIGITS = frozenset(
    (
        PersonalDataKind.CARD,
        PersonalDataKind.A_NUMBER,
        PersonalDataKind.SSN,
        PersonalDataKind.DOB,
        PersonalDataKind.PLATE,
        PersonalDataKind.ADDRESS,
    )
)
_MAY_OVERLAP = frozenset((PersonalDataKind.STATUS_DISCLOSURE, PersonalDataKind.PERSON_NAME))
