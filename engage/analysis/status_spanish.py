"""How Spanish says somebody's immigration status: the patterns of `engage.analysis.status_disclosure`.

As in English, but a verb in the first person needs nobody before it. Text is folded: no accents, so “entré”
and “entre” are one word, and what follows must tell them apart.
"""

from __future__ import annotations

from engage.analysis.personal_names import CAPITAL, NAMED, NOT_A_NAME

_PERSON = (
    r"(?:espos[oa]s?|marido|mujer|parejas?|novi[oa]s?|prometid[oa]|hij[oa]s?|hijastr[oa]s?|herman[oa]s?"
    r"|madres?|padres?|padrastro|madrastra|mama|papas?"
    r"|prim[oa]s?|ti[oa]s?|sobrin[oa]s?|abuel[oa]s?|abuelit[oa]s?|familia(?:res)?|parientes?"
    r"|suegr[oa]s?|cunad[oa]s?|nueras?|yernos?|niet[oa]s?"
    r"|vecin[oa]s?|amig[oa]s?|companer[oa]s?|emplead[oa]s?|jefe|patron|ninera|muchacha|sirvienta"
    r"|jardinero|cociner[oa]|inquilin[oa]s?|alumn[oa]s?"
    r"|compadres?|comadres?|padrin[oa]s?|ahijad[oa]s?)"
)
_OWN = (
    rf"(?:mis?|nuestr[oa]s?) (?:(?:propi[oa]|mejor(?:es)?|querid[oa]|pobre|ex|futur[oa]"
    rf"|difunt[oa]) ){{0,2}}{_PERSON}\b(?: (?:mayor|menor|chiquit[oa]|de trabajo"
    rf"|de cuarto))?(?:(?: y|,) (?:mis? |nuestr[oa]s? )?{_PERSON})?{NAMED}"
)
_SOMEBODY = (
    rf"(?:\b(?:(?:dos|tres|algun[oa]s?|un[oa]|ambos|vari[oa]s|la mitad|todos"
    rf"|tod[oa]) de )?{_OWN}(?: y yo\b)?"
    rf"|\b(?:el|la|los|las) {_PERSON} de (?:mi|mis|nuestr[oa]s?) \w+{NAMED}"
    rf"|\b{NOT_A_NAME}{CAPITAL} (?:{CAPITAL} )?{CAPITAL}(?:, (?:mi|nuestr[oa]|el|la|quien|que|un"
    rf"|una)\b[^.,;!?\n]{{1,40}},)?(?= (?:es|esta|era|fue|sigue|vive|tiene|tenia|no|nunca|perdio|cruzo"
    rf"|llego|entro|vino|paso)\b)"
    rf"|\bel (?:senor|muchacho|hombre|cocinero"
    rf"|jardinero)\b[^.,;!?\n]{{0,40}}, {CAPITAL}(?: {CAPITAL}){{0,2}},|\byo|\bnosotr[oa]s)"
)
_FILL = (
    r"(?: (?:tambien|todavia|aun|ya|aqui|alla|es|son|soy|somos|esta|estan|estoy|estamos|fue|fueron|era"
    r"|eran|sigue|siguen|vive|viven|vivo|vivimos"
    r"|trabaja|trabajan|trabajo|lleva|llevan|llevo|llevamos|un|una|unos|unas|el|la|los|las|que|familia"
    r"|gente|persona|inmigrante|madre|padre|mujer|joven|estudiante"
    r"|anos|muchos|mucho|tiempo|en|este|pais|condado|desde|hace|de|ser|vez|pero|aun|20\d\d|\d{1,2}|dos"
    r"|tres|cuatro|cinco|diez|doce|quince|veinte|toda|vida|su|mi)\b,?){0,8}"
)
_PAPERS = (
    r"(?:papeles|documentos(?! (?:de|para|que|del|sobre))|(?:un )?est(?:atus|ado) (?:legal|migratorio)"
    r"|estatus|(?:la )?residencia|visa|green card|permiso de trabajo)"
)
_PROGRAM = r"(?:daca|tps|asilo|estatus de proteccion temporal)"
_STATE = (
    rf"(?:indocumentad[oa]s?|sin (?:papeles|documentos|visa|estatus(?: legal| migratorio)?)(?! (?:no"
    rf"|nadie|ni) )|(?:de )?ilegal(?:es|mente)?\b(?! (?:que|el|la|los))|irregular(?:es)?(?= en)"
    rf"|(?:beneficiari[oa]s?|titular|recipiente|portador|solicitante|receptor[a]?)s? (?:de |del "
    rf"|de la )?{_PROGRAM}|{_PROGRAM}|dacamentad[oa]s?|dreamers?"
    r"|refugiad[oa]s?|(?:en|bajo) (?:proceso|orden|tramites?) de (?:deportacion|asilo)|deportad[oa]s?"
    r"|residentes? (?:permanentes?|legal(?:es)?))"
)
_HAS = (
    rf"(?:tengo|tiene|tienen|tenemos|tenia|tenian|con|bajo|perdi|perdio|perdieron|renovando|renovo"
    rf"|renove|pedi|pidio|pedimos|pidieron|solicite|solicito|solicitamos|esperando|espera|espero"
    rf"|esperamos|esperan|buscando)"
    rf" (?:el |la |mi |su |sus |mis |nuestro |un |una )?(?:{_PROGRAM}|(?:orden|caso|juicio|solicitud"
    rf"|cita|proceso|tramite|audiencia) (?:pendiente )?de (?:deportacion|asilo|migracion|inmigracion)"
    rf"|residencia|papeles(?= en tramite| de migracion)|permiso de trabajo)"
)
_LACKS = (
    rf"(?:no|nunca|ni|jamas|sin) (?:ha |han |he |hemos )?(?:tengo|tiene|tienen|tenemos|tenia|tenian"
    rf"|tenido|tuvo|tuve|tuvieron|consiguio|consegui|le dieron|me dieron|les dieron)(?: (?:ningun"
    rf"|todavia|aun|mis|sus|los|el|la|ni)){{0,2}} {_PAPERS}"
)
_WAY = (
    r"(?:(?: (?:la|el|al|a|este|este|pais|frontera|rio|desierto|por|aqui|estados unidos|eua|usa|linea"
    r"|de nino|de nina|solo|sola|caminando|nadando|en \d{4})\b){0,5}"
    r" (?:sin (?:papeles|documentos|inspeccion|permiso|visa|autorizacion)|(?:de forma "
    r"|de manera )?ilegal(?:mente)?|de mojad[oa]s?|(?:la|por la|por el|el) (?:frontera|rio bravo|rio"
    r"|desierto|cerro)\b(?! (?:sur|norte))))"
)
_WENT_FIRST = (
    r"(?:cruce|cruzamos|llegue|llegamos|entre|entramos|vine|vinimos|pase|pasamos|me cruce|nos cruzamos"
    r"|me vine|nos vinimos|me pasaron|nos pasaron|me trajeron|nos trajeron)"
)
_WENT = (
    r"(?:cruzo|cruzaron|llego|llegaron|entro|entraron|vino|vinieron|paso|pasaron|se cruzo|se paso"
    r"|se vino|se vinieron)"
)
_EXPIRED = r"(?:vencio|vencieron|caduco|caducaron|acabo|expiro|termino)"
_CARD = r"(?:visas?|permiso(?: de trabajo)?|residencia|estatus|permiso|green card|daca|tps|mica)"
# Somebody and a status, one pattern a way of saying it. To be matched without regard to capitals.
SPANISH = (
    rf"{_SOMEBODY}{_FILL}(?: (?:{_STATE}|{_HAS}|{_LACKS})|,? (?:que )?{_WENT}{_WAY})\b",
    rf"{_SOMEBODY}{_FILL} se qued(?:o|aron)\b[^.;!?\n]{{0,25}}\b(?:visa|permiso|ilegal\w*|sin papeles)",
    (
        rf"\b(?:soy|somos|estoy|estamos|vivo|vivimos|fui|sigo|seguimos|trabajo)(?!\w)(?: (?:un|una|unos"
        rf"|aqui|en este pais|en el pais|todavia|familia|de|los|las|gente|padre|madre|persona"
        rf"|estudiante|inmigrante|mujer|joven|trabajador[a]?|ya|tambien"
        rf"|hace \w+ anos)\b){{0,4}} {_STATE}\b"
    ),
    (
        rf"\b(?:no|nunca|ni) (?:tengo|tenemos|tuve|tuvimos|he tenido)(?: (?:ningun|todavia|aun|mis|los"
        rf"|el|la|ni)){{0,2}} {_PAPERS}\b"
    ),
    rf"\bni mi {_PERSON} ni yo (?:tenemos|tengo|hemos tenido) {_PAPERS}\b",
    (
        rf"\b(?:tengo|tenemos|perdi|perdimos|renove)(?: (?:un|una|el|mi|la))? (?:{_PROGRAM}|(?:orden"
        rf"|caso|juicio|solicitud|cita|proceso) (?:pendiente )?de (?:deportacion|asilo)|green card"
        rf"|permiso de trabajo|visa de \w+)\b"
    ),
    rf"\b{_WENT_FIRST}{_WAY}",
    (
        r"\b(?:vine|vinimos|entre|entramos|llegue|llegamos)(?: (?:aqui"
        r"|al pais))? con (?:una )?visa\b[^.;!?\n]{0,30}\b(?:me|nos) qued\w+"
    ),
    rf"\b(?:se me|se nos) (?:ya )?{_EXPIRED} (?:la|el|mi|nuestra|nuestro) {_CARD}\b",
    rf"\bse les? {_EXPIRED} (?:la|el|su) {_CARD}(?: de \w+)? a {_OWN}",
    rf"\ba {_OWN},? (?:ya )?se les? {_EXPIRED} (?:la|el|su) {_CARD}\b",
    (
        rf"\ba {_OWN},? (?:ya )?(?:lo|la|los|las|le|les) (?:deportaron|van a deportar"
        rf"|quieren deportar|agarro la migra|negaron el asilo)\b"
    ),
    rf"{_SOMEBODY}{_FILL} (?:lo|la|los|las) deportaron\b",
    (
        rf"\b(?:mi|nuestr[oa]) {_CARD}(?: de \w+)? (?:ya )?(?:se )?(?:me )?(?:{_EXPIRED}"
        rf"|esta vencid[oa])\b"
    ),
    (
        r"\b(?:estoy|estamos|sigo|seguimos) esperando (?:mi|mis|el|los|la|nuestr[oa]s?)(?: caso de"
        r"| cita de)? (?:asilo|papeles|residencia|green card|permiso)\b"
    ),
    (
        r"\b(?:mi|nuestr[oa]) (?:caso|tramite|solicitud|peticion|juicio|cita) de (?:asilo|inmigracion"
        r"|migracion|deportacion|residencia|visa)\b"
    ),
    r"\b(?:me|nos) (?:deportaron|van a deportar|quieren deportar)\b",
    (
        r"(?:^ ?|[.!?;,\n\x22] ?|\byo,? |\bles? \w+ )como (?:persona |madre |padre |mujer |joven "
        r"|inmigrante |estudiante )?indocumentad[oa]\b"
    ),
)
