"""Statements about the immigration status of the writer or of a person who can be told apart.

“My mother is undocumented” tells an officer whom to look for; “our church helps undocumented families” does
not. So a status counts only of a subject that is one's own ("I", "my husband", "nuestra familia") or named
("my neighbor Luis").
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

_PERSON_EN = (
    r"(?:husband|wife|spouse|partner|boyfriend|girlfriend|fiance|fiancee|son|daughter|brother|sister"
    r"|mother|father|mom|mum|dad|parents?"
    r"|kids?|child|children|cousins?|uncle|aunt|nephew|niece|grand(?:mother|father|ma|pa|parents)|family"
    r"|in-laws|neighbors?|friends?"
    r"|roommate|boss|coworker|employees?|nanny|students?|tenants?|landlord|brothers|sisters|sons|daughters)"
)
_PERSON_ES = (
    r"(?:esposo|esposa|marido|mujer|pareja|novio|novia|hijos?|hijas?|hermanos?|hermanas?|madre|padre"
    r"|padres|mama|papa|papas|primos?"
    r"|primas?|tios?|tias?|sobrinos?|sobrinas?|abuelos?|abuelas?|familia|suegros?|suegra|cunados?|cunada"
    r"|vecinos?|vecinas?|amigos?"
    r"|amigas?|companer[oa]s?|empleados?|empleada|jefe|nuera|yerno)"
)
_NAMED = r"(?: ?,? [A-Z][a-z]{1,20}){0,3}"
_SUBJECT_EN = (
    rf"(?:\b(?:my|our) (?:(?:own|older|younger|little|big|next[ -]door|best|ex|step|late|dear|elderly) "
    rf")?{_PERSON_EN}{_NAMED}"
    r"|\bI\b|\bI'm|\bI've|\bwe\b|\bwe're|\bwe've|\bboth of us|\bhalf of my family|\bone of my (?:students"
    r"|neighbors|friends|employees))"
)
_SUBJECT_ES = (
    rf"(?:\b(?:mis?|nuestr[oa]s?) (?:(?:propi[oa]|mejor|querid[oa]) )?{_PERSON_ES}{_NAMED}|\byo"
    rf"|\bnosotr[oa]s"
    r"|\buno de mis (?:vecinos|amigos|alumnos|empleados))"
)
_BETWEEN_EN = (
    r"(?: (?:and I|both|all|also|too|still|currently|just|now|never|has|have|had|is|am|are|was|were|been"
    r"|being|here|living|came|come|got"
    r"|a|an|the|to|this|country|county|as|who|for|years|many|my|whole|life|since|20\d\d|\d{1,2})\b,?){0,7}"
)
_STATE_EN = (
    r"(?:(?:undocumented|unauthorized)(?! \w{0,4}migrants?| (?:people|neighbors?|famil|workers?|students?"
    r"|kids|child|residents?|communit|folks|persons?|parents|friends|population))|(?:here |in this "
    r"country )?illegal(?:ly)?\b(?! (?:search|arrest|detain|held|stop|to))|an illegal|without (?:papers"
    r"|documents|legal status|status|documentation)"
    r"|out of status|no (?:papers|documents|legal status|legal papers|green card|immigration status"
    r"|status)|not (?:here legally|documented|legal|a legal resident)"
    r"|don't have (?:papers|documents|legal status|status|a green card)|doesn't have (?:papers|documents"
    r"|legal status|status|a green card)"
    r"|(?:on|have|has|had|under|with|lost|renewing) (?:my |his |her |their )?(?:DACA|TPS|temporary "
    r"protected status)|an? (?:DACA|TPS) (?:recipient|holder)|(?<=are |were )(?:DACA|TPS) (?:recipient"
    r"|holder)s"
    r"|asylum seekers?|seeking asylum|applied for asylum|applying for asylum|a refugee|overstayed(?: "
    r"(?:my|his|her|their|a|the) visas?)?"
    r"|crossed (?:the )?border|crossed (?:illegally|without)|deported|in removal proceedings|in "
    r"deportation proceedings|fac(?:e|es|ing) deportation"
    r"|(?:a )?green card holders?|a (?:lawful |legal )?permanent resident|waiting (?:on|for) (?:my|his"
    r"|her|their|our) (?:green card|papers|visa|asylum|work permit|immigration case|u visa)"
    r"|has an ICE hold)"
)
_STATE_ES = (
    r"(?:indocumentad[oa]s?|sin papeles|sin documentos|sin estatus(?: legal)?|ilegal(?:es|mente)?\b(?! "
    r"(?:que|el|la|los))|no (?:tengo|tiene|tienen|tenemos) (?:papeles|documentos|estatus|residencia|la "
    r"residencia)"
    r"|(?:tengo|tiene|tienen|tenemos|con|bajo|perdi|renovando) (?:el |mi |su )?(?:DACA|TPS|asilo|estatus "
    r"de proteccion temporal)|(?:se me|se le|se les|se nos) (?:vencio|vencieron|caduco|acabo) (?:la|el|mi"
    r"|su) (?:visa|permiso|residencia|permiso de trabajo)"
    r"|(?:pedi|pidio|pedimos|pidieron|solicite|solicito|solicitamos|esperando|espera|espero|esperamos"
    r"|esperan|buscando) (?:el |mi |su |nuestro )?(?:asilo|residencia|caso de asilo|la residencia)"
    r"|solicitantes? de asilo|refugiad[oa]s?"
    r"|(?:cruce|cruzo|cruzamos|cruzaron) (?:la frontera|sin|de mojad[oa]|el rio|el desierto)(?: sin "
    r"(?:permiso|papeles))?|deportad[oa]s?|(?:lo|la|los|me|nos) deportaron|en proceso de deportacion|con "
    r"orden de deportacion"
    r"|residentes? (?:permanentes?|legal(?:es)?))"
)
_BETWEEN_ES = (
    r"(?: (?:y yo|tambien|todavia|aun|ya|aqui|es|son|soy|somos|esta|estan|estoy|estamos|fue|fueron|era"
    r"|eran|sigue|siguen|vive|viven|vivo|vivimos"
    r"|lleva|llevan|llevo|llevamos|una?|el|la|los|las|no|se|le|les|que|familia|anos|muchos|en|este|pais"
    r"|desde|hace|de|llego|llegaron|vino|vinieron|20\d\d|\d{1,2})\b,?){0,7}"
)
_PATTERNS = tuple(
    regex.compile(expression, regex.IGNORECASE)
    for expression in (
        rf"{_SUBJECT_EN}{_BETWEEN_EN} {_STATE_EN}\b",
        rf"{_SUBJECT_ES}{_BETWEEN_ES} {_STATE_ES}\b",
        rf"\b(?:my|our) undocumented {_PERSON_EN}\b",
        (
            rf"\b(?:my|our) {_PERSON_EN}{_NAMED}'?s?'? (?:asylum|immigration|deportation|visa|u visa|green "
            rf"card) (?:case|hearing|application|status|petition|interview)\b"
        ),
        (
            r"\b(?:waiting|wait|waited) (?:on|for) (?:my|our) (?:\w{2,12}'s )?(?:green card|papers|visa"
            r"|asylum|work permit|immigration case)\b"
        ),
        (
            r"\b(?:my|our) (?:visa|green card|work permit|DACA|TPS|asylum case|papers|immigration case"
            r"|deportation order)\b (?:expired|ran out|is|was|has|got|renewal|application|hearing)"
        ),
        (
            r"\b(?:soy|somos|estoy|estamos|vivo|vivimos)(?: (?:un|una|unos|aqui|en este pais|todavia|familia"
            r"|de|los|las|gente|padre|madre)\b){0,4}"
            r" (?:indocumentad[oa]s?|sin papeles|sin documentos|ilegal(?:es)?|DACA|TPS|solicitantes? de asilo"
            r"|refugiad[oa]s?|residentes? permanentes?)\b"
        ),
        (
            r"\b(?:se me|se nos) (?:vencio|vencieron|caduco|acabo) (?:la|el|mi|nuestra) (?:visa|permiso"
            r"|residencia|estatus|permiso de trabajo)\b"
        ),
        r"\b(?:no tengo|no tenemos) (?:papeles|documentos|estatus|residencia|la residencia|green card)\b",
        (
            r"\b(?:tengo|tenemos) (?:DACA|TPS|asilo|un caso de asilo|una orden de deportacion|green card"
            r"|permiso de trabajo)\b"
        ),
        r"\b(?:cruce|cruzamos) (?:la frontera|de mojad[oa]s?|sin papeles|el rio|el desierto|ilegalmente)\b",
        (
            r"\b(?:mi|nuestro|nuestra) (?:caso|tramite|cita|solicitud|peticion) de (?:asilo|inmigracion"
            r"|deportacion|residencia|visa)\b"
        ),
        r"\b(?:me|nos) (?:deportaron|van a deportar|quieren deportar)\b",
        r"\bas an? (?:undocumented|DACA|asylum|TPS)\b",
        (
            r"\bI (?:came|crossed|entered|live|am living)(?: \w{1,12}){0,5} (?:illegally|without papers"
            r"|without documents|without inspection)\b"
        ),
    )
)  # fmt: skip

# One of these stands in each of the statements above: a text without them is not searched further.
_HINTS = regex.compile(
    r"document|papers|papeles|authoriz|illegal|ilegal|status|estatus|visa|DACA|TPS|protected|asyl|asil|refugee|refugiad"
    r"|crossed|cruc|cruz|deport|removal|green card|resident|permi|inspection|immigra|migra|hold|protec",
    regex.IGNORECASE,
)


def find_status_disclosures(text: str) -> Iterator[tuple[int, int]]:
    """Half-open spans of such statements in a folded text that has kept its capitals, none inside another."""
    if not _HINTS.search(text):
        return
    spans = sorted({match.span() for pattern in _PATTERNS for match in pattern.finditer(text)})
    end = -1
    for start, stop in spans:
        if stop > end:
            yield max(start, end), stop
            end = stop
