"""Where a person can be reached: e-mail addresses, also those disguised in words, and street addresses."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

from engage.analysis.folding import Folded
from engage.analysis.personal_numbers import Spans

# -- E-mail ------------------------------------------------------------------------------------------------

_EMAIL = re.compile(
    r"(?<![\w.+'-])[\w+][\w.+'-]{0,63}(?:@| @ ?"
    r"|@ )[a-z0-9][\w-]{0,62}(?:\.[\w-]{1,62}){0,4}\.[a-z]{2,12}(?![\w@])"
)
_TOP = r"(?:com|org|net|edu|gov|info|biz|mx|es|us|co|uk|io|me|ca)"
_AFTER_TOP = r"\b(?! (?:compan|bubble|boom|bust|crash|era\b|stock|business|start))"
_BRACKET_AT = r" ?[(\[{<] ?(?:at|arroba|@) ?[)\]}>] ?"
_SAID_DOT = r"(?: ?[(\[{<] ?(?:dot|punto|\.) ?[)\]}>] ?| dot | punto )"
_SAID_SIGN = rf"(?:{_SAID_DOT}|(?: (?:underscore|dash|hyphen|guion bajo|guion) ))"
_LOCAL = rf"(?<![\w.+'-])[\w+][\w.+'-]{{0,63}}(?:{_SAID_SIGN}[\w.+'-]{{1,64}}){{0,3}}"
_LABEL = r"[a-z0-9][a-z0-9-]{0,62}"
_DISGUISED = re.compile(
    # After a bare "at" only a said "dot" tells an address from a place; "arroba" and brackets do it alone.
    rf"{_LOCAL} at {_LABEL}(?:{_SAID_DOT}{_LABEL}){{0,2}}{_SAID_DOT}{_TOP}{_AFTER_TOP}"
    rf"|{_LOCAL}(?:{_BRACKET_AT}| ?arroba ?){_LABEL}(?:(?:\.|{_SAID_DOT}){_LABEL}){{0,2}}(?:\."
    rf"|{_SAID_DOT}){_TOP}{_AFTER_TOP}"
)
_IN_BRACKETS = re.compile(r"[(\[{<] ?(?:at|arroba|@)")


def find_emails(folded: Folded, words: AbstractSet[str]) -> Spans:
    """E-mail addresses as they are written, or as people say them to people ("ana arroba … punto com").

    ``words`` are those of the text, folded and in lower case.
    """
    text = folded.text
    if "@" in text:
        yield from (match.span() for match in _EMAIL.finditer(text))
    if "dot" in words or "arroba" in words or _IN_BRACKETS.search(text):
        yield from (match.span() for match in _DISGUISED.finditer(text))


# -- Streets of the United States --------------------------------------------------------------------------

_YEAR_AFTER_IN = r"(?!(?<=\b[Ii]n )(?:19|20)\d\d\b)(?!(?<=\b[Ee]n )(?:19|20)\d\d\b)"
_BEGIN = rf"(?<![\w$.,/#-]){_YEAR_AFTER_IN}"
_NUMBER = r"\d{1,6}(?:-?[A-Z]\b|-\d{1,3}| 1/2)?"
_DIRECTION = r"(?:[NSEW]|[NS][EW]|(?i:north|south|east|west|norte|sur))\b\.?"
_PLAIN_TYPE = (
    r"(?i:street|st|avenue|ave|av|road|rd|drive|dr|lane|ln|boulevard|blvd|court|ct|circle|cir|terrace"
    r"|ter|trail|trl|parkway"
    r"|pkwy|highway|hwy|turnpike|alley|cove|calle)"
)
_NOUN_TYPE = (  # Also plain nouns: only with a capital.
    r"(?:Place|PLACE|Pl|PL|Way|WAY|Pike|PIKE|Loop|LOOP|Sq|SQ|Square|SQUARE|Run|RUN|Path|PATH|Crossing"
    r"|CROSSING|Row|Bend|Point|Ridge"
    r"|Hollow|Commons|Plaza|Route|Landing|Heights|Hill|Trace|Glen|Walk|Pass|Estates)"
)
_NAME = (
    r"(?!(?:Supreme|District|Federal|Superior|Circuit|Immigration|Appeals|County|Criminal|People|Year"
    r"|Days?)\b)(?:[A-Z][a-z]{0,2}\.|[A-Z][\w'-]{0,20}|\d{1,3}(?:st|nd|rd|th)|of|the|de)"
)
_ROUTE = (
    r"(?:(?:US|U\.S\.|NC|N\.C\.|SC|VA|TN|GA|TX|FL|CA|AZ|Old|State|County|Farm)\.? ){0,2}"
    r"(?i:highway|hwy|route|rte|county road|county rd|state road|rural route|cr|sr|fm|us|nc)[ -]\d{1,4}\b"
)
_UNIT_WORD = (
    r"(?i:apt|apartment|unit|lot|suite|ste|trailer|space|room|rm|bldg|building|apartamento|apto|depto"
    r"|dpto|departamento"
    r"|interior|int|traila|lote|local|piso|planta|puerta|casa)"
)
_UNIT = (
    rf"(?:,? (?:{_UNIT_WORD}\b\.? ?#?(?:\d{{1,5}}-?[A-Za-z]?|[A-Z]\d{{0,4}})\b"
    rf"|# ?[A-Z]?\d{{1,5}}[A-Z]?\b)){{0,2}}"
)
_STATE = (
    r"(?:A[LKZR]|C[AOT]|DE|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|RI|S[CD]|T[NX]"
    r"|UT|V[TA]|W[AVIY])\b"
)
_CITY = (
    rf"(?:,? [A-Z][\w.]{{1,20}}(?: [A-Z][\w.]{{1,20}}){{0,2}},? {_STATE}\.?(?:,? \d{{5}}(?:-\d{{4}})?\b)?)?"
)
_HOUSE = re.compile(
    rf"{_BEGIN}{_NUMBER} (?:{_DIRECTION} )?(?:{_ROUTE}|(?:{_NAME} ){{1,4}}?(?:{_PLAIN_TYPE}"
    rf"|{_NOUN_TYPE})\b(?! of\b)"
    rf"(?:\.(?=,| #| {_UNIT_WORD}\b| {_DIRECTION}))?(?: (?:{_ROUTE}|\d{{1,4}}\b(?! (?:[a-z]"
    rf"|%))))?)(?: (?i:ext"
    rf"|extension)\b)?(?: {_DIRECTION})?{_UNIT}{_CITY}"
)
_AT_HOME = re.compile(
    # People also write their street in small letters; then something must say that it is a home.
    r"\b(?:live|lives|lived|living|reside|resides|stay|stays|address|home|house|vivo|vive|vivimos|viven"
    r"|direccion|domicilio|casa)\b"
    r"[^.\d\n]{0,15} (\d{1,6} (?:[nsew]\.? )?(?:[a-z][a-z']{1,20} ){1,3}?"
    r"(?:street|st|avenue|ave|road|rd|drive|dr|lane|ln|boulevard|blvd|court|ct|circle|cir|parkway|way"
    r"|trail)\b"
    r"(?:,? (?:apt|apartment|unit|lot|suite|#)\.? ?#?\d{0,4}[a-z]?\b)?)"
)
_BOX = re.compile(
    r"\b(?:rr|r\.r\.|rural route|route|rte?\.?|hc) ?#?\d{1,4},? box ?#?\d{1,6}[a-z]?\b"
    r"|\bp\.? ?o\.? box ?#?\d{1,7}\b|\bapartado (?:postal )?(?:no\.? |num\.? )?#?\d{1,7}\b"
    r"|\bapdo\.? (?:postal )?\d{1,7}\b"
)
_PARK = re.compile(
    r"\b(?i:apartment|apt|unit|trailer|lot|apartamento|departamento|traila) #?\d{1,4}[A-Za-z]? (?i:at"
    r"|of|en|de) (?i:the |el |la |los |las )?"
    r"[A-Z][\w']{1,20}(?: [A-Z][\w']{1,20}){0,3}"
)

# -- Streets of Mexico and Spain ---------------------------------------------------------------------------

_VIA = (
    r"(?<!\w)(?i:(?:calle|avenida|avda|ave|av|camino|carretera|ctra|bulevar|boulevard|blvd|paseo"
    r"|privada|callejon|plaza|cerrada|andador"
    r"|calzada|calz|ronda|travesia|glorieta|prolongacion|circuito|retorno|pasaje|urbanizacion|urb)\b\.?|c/)"
)
_VIA_NAME = (
    r"(?:(?i:del|de|la|las|los|el|y|san|santa) ){0,3}(?:\d{1,2} de [A-Z]\w{2,20}|[A-Z][\w.'-]{1,20})"
    r"(?: (?:(?:del|de|la|las|los|el|y) ){0,3}[A-Z][\w.'-]{1,20}){0,4}"
)
_NUMBER_SIGN = r"(?i:#|n[oº]?\. ?|no |nums?\.? ?|numero |n\.o ?|n ?o ?)"
_VIA_NUMBER = (
    rf"(?:,? {_NUMBER_SIGN} ?\d{{1,5}}| \d{{1,4}}(?!\d)|, ?\d{{1,4}}(?=[A-Z]?(?:[.,;:)\n]|$| (?:en|y"
    rf"|de [A-Z]|\d)| ?[A-Z])))"
)
_NOT_A_NUMBER = (  # A speed, a price, a date, a count.
    r"(?! ?(?:(?i:km\b/?|kil|%|euros?|dolares|metros?|m\b|\$|(?:de )?(?:ene|jan|feb|mar|abr|apr|may|jun"
    r"|jul|ago|aug|sep|oct|nov|di?[ec])[a-z]*\b|anos|h\b|hay)|[a-z]{4,}s\b))"
)
_FLOOR = (
    r"(?:,? (?:\d{1,2} ?[oa]\b\.?(?: ?(?:[A-Z]\b|(?i:izq|izda|dcha|der|derecha|izquierda)\b))?"
    rf"|{_UNIT_WORD}\b\.? ?#?(?:\d{{1,5}}-?[A-Za-z]?|[A-Z]\d{{0,4}})\b"
    rf"|(?i:km)\b\.? ?\d{{1,4}}(?:[.,]\d)?)){{0,3}}"
)
_COLONY = (
    r"(?:,? (?i:col\.|colonia|fracc\.|fraccionamiento|barrio|c\.p\.|cp) (?:[A-Z]\w{1,20}(?: (?:(?:de"
    r"|del|la|las|los) ){0,2}[A-Z]\w{1,20}){0,3}|\d{5})){0,2}"
)
_CALLE = re.compile(
    rf"{_VIA} ?{_VIA_NAME}{_VIA_NUMBER}(?:-?[A-Z]\b|-\d{{1,3}}\b)?\b{_NOT_A_NUMBER}{_FLOOR}{_COLONY}"
    rf"|{_VIA} \d{{1,3}} {_NUMBER_SIGN}\d{{1,5}}\b{_FLOOR}{_COLONY}"
    rf"|\b(?i:numero|num\.|no\.) ?\d{{1,5}} de (?i:la |el ){_VIA} {_VIA_NAME}"
    r"|\b(?i:manzana|mz)\.? \w{1,3},? (?i:lote|lt)\.? \w{1,3}\b"
)
_VIAS = (
    (
        "calle"
    ), (
        "avenida"
    ), (
        "avda"
    ), (
        "ave"
    ), (
        " av"
    ), (
        "camino"
    ), (
        "carretera"
    ), (
        "ctra"
    ), (
        "bulevar"
    ), (
        "boulevard"
    ), (
        "blvd"
    ), (
        "paseo"
    ), (
        "privada"
    ), (
        "plaza"
    ),
    (
        "cerrada"
    ), (
        "andador"
    ), (
        "calz"
    ), (
        "ronda"
    ), (
        "travesia"
    ), (
        "glorieta"
    ), (
        "prolongacion"
    ), (
        "circuito"
    ), (
        "retorno"
    ), (
        "pasaje"
    ), (
        "urb"
    ), (
        "c/"
    ), (
        "manzana"
    ),
    "mz",
)  # fmt: skip
_BOXES = ("box", "apartado", "apdo")
_HOMES = (
    "live",
    "living",
    "resid",
    "stay",
    "address",
    "home",
    "house",
    "viv",
    "direccion",
    "domicilio",
    "casa",
)
_PARKS = ("apartment", "apt ", "unit ", "trailer", "lot ", "apartamento", "departamento", "traila")


def find_addresses(folded: Folded) -> Spans:
    """Streets with a house number, routes and boxes, in the forms of the United States, Mexico and Spain.

    A street alone, a corner or a square is none: that is where things happen, not where somebody lives.
    """
    text, cased = folded.text, folded.cased
    yield from (match.span() for match in _HOUSE.finditer(cased))
    if any(via in text for via in _VIAS):
        yield from (match.span() for match in _CALLE.finditer(cased))
    if any(box in text for box in _BOXES):
        yield from (match.span() for match in _BOX.finditer(text))
    if any(home in text for home in _HOMES):
        yield from (match.span(1) for match in _AT_HOME.finditer(text))
    if any(park in text for park in _PARKS):
        yield from (match.span() for match in _PARK.finditer(cased))
