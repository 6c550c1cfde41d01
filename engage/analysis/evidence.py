"""How concrete a text is: numbers with what they count, money, dates, cited law and documents, named places
and institutions, and what the writer has lived.

It says nothing about whether a fact is true, and nothing about a side: the rules know no position. Personal
data is no evidence here, so that nobody is shown for having given it away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from engage.analysis.folding import Folded
from engage.analysis.personal_data import find_personal_data
from engage.analysis.reading import Reading, read
from engage.analysis.voice_cues import find_cues


class EvidenceKind(StrEnum):
    """What kind of fact a stretch of a text gives."""

    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    SOURCE = "source"
    PLACE = "place"
    EXPERIENCE = "experience"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A half-open stretch of the original text that gives a fact."""

    kind: EvidenceKind
    start: int
    end: int


# Of a text with fewer different kinds nothing is called concrete …
ENOUGH_KINDS = 2
# … unless one kind stands there so often; a name of a place or an office alone tells nothing.
ENOUGH_OF_ONE = 3

_N = r"(?:\d{1,3}(?:[.,]\d{3})+|\d+(?:[.,]\d+)?)"
_SPELLED = (
    r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|eighteen|"
    r"twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|dozen|half|(?:a|one) (?:third|quarter|dozen|hundred)|"
    r"dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|dieciseis|dieciocho|veinte|"
    r"veinticinco|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa|cien|ciento|mil|media docena|una docena)"
    r"(?:[ -](?:one|two|three|four|five|six|seven|eight|nine|hundred|thousand|mil|y [a-z]+))?"
)
_UNITS = (
    r"(?:people|persons?|residents|families|households|voters|deput(?:y|ies)|officers?|nurses?|teachers?|students?|"
    r"kids|children|inmates?|detainees?|beds?|arrests?|stops?|detainers?|cases?|crimes?|calls?|complaints?|victims?|"
    r"hours?|minutes?|days?|nights?|weeks?|months?|years?|miles?|blocks?|counties|states|sheriffs|agencies|meetings?|"
    r"times|workers|employees|jobs|trucks?|cars?|patients|members|percent|per cent|points|shifts|positions|schools|"
    r"churches|farms?|acres|lawsuits?|settlements?|trials?|witnesses|convictions?|bookings?|"
    r"personas?|residentes|familias|hogares|votantes|agentes?|oficiales|policias?|enfermeras?|maestr[oa]s?|"
    r"alumnos?|estudiantes?|ninos|ninas|hijos|presos?|detenidos?|camas?|arrestos?|paradas?|casos?|delitos?|llamadas?|"
    r"quejas?|victimas?|horas?|minutos?|dias?|noches?|semanas?|mes(?:es)?|anos?|millas?|kilometros|cuadras?|condados|"
    r"estados|alguaciles|reuniones|veces|trabajador[ea]s|emplead[oa]s|empleos|camiones|carros|pacientes|miembros|"
    r"por ciento|puntos|turnos|puestos|escuelas|iglesias|ranchos|demandas|juicios|testigos|condenas)"
)
_NUMBER = re.compile(
    rf"\b{_N} ?%|\b(?:{_N}|{_SPELLED})(?:[ -](?:of|de|out of|the|los|las|our|nuestros|other|more|mas|full|new|nuevos|nuevas|"
    rf"extra|sworn|patrol|school|local|different|straight|full-time|whole|thousand|million|mil|millones)){{0,3}}[ -]{_UNITS}\b"
    rf"|\b(?:{_N}|{_SPELLED}) (?:out of|of|de cada|de) (?:every |the |los |las |each )?(?:{_N}|{_SPELLED})\b"
    r"|\b\d{1,2} in (?:every )?\d{1,3}\b"
)
_MONEY = re.compile(
    rf"[$€] ?{_N}(?: ?(?:thousand|million|billion|mil|millones|k\b|m\b))*"
    rf"|\b(?:{_N}|{_SPELLED})(?: (?:hundred|thousand|million|billion|mil|millones|cientos)){{0,2}}(?: de)? (?:dollars|bucks|dolares|pesos|euros|cents)\b"
)
_MONTHS = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre)"
)
_DATE = re.compile(
    rf"\b(?:19[4-9]\d|20[0-4]\d)s?\b|\b{_MONTHS} \d{{1,2}}(?:st|nd|rd|th)?\b|\b\d{{1,2}}(?:st|nd|rd|th)? (?:of |de ){_MONTHS}\b"
    rf"|\b(?:last|in|since|this|en|desde|pasado|este) {_MONTHS}\b(?! (?:be|i|we|not))|\b\d{{1,2}}/\d{{1,2}}/(?:\d{{4}}|\d{{2}})\b"
)
_ORDINALS = (
    r"(?:first|second|fourth|fifth|sixth|eighth|tenth|fourteenth|\d{1,2}(?:st|nd|rd|th)|primera|segunda|cuarta|quinta|"
    r"sexta|octava|decima|decimocuarta|\d{1,2}(?:a|va|ta))"
)
_SOURCE = re.compile(
    rf"\b{_ORDINALS} amendment\b|\b(?:{_ORDINALS} enmienda|enmienda (?:{_ORDINALS}|\d+|[ivx]+))\b"
    r"|\b\d+ ?u\.? ?s\.? ?c\.?(?: ?§+)? ?\d+[\w()]*|\b\d+ ?c\.? ?f\.? ?r\.? ?(?:part |§ ?)?\d[\d.]*"
    r"|§+ ?\d[\w.()-]*|\b(?:section|sec\.|seccion|clause|clausula|article|art\.|articulo|chapter|capitulo|paragraph|parrafo|title|titulo) "
    r"(?:\d[\d.]*(?:\([a-z0-9]\))*|[ivx]{1,5}\b)"
    r"|\b(?:penal|government|gov\.|civil|health|family|revised) (?:code|statutes?)(?: (?:section|§))? ?\d[\d.]*|\bcodigo (?:penal|civil|de gobierno)\b"
    r"|\b(?:[hs]\.?b\.?|a\.?b\.?|h\.?r\.?|ley|ordinance|ordenanza|resolution|resolucion|proposition|proposicion|prop\.?)(?: (?:no\.?|num\.?|numero|sb|hb|ab))? ?\d[\w-]*"
    r"|\b(?:gao|oig|inspector general|cato|aclu|doj|justice department|census|census bureau|fbi|auditor'?s?|grand jury|sheriff's)(?:'s)? "
    r"(?:report|study|audit|figures|data|finding|findings|survey|statistics|numbers|review)\b|\bgao-\d\d-\d+"
    r"|\b(?:informe|estudio|auditoria|datos|cifras|estadisticas|encuesta) (?:de(?:l)? )(?:la |los )?(?:gao|oig|aclu|censo|fbi|departamento|inspector|auditor|alguacil|oficina|condado|universidad)\b"
    r"|\bpage \d+|\bpagina \d+|\btable \d+\b|\bappendix [a-z]\b|\bapendice [a-z]\b|\b[a-z]+ v\.? (?=[a-z]+)(?<= v\. )[a-z]+"
)
_PLACE = re.compile(
    r"\b(?:[A-Z][\w'-]+ ){1,3}(?:County|City Council|City|Township|Parish|Street|Avenue|Road|Boulevard|Highway|School|High|Elementary|"
    r"College|University|Hospital|Clinic|Church|Library|Park|Center|Department|Court|Courthouse|Jail|Bridge|Creek|Valley|District|"
    r"Plant|Market|Chamber|Association|Coalition|Council|Ministry|Office|Bureau|Act)\b"
    r"|\b(?:Condado|Ciudad|Escuela|Primaria|Secundaria|Preparatoria|Universidad|Hospital|Clinica|Iglesia|Parroquia|Biblioteca|Parque|"
    r"Centro|Departamento|Tribunal|Corte|Carcel|Puente|Calle|Avenida|Carretera|Oficina|Camara|Ley|Mercado|Distrito|Asociacion)"
    r"(?: (?:de|del|la|las|los|el|San|Santa|[A-Z][\w'-]+)){0,4} [A-Z][\w'-]+"
    r"|\b(?:Highway|Route|Ruta|Carretera|I-|US) ?\d+\b"
)
# What the matter is called is no fact about it: "287(g)", "Section 287(g)", "the 287(g) program".
_ITS_NAME = re.compile(r"(?:§+ ?|\b(?:section|seccion) )?\b287 ?\(? ?g\b ?\)?(?![\w(]*\d)")
_PATTERNS = (
    (EvidenceKind.MONEY, _MONEY),
    (EvidenceKind.SOURCE, _SOURCE),
    (EvidenceKind.NUMBER, _NUMBER),
    (EvidenceKind.DATE, _DATE),
)


