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
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from engage.analysis.folding import Folded
from engage.analysis.personal_names import SENTENCE_END
from engage.analysis.status_english import ENGLISH
from engage.analysis.status_spanish import SPANISH

# -- What takes a statement back ---------------------------------------------------------------------------

_SUPPOSED_BEFORE = re.compile(
    r"\b(?:if|whether|unless|suppose|imagine|pretend|as though|what if|maybe|asked|ask|asks|asking"
    r"|accused?|accuses|assumed?|assumes"
    r"|(?<!\bi )(?<!\bwe )(?:think|thinks|thought|believes?|believed|says?|said|claims?|claimed|calls?"
    r"|called)"
    r"|si|aunque|imaginen?|supongan?|pregunt\w{1,5}|acus\w{1,6}|(?<!\byo )(?:dicen?|dijo|dijeron|creen?"
    r"|cree|piensan?|creyo|creyeron|afirman?|alegan?))\b"
    r"[^.;!?\n]{0,25}$"
)
_DENIED_BEFORE = re.compile(
    r"\b(?:(?:no|not|never|nunca|tampoco|ni|jamas)(?: (?:we|i|yo|nosotros))?|(?:nobody|no one|none"
    r"|nadie|ninguno) (?:in|of|de|en))\s?$"
)
_DENIED_INSIDE = re.compile(
    r"\b(?:am|is|are|was|were|i'm|we're) (?:not|never) (?:an? )?(?:undocumented|illegal|unauthorized"
    r"|here illegally|in this country illegally|deported|seeking)"
    r"|n't (?:an? )?(?:undocumented|illegal|here illegally|deported)|\bi were\b|\bno (?:es|son|soy"
    r"|somos|esta|estan|estoy) (?:un |una )?(?:indocumentad|ilegal|deportad)"
)
_SET_RIGHT_AFTER = re.compile(
    r"\b(?:(?:is|are|am|was|'s) (?:an? )?(?:us |u\.s\. |american |naturalized )?citizens?|(?:was"
    r"|were) born (?:here|in)"
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


def _language(statements: Sequence[str], hints: str, somebody: str) -> _Language:
    words = frozenset(hints.split())
    named = r"(?-i:[A-Z][a-z]+,? [A-Z][a-z]|[A-Z][a-z]+, (?:is|was|has|es)\b)"
    return _Language(
        statements=tuple(re.compile(statement, re.IGNORECASE) for statement in statements),
        hints=words,
        hint=re.compile(rf"\b(?:{'|'.join(sorted(words))})\b"),
        somebody=re.compile(rf"\b(?:(?:{somebody})\b|{named})", re.IGNORECASE),
    )


_LANGUAGES = (
    _language(
        ENGLISH,
        """
        undocumented unauthorized illegal illegals illegally unlawfully legal legally lawfully papers
        status documents documentation documented daca dacamented tps deported deportation removal visa
        visas overstayed asylum refugee card cards resident residency permit authorization authorized
        inspection permission border river desert grande immigration protected ice
        """,
        "my|our|i|im|we|as",
    ),
    _language(
        SPANISH,
        """
        indocumentado indocumentada indocumentados indocumentadas ilegal ilegales ilegalmente papeles
        documentos estatus estado asilo deportacion deportado deportada deportados deportadas deportaron
        deportar refugiado refugiada refugiados refugiadas residencia residente residentes permiso
        inspeccion autorizacion frontera rio desierto cerro mojado mojada mojados mojadas migra migracion
        inmigracion irregular irregulares proteccion mica dacamentado dacamentada dacamentados
        dacamentadas dreamer dreamers daca tps visa visas card
        """,
        "mis?|nuestr[oa]s?|yo|nosotr[oa]s|me|nos|soy|somos|estoy|estamos|vivo|vivimos|fui|sigo|seguimos"
        "|trabajo"
        "|tengo|tenemos|tuve|tuvimos|he|perdi|perdimos|renove|cruce|cruzamos|llegue|llegamos|entre"
        "|entramos|vine"
        "|vinimos|pase|pasamos|como",
    ),
)
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
        begin = max((stop.end() for stop in SENTENCE_END.finditer(text, low, match.start())), default=low)
        stop = SENTENCE_END.search(text, match.end(), match.end() + _REACH)
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
