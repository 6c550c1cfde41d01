"""One text in, everything that we say about it out: deterministic, bounded, pure."""

from __future__ import annotations

import pickle
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engage.analysis import (
    MAX_ANALYSED_CHARACTERS,
    Analyser,
    CampaignIndex,
    PersonalDataKind,
    PositionLabel,
    ToneLabel,
    fingerprint,
)

ANALYSER = Analyser()
SENTENCE = (
    "I oppose this: my neighbor at 12 Oak Street was stopped because of his accent, call 336-555-0142. "
)


def test_the_words_of_the_contract_are_the_values() -> None:
    assert [label.value for label in ToneLabel] == ["positive", "neutral", "negative", "not_scored"]
    assert [label.value for label in PositionLabel] == [
        "support",
        "oppose",
        "neutral",
        "mixed",
        "question_only",
        "unclear",
    ]
    assert [kind.value for kind in PersonalDataKind] == [
        "phone",
        "email",
        "address",
        "ssn",
        "a_number",
        "dob",
        "card",
        "plate",
        "status_disclosure",
        "person_name",
    ]


def test_every_result_names_the_version_that_made_it() -> None:
    analysis = ANALYSER.analyse(SENTENCE)

    assert analysis.version == ANALYSER.version
    assert ANALYSER.taxonomy.digest in ANALYSER.version


def test_an_empty_text_has_nothing() -> None:
    analysis = ANALYSER.analyse("")

    assert (analysis.language.code, analysis.tone.label, analysis.tone.score) == (
        "und",
        ToneLabel.NOT_SCORED,
        None,
    )
    assert (analysis.concerns, analysis.personal_data) == ((), ())
    assert analysis.position.position is PositionLabel.UNCLEAR


def test_an_analyser_survives_a_journey_to_another_process() -> None:
    other = pickle.loads(pickle.dumps(ANALYSER))  # noqa: S301 - our own bytes

    assert other.version == ANALYSER.version
    assert other.analyse(SENTENCE) == ANALYSER.analyse(SENTENCE)


def test_mixed_and_unknown_languages_are_searched_in_both() -> None:
    codes = {concern.code for concern in ANALYSER.analyse("perfil racial", language_hint="vi").concerns}

    assert codes == {"equal_treatment"}


HOSTILE = {
    "a line of 10 MB": SENTENCE * 100_000,
    "a word of 10 MB": "a" * 10_000_000,
    "digits": "1 " * 500_000,
    "nothing but NUL": "\0" * 200_000,
    "lone surrogates": "vote no \ud800\udfff" * 10_000,
    "right to left": "\u202evote no\u202c" * 10_000,
    "a hundred thousand accents": "e" + "\u0301" * 100_000,
    "at signs": "a@" * 50_000,
    "dots": "a." * 50_000,
    "names without end": "My Neighbor Luis " * 5_000,
    "streets without end": "12 " + "Oak " * 20_000,
    "quotation marks": '"' * 60_000,
    "opening tags": "<a " * 30_000,
    "negations": "no " * 30_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_neither_break_it_nor_hold_it_up(text: str) -> None:
    started = time.process_time()
    analysis = ANALYSER.analyse(text)
    fingerprint(text)
    index: CampaignIndex[int] = CampaignIndex()
    index.add(1, text)

    assert time.process_time() - started < 5
    assert analysis.truncated == (len(text) > MAX_ANALYSED_CHARACTERS)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gets_a_result_whose_spans_lie_inside_it(text: str) -> None:
    analysis = ANALYSER.analyse(text)
    spans = [(span.start, span.end) for concern in analysis.concerns for span in concern.spans]
    spans += [(span.start, span.end) for span in analysis.position.spans]
    spans += [(found.start, found.end) for found in analysis.personal_data]

    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert analysis == ANALYSER.analyse(text)
    assert analysis.tone.score is None or -1 <= analysis.tone.score <= 1


def test_the_library_loads_neither_the_web_nor_the_database_nor_a_corpus() -> None:
    program = (
        "import sys, socket\n"
        "def refuse(*args, **kwargs): raise SystemExit('network')\n"
        "socket.socket.connect = refuse\n"
        "from engage.analysis import Analyser\n"
        "Analyser().analyse('I support this agreement. Estoy de acuerdo.')\n"
        "names = set(sys.modules)\n"
        "print(sorted({name.split('.')[0] for name in names} & {'flask', 'sqlalchemy', 'redis', 'huey'}))\n"
        "print(sorted(name for name in names if name.startswith('engage.') and 'analysis' not in name))\n"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.split("\n")[:2] == ["[]", "[]"]
