"""One text in, everything that we say about it out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files

from engage.analysis.concerns import Concern, ConcernFinder
from engage.analysis.folding import MAX_ANALYSED_CHARACTERS
from engage.analysis.language import UNKNOWN, Language, identify
from engage.analysis.meaning import Meaning
from engage.analysis.personal_data import PersonalData, find_personal_data
from engage.analysis.position import PositionSuggestion, suggest
from engage.analysis.position_model import PositionModel
from engage.analysis.reading import read
from engage.analysis.semantic import Embedder
from engage.analysis.taxonomy import Taxonomy, default_taxonomy
from engage.analysis.tone import Tone, measure

# Raised with every change of the code that can change a result; each result names the version that made it.
METHOD_VERSION = 2
_WORD_LISTS = ("position-cues.toml", "tone-words.toml", "tone-en.json", "tone-es.json")


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was found in one text. Spans count characters of the text as it was given.

    ``truncated`` says that only its first `MAX_ANALYSED_CHARACTERS` were looked at.
    """

    language: Language
    tone: Tone
    concerns: tuple[Concern, ...]
    position: PositionSuggestion
    personal_data: tuple[PersonalData, ...]
    truncated: bool
    version: str


class Analyser:
    """Analyses texts by one taxonomy. Deterministic, without network, safe to send to another process.

    With an ``embedder`` (see `engage.analysis.semantic`) meaning counts besides words for tone and concerns;
    with ``positions`` they are suggested by what was learned from the labels of a docket. The version names
    both.
    """

    def __init__(
        self,
        taxonomy: Taxonomy | None = None,
        *,
        embedder: Embedder | None = None,
        positions: PositionModel | None = None,
    ) -> None:
        self.taxonomy = taxonomy or default_taxonomy()
        self._positions = positions
        self.embedder = embedder
        subjects = f"{self.taxonomy.name}.{self.taxonomy.version}.{self.taxonomy.digest}"
        self._concerns = ConcernFinder(self.taxonomy)
        self._meaning = Meaning(embedder, self.taxonomy.codes) if embedder is not None else None
        method = f"{METHOD_VERSION}.{_word_lists_digest()}"
        if self._meaning:
            method += f".{self._meaning.version}"
        self.version = f"{method}+{subjects}"
        if positions is not None:
            self.version += f"+positions.{_digest(positions.to_json().encode())}"

    def __reduce__(self) -> tuple[Callable[..., Analyser], tuple[Taxonomy]]:
        return partial(type(self), embedder=self.embedder, positions=self._positions), (self.taxonomy,)

    def analyse(self, text: str, *, language_hint: str | None = None) -> Analysis:
        """Analyse one text of any length and content; an empty one has no concerns and no tone.

        ``language_hint`` is the language that its sender gave, as a tag such as ``es``; it decides only where
        the words themselves do not.
        """
        reading = read(text)
        language = identify(text, language_hint)
        read_as = self._languages(language)
        tone = measure(reading.folded.cased, len(reading.words), language.code)
        concerns = self._concerns.find(reading, read_as)
        if self._meaning is not None:
            tone, concerns = self._meaning.refine(text, tone, concerns)
        return Analysis(
            language=language,
            tone=tone,
            concerns=concerns,
            position=self._positions.suggest(text) if self._positions else suggest(reading, read_as),
            personal_data=find_personal_data(reading.folded),
            truncated=len(text) > MAX_ANALYSED_CHARACTERS,
            version=self.version,
        )

    def _languages(self, language: Language) -> tuple[str, ...]:
        """The languages whose cues are looked for: the text's own; all where that is unknown or has none."""
        known = self._concerns.languages
        return (language.code,) if language.code in known and language.code != UNKNOWN else known


@cache
def _word_lists_digest() -> str:
    """A mark of the word lists: another word is another version, without anybody having to think of it."""
    folder = files("engage.analysis") / "data"
    return _digest(b"\0".join((folder / name).read_bytes() for name in _WORD_LISTS))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:6]
