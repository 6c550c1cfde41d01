"""The demo's comments treat both sides alike, and hold nothing that looks like a real person's data."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import combinations, product
from statistics import mean, median

import pytest
from textblob import TextBlob

from engage.comments.models import Channel, ModerationReason, Position
from tests.demo.records import LANGUAGES, PERIODS, SIDES, Record, one_side, records, toml
from tests.demo.subjects import SUBJECTS

CELLS = list(product(PERIODS, LANGUAGES))
LONGEST = 5000


def folded(text: str) -> str:
    """Lower case without accents."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def both(
    measure: Callable[[list[Record]], float], language: str | None = None, period: str | None = None
) -> list[float]:
    """A figure of the supporting and of the opposing comments."""
    return [measure(one_side(side, language, period)) for side in SIDES]


def count_of(is_so: Callable[[Record], object]) -> Callable[[list[Record]], float]:
    """How many of some comments are so."""
    return lambda some: sum(bool(is_so(record)) for record in some)


class TestTheFilesAreWhole:
    def test_every_key_is_its_own(self) -> None:
        assert [key for key, times in Counter(record.key for record in records()).items() if times > 1] == []

    def test_every_code_is_one_that_the_site_knows(self) -> None:
        districts = {district["code"] for district in toml("county.toml")["districts"]}
        for record in records():
            assert record.period in PERIODS
            assert record.position in {None, *Position}
            assert record.channel in set(Channel)
            assert record.district in {None, *districts}
            assert record.moderation in {"posted", "pending", "restricted"}
            assert (record.reason in set(ModerationReason)) == (record.moderation == "restricted")

    def test_every_comment_came_while_its_period_was_open_and_before_today(self) -> None:
        periods = {period["slug"]: period for period in toml("docket-287g/docket.toml")["periods"]}
        for record in records():
            period = periods[record.period]
            assert 0 <= record.day < min(period["closes_days"], 0) - period["opens_days"], record.key

    def test_no_text_is_empty_or_over_the_limit(self) -> None:
        assert [record.key for record in records() if not 0 < len(record.text.strip()) <= LONGEST] == []

    def test_there_are_several_hundred_in_both_periods(self) -> None:
        sizes = Counter(record.period for record in records())

        assert sizes["287g-first-draft"] >= 270
        assert sizes["287g-second-draft"] >= 150

    def test_three_in_five_are_english_two_in_five_spanish_and_a_handful_neither(self) -> None:
        languages = Counter(record.language for record in records())

        assert 0.55 <= languages["en"] / len(records()) <= 0.65
        assert 0.35 <= languages["es"] / len(records()) <= 0.45
        assert len(languages) >= 6

    def test_some_positions_are_not_declared_and_only_those_say_how_they_were_written(self) -> None:
        assert {record.position is None for record in records()} == {True, False}
        assert [r.key for r in records() if (r.position is None) != (r.written_as is not None)] == []

    def test_every_kind_of_position_is_there_in_both_periods(self) -> None:
        for period in PERIODS:
            assert {r.position for r in records() if r.period == period} == {None, *Position}


class TestBothSidesAreEqual:
    @pytest.mark.parametrize(("period", "language"), CELLS)
    def test_in_number(self, period: str, language: str) -> None:
        support, oppose = both(len, language, period)

        assert abs(support - oppose) <= 0.02 * max(support, oppose)

    def test_in_number_of_declared_positions(self) -> None:
        declared = Counter(record.position for record in records())

        assert abs(declared["support"] - declared["oppose"]) <= 0.02 * declared["support"]

    def test_in_number_of_languages_that_are_neither_english_nor_spanish(self) -> None:
        support, oppose = both(count_of(lambda record: record.language not in LANGUAGES))

        assert support == oppose > 0

    @pytest.mark.parametrize(("period", "language"), CELLS)
    def test_in_length(self, period: str, language: str) -> None:
        support, oppose = both(lambda some: median(len(r.text) for r in some), language, period)

        assert abs(support - oppose) <= 0.15 * min(support, oppose)

    @pytest.mark.parametrize(("shortest", "longest"), [(0, 80), (81, 200), (201, 400), (401, LONGEST)])
    def test_in_how_many_are_short_and_long(self, shortest: int, longest: int) -> None:
        support, oppose = both(count_of(lambda record: shortest <= len(record.text) <= longest))

        assert abs(support - oppose) <= 0.15 * max(support, oppose)

    def test_in_tone(self) -> None:
        def polarities(some: Iterable[Record]) -> list[float]:
            return [TextBlob(r.text).sentiment.polarity for r in some if not r.campaign]

        support, oppose = (polarities(one_side(side, "en")) for side in SIDES)

        assert abs(mean(support) - mean(oppose)) <= 0.03
        assert abs(mean(x < -0.05 for x in support) - mean(x < -0.05 for x in oppose)) <= 0.06
        assert abs(mean(x > 0.05 for x in support) - mean(x > 0.05 for x in oppose)) <= 0.06

    @pytest.mark.parametrize(
        "manner",
        [
            pytest.param(r"[A-ZÁÉÍÓÚÑ]{4,}", id="shouting"),
            pytest.param(r"!", id="exclaiming"),
            pytest.param(r"\A[a-zñ]", id="careless spelling"),
            pytest.param(
                r"(?i)damn|hell (?:no|yes)|carajo|qué poca|locos|bullies|shame\b|grow a", id="rudeness"
            ),
        ],
    )
    def test_in_manner(self, manner: str) -> None:
        support, oppose = both(count_of(lambda record: re.search(manner, record.text)))

        assert min(support, oppose) >= 1
        assert abs(support - oppose) <= 3

    def test_in_how_often_they_give_a_name_or_an_organisation(self) -> None:
        for given in (lambda record: record.name, lambda record: record.organisation):
            support, oppose = both(count_of(given))
            assert abs(support - oppose) <= 2

    @pytest.mark.parametrize("period", PERIODS)
    def test_in_what_the_moderators_do(self, period: str) -> None:
        support, oppose = (
            Counter((record.moderation, record.reason) for record in one_side(side, period=period))
            for side in SIDES
        )

        assert support == oppose

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("subject", SUBJECTS)
    def test_in_having_something_to_say_on_every_subject(self, subject: str, language: str) -> None:
        pattern = re.compile(SUBJECTS[subject][language])
        support, oppose = both(
            count_of(lambda r: not r.campaign and pattern.search(folded(r.text))), language
        )

        assert min(support, oppose) >= 2

    def test_in_form_letters_of_which_some_are_verbatim_and_some_have_words_of_their_own(self) -> None:
        copies = Counter(record.campaign for record in records() if record.campaign)

        assert copies == {"sign-en": 14, "refuse-en": 14, "sign-es": 5, "refuse-es": 5}
        for campaign in copies:
            texts = Counter(record.text for record in records() if record.campaign == campaign)
            assert max(texts.values()) >= 3
            assert list(texts.values()).count(1) >= 2

    def test_in_texts_that_two_people_sent_word_for_word(self) -> None:
        def repeated(some: list[Record]) -> float:
            texts = Counter(record.text for record in some if not record.campaign)
            return sum(times > 1 for times in texts.values())

        support, oppose = both(repeated)

        assert support == oppose >= 2

    def test_in_personal_data(self) -> None:
        support, oppose = (
            Counter(kind for record in one_side(side) for kind in record.contains) for side in SIDES
        )

        # One doxxing names a street, its counterpart a number plate.
        assert abs(support.total() - oppose.total()) <= 1
        for kind in ("phone", "a_number", "person_name"):
            assert support[kind] == oppose[kind] > 0


