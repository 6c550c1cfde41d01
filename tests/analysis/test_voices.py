"""What comments offer beside a yes or a no: facts, proposals and questions, found alike on both sides."""

from __future__ import annotations

import re
import time
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from engage.analysis.claims import (
    Statement,
    disputed,
    is_checkable,
    is_question,
    is_whole_question,
)
from engage.analysis.evidence import EvidenceKind, find_evidence, is_concrete
from engage.analysis.proposals import ProposalKind, find_proposals
from engage.analysis.voices import MOST_OF_A_GROUP, PAIRS_FROM, Mention, VoiceKind, choose_voices, draw


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


class TestQuestions:
    @pytest.mark.parametrize(
        ("text", "is_whole"),
        [
            ("My address from the time I reported a break-in?", False),
            ("Where would you even find eight?", True),
            ("I would like to know how other sheriffs pay for it.", True),
            ("¿Una multa de tráfico cuenta como arresto?", True),
        ],
    )
    def test_only_one_that_can_be_answered_alone_is_shown(self, text: str, is_whole: bool) -> None:
        assert is_question(text)
        assert is_whole_question(text) is is_whole


def pairs(*texts: str, language: str = "en") -> list[tuple[int, int]]:
    found = disputed([Statement(number, number, text, language) for number, text in enumerate(texts)], 3)
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

        assert disputed([Statement(1, 1, same), Statement(2, 1, same.replace("four", "ten"))]) == []
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


def mention(
    number: int, text: str, position: str | None, cue: str = "jail", campaign: str | None = None
) -> Mention[int]:
    """A comment that raises a concern by each place where a word stands in it."""
    cues = tuple((match.start(), match.end()) for match in re.finditer(cue, text))
    return Mention(number, text, str(number), position, campaign, "en", cues)


BOTH = [
    mention(1, "The jail booked 412 people in May 2019 and 31 of them had a record elsewhere.", "support"),
    mention(2, "In 2014 a jail east of us paid $92,000 because it held a citizen for two days.", "oppose"),
    mention(3, "Sign it, but only if the jail publishes the numbers every month.", "support"),
    mention(4, "Instead of signing, hire two more nurses for the jail.", "oppose"),
    mention(5, "How many people left our jail last year and were arrested again?", "support"),
    mention(6, "Who pays when somebody is held in the jail by mistake?", "oppose"),
    mention(7, "The jail is a dangerous place already.", "mixed"),
    mention(8, "I was held in the jail on Keller Street for three nights in 2020.", None),
    mention(9, "The training of the deputies at the jail takes four weeks in Georgia.", "support"),
    mention(10, "The training of all deputies at the jail takes ten weeks in Georgia.", "oppose"),
]


def shown(mentions: list[Mention[int]]) -> set[tuple[str, int, int, int]]:
    return {(one.kind, one.id, one.start, one.end) for one in choose_voices(draw(mentions), "jail")}


def ids(mentions: list[Mention[int]], kind: VoiceKind) -> list[int]:
    return [one.id for one in choose_voices(draw(mentions), "jail") if one.kind is kind]


class TestChooseVoices:
    def test_exchanging_the_sides_exchanges_nothing_else(self) -> None:
        other = {"support": "oppose", "oppose": "support"}
        exchanged = [replace(each, position=other.get(each.position or "", each.position)) for each in BOTH]

        assert shown(exchanged) == shown(BOTH)

    def test_the_order_of_the_comments_does_not_matter(self) -> None:
        assert choose_voices(draw(reversed(BOTH)), "jail") == choose_voices(draw(BOTH), "jail")

    def test_both_sides_say_as_much_and_the_others_less(self) -> None:
        positions = [
            next(each.position for each in BOTH if each.id == number) for number in ids(BOTH, VoiceKind.SAID)
        ]

        assert positions[:6] == ["support"] * 3 + ["oppose"] * 3
        assert len(positions) == 8

    def test_each_side_has_its_most_concrete_sentence_among_the_rare_points(self) -> None:
        assert {1, 2} <= set(ids(BOTH, VoiceKind.CONCRETE))

    def test_finds_proposals_questions_and_what_does_not_go_together(self) -> None:
        assert set(ids(BOTH, VoiceKind.PROPOSAL)) == {3, 4}
        assert set(ids(BOTH, VoiceKind.QUESTION)) == {5, 6, 9, 10}
        paired = [one.id for one in choose_voices(draw(BOTH), "jail") if one.place >= PAIRS_FROM]
        assert sorted(paired) == [9, 10]

    def test_of_a_letter_or_a_text_only_one_is_shown(self) -> None:
        letter = "Please keep the jail as it is, we have waited long enough for this."
        copies = [mention(number, letter, "support", campaign="letter") for number in range(20, 40)]

        said = [number for number in ids([*BOTH[:2], *copies], VoiceKind.SAID) if number >= 20]

        assert len(said) == 1

    def test_nothing_that_holds_personal_data_is_shown(self) -> None:
        private = mention(
            50,
            "I was held in the jail for 3 nights in 2020 and paid $900; my number is 212-555-0147.",
            "oppose",
        )

        assert 50 not in {one[1] for one in shown([*BOTH, private])}

    def test_of_a_long_comment_only_sentences_about_the_concern_are_shown(self) -> None:
        long = "The library needs longer hours on every weekend of the year. " * 4
        text = f"{long}The jail holds people for two nights longer than the law says. {long}"

        voices = choose_voices(draw([mention(60, text, "oppose")]), "jail")

        assert {text[one.start : one.end] for one in voices} == {
            "The jail holds people for two nights longer than the law says."
        }

    def test_a_flood_of_one_side_is_drawn_from(self) -> None:
        flood = [
            mention(number, f"The jail needs reason {number} of mine.", "oppose")
            for number in range(100, 700)
        ]

        drawn = draw([*BOTH, *flood])

        assert sum(each.position == "oppose" for each in drawn) == MOST_OF_A_GROUP
        assert sum(each.position == "support" for each in drawn) == 4
