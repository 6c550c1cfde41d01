"""The numbered clauses of a document: what residents can comment on one by one.

A clause is a heading or a paragraph that begins with its number: ``### 3. What an officer may do``,
``**3.1** Ask a person …``, ``3.1 Ask …``. Nobody has to mark it, and the same text always has the same
clauses. Where a number stands twice, the first one is the clause.

A clause is known by its ``key``: its number and a digest of its words in both languages. So a comment stays
with the words that it was made on: a version that changes them has another key, one that leaves them the
same.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engage.db.types import Localised
from engage.dockets.models import DocumentVersion

KEY = re.compile(r"\d{1,3}(?:\.\d{1,3}){0,4}-[0-9a-f]{12}", re.ASCII)
"""What a key looks like."""

_NUMBER = r"(?P<number>\d{1,3}(?:\.\d{1,3}){0,4})"
_HEADING = re.compile(rf"\s*#{{1,6}}\s+(?:\*\*)?{_NUMBER}(?:[.)*]|\s)", re.ASCII)
# A number without a point begins many paragraphs that are none; one in bold or with a point in it is meant.
_PARAGRAPH = re.compile(
    rf"\s*(?:\*\*{_NUMBER}[.)]?\*\*|(?P<dotted>\d{{1,3}}(?:\.\d{{1,3}}){{1,4}})[.)]?)\s", re.ASCII
)
_MARKUP = re.compile(r"[*_`#]+")
_BEGINS = 90


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of one version. ``text`` is its Markdown; in a language that lacks it, it is empty."""

    number: str
    key: str
    text: Localised
    is_heading: bool

    @property
    def anchor(self) -> str:
        """Its id on the page."""
        return f"clause-{self.number}"

    def begins(self, language: str, length: int = _BEGINS) -> str:
        """Its first words without Markdown and number, for a list of clauses."""
        text = " ".join(_MARKUP.sub("", self.text.best(language)[0]).split())
        text = text.removeprefix(self.number).lstrip(".) ")
        return text if len(text) <= length else text[:length].rsplit(" ", 1)[0] + "…"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a document as a page draws it: a clause, or what stands between (without ``number``)."""

    number: str | None
    text: str


def clauses(version: DocumentVersion) -> list[Clause]:
    """The clauses of a version, in the order of its English text; then what only the Spanish one has."""
    english, spanish = (_numbered(pieces(text)) for text in (version.body.en, version.body.es))
    numbers = dict.fromkeys([*english, *spanish])
    found = []
    for number in numbers:
        text = Localised(english.get(number, ""), spanish.get(number, ""))
        is_heading = any(part.lstrip().startswith("#") for part in (text.en, text.es))
        found.append(Clause(number, _key(version, number, text), text, is_heading))
    return found


def find_clause(versions: Iterable[DocumentVersion], key: str) -> tuple[DocumentVersion, Clause] | None:
    """The clause with this key in the first of these versions that has it."""
    for version in versions:
        for clause in clauses(version):
            if clause.key == key:
                return version, clause
    return None


def pieces(source: str) -> list[Piece]:
    """A Markdown text cut into its clauses and what stands between them; together they are all of it."""
    found: list[Piece] = []
    between: list[str] = []
    seen: set[str] = set()
    for block in _blocks(source):
        number = number_of(block)
        if number is None or number in seen:
            between.append(block)
            continue
        if between:
            found.append(Piece(None, "\n\n".join(between)))
            between = []
        seen.add(number)
        found.append(Piece(number, block))
    return [*found, Piece(None, "\n\n".join(between))] if between else found


def number_of(block: str) -> str | None:
    """The number that a heading or paragraph begins with, if it is a clause."""
    match = _HEADING.match(block) or _PARAGRAPH.match(block)
    if match is None:
        return None
    given = match.groupdict()
    return given.get("number") or given.get("dotted")


def _blocks(source: str) -> Sequence[str]:
    return [
        block.strip("\n") for block in re.split(r"\n\s*\n", source.replace("\r\n", "\n")) if block.strip()
    ]


def _numbered(found: Iterable[Piece]) -> dict[str, str]:
    return {piece.number: piece.text for piece in found if piece.number is not None}


def _key(version: DocumentVersion, number: str, text: Localised) -> str:
    document = version.document
    texts = (" ".join(part.split()) for part in (text.en, text.es))
    words = "\0".join([str(document.docket_id), document.slug, number, *texts])
    return f"{number}-{hashlib.sha256(words.encode()).hexdigest()[:12]}"
