"""Questions through the versions of a form, and which of them may stand in rows."""

from __future__ import annotations

from dataclasses import replace

from engage.survey.across import Withheld, across, changes, withheld_questions
from engage.survey.definition import Choice, Definition, Flag, Kind, Page, Question, Section
from engage.survey.expressions import parse
from tests.support.makers import both


def single(name: str, *values: str) -> Question:
    return Question(
        name=name, kind=Kind.SINGLE, title=both(name), choices=tuple(Choice(one, both(one)) for one in values)
    )


def form(*elements: Question | Section, **page: object) -> Definition:
    return Definition(title=both("Form"), pages=(Page(name="page", elements=elements, **page),))  # type: ignore[arg-type]


class TestAcross:
    def test_a_question_asked_the_same_is_one_through_all_versions(self) -> None:
        reworded = replace(single("trust", "yes", "no"), title=both("Really?"))

        found = across({1: form(single("trust", "yes", "no")), 2: form(reworded)})

        assert [(one.key, one.versions, one.question.title.en) for one in found] == [
            ("trust", (1, 2), "Really?")
        ]

    def test_other_choices_make_another_question_with_a_key_of_its_own(self) -> None:
        found = across(
            {
                1: form(single("trust", "yes", "no")),
                2: form(single("trust", "yes", "no", "maybe")),
                3: form(single("trust", "no", "yes")),
            }
        )

        assert {one.key: one.versions for one in found} == {"trust": (1, 3), "trust@2": (2,)}

    def test_the_newest_version_gives_the_order_and_what_it_dropped_comes_last(self) -> None:
        found = across(
            {1: form(single("a", "1"), single("b", "1")), 2: form(single("c", "1"), single("b", "1"))}
        )

        assert [one.key for one in found] == ["c", "b", "a"]

    def test_what_one_version_promised_to_keep_in_confidence_is_kept_for_all(self) -> None:
        secret = replace(single("trust", "yes"), flags=frozenset({Flag.CONFIDENTIAL}))

        for versions in (
            {1: form(secret), 2: form(single("trust", "yes"))},
            {1: form(single("trust", "yes")), 2: form(secret)},
        ):
            assert [one.withheld for one in across(versions)] == [Withheld.CONFIDENTIAL]


class TestWithheld:
    def test_each_reason_is_told(self) -> None:
        area = replace(single("area", "north"), flags=frozenset({Flag.DEMOGRAPHIC}))
        stopped = replace(single("stopped", "yes"), flags=frozenset({Flag.CONFIDENTIAL}))

        assert withheld_questions(form(area, stopped, single("trust", "yes"))) == {
            "area": Withheld.DEMOGRAPHIC,
            "stopped": Withheld.CONFIDENTIAL,
        }

    def test_a_question_that_hangs_on_a_confidential_one_is_withheld_and_what_hangs_on_that(self) -> None:
        stopped = replace(single("stopped", "yes"), flags=frozenset({Flag.CONFIDENTIAL}))
        how = replace(single("how", "badly"), visible_if=parse("{stopped} = 'yes'"))
        why = replace(single("why", "fear"), visible_if=parse("not {how} empty or {trust} = 'no'"))

        found = withheld_questions(form(single("trust", "no"), stopped, how, why))

        assert found["how"] is found["why"] is Withheld.ASKED_BY_CONFIDENTIAL
        assert "trust" not in found

    def test_the_condition_of_a_section_or_a_page_counts_for_all_its_questions(self) -> None:
        stopped = replace(single("stopped", "yes"), flags=frozenset({Flag.CONFIDENTIAL}), other=True)
        section = Section(
            name="s", visible_if=parse("{stopped-Comment} notempty"), questions=(single("a", "1"),)
        )
        page = Page(name="p2", visible_if=parse("{stopped} = 'yes'"), elements=(single("b", "1"),))
        asked = form(stopped, section)

        found = withheld_questions(replace(asked, pages=(*asked.pages, page)))

        assert found["a"] is found["b"] is Withheld.ASKED_BY_CONFIDENTIAL


def test_changes_are_what_is_new_asked_otherwise_or_asked_no_more() -> None:
    before = form(single("a", "1"), single("b", "1"), single("c", "1"))
    after = form(single("b", "1", "2"), single("c", "1"), single("d", "1"))

    found = changes(before, after)

    assert (found.added, found.changed, found.dropped) == (("d",), ("b",), ("a",))
