"""What comments offer beside a yes or a no: facts, proposals and questions, found alike on both sides."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

from engage.analysis.claims import Statement, disputed, is_checkable, is_question
from engage.analysis.evidence import EvidenceKind, find_evidence, is_concrete
from engage.analysis.proposals import ProposalKind, find_proposals


class Sentence(NamedTuple):
    """A labelled sentence."""

    text: str
    language: str
    side: str
    wants: str


SENTENCES = [
    Sentence(text, group["language"], group["side"], group["wants"])
    for group in tomllib.loads((Path(__file__).parent / "voices.toml").read_text("utf-8"))["sentence"]
    for text in group["texts"]
]


def is_found(wants: str, text: str) -> bool:
    """Whether a text is found to be what it is asked for."""
    found = {
        "concrete": is_concrete,
        "proposal": lambda text: bool(find_proposals(text)),
        "question": is_question,
    }
    return bool(found[wants](text))


def shares(wants: str, language: str) -> dict[str, float]:
    """Which part of the sentences of each side that are one thing is found to be it."""
    found: dict[str, list[bool]] = {"support": [], "oppose": []}
    for each in SENTENCES:
        if each.wants == wants and each.language == language:
            found[each.side].append(is_found(wants, each.text))
    return {side: sum(hits) / len(hits) for side, hits in found.items()}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("wants", ["concrete", "proposal", "question"])
class TestBothSides:
    def test_are_found_alike(self, wants: str, language: str) -> None:
        found = shares(wants, language)

        assert min(found.values()) >= 0.85
        assert abs(found["support"] - found["oppose"]) <= 0.05

    def test_what_only_takes_a_side_is_none_of_it(self, wants: str, language: str) -> None:
        plain = [each for each in SENTENCES if each.wants == "none" and each.language == language]

        assert [each.text for each in plain if is_found(wants, each.text)] == []


def kinds(text: str) -> list[tuple[str, str]]:
    return [(fact.kind, text[fact.start : fact.end]) for fact in find_evidence(text)]


class TestEvidence:
    def test_tells_what_kind_of_fact_stands_where(self) -> None:
        assert kinds(
            "I was stopped on Route 9 in 2019; it cost me $310, and Gov. Code 7283.1 forbids it."
        ) == [
            (EvidenceKind.EXPERIENCE, "I was stopped"),
            (EvidenceKind.PLACE, "Route 9"),
            (EvidenceKind.DATE, "2019"),
            (EvidenceKind.MONEY, "$310"),
            (EvidenceKind.SOURCE, "Gov. Code 7283.1"),
        ]

    def test_finds_places_in_the_text_as_it_was_typed(self) -> None:
        assert kinds("Según el artículo 16 esperé cuatro años.") == [
            (EvidenceKind.SOURCE, "artículo 16"),
            (EvidenceKind.NUMBER, "cuatro años"),
        ]

    def test_the_name_of_the_matter_is_no_fact(self) -> None:
        assert kinds("Section 287(g), the 287(g) program, § 287(g), la sección 287(g)") == []

    def test_personal_data_is_no_evidence(self) -> None:
        assert kinds("Call 212-555-0147; my case is A000-555-087 and I live at 12 Oak Street.") == []

    def test_a_name_alone_makes_no_text_concrete(self) -> None:
        assert not is_concrete("Keep Olmeda County and Keller Street and Miller High School safe.")


class TestProposals:
    def test_one_in_a_sentence_and_the_surer_kind_of_it(self) -> None:
        text = "Sign it only if you publish the numbers. Instead of signing, hire nurses. Require an audit."

        assert [proposal.kind for proposal in find_proposals(text)] == [
            ProposalKind.CONDITION,
            ProposalKind.INSTEAD,
            ProposalKind.SAFEGUARD,
        ]


def pairs(*texts: str, language: str = "en") -> list[tuple[int, int]]:
    found = disputed([Statement(number, text, language) for number, text in enumerate(texts)], 3)
    return [(one.id, other.id) for one, other in found]


class TestDisputed:
    def test_puts_other_numbers_for_one_thing_beside_each_other(self) -> None:
        assert pairs(
            "The training of the deputies takes four weeks in Georgia.",
            "Library hours are too short on weekends.",
            "Training for these deputies in Georgia takes six days, four of them online.",
            "The federal training of deputies in Georgia takes ten weeks.",
        ) == [(0, 3)]

    def test_puts_a_statement_beside_the_one_that_denies_it(self) -> None:
        assert pairs(
            "La capacitación de los agentes la paga el gobierno federal.",
            "La capacitación de los agentes no la paga el gobierno federal.",
            language="es",
        ) == [(0, 1)]

    def test_nothing_is_disputed_by_one_person_alone_or_by_saying_the_same(self) -> None:
        same = "The training of the deputies takes four weeks in Georgia."

        assert disputed([Statement(1, same), Statement(1, same.replace("four", "ten"))]) == []
        assert pairs(same, same) == []

    def test_only_a_number_or_a_source_can_be_looked_up(self) -> None:
        assert is_checkable("The course takes four weeks.")
        assert not is_checkable("The course is a joke.")
        assert not is_checkable("Does the course really take four weeks?")


class TestHostileTexts:
    @pytest.mark.parametrize(
        "piece", ["A-", "1,111,", "12 ", "Aa Aa ", "should ", "two of ", "$1 mil ", "§", "? "]
    )
    def test_cost_no_more_than_their_length(self, piece: str) -> None:
        text = piece * (20_000 // len(piece))

        started = time.process_time()
        find_evidence(text)
        find_proposals(text)

        assert time.process_time() - started < 5
