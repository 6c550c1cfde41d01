"""The fictional county is whole in both languages, plain to read, and stands where a newcomer meets it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engage.dockets.models import PhaseKind
from tests.demo.records import DATA, LANGUAGES, PERIODS, toml

DOCKETS = ("docket-287g", "docket-cameras")
MEETINGS = "docket-287g/meetings.toml"
TEXTS = sorted({path.name.split(".")[0] for path in DATA.rglob("*.*.md")})


def docket(folder: str) -> dict[str, Any]:
    """What a docket's TOML file says."""
    return toml(f"{folder}/docket.toml")


def markdown(name: str, language: str) -> str:
    """The text of one version of a document."""
    return next(DATA.rglob(f"{name}.{language}.md")).read_text(encoding="utf-8")


def localised(value: object, at: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Every text that is kept by language, with the place where it stands."""
    if isinstance(value, dict):
        if set(value) & set(LANGUAGES):
            yield at, value
        else:
            for key, inner in value.items():
                yield from localised(inner, f"{at}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from localised(inner, f"{at}[{number}]")


def syllables(word: str) -> int:
    """About how many syllables a word has: its groups of vowels, less a silent e."""
    groups = len(re.findall(r"[aeiouyáéíóúü]+", word.lower()))
    return max(1, groups - (word.lower().endswith("e") and not word.lower().endswith("le")))


def sentences_and_words(text: str) -> tuple[int, list[str]]:
    """How many sentences, and all words without digits."""
    return len(re.findall(r"[.?!:]+(?:\s|$)", text)), re.findall(r"[^\W\d_]+(?:’\w+)?", text)


def grade(english: str) -> float:
    """Flesch–Kincaid grade level (Kincaid et al. 1975)."""
    sentences, words = sentences_and_words(english)
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def perspicuity(spanish: str) -> float:
    """Szigriszt's index (1993): 55 to 65 is normal, above it is easy."""
    sentences, words = sentences_and_words(spanish)
    count = sum(max(1, len(re.findall(r"[aeiouyáéíóúü]+", word.lower()))) for word in words)
    return 206.835 - 62.3 * count / len(words) - len(words) / sentences


class TestBothLanguages:
    @pytest.mark.parametrize(
        "name", ["county.toml", MEETINGS, *(f"{folder}/docket.toml" for folder in DOCKETS)]
    )
    def test_every_text_is_written_in_both(self, name: str) -> None:
        texts = list(localised(toml(name)))

        assert texts
        assert [
            at for at, text in texts if not all(text.get(language, "").strip() for language in LANGUAGES)
        ] == []

    @pytest.mark.parametrize("name", TEXTS)
    def test_every_document_has_the_same_headings_clauses_lists_and_rows(self, name: str) -> None:
        shapes = []
        for language in LANGUAGES:
            text = markdown(name, language)
            clauses = re.findall(r"^\*\*(\d+\.\d+)\*\*", text, re.MULTILINE)
            shapes.append((clauses, re.findall(r"^(#+|\||-|\d+\.) ?", text, re.MULTILINE)))

        assert shapes[0] == shapes[1]

    @pytest.mark.parametrize("name", TEXTS)
    def test_every_document_has_the_same_figures(self, name: str) -> None:
        english, spanish = (
            sorted(re.findall(r"\d[\d,]*", markdown(name, language))) for language in LANGUAGES
        )

        assert english == spanish

    def test_the_agreement_is_numbered_without_a_gap(self) -> None:
        for version in ("agreement-v1", "agreement-v2"):
            numbers = [
                (int(section), int(clause))
                for section, clause in re.findall(
                    r"^\*\*(\d+)\.(\d+)\*\*", markdown(version, "en"), re.MULTILINE
                )
            ]
            assert numbers[0] == (1, 1)
            for (section, clause), (next_section, next_clause) in pairwise(numbers):
                assert (next_section, next_clause) in {(section, clause + 1), (section + 1, 1)}


class TestPlainLanguage:
    @pytest.mark.parametrize("folder", DOCKETS)
    def test_a_summary_can_be_read_with_eight_years_of_school(self, folder: str) -> None:
        assert grade(docket(folder)["summary"]["en"]) <= 8
        assert perspicuity(docket(folder)["summary"]["es"]) >= 60

    @pytest.mark.parametrize("row", [*toml(MEETINGS)["meetings"], *toml(MEETINGS)["series"]])
    def test_so_can_what_invites_to_a_meeting(self, row: dict[str, Any]) -> None:
        assert grade(row["summary"]["en"]) <= 8
        assert perspicuity(row["summary"]["es"]) >= 60

    @pytest.mark.parametrize("slug", PERIODS)
    def test_so_can_what_a_commenter_reads_first(self, slug: str) -> None:
        period = next(period for period in docket("docket-287g")["periods"] if period["slug"] == slug)
        for part in ("summary", "instructions"):
            assert grade(period[part]["en"]) <= 8
            assert perspicuity(period[part]["es"]) >= 60

    def test_the_measures_know_hard_from_easy(self) -> None:
        assert grade("The dog ran. It was fun.") < 2
        assert (
            grade("Notwithstanding administrative interpretations, participating organizations reevaluate.")
            > 12
        )
        assert perspicuity("El perro corre. Es feliz.") > 75
        assert (
            perspicuity("La reglamentación administrativa contemporánea imposibilita interpretaciones.") < 20
        )


class TestWhereThingsStand:
    def test_the_place_is_known_by_its_clock_and_its_districts(self) -> None:
        county = toml("county.toml")

        assert ZoneInfo(county["county"]["time_zone"]).key == "America/Denver"
        assert 5 <= len({district["code"] for district in county["districts"]}) <= 6

    @pytest.mark.parametrize("folder", DOCKETS)
    def test_the_five_phases_follow_each_other_day_by_day(self, folder: str) -> None:
        phases = docket(folder)["phases"]

        assert [phase["code"] for phase in phases] == list(PhaseKind)
        for before, after in pairwise(phases):
            assert after["begins_days"] == before["ends_days"] + 1

    def test_the_agreement_is_being_talked_about_and_the_cameras_are_being_handed_out(self) -> None:
        def current(folder: str) -> list[str]:
            return [
                p["code"] for p in docket(folder)["phases"] if p["begins_days"] <= 0 <= p.get("ends_days", 0)
            ]

        assert current("docket-287g") == [PhaseKind.ENGAGE_STAKEHOLDERS]
        assert current("docket-cameras") == [PhaseKind.TRAIN_AND_IMPLEMENT]

    def test_only_the_cameras_are_decided(self) -> None:
        assert "decision" not in docket("docket-287g")
        assert docket("docket-cameras")["decision"]["days"] < 0

    def test_one_period_is_closed_and_one_is_open_for_weeks_to_come(self) -> None:
        first, second = docket("docket-287g")["periods"]

        assert first["closes_days"] - first["opens_days"] == 30
        assert first["closes_days"] < second["opens_days"] < 0
        assert 21 <= second["closes_days"] <= 35
        assert second["closes_time"] == "17:00"

    def test_every_version_of_every_document_has_its_texts_and_no_text_is_left_over(self) -> None:
        folders = [path.parent.name for path in DATA.rglob("docket.toml")]
        named = [v["file"] for folder in folders for d in docket(folder)["documents"] for v in d["versions"]]

        assert sorted(named) == TEXTS
        assert len(list(DATA.rglob("*.*.md"))) == len(TEXTS) * len(LANGUAGES)

    def test_nothing_is_said_twice_by_the_two_sides_of_the_explainer(self) -> None:
        for language, sides in (
            ("en", ("## What people in favor say", "## What people against say")),
            ("es", ("## Qué dicen las personas a favor", "## Qué dicen las personas en contra")),
        ):
            text = markdown("explainer", language)
            points = [text.split(f"{side}\n")[1].split("\n## ")[0] for side in sides]
            assert {point.count("\n- ") for point in points} == {4}
            assert abs(len(points[0]) - len(points[1])) <= 0.15 * len(points[0])
