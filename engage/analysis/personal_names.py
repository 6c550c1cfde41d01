"""Names of private persons, only where the text itself says who they are and something that could harm them.

Telling a person's name from a place, an agency or the beginning of a sentence takes a model, and flagging
every name would bury what matters: officials are named in most comments, and signing one's own comment is a
choice. So this finder is narrow: it knows a name that the text introduces ("my neighbor Luis Ortega", "me
llamo Rosa Díaz", a signature). Somebody else's counts beside other personal data or an accusation in the
same sentence, the writer's own beside a statement of status anywhere. A name without an introduction ("Luis
Ortega sells drugs") it cannot see; a moderator must.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from engage.analysis.folding import Folded

# How a name looks, where all else is matched without regard to capitals.
CAPITAL = r"(?-i:[A-Z][a-z]{1,20})"
_TITLE = r"(?:Mrs?\.? |Ms\.? |Dr\.? |Don |Dona |Sra?\.? )?"
NAMED = rf"(?:,? {_TITLE}{CAPITAL}(?: {CAPITAL}){{0,2}},?)?"
NOT_A_NAME = (
    r"(?-i:(?!(?:The|This|That|Our|Your|Their|His|Her|No|Not|Many|Most|Some|All|Any|Every|If|When|While"
    r"|And|But|So|What|Who|They"
    r"|People|President|Sheriff|Congress|County|Racial|Central|Illegal|Undocumented|Being|Because"
    r"|Nobody|Everyone|Someone|One|El|La|Los|Las|Un|Una)\b))"
)

# Where a sentence ends; a title's full stop is none.
SENTENCE_END = re.compile(r"(?<!\bmr)(?<!\bms)(?<!\bmrs)(?<!\bdr)(?<!\bsr)(?<!\bsra)[.!?;\n]+(?=\s|$)")

_NAME = r"((?-i:[A-Z][a-z]{1,20}(?:[ -](?:de |la |del |los )?[A-Z][a-z]{1,20}){0,3}))"
_REACH = 240
_OWN = (
    re.compile(rf"\b(?:my name is|i am called|me llamo|mi nombre es) {_NAME}", re.IGNORECASE),
    re.compile(
        (
            rf"^ ?(?:sincerely|regards|best regards|respectfully|thank you|thanks|atentamente|saludos"
            rf"|gracias),?\s{{1,4}}{_NAME}\s*$"
        ),
        re.IGNORECASE | re.MULTILINE,
    ),
)
_RELATIONS = frozenset(
    """
    husband wife son daughter brother sister mother father mom dad neighbor neighbour friend cousin
    uncle aunt nephew niece boss landlord coworker worker roommate boyfriend girlfriend ex tenant nanny
    employee esposo esposa marido hijo hija hermano hermana madre padre mama papa vecino vecina amigo
    amiga primo prima tio tia sobrino sobrina jefe patron companero companera novio novia inquilino
    inquilina ninera
    """.split()  # noqa: SIM905
)
_OTHERS = re.compile(
    rf"\b(?:my|our|mi|nuestr[oa]) (?:\w{{2,12}} )?(?:co-)?(?:{'|'.join(sorted(_RELATIONS))}),?"
    rf" (?:mrs?\.? |ms\.? |don |dona |sra?\.? )?{_NAME}",
    re.IGNORECASE,
)
_ACCUSED = re.compile(
    r"\b(?:stole|steals?|stealing|thief|drugs?|dealer|gang|rap(?:ed|es|ist)|murder\w*|assault\w*"
    r"|molest\w*|abus(?:es|ed|er|ing)|beats? (?:his|her|the|up)|drunk|dui"
    r"|arrested|convicted|fraud|criminal|felon|smuggl\w+|traffick\w+|fake (?:papers|ssn|id|social)"
    r"|rob(?:o|a|bed|bery)|ladron\w?|drogas?|pandill\w+|viol(?:o|ador)"
    r"|mat[oa]|golpe\w{1,3}|borrach[oa]|arrestad[oa]|delincuente|fraude|coyote|trafica\w*"
    r"|papeles (?:falsos|chuecos))\b"
)


def find_names(
    folded: Folded,
    words: AbstractSet[str],
    statuses: Sequence[tuple[int, int]],
    data: Sequence[tuple[int, int]],
) -> list[tuple[int, int]]:
    """Half-open spans of such names, given the text's words in lower case, the spans of the statements of
    status and those of all other data found.
    """
    own = [match.span(1) for pattern in _OWN for match in pattern.finditer(folded.cased)] if statuses else []
    if _RELATIONS.isdisjoint(words):
        return own
    harmful = [*statuses, *data]
    return own + [
        match.span(1) for match in _OTHERS.finditer(folded.cased) if _is_exposed(folded.text, match, harmful)
    ]


def _is_exposed(text: str, named: re.Match[str], harmful: Sequence[tuple[int, int]]) -> bool:
    """Whether the sentence of a name holds other personal data or an accusation."""
    low, high = max(0, named.start() - _REACH), min(len(text), named.end() + _REACH)
    begin = max((end.end() for end in SENTENCE_END.finditer(text, low, named.start())), default=low)
    stop = SENTENCE_END.search(text, named.end(), high)
    end = stop.start() if stop else high
    return any(begin <= start < end for start, _ in harmful) or bool(_ACCUSED.search(text, begin, end))
