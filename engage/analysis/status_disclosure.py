"""Statements about the immigration status of the writer or of a person who can be told apart.

“My mother is undocumented” tells an officer whom to look for; “our church helps undocumented families” does
not. So a statement has two parts that stand together: somebody who is one's own ("I", "my husband", "la
niñera de mis hijos") or named ("my neighbor Luis"), and what is said of their status. It does not count
denied ("I am not undocumented"), supposed ("if I were …", "si mi hijo fuera …"), asked, told as what others
say ("they think my husband is illegal"), or set right in the same sentence ("… but she is a citizen").
To be a citizen is no disclosure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from engage.analysis.folding import Folded

# -- English -----------------------------------------------------------------------------------------------

_KIN_EN = (
    r"(?:(?:step|half|grand|god|foster)[ -]?)?(?:husband|wife|spouse|partner|boyfriend|girlfriend|fiancee?|sons?|daughters?"
    r"|brothers?|sisters?|siblings?|mothers?|fathers?|mom|mum|mama|dad|daddy|papa|parents?|kids?|child|children|cousins?|uncles?"
    r"|aunts?|nephews?|nieces?|grandma|grandpa|family|in-laws|(?:mother|father|brother|sister|son|daughter)-in-law|relatives?)"
)
_NEAR_EN = (
    r"(?:neighbou?rs?|friends?|roommates?|boss|co-?workers?|colleagues?|employees?|nanny|babysitter|housekeeper|maid|gardener|cook"
    r"|foreman|students?|tenants?|landlord|cleaning lady|caregiver|mechanic|classmates?|pastor|ex)"
)
_PERSON_EN = rf"(?:{_KIN_EN}|{_NEAR_EN})"
_CAPITAL = r"(?-i:[A-Z][a-z]{1,20})"
_TITLE = r"(?:Mrs?\.? |Ms\.? |Dr\.? |Don |Dona |Sra?\.? )?"
_NAMED = rf"(?:,? {_TITLE}{_CAPITAL}(?: {_CAPITAL}){{0,2}},?)?"
_ADJECTIVES_EN = r"(?:(?:own|older|younger|little|big|next[ -]door|best|late|dear|elderly|oldest|youngest|then|good|close|poor|dead|kids'|child's) ){0,2}"
_OWN_EN = rf"(?:my|our) {_ADJECTIVES_EN}(?:{_PERSON_EN}'s? )?{_PERSON_EN}\b(?!'s){_NAMED}"
_PRONOUN_EN = r"(?:i'm|i've|i'd|i|we're|we've|we)"
_NOT_A_NAME = (
    r"(?-i:(?!(?:The|This|That|Our|Your|Their|His|Her|No|Not|Many|Most|Some|All|Any|Every|If|When|While|And|But|So|What|Who|They"
    r"|People|President|Sheriff|Congress|County|Racial|Central|Illegal|Undocumented|Being|Because|Nobody|Everyone|Someone|One|El|La|Los|Las|Un|Una)\b))"
)
_SOMEBODY_EN = (
    rf"(?:\b(?:(?:two|three|some|both|one|half|many|most|several|all|a few|each|none) of )?{_OWN_EN}(?: and i\b)?"
    rf"|\b{_PRONOUN_EN}\b"
    # A named person, with what they are to the writer or to others beside the name.
    rf"|\b{_NOT_A_NAME}{_CAPITAL} (?:{_CAPITAL} )?{_CAPITAL}(?:, (?:my|our|the|who|a)\b[^.,;!?\n]{{1,40}},)?(?= (?:is|was|has|had|never|doesn't|got|lost|overstayed|crossed|came|entered|snuck)\b)"
    rf"|\bthe (?:guy|man|woman|lady|girl|boy|kid|cook|owner|worker|driver|neighbou?r|waitress|waiter|couple)\b[^.,;!?\n]{{0,40}}, {_CAPITAL}(?: {_CAPITAL}){{0,2}},)"
)
_FILL_EN = (
    r"(?: (?:both|all|also|too|still|currently|just|now|actually|only|once|always|here|there|living|has|have|had|is|am|are|was|were|been"
    r"|being|'s|admit|this|country|county|as|who|for|many|my|whole|life|since|about|almost|over|years?|ago|in|19\d\d|20\d\d|\d{1,2}"
    r"|proud|proudly|and|wife|i|myself|technically)\b,?){0,7}"
)
_NO_NOUN = (
    r"(?! ?(?:im)?migrants? (?:right|communit|advoca|popul)| (?:people|neighbors?|famil\w+|workers?|students|kids|communit\w+|folks|population"
    r"|friends|search\w*|arrest\w*|detain\w*|detention|held|stop\w*|activit\w+|parking|act)\b|-)"
)
_PAPERS_EN = r"(?:papers|legal papers|legal status|immigration status|(?:legal )?status(?! (?:on|of|update|report|quo))|green cards?|(?:legal )?documents(?! (?:of|for|on|to|that|about|from))|documentation(?! (?:of|for|on|to|that|about|from)))"
_LACKS_EN = rf"(?:no|never (?:had|got|received)(?: (?:any|my|his|her|their|our))?|without(?: any| my| his| her| their)?) (?:valid |proper |legal )?{_PAPERS_EN}"
_LACKS_BY_VERB_EN = (
    r"(?:(?:do|does|did|has|have|had) ?(?:not|never)|don't|doesn't|didn't|haven't|hasn't|never)(?: yet| currently| even| ever)?"
    rf" (?:have|had|get|got|gotten|receive|received)(?: (?:any|a|my|his|her|their|our|legal|valid|proper|real|the|right))* {_PAPERS_EN}"
)
_NOT_FOR_OTHERS = r"(?! (?:students?|clients?|friends|kids|recipients|famil\w+|employees|workers|patients|holders|neighbors))"
_IS_EN = (
    rf"(?:undocumented|unauthorized|an? (?:undocumented|unauthorized|illegal)(?: (?:immigrant|alien|worker|resident|person|mother|mom|father|dad|parent|student|migrant|young \w+|woman|man))?{_NO_NOUN}"
    rf"|(?:here|living here|in (?:this|the) (?:country|county|us|usa|states)|staying here|working here) (?:illegally|unlawfully|without)"
    rf"|(?:here )?illegal(?: (?:alien|immigrant)s?)?(?! (?:to|for|that)\b)|illegals|out of status|daca(?:mented)?{_NOT_FOR_OTHERS}|an? (?:\w+ )?(?:daca|tps|asylum) (?:recipient|holder|beneficiary|seeker|applicant|student)"
    r"|(?:daca|tps) (?:recipient|holder)s|asylum seekers|seeking asylum|(?:applied|applying) for asylum"
    r"|on an? (?:expired|overstayed|fake)? ?(?:student|work|tourist|visitor)?'?s? ?visa|(?:in|under|facing) (?:deportation|removal)"
    r"(?: proceedings| order)?|fac(?:e|es|ing) deportation|(?:under|with) an? (?:deportation|removal) order|deported"
    r"|waiting (?:on|for) (?:my|his|her|their|our) (?:green card|papers|visa|asylum|work permit|immigration case|u visa|hearing)"
    r"|not (?:here legally|legal|documented|a legal resident|authorized to be here|in status|lawfully present)"
    r"|an? (?:green card holder|(?:lawful |legal )?permanent resident)|green card holders)"
)
_DOES_EN = (
    r"(?:overstayed(?: (?:my|his|her|their|our|a|the)(?: \w+)? visas?)?|(?:crossed|snuck|came|entered|got|arrived|immigrated|moved)"
    r"(?: (?:the|into|in|over|across|up|here|to|this|country|us|border|river|desert|from \w+|back|when \w+ \w+ \w+)){0,4}"
    r" (?:illegally|unlawfully|without (?:papers|documents|inspection|permission|a visa|authorization))"
    r"|(?:illegally )?(?:crossed|snuck across|swam across) the (?:border|river|desert|rio grande)|illegally (?:came|entered|crossed)"
    rf"|(?:have|has|had|'ve|got|get|gets|with|on) (?:an? (?:pending |active |final |old )?(?:deportation|removal|asylum|immigration) (?:order|case|hearing)|(?:a |an )?(?:my |his |her |their )?(?:daca|tps|temporary protected status|ice hold|ice detainer){_NOT_FOR_OTHERS})"
    r"|(?:lost|renewed|renewing|renew) (?:my|his|her|their|our) (?:daca|tps|status|work permit|green card|residency)"
    r"|(?:was|were|got|has been|have been|been) deported|(?:applied|filed) for asylum|(?:is|are|am|'m|'re) seeking asylum)"
)
_BE_EN = r"(?: (?:is|am|are|was|has been|have been|had been|'s)|'m|'re|'ve been|'s| were)"
_ENGLISH = rf"""
{_SOMEBODY_EN}(?:{_FILL_EN}(?: (?:{_IS_EN}|{_LACKS_EN}|{_DOES_EN})|(?:,| who| and|) (?:{_LACKS_BY_VERB_EN})))\b{_NO_NOUN}
|\b(?:my|our) (?:undocumented|unauthorized) {_PERSON_EN}\b
|\b(?:i|we)(?: (?:and|my|wife|husband|\w+ly|here|over)){{0,3}} (?:{_DOES_EN}|(?:live|lived|am living|work|worked|stay|stayed|came|grew up)(?: (?:here|in|this|country|to|the|us|for|\d+|years|\w+ly)){{0,5}} (?:illegally|without (?:papers|documents|inspection|status|legal status)))\b
|\b{_OWN_EN}'s? (?:asylum|immigration|deportation|removal|visa|u visa|green card) (?:case|hearing|application|status|petition|interview|order)\b
|\b(?:my|our) (?:{_PERSON_EN}'s )?(?:asylum|deportation|removal|immigration) (?:case|hearing|application|petition|interview|order)\b
|\bwait(?:ing|ed)? (?:on|for) (?:my|our) (?:\w{{2,12}}'s? )?(?:green card|papers|visa|asylum|work permit|immigration case)\b
|\b(?:my|our) (?:{_PERSON_EN}'s )?(?:\w+ )?(?:visa|green card|work permit|daca|tps|residency|immigration status) (?:\w+ )?(?:has |have |had |is |was |got )?(?:expired|ran out|lapsed|revoked|denied|up for renewal|renewal|pending)\b
|(?:^ ?|[.!?;,\n] ?|\bi \w+ |speak\w* |writ\w+ )as an? (?:undocumented|daca|asylum|tps|daca-eligible) \w+(?! (?:advocate|lawyer|attorney|you))
|\bi'?m (?:an )?illegal\b{_NO_NOUN}
"""

# -- Spanish -----------------------------------------------------------------------------------------------

_PERSON_ES = (
    r"(?:espos[oa]s?|marido|mujer|parejas?|novi[oa]s?|prometid[oa]|hij[oa]s?|hijastr[oa]s?|herman[oa]s?|madres?|padres?|padrastro|madrastra|mama|papas?"
    r"|prim[oa]s?|ti[oa]s?|sobrin[oa]s?|abuel[oa]s?|abuelit[oa]s?|familia(?:res)?|parientes?|suegr[oa]s?|cunad[oa]s?|nueras?|yernos?|niet[oa]s?"
    r"|vecin[oa]s?|amig[oa]s?|companer[oa]s?|emplead[oa]s?|jefe|patron|ninera|muchacha|sirvienta|jardinero|cociner[oa]|inquilin[oa]s?|alumn[oa]s?"
    r"|compadres?|comadres?|padrin[oa]s?|ahijad[oa]s?)"
)
_OWN_ES = rf"(?:mis?|nuestr[oa]s?) (?:(?:propi[oa]|mejor(?:es)?|querid[oa]|pobre|ex|futur[oa]|difunt[oa]) ){{0,2}}{_PERSON_ES}\b(?: (?:mayor|menor|chiquit[oa]|de trabajo|de cuarto))?(?:(?: y|,) (?:mis? |nuestr[oa]s? )?{_PERSON_ES})?{_NAMED}"
_SOMEBODY_ES = (
    rf"(?:\b(?:(?:dos|tres|algun[oa]s?|un[oa]|ambos|vari[oa]s|la mitad|todos|tod[oa]) de )?{_OWN_ES}(?: y yo\b)?"
    rf"|\b(?:el|la|los|las) {_PERSON_ES} de (?:mi|mis|nuestr[oa]s?) \w+{_NAMED}"
    rf"|\b{_NOT_A_NAME}{_CAPITAL} (?:{_CAPITAL} )?{_CAPITAL}(?:, (?:mi|nuestr[oa]|el|la|quien|que|un|una)\b[^.,;!?\n]{{1,40}},)?(?= (?:es|esta|era|fue|sigue|vive|tiene|tenia|no|nunca|perdio|cruzo|llego|entro|vino|paso)\b)"
    rf"|\bel (?:senor|muchacho|hombre|cocinero|jardinero)\b[^.,;!?\n]{{0,40}}, {_CAPITAL}(?: {_CAPITAL}){{0,2}},|\byo|\bnosotr[oa]s)"
)
_FILL_ES = (
    r"(?: (?:tambien|todavia|aun|ya|aqui|alla|es|son|soy|somos|esta|estan|estoy|estamos|fue|fueron|era|eran|sigue|siguen|vive|viven|vivo|vivimos"
    r"|trabaja|trabajan|trabajo|lleva|llevan|llevo|llevamos|un|una|unos|unas|el|la|los|las|que|familia|gente|persona|inmigrante|madre|padre|mujer|joven|estudiante"
    r"|anos|muchos|mucho|tiempo|en|este|pais|condado|desde|hace|de|ser|vez|pero|aun|20\d\d|\d{1,2}|dos|tres|cuatro|cinco|diez|doce|quince|veinte|toda|vida|su|mi)\b,?){0,8}"
)
_PAPERS_ES = r"(?:papeles|documentos(?! (?:de|para|que|del|sobre))|(?:un )?est(?:atus|ado) (?:legal|migratorio)|estatus|(?:la )?residencia|visa|green card|permiso de trabajo)"
_PROGRAM_ES = r"(?:daca|tps|asilo|estatus de proteccion temporal)"
_STATE_ES = (
    rf"(?:indocumentad[oa]s?|sin (?:papeles|documentos|visa|estatus(?: legal| migratorio)?)(?! (?:no|nadie|ni) )|(?:de )?ilegal(?:es|mente)?\b(?! (?:que|el|la|los))|irregular(?:es)?(?= en)"
    rf"|(?:beneficiari[oa]s?|titular|recipiente|portador|solicitante|receptor[a]?)s? (?:de |del |de la )?{_PROGRAM_ES}|{_PROGRAM_ES}|dacamentad[oa]s?|dreamers?"
    r"|refugiad[oa]s?|(?:en|bajo) (?:proceso|orden|tramites?) de (?:deportacion|asilo)|deportad[oa]s?|residentes? (?:permanentes?|legal(?:es)?))"
)
_HAS_ES = (
    rf"(?:tengo|tiene|tienen|tenemos|tenia|tenian|con|bajo|perdi|perdio|perdieron|renovando|renovo|renove|pedi|pidio|pedimos|pidieron|solicite|solicito|solicitamos|esperando|espera|espero|esperamos|esperan|buscando)"
    rf" (?:el |la |mi |su |sus |mis |nuestro |un |una )?(?:{_PROGRAM_ES}|(?:orden|caso|juicio|solicitud|cita|proceso|tramite|audiencia) (?:pendiente )?de (?:deportacion|asilo|migracion|inmigracion)|residencia|papeles(?= en tramite| de migracion)|permiso de trabajo)"
)
_LACKS_ES = rf"(?:no|nunca|ni|jamas|sin) (?:ha |han |he |hemos )?(?:tengo|tiene|tienen|tenemos|tenia|tenian|tenido|tuvo|tuve|tuvieron|consiguio|consegui|le dieron|me dieron|les dieron)(?: (?:ningun|todavia|aun|mis|sus|los|el|la|ni)){{0,2}} {_PAPERS_ES}"
_WAY_ES = (
    r"(?:(?: (?:la|el|al|a|este|este|pais|frontera|rio|desierto|por|aqui|estados unidos|eua|usa|linea|de nino|de nina|solo|sola|caminando|nadando|en \d{4})\b){0,5}"
    r" (?:sin (?:papeles|documentos|inspeccion|permiso|visa|autorizacion)|(?:de forma |de manera )?ilegal(?:mente)?|de mojad[oa]s?|(?:la|por la|por el|el) (?:frontera|rio bravo|rio|desierto|cerro)\b(?! (?:sur|norte))))"
)
_WENT_FIRST_ES = r"(?:cruce|cruzamos|llegue|llegamos|entre|entramos|vine|vinimos|pase|pasamos|me cruce|nos cruzamos|me vine|nos vinimos|me pasaron|nos pasaron|me trajeron|nos trajeron)"
_WENT_ES = r"(?:cruzo|cruzaron|llego|llegaron|entro|entraron|vino|vinieron|paso|pasaron|se cruzo|se paso|se vino|se vinieron)"
_EXPIRED_ES = r"(?:vencio|vencieron|caduco|caducaron|acabo|expiro|termino)"
_CARD_ES = r"(?:visas?|permiso(?: de trabajo)?|residencia|estatus|permiso|green card|daca|tps|mica)"
_SPANISH = rf"""
{_SOMEBODY_ES}{_FILL_ES}(?: (?:{_STATE_ES}|{_HAS_ES}|{_LACKS_ES})|,? (?:que )?{_WENT_ES}{_WAY_ES})\b
|{_SOMEBODY_ES}{_FILL_ES} se qued(?:o|aron)\b[^.;!?\n]{{0,25}}\b(?:visa|permiso|ilegal\w*|sin papeles)
|\b(?:soy|somos|estoy|estamos|vivo|vivimos|fui|sigo|seguimos|trabajo)(?!\w)(?: (?:un|una|unos|aqui|en este pais|en el pais|todavia|familia|de|los|las|gente|padre|madre|persona|estudiante|inmigrante|mujer|joven|trabajador[a]?|ya|tambien|hace \w+ anos)\b){{0,4}} {_STATE_ES}\b
|\b(?:no|nunca|ni) (?:tengo|tenemos|tuve|tuvimos|he tenido)(?: (?:ningun|todavia|aun|mis|los|el|la|ni)){{0,2}} {_PAPERS_ES}\b
|\bni mi {_PERSON_ES} ni yo (?:tenemos|tengo|hemos tenido) {_PAPERS_ES}\b
|\b(?:tengo|tenemos|perdi|perdimos|renove)(?: (?:un|una|el|mi|la))? (?:{_PROGRAM_ES}|(?:orden|caso|juicio|solicitud|cita|proceso) (?:pendiente )?de (?:deportacion|asilo)|green card|permiso de trabajo|visa de \w+)\b
|\b{_WENT_FIRST_ES}{_WAY_ES}
|\b(?:vine|vinimos|entre|entramos|llegue|llegamos)(?: (?:aqui|al pais))? con (?:una )?visa\b[^.;!?\n]{{0,30}}\b(?:me|nos) qued\w+
|\b(?:se me|se nos) (?:ya )?{_EXPIRED_ES} (?:la|el|mi|nuestra|nuestro) {_CARD_ES}\b
|\bse les? {_EXPIRED_ES} (?:la|el|su) {_CARD_ES}(?: de \w+)? a {_OWN_ES}
|\ba {_OWN_ES},? (?:ya )?se les? {_EXPIRED_ES} (?:la|el|su) {_CARD_ES}\b
|\ba {_OWN_ES},? (?:ya )?(?:lo|la|los|las|le|les) (?:deportaron|van a deportar|quieren deportar|agarro la migra|negaron el asilo)\b
|{_SOMEBODY_ES}{_FILL_ES} (?:lo|la|los|las) deportaron\b
|\b(?:mi|nuestr[oa]) {_CARD_ES}(?: de \w+)? (?:ya )?(?:se )?(?:me )?(?:{_EXPIRED_ES}|esta vencid[oa])\b
|\b(?:estoy|estamos|sigo|seguimos) esperando (?:mi|mis|el|los|la|nuestr[oa]s?)(?: caso de| cita de)? (?:asilo|papeles|residencia|green card|permiso)\b
|\b(?:mi|nuestr[oa]) (?:caso|tramite|solicitud|peticion|juicio|cita) de (?:asilo|inmigracion|migracion|deportacion|residencia|visa)\b
|\b(?:me|nos) (?:deportaron|van a deportar|quieren deportar)\b
|(?:^ ?|[.!?;,\n"] ?|\byo,? |\bles? \w+ )como (?:persona |madre |padre |mujer |joven |inmigrante |estudiante )?indocumentad[oa]\b
"""

# -- What takes a statement back ---------------------------------------------------------------------------

_SUPPOSED_BEFORE = re.compile(
    r"\b(?:if|whether|unless|suppose|imagine|pretend|as though|what if|maybe|asked|ask|asks|asking|accused?|accuses|assumed?|assumes"
    r"|(?<!\bi )(?<!\bwe )(?:think|thinks|thought|believes?|believed|says?|said|claims?|claimed|calls?|called)"
    r"|si|aunque|imaginen?|supongan?|pregunt\w{1,5}|acus\w{1,6}|(?<!\byo )(?:dicen?|dijo|dijeron|creen?|cree|piensan?|creyo|creyeron|afirman?|alegan?))\b"
    r"[^.;!?\n]{0,25}$"
)
_DENIED_BEFORE = re.compile(r"\b(?:no|not|never|nunca|tampoco|ni|jamas)(?: (?:we|i|yo|nosotros))?\s?$")
_DENIED_INSIDE = re.compile(
    r"\b(?:am|is|are|was|were|i'm|we're) (?:not|never) (?:an? )?(?:undocumented|illegal|unauthorized|here illegally|in this country illegally|deported|seeking)"
    r"|n't (?:an? )?(?:undocumented|illegal|here illegally|deported)|\bi were\b|\bno (?:es|son|soy|somos|esta|estan|estoy) (?:un |una )?(?:indocumentad|ilegal|deportad)"
)
_SET_RIGHT_AFTER = re.compile(
    r"\b(?:(?:is|are|am|was|'s) (?:an? )?(?:us |u\.s\. |american |naturalized )?citizens?|(?:was|were) born (?:here|in)"
    r"|(?:es|son|soy|somos) (?:un |una )?(?:ciudadan|estadounidense|american))"
)
_CITIZENS_TOO = re.compile(
    r"\b(?:kids?|children|sons?|daughters?|hij[oa]s|wife|husband|espos[oa]|they|i|yo)\b"
)

# -- Where to look ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Language:
    """The statements of one language, and what must stand beside them: a word of status and somebody.

    Without those two a sentence is not searched further, which is nearly every sentence there is.
    """

    statements: tuple[re.Pattern[str], ...]
    hints: frozenset[str]
    hint: re.Pattern[str]
    somebody: re.Pattern[str]


def _language(statements: str, hints: str, somebody: str) -> _Language:
    words = frozenset(hints.split())
    named = r"(?-i:[A-Z][a-z]+,? [A-Z][a-z]|[A-Z][a-z]+, (?:is|was|has|es)\b)"
    return _Language(
        statements=tuple(
            re.compile(line.removeprefix("|"), re.IGNORECASE) for line in statements.strip().splitlines()
        ),
        hints=words,
        hint=re.compile(rf"\b(?:{'|'.join(sorted(words))})\b"),
        somebody=re.compile(rf"\b(?:(?:{somebody})\b|{named})", re.IGNORECASE),
    )


_LANGUAGES = (
    _language(
        _ENGLISH,
        """
        undocumented unauthorized illegal illegals illegally unlawfully legal legally lawfully papers status
        documents documentation documented daca dacamented tps deported deportation removal visa visas
        overstayed asylum refugee card cards resident residency permit authorization authorized inspection permission
        border river desert grande immigration protected ice
        """,
        "my|our|i|we|as",
    ),
    _language(
        _SPANISH,
        """
        indocumentado indocumentada indocumentados indocumentadas ilegal ilegales ilegalmente papeles documentos
        estatus estado asilo deportacion deportado deportada deportados deportadas deportaron deportar refugiado
        refugiada refugiados refugiadas residencia residente residentes permiso inspeccion autorizacion frontera
        rio desierto cerro mojado mojada mojados mojadas migra migracion inmigracion irregular irregulares
        proteccion mica dacamentado dacamentada dacamentados dacamentadas dreamer dreamers daca tps visa visas
        card
        """,
        "mis?|nuestr[oa]s?|yo|nosotr[oa]s|me|nos|soy|somos|estoy|estamos|vivo|vivimos|fui|sigo|seguimos|trabajo"
        "|tengo|tenemos|tuve|tuvimos|he|perdi|perdimos|renove|cruce|cruzamos|llegue|llegamos|entre|entramos|vine"
        "|vinimos|pase|pasamos|como",
    ),
)
_SENTENCE_END = re.compile(r"(?<!\bmr)(?<!\bms)(?<!\bmrs)(?<!\bdr)(?<!\bsr)(?<!\bsra)[.!?;\n]+(?=\s|$)")
_REACH = 240


def find_status_disclosures(folded: Folded, words: AbstractSet[str]) -> Iterator[tuple[int, int]]:
    """Half-open spans of such statements in the folded text, in order, none inside another.

    ``words`` are those of the text, folded and in lower case.
    """
    spans = [
        span
        for language in _LANGUAGES
        if not language.hints.isdisjoint(words)
        for span in _statements(folded, language)
    ]
    last = -1
    for start, stop in sorted(spans, key=lambda span: (span[0], -span[1])):
        if stop > last:
            yield max(start, last), stop
            last = stop


def _statements(folded: Folded, language: _Language) -> Iterator[tuple[int, int]]:
    for begin, end in _stretches(folded.text, language.hint):
        stretch, lower = folded.cased[begin:end], folded.text[begin:end]
        if language.somebody.search(stretch):
            for pattern in language.statements:
                for match in pattern.finditer(stretch):
                    start, stop = _trimmed(stretch, *match.span())
                    if not _taken_back(lower, start, stop):
                        yield begin + start, begin + stop


def _stretches(text: str, hint: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """The sentences that say something about a status, each only so far around it as a statement reaches."""
    done = 0
    for match in hint.finditer(text):
        if match.start() < done:
            continue
        low = max(done, match.start() - _REACH)
        begin = max((stop.end() for stop in _SENTENCE_END.finditer(text, low, match.start())), default=low)
        stop = _SENTENCE_END.search(text, match.end(), match.end() + _REACH)
        done = stop.end() if stop else min(len(text), match.end() + _REACH)
        yield begin, done


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the sign or space that a pattern needed before the statement, or a comma at its end."""
    stretch = text[start:end]
    return start + len(stretch) - len(stretch.lstrip(' .,;!?\n"')), start + len(stretch.rstrip(" ,"))


def _taken_back(sentence: str, start: int, stop: int) -> bool:
    """Whether the sentence denies or supposes the statement, tells it of others or sets it right."""
    before, statement, after = sentence[:start], sentence[start:stop], sentence[stop:]
    if _SUPPOSED_BEFORE.search(before) or _DENIED_BEFORE.search(before) or _DENIED_INSIDE.search(statement):
        return True
    right = _SET_RIGHT_AFTER.search(after)
    return right is not None and not _CITIZENS_TOO.search(after[: right.start()])
