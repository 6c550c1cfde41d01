"""``engage evaluate``: figures from labelled sets, or one line that says why not."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from engage.analysis import Analyser
from engage.analysis.figures import shipped_figures
from engage.evaluation.card import Measured, card
from engage.evaluation.cli import evaluate_command
from engage.evaluation.concern_codes import OLD_CODES
from engage.evaluation.concern_figures import concern_figures
from engage.evaluation.cross_validation import cross_validated_figures
from engage.evaluation.figures import Confusion, Figure
from engage.evaluation.other_figures import language_figures, personal_data_figures
from engage.evaluation.sets import BadSet, find_sets
from engage.evaluation.tone_figures import tone_figures


def _write(path: Path, *rows: tuple[object, ...]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    """A small labelled set of each kind."""
    good, bad = "This is a wonderful, excellent and good plan.", "A terrible, awful and bad idea, I hate it."
    _write(
        tmp_path / "sent_en_nyt_dev.csv",
        ("text", "lang", "label", "score"),
        (good, "en", "pos", 3),
        (bad, "en", "neg", -3),
    )
    _write(
        tmp_path / "concerns_dev.csv",
        ("text", "lang", "labels"),
        ("Racial profiling will get worse.", "en", "RP"),
        ("What a nice day it is.", "en", ""),
    )
    _write(
        tmp_path / "langid_dev.csv",
        ("lang", "text"),
        ("es", "Los vecinos pedimos que se nos escuche"),
        ("en", "The neighbors ask to be heard"),
    )
    _write(
        tmp_path / "pii_dev.csv",
        ("label", "type", "lang", "text"),
        (1, "email", "en", "Write to me at a.b@example.org"),
        (0, "none", "en", "I live in this county"),
    )
    return tmp_path


def test_tone_is_measured_by_set_and_over_all(sets: Path) -> None:
    figures, (confusion,) = tone_figures(sets, Analyser(), semantic=False)

    assert {(figure.name, figure.set): figure.value for figure in figures} == {
        ("tone, en, macro-F1", "nyt (seen)"): pytest.approx(2 / 3),
        ("tone, en, r with ratings", "nyt (seen)"): pytest.approx(1),
        ("tone, en, macro-F1", "all together (seen)"): pytest.approx(2 / 3),
    }
    assert (confusion.set, confusion.counts[0][0], confusion.counts[2][2]) == ("nyt (seen)", 1, 1)


def test_concerns_go_by_the_older_codes_of_the_set(sets: Path) -> None:
    found = {figure.name: figure.value for figure in concern_figures(sets, Analyser(), semantic=False)}

    assert found["concerns, micro-F1"] == found["concerns, RP, F1"] == 1
    assert found["concerns, flags on sentences about none"] == 0


def test_every_older_code_stands_for_concerns_that_there_are() -> None:
    codes = set(Analyser().taxonomy.codes)

    assert all(same and same <= codes for same in OLD_CODES.values())


def test_language_and_personal_data_are_measured(sets: Path) -> None:
    language = {figure.name: figure.value for figure in language_figures(sets)}
    personal = {figure.name: figure.value for figure in personal_data_figures(sets, None)}

    assert language["language, es, whole texts, F1"] == 1
    assert personal["personal data, precision"] == personal["personal data, email, recall"] == 1


def test_a_file_without_a_column_is_named(tmp_path: Path) -> None:
    _write(tmp_path / "sent_en_x.csv", ("text",), ("x",))

    with pytest.raises(BadSet, match=r"sent_en_x\.csv: there is no column “label”"):
        find_sets(tmp_path, "sent", ("label", "text"))


@pytest.mark.parametrize(
    ("folder", "message"), [("absent", "there is no such folder"), ("", "there is no labelled set in it")]
)
def test_a_folder_that_has_nothing_is_one_line_and_exit_code_2(
    tmp_path: Path, folder: str, message: str
) -> None:
    result = CliRunner().invoke(evaluate_command, [str(tmp_path / folder)])

    assert result.exit_code == 2
    assert message in result.output
    assert result.output.count("\n") == 1


def test_a_card_names_version_figures_and_errors() -> None:
    figure = Figure("tone, en, macro-F1", 0.64, "", 100, "nyt", 0.63)
    confusion = Confusion("tone", "en", "nyt", ("pos", "neg"), ("pos", "neg"), ((6, 4), (1, 9)))

    text = card(Measured("1.abc", (figure,), (confusion,)))

    assert "`1.abc`" in text
    assert "| tone, en, macro-F1 | nyt | 100 | 0.64 | ≥ 0.63 |" in text
    assert "| **pos** | 6 | 4 |" in text
    assert (
        "of 10 texts that people called *pos*, 60% are found; most of the others are called *neg* (40%)"
        in text
    )
    assert "What it cannot tell" in text


def test_the_shipped_figures_were_measured_on_this_version() -> None:
    assert shipped_figures().version == Analyser().version, (
        "The analysis has changed since its figures were measured: run "
        "“engage evaluate ../shared/evaluation --corpora ../shared/corpora --cross-validate --ship "
        "--card docs/model-card.md”."
    )


def test_cross_validation_judges_each_text_by_weights_that_did_not_see_it(tmp_path: Path) -> None:
    said = (
        ("pos", 2.0, "a lovely and helpful day"),
        ("neg", -2.0, "an awful and hateful day"),
        ("neu", 0, "a day"),
    )
    for name in ("tweets", "nyt", "movie", "amazon", "mps"):
        rows = [
            (label, score, f"It was {words} number {at} for us")
            for at in range(6)
            for label, score, words in said
        ]
        _write(tmp_path / f"sent_en_{name}_dev.csv", ("label", "score", "text"), *rows)

    figures = cross_validated_figures(tmp_path)

    assert [figure.set.partition(" (")[0] for figure in figures] == [
        "tweets", "nyt", "movie", "amazon", "mps", "all together", "nyt",
    ]  # fmt: skip
    assert {figure.n for figure in figures} == {18, 90}
    assert all(figure.value > 0.6 for figure in figures)


def test_cross_validation_needs_every_set(tmp_path: Path) -> None:
    with pytest.raises(BadSet, match=r"sent_en_tweets_dev\.csv"):
        cross_validated_figures(tmp_path)
