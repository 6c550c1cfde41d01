"""No text of the site speaks of residents where only comments were counted (case: “residents think”)."""

from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po

from engage import paths

MESSAGES = paths.TRANSLATIONS / "es" / "LC_MESSAGES" / "messages.po"

# Who wrote is not who lives there: no majority, no community, no people that “think”.
ENGLISH = (
    r"\b(residents|the (community|public|people|county)|people|most people|citizens)\s+"
    r"(think|thinks|believe|believes|want|wants|feel|feels|oppose|opposes|support|supports|prefer|prefers|favor|favors)\b"
    r"|\b(majority|most) of (the )?(residents|people|public|community|citizens)\b"
    r"|\bpublic opinion\b"
)
SPANISH = (
    r"\b(los residentes|la (comunidad|gente|población|ciudadanía)|el (público|condado|pueblo)|la mayoría)\s+"
    r"(opinan?|piensan?|creen?|quieren?|sienten?|apoyan?|rechazan?|prefieren?|se oponen?)\b"
    r"|\bla mayoría de (los residentes|las personas|la gente|la comunidad|la población)\b"
    r"|\b(la )?opinión pública\b"
)
# These say that it is just what nobody can tell, or that it is so of both sides alike.
ALLOWED = (
    "What residents think. These are the comments of those who chose to write",
    "the list shows what there is to read, not how many people think so",
    "people who support a proposal and people who oppose it both mention it",
)


def texts() -> list[tuple[str, str]]:
    """Every text of the site: its English and its Spanish."""
    with MESSAGES.open("rb") as file:
        catalog = read_po(file, locale="es")
    found = []
    for message in catalog:
        ids = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
        strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        found += [(id_, said or "") for id_, said in zip(ids, strings, strict=False)]
    return [pair for pair in found if pair[0] and not any(said in pair[0] for said in ALLOWED)]


@pytest.mark.parametrize(("pattern", "place"), [(ENGLISH, 0), (SPANISH, 1)], ids=["english", "spanish"])
def test_no_text_says_what_residents_think(pattern: str, place: int) -> None:
    wrong = [pair[place] for pair in texts() if re.search(pattern, pair[place], re.IGNORECASE)]

    assert wrong == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Residents think it is too costly.",
        "The community opposes the agreement.",
        "Most of the residents agree.",
        "The public wants this.",
    ],
)
def test_would_be_found_in_english(sentence: str) -> None:
    assert re.search(ENGLISH, sentence, re.IGNORECASE)


@pytest.mark.parametrize(
    "sentence",
    [
        "Los residentes opinan que cuesta mucho.",
        "La comunidad rechaza el acuerdo.",
        "La mayoría de los residentes está de acuerdo.",
    ],
)
def test_would_be_found_in_spanish(sentence: str) -> None:
    assert re.search(SPANISH, sentence, re.IGNORECASE)