class TestTheQueueHasWork:
    def test_almost_everything_of_the_closed_period_is_posted(self) -> None:
        closed = [record for record in records() if record.period == "287g-first-draft"]

        assert not any(record.moderation == "pending" for record in closed)
        assert mean(record.moderation == "posted" for record in closed) > 0.9

    def test_some_thirty_five_of_the_open_period_wait_and_not_only_the_newest(self) -> None:
        waiting = [record.day for record in records() if record.moderation == "pending"]

        assert 30 <= len(waiting) <= 40
        assert len(set(waiting)) >= 8
        assert min(waiting) <= 7

    def test_most_reasons_for_restricting_are_met(self) -> None:
        assert len({record.reason for record in records() if record.reason}) >= 6


class TestNothingLooksReal:
    PERSONAL = re.compile(
        r"\b\d{3}[-. ]\d{4}\b|[\w.]+@[\w.]+|\bA\d{3}[- ]?\d{3}|\b\d{3}-\d{2}-\d{4}\b|\b[A-Z]{3}-\d{4}\b"
        r"|\b\d{2,5} [A-Z]\w+ (?:Street|Lane|Court|Way|Road|Avenue|Drive)\b"
        r"|(?i:\b(?:calle|paseo) (?:del )?\w+ \d+)"
    )

    def test_personal_data_is_only_in_texts_that_are_marked_and_moderated(self) -> None:
        found = [record for record in records() if self.PERSONAL.search(record.text)]

        assert len(found) >= 12
        assert [record.key for record in found if not record.contains] == []
        assert [record.key for record in found if record.moderation == "posted"] == []

    def test_telephone_numbers_are_of_the_range_kept_for_fiction(self) -> None:
        numbers = [number for r in records() for number in re.findall(r"\b\d{3}[-. ]\d{4}\b", r.text)]

        assert numbers
        assert [number for number in numbers if not re.fullmatch(r"555-01\d\d", number)] == []

    def test_addresses_on_the_network_are_examples(self) -> None:
        hosts = [h for r in records() for h in re.findall(r"(?:@|://|www\.)([\w.-]+\.[a-z]{2,})", r.text)]

        assert hosts
        assert [host for host in hosts if not re.search(r"(?:^|\.)[\w-]*\.?example\.org$", host)] == []


class TestTheyAreWrittenOneByOne:
    @staticmethod
    def _triples(text: str) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", folded(text))
        return {tuple(words[start : start + 3]) for start in range(len(words) - 2)}

    def test_no_two_people_use_the_same_sentences_outside_form_letters(self) -> None:
        triples = [(r, self._triples(r.text)) for r in records() if not r.campaign and len(r.text) > 60]
        alike = [
            (a.key, b.key)
            for (a, one), (b, other) in combinations(triples, 2)
            if one and other and len(one & other) > 0.3 * min(len(one), len(other))
        ]

        assert alike == []

    @pytest.mark.parametrize(
        "trap", ["<script>", "=HYPERLINK(", "@SUM(", "=cmd|", "\t", "\a", "\u202e", "\u200b"]
    )
    def test_what_must_show_inert_is_there(self, trap: str) -> None:
        assert any(trap in record.text and record.contains for record in records())
