"""The taxonomy of concerns as data that a docket can change: codes, names, descriptions, cues.

A taxonomy is a TOML file. Every table of texts or phrases has a key for each language, ``en`` and ``es``;
how a phrase is written is told in `engage.analysis.phrases`::

    name = "parks"
    version = 1
    field = { en = ["park"], es = ["parque"] }         # optional: words of what the docket is about

    [[concern]]
    code = "dogs"                                      # lower-case letters, digits and _
    name = { en = "Dogs", es = "Perros" }
    description = { en = "Dogs in parks.", es = "…" }  # optional
    cues = { en = ["dog", "off leash"], es = ["perro"] }
    weak = { en = ["bark"] }                           # optional: count only beside a cue or in the field
    denials = { en = ["no dogs"] }                     # optional: mention it only to say that it is not so
    exclusions = { en = ["hot dog"] }                  # optional: a cue does not count there
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from engage.analysis.phrases import BadPhrase, Phrases

OTHER = "other_unclassified"
LANGUAGES = ("en", "es")
_CODE = re.compile(r"[a-z][a-z0-9_]{1,49}")
_TOP_FIELDS = {"name", "version", "field", "concern"}
_CONCERN_FIELDS = {"code", "name", "description", "cues", "weak", "denials", "exclusions"}


class BadTaxonomy(ValueError):
    """A taxonomy that cannot be used; the message is one line that names the entry."""


@dataclass(frozen=True, slots=True)
class ConcernDefinition:
    """One subject that comments may touch; every mapping is from a language code.

    ``cues`` mention the subject, from either side; ``weak`` ones do so only in a sentence that also has a
    cue or a denial of the concern or a word of the taxonomy's field; ``denials`` mention it only to say that
    it is not so; ``exclusions`` are phrases in which a cue does not count.
    """

    code: str
    names: Mapping[str, str]
    descriptions: Mapping[str, str]
    cues: Mapping[str, tuple[str, ...]]
    weak: Mapping[str, tuple[str, ...]]
    denials: Mapping[str, tuple[str, ...]]
    exclusions: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Concerns in the order in which they are shown; `OTHER` is always among them.

    ``field`` are words that show that a sentence speaks of what the docket is about: there weak cues count.
    """

    name: str
    version: str
    field: Mapping[str, tuple[str, ...]]
    concerns: tuple[ConcernDefinition, ...]
    digest: str

    def __hash__(self) -> int:
        return hash(self.digest)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes in order."""
        return tuple(concern.code for concern in self.concerns)

    def name_of(self, code: str, language: str) -> str:
        """The name of a concern in a language; the code itself where it has none."""
        names = next((concern.names for concern in self.concerns if concern.code == code), {})
        return names.get(language, names.get("en", code))


@cache
def default_taxonomy() -> Taxonomy:
    """The taxonomy that a docket about a 287(g) agreement starts from."""
    source = files("engage.analysis") / "data" / "taxonomy-287g.toml"
    return parse_taxonomy(source.read_text("utf-8"), source="taxonomy-287g.toml")


def load_taxonomy(path: Path) -> Taxonomy:
    """Read a taxonomy from a TOML file. Raises BadTaxonomy, one line that names file and entry."""
    try:
        return parse_taxonomy(path.read_text("utf-8-sig"), source=path.name)
    except UnicodeDecodeError as error:
        raise BadTaxonomy(f"{path.name}: not UTF-8 text (byte {error.start})") from error
    except OSError as error:
        raise BadTaxonomy(f"{path.name}: cannot be read ({error.strerror})") from error


def parse_taxonomy(text: str, *, source: str) -> Taxonomy:
    """Build a taxonomy from TOML text. Raises BadTaxonomy; ``source`` is the name used in its message."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadTaxonomy(f"{source}: not TOML ({error})") from error
    try:
        return _taxonomy(data)
    except BadTaxonomy as error:
        raise BadTaxonomy(f"{source}: {error}") from error


def _taxonomy(data: Mapping[str, Any]) -> Taxonomy:
    _only_known_fields(data, _TOP_FIELDS, "the taxonomy")
    name, version, entries = data.get("name"), data.get("version"), data.get("concern")
    if not isinstance(name, str) or not name.strip():
        raise BadTaxonomy("“name” is missing")
    if not isinstance(version, (str, int)) or isinstance(version, bool) or not str(version).strip():
        raise BadTaxonomy("“version” is missing")
    if not isinstance(entries, list) or not entries:
        raise BadTaxonomy("there is no [[concern]]")
    concerns = [_concern(entry, place) for place, entry in enumerate(entries, start=1)]
    codes = [concern.code for concern in concerns]
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice:
        raise BadTaxonomy(f"concern “{twice}” stands there twice")
    if OTHER not in codes:
        concerns.append(next(concern for concern in default_taxonomy().concerns if concern.code == OTHER))
    digest = hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:12]
    return Taxonomy(
        name=name.strip(),
        version=str(version),
        field=_phrases(data, "field", "the taxonomy"),
        concerns=tuple(concerns),
        digest=digest,
    )


def _concern(entry: object, place: int) -> ConcernDefinition:
    if not isinstance(entry, dict):
        raise BadTaxonomy(f"concern {place} is not a table")
    code = entry.get("code")
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise BadTaxonomy(f"concern {place} has no good “code” (lower-case letters, digits and _): {code!r}")
    label = f"concern “{code}”"
    _only_known_fields(entry, _CONCERN_FIELDS, label)
    names = _texts(entry, "name", label)
    if not names.get("en"):
        raise BadTaxonomy(f"{label} has no “name.en”")
    cues = _phrases(entry, "cues", label)
    if not any(cues.values()) and code != OTHER:
        raise BadTaxonomy(f"{label} has no cues")
    return ConcernDefinition(
        code=code,
        names=names,
        descriptions=_texts(entry, "description", label),
        cues=cues,
        weak=_phrases(entry, "weak", label),
        denials=_phrases(entry, "denials", label),
        exclusions=_phrases(entry, "exclusions", label),
    )


def _only_known_fields(table: Mapping[str, Any], known: set[str], label: str) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise BadTaxonomy(f"{label} has an unknown field “{unknown[0]}”")


def _texts(entry: Mapping[str, Any], field: str, label: str) -> dict[str, str]:
    table = _by_language(entry, field, label)
    for language, value in table.items():
        if not isinstance(value, str) or not value.strip():
            raise BadTaxonomy(f"{label}: “{field}.{language}” is not a text")
    return {language: value.strip() for language, value in table.items()}


def _phrases(entry: Mapping[str, Any], field: str, label: str) -> dict[str, tuple[str, ...]]:
    table = _by_language(entry, field, label)
    for language, phrases in table.items():
        if not isinstance(phrases, list) or not all(isinstance(phrase, str) for phrase in phrases):
            raise BadTaxonomy(f"{label}: “{field}.{language}” is not a list of phrases")
        try:
            Phrases(phrases, language)
        except BadPhrase as error:
            raise BadTaxonomy(f"{label}: “{field}.{language}”: {error}") from error
    return {language: tuple(phrases) for language, phrases in table.items()}


def _by_language(entry: Mapping[str, Any], field: str, label: str) -> dict[str, Any]:
    table = entry.get(field, {})
    if not isinstance(table, dict):
        raise BadTaxonomy(f"{label}: “{field}” is not a table of languages")
    unknown = sorted(set(table) - set(LANGUAGES))
    if unknown:
        raise BadTaxonomy(f"{label}: “{field}.{unknown[0]}” is neither English (en) nor Spanish (es)")
    return table