def find_evidence(text: str) -> tuple[Evidence, ...]:
    """The facts that a text gives, in order; none of them overlaps another or personal data."""
    reading = read(text)
    taken = [(one.start, one.end) for one in find_personal_data(reading.folded)]
    found: list[Evidence] = []
    for kind, start, end in _candidates(reading):
        if all(end <= first or last <= start for first, last in taken):
            taken.append((start, end))
            found.append(Evidence(kind, start, end))
    return tuple(sorted(found, key=lambda one: one.start))


def is_concrete(text: str) -> bool:
    """Whether a text is rich in facts: of two kinds at least, one of them more than a name; or three facts."""
    return is_enough(find_evidence(text))


def is_enough(facts: tuple[Evidence, ...]) -> bool:
    """Whether these facts make a text a concrete one."""
    telling = [fact for fact in facts if fact.kind is not EvidenceKind.PLACE]
    if not telling:
        return False
    return len({fact.kind for fact in facts}) >= ENOUGH_KINDS or len(telling) >= ENOUGH_OF_ONE


def _candidates(reading: Reading) -> Iterator[tuple[EvidenceKind, int, int]]:
    folded = reading.folded
    names = [match.span() for match in _ITS_NAME.finditer(folded.text)]
    for kind, pattern in _PATTERNS:
        yield from _found(kind, pattern, folded, folded.text, names)
    yield from _found(EvidenceKind.PLACE, _PLACE, folded, folded.cased, names)
    for place in find_cues(reading, "experience"):
        span = reading.span(place, "")
        yield EvidenceKind.EXPERIENCE, span.start, span.end


def _found(
    kind: EvidenceKind, pattern: re.Pattern[str], folded: Folded, text: str, names: list[tuple[int, int]]
) -> Iterator[tuple[EvidenceKind, int, int]]:
    for match in pattern.finditer(text):
        start, end = match.span()
        if all(end <= first or last <= start for first, last in names):
            yield kind, *folded.original(start, end)
