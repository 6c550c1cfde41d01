"""The taxonomy as data."""

from __future__ import annotations

from pathlib import Path

import pytest

from engage.analysis import OTHER, Analyser, BadTaxonomy, default_taxonomy, load_taxonomy, parse_taxonomy

CODES = {
    "equal_treatment",
    "community_trust",
    "crime_reporting",
    "public_safety",
    "rule_of_law",
    "family_unity",
    "due_process_rights",
    "legal_liability",
    "cost_resources",
    "federal_local_roles",
    "scope_model",
    "training_conduct",
    "data_privacy",
    "oversight_transparency",
    "access_services",
    "health_wellbeing",
    "economy_work",
    "belonging_dignity",
    "victims_of_crime",
    "detention_conditions",
    "process_engagement",
    "alternatives_safeguards",
    "information_request",
    "other_unclassified",
}

SMALL = """
name = "parks"
version = 3
[[concern]]
code = "dogs"
name = { en = "Dogs", es = "Perros" }
cues = { en = ["dog", "off leash"], es = ["perro"] }
exclusions = { en = ["hot dog"] }
"""


def test_the_default_has_the_codes_of_the_contract_each_in_both_languages() -> None:
    taxonomy = default_taxonomy()

    assert set(taxonomy.codes) == CODES
    for concern in taxonomy.concerns:
        assert set(concern.names) == {"en", "es"}
        assert set(concern.descriptions) == {"en", "es"}
        assert concern.code == OTHER or (concern.cues["en"] and concern.cues["es"])


def test_no_two_concerns_have_one_name() -> None:
    for language in ("en", "es"):
        names = [concern.names[language] for concern in default_taxonomy().concerns]

        assert len(set(names)) == len(names)


def test_a_docket_can_bring_its_own_and_always_has_the_rest(tmp_path: Path) -> None:
    file = tmp_path / "parks.toml"
    file.write_text(SMALL, encoding="utf-8")

    taxonomy = load_taxonomy(file)
    analyser = Analyser(taxonomy)

    assert taxonomy.codes == ("dogs", OTHER)
    assert taxonomy.name_of("dogs", "es") == "Perros"
    assert [concern.code for concern in analyser.analyse("Dogs run off leash").concerns] == ["dogs"]
    assert [concern.code for concern in analyser.analyse("I ate a hot dog there").concerns] == [OTHER]


def test_a_weak_cue_needs_a_cue_that_is_not_weak_or_a_word_of_the_field() -> None:
    taxonomy = parse_taxonomy(
        'field = { en = ["park"] }' + SMALL + 'weak = { en = ["bark", "bite"] }', source="parks.toml"
    )

    def codes(text: str) -> list[str]:
        return [concern.code for concern in Analyser(taxonomy).analyse(text).concerns]

    assert codes("They bark in the park") == ["dogs"]
    assert codes("The bark of a dog") == ["dogs"]
    assert codes("They bark and bite") == [OTHER]
    assert codes("I like the park. The trees have bark.") == [OTHER]


def test_another_taxonomy_is_another_version() -> None:
    one, same = parse_taxonomy(SMALL, source="a"), parse_taxonomy(SMALL, source="b")
    other = parse_taxonomy(SMALL.replace("off leash", "leash"), source="a")

    assert Analyser(one).version == Analyser(same).version
    assert Analyser(one).version != Analyser(other).version


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name = ", "not TOML"),
        ('version = 1\n[[concern]]\ncode = "a1"', "“name” is missing"),
        ('name = "x"\n[[concern]]\ncode = "a1"', "“version” is missing"),
        ('name = "x"\nversion = 1', "no [[concern]]"),
        ('name = "x"\nversion = 1\nconcern = ["a"]', "concern 1 is not a table"),
        (SMALL.replace('"dogs"', '"Dogs!"'), "concern 1 has no good “code”"),
        (SMALL.replace('en = "Dogs", ', ""), "concern “dogs” has no “name.en”"),
        (SMALL.replace('es = "Perros"', "es = 5"), "concern “dogs”: “name.es” is not a text"),
        (SMALL.replace("cues =", "clues ="), "concern “dogs” has an unknown field “clues”"),
        (
            SMALL.replace('{ en = ["dog", "off leash"], es = ["perro"] }', "{ en = [] }"),
            "concern “dogs” has no cues",
        ),
        (SMALL.replace('["perro"]', '"perro"'), "“cues.es” is not a list of phrases"),
        (SMALL.replace('["perro"]', '["perro ..."]'), "concern “dogs”: “cues.es”: “perro ...”"),
        (
            SMALL.replace('es = ["perro"]', 'fr = ["chien"]'),
            "“cues.fr” is neither English (en) nor Spanish (es)",
        ),
        (SMALL + 'weak = { en = "bark" }', "concern “dogs”: “weak.en” is not a list of phrases"),
        (SMALL + 'weak = { en = ["bark *"] }', "concern “dogs”: “weak.en”: “*” in “bark *” is not a word"),
        ("field = 5" + SMALL, "the taxonomy: “field” is not a table of languages"),
        ('field = { en = ["..."] }' + SMALL, "the taxonomy: “field.en”: “...”"),
        (SMALL.replace('{ en = ["hot dog"] }', '["hot dog"]'), "“exclusions” is not a table of languages"),
        (SMALL + SMALL.split("version = 3")[1], "concern “dogs” stands there twice"),
    ],
)
def test_a_bad_one_gets_one_line_that_names_the_entry(text: str, message: str) -> None:
    with pytest.raises(BadTaxonomy) as error:
        parse_taxonomy(text, source="mine.toml")

    assert str(error.value).startswith("mine.toml: ")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_cannot_be_read_is_said_to_be_so(tmp_path: Path) -> None:
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b'name = "a\xf1o"')

    with pytest.raises(BadTaxonomy, match=r"latin\.toml: not UTF-8 text"):
        load_taxonomy(latin)
    with pytest.raises(BadTaxonomy, match="cannot be read"):
        load_taxonomy(tmp_path / "absent.toml")
