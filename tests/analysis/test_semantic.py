"""Meaning besides words: the wiring with an embedder of a few lines, the real one where it is installed."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from engage.analysis import OTHER, Analyser, Concern, NotScoredReason, Span, Tone, ToneLabel, semantic
from engage.analysis.bulk import analyse_many, whole
from engage.analysis.semantic import SemanticUnavailable, centre, check_digest, sentences_of
from engage.analysis.semantic_concerns import ADD, BY_MEANING, KEEP, ConcernsByMeaning, Heads, default_heads
from engage.analysis.semantic_tone import CUT, refine, tone_of
from engage.analysis.taxonomy import default_taxonomy

needs_the_extra = pytest.mark.skipif(
    not semantic.is_installed(), reason="the extra engage[semantic] is not installed: make semantic"
)


class Letters:
    """An embedder that knows no meaning: it counts letters. Enough to follow vectors through the analysis."""

    name = "letters"
    version = "1"

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), len(centre())), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for letter in text:
                row[ord(letter) % len(row)] += 1
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: NDArray[np.float32] = rows / np.maximum(lengths, 1e-9)
        return unit


def spoken(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences_of(text)]


class TestSentences:
    @pytest.mark.parametrize(
        ("text", "sentences"),
        [
            ("One is here. Two is there!", ["One is here.", "Two is there!"]),
            ("¿Cuánto cuesta? No sé", ["¿Cuánto cuesta?", "No sé"]),
            ("It cost 3.5 million.", ["It cost 3.5 million."]),
            ("first line\nsecond line", ["first line", "second line"]),
            ("… !!! 12 ?", []),
            ("", []),
        ],
    )
    def test_are_found_with_their_places(self, text: str, sentences: list[str]) -> None:
        assert spoken(text) == sentences

    def test_are_found_in_time_that_grows_with_the_text(self) -> None:
        assert len(spoken("a.a" * 100_000)) == 1


class TestWithoutTheExtra:
    def test_there_is_no_embedder_and_who_needs_one_is_told_how_to_get_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(semantic, "find_spec", lambda _: None)

        assert semantic.embedder() is None
        with pytest.raises(SemanticUnavailable, match=r"engage\[semantic\]"):
            semantic.required_embedder()


class TestTheModelFile:
    def test_is_taken_only_if_it_is_the_one_that_was_measured(self, tmp_path: Path) -> None:
        model = tmp_path / "model.bin"
        model.write_bytes(b"weights")

        check_digest(model, hashlib.sha256(b"weights").hexdigest())
        with pytest.raises(SemanticUnavailable, match="not the model"):
            check_digest(model, hashlib.sha256(b"others").hexdigest())
        with pytest.raises(SemanticUnavailable, match="cannot be read"):
            check_digest(tmp_path / "none.bin", "")


class TestTone:
    @pytest.mark.parametrize(
        ("outcome", "label", "score"),
        [
            ([0.1, 0.2, 0.7, 0.5], ToneLabel.POSITIVE, 0.5),
            ([0.1, 0.2, 0.7, -0.3], ToneLabel.POSITIVE, CUT),
            ([0.1, 0.9, 0.0, 0.6], ToneLabel.NEUTRAL, CUT),
            ([0.9, 0.1, 0.0, -3.0], ToneLabel.NEGATIVE, -1.0),
        ],
    )
    def test_has_a_score_that_fits_its_label(
        self, outcome: list[float], label: ToneLabel, score: float
    ) -> None:
        assert tone_of(np.array(outcome)) == Tone(label, score)

    def test_of_what_words_cannot_score_stays_not_scored(self) -> None:
        unscored = Tone(ToneLabel.NOT_SCORED, None, NotScoredReason.LANGUAGE)

        assert refine(unscored, np.ones(len(centre()), dtype=np.float32)) is unscored


class TestConcerns:
    CODES = ("public_safety", "cost_resources", OTHER)
    # The first number of a vector is how well it fits safety, the second how well it fits cost.
    HEADS = Heads(("cost_resources", "public_safety"), np.array([[0, 1], [1, 0]], dtype=np.float32))
    SENTENCES = ((0, 20), (21, 40))

    def refined(self, found: Sequence[Concern], *vectors: Sequence[float]) -> tuple[Concern, ...]:
        finder = ConcernsByMeaning(self.CODES, self.HEADS)
        return finder.refine(found, self.SENTENCES, np.array(vectors, dtype=np.float32))

    def test_are_added_where_a_sentence_means_them_and_the_sentence_is_the_evidence(self) -> None:
        other = Concern(OTHER, denied=False, spans=())

        assert self.refined([other], [ADD, 0], [0, 0]) == (
            Concern("public_safety", denied=False, spans=(Span(0, 20, BY_MEANING),)),
        )

    def test_lose_a_cue_that_stands_where_something_else_is_meant(self) -> None:
        found = Concern("cost_resources", denied=False, spans=(Span(2, 6, "tax"), Span(25, 29, "tax")))

        assert self.refined([found], [0, KEEP + 0.01], [0, KEEP - 0.01]) == (
            Concern("cost_resources", denied=False, spans=(Span(2, 6, "tax"),)),
        )
        assert self.refined([found], [0, 0], [0, 0]) == (Concern(OTHER, denied=False, spans=()),)

    def test_keep_a_denial_where_nothing_but_cues_speaks_of_them(self) -> None:
        denied = Concern("cost_resources", denied=True, spans=(Span(2, 6, "tax"),))

        assert self.refined([denied], [0, 1], [0, 0])[0].denied
        assert not self.refined([denied], [0, 1], [0, 1])[0].denied

    def test_that_no_head_knows_stay_as_the_cues_say(self) -> None:
        parks = Concern("parks", denied=False, spans=(Span(2, 6, "park"),))
        finder = ConcernsByMeaning(("parks",), self.HEADS)

        assert finder.refine([parks], self.SENTENCES, np.zeros((2, 2), dtype=np.float32)) == (parks,)

    def test_have_heads_for_the_whole_default_taxonomy(self) -> None:
        assert set(default_heads().codes) == set(default_taxonomy().codes) - {OTHER}


class TestTheAnalyser:
    TEXTS = ("We pay too much tax. It is a shame.", "", "ok", "Me parece muy bien, gracias.")

    def test_names_the_embedder_and_its_weights_in_its_version(self) -> None:
        plain, meaning = Analyser(), Analyser(embedder=Letters())

        assert "letters.1." in meaning.version
        assert plain.version.split("+")[1] == meaning.version.split("+")[1]
        assert len(meaning.version) <= 120

    def test_takes_its_embedder_along_to_another_process(self) -> None:
        moved = pickle.loads(pickle.dumps(Analyser(embedder=Letters())))  # noqa: S301 - our own bytes

        assert isinstance(moved.embedder, Letters)
        assert [moved.analyse(text) for text in self.TEXTS] == [
            Analyser(embedder=Letters()).analyse(text) for text in self.TEXTS
        ]

    def test_gives_an_executor_its_embedder(self) -> None:
        analyser = Analyser(embedder=Letters())
        with ThreadPoolExecutor(1) as pool:
            found = analyse_many(
                self.TEXTS, lambda text: (text, None), analyser=analyser, take=whole, executor=pool
            )

            assert {analysis.version for _, analysis in found} == {analyser.version}

    def test_leaves_alone_what_has_no_sentence(self) -> None:
        assert Analyser(embedder=Letters()).analyse("").tone == Analyser().analyse("").tone


@pytest.fixture(scope="module")
def by_meaning() -> Analyser:
    """An analyser with the real embedder."""
    return Analyser(embedder=semantic.required_embedder())


@needs_the_extra
class TestTheRealEmbedder:
    def test_gives_unit_rows_that_do_not_depend_on_their_company(self) -> None:
        embedder = semantic.required_embedder()
        together = embedder.embed(["The jail is full.", "La cárcel está llena.", "I like tea. \0 \ud800"])

        assert together.dtype == np.float32
        assert np.allclose(np.linalg.norm(together, axis=1), 1)
        fresh = semantic.E5Embedder()
        assert np.array_equal(fresh.embed(["La cárcel está llena."])[0], together[1])
        assert embedder.embed([]).shape == (0, together.shape[1])

    def test_puts_a_sentence_beside_its_translation(self) -> None:
        english, spanish, tea = semantic.required_embedder().embed(
            ["The jail is full.", "La cárcel está llena.", "Green tea is tasty."]
        )

        assert english @ spanish > 0.5 > english @ tea

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("My neighbor was robbed and begged us not to phone anybody.", "crime_reporting"),
            ("Cada hora que un oficial dedica a eso sale de nuestro bolsillo.", "cost_resources"),
        ],
    )
    def test_finds_what_no_cue_says_and_shows_the_sentence(
        self, by_meaning: Analyser, text: str, code: str
    ) -> None:
        found = {concern.code: concern for concern in by_meaning.analyse(text).concerns}

        assert code not in {concern.code for concern in Analyser().analyse(text).concerns}
        assert found[code].spans == (Span(0, len(text), BY_MEANING),)

    @pytest.mark.parametrize(
        "sentence",
        [
            "A {} family lives on our street.",
            "The {} residents came to the meeting.",
            "We thank the {} volunteers for a wonderful day.",
            "The {} driver was rude and the trip was terrible.",
        ],
    )
    def test_hears_the_same_tone_whomever_a_sentence_speaks_of(
        self, by_meaning: Analyser, sentence: str
    ) -> None:
        groups = ("Mexican", "Irish", "Black", "white", "Muslim", "Christian", "Republican", "Democratic")
        tones = [by_meaning.analyse(sentence.format(group), language_hint="en").tone for group in groups]
        scores = [tone.score or 0.0 for tone in tones]

        assert len({tone.label for tone in tones}) == 1
        assert max(scores) - min(scores) < 0.12
