"""Answers that people of the fictional county could give: drawn by a seeded generator. No database.

What belongs together is drawn together: where somebody lives and in which language they answer moves their
position a little, and the position moves what they expect and rank first. Both sides are drawn alike: what
one answer does for those who support, its mirror does for those who oppose.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from engage.demo.reading import DATA
from engage.feedback.models import Channel
from engage.survey.answers import check
from engage.survey.definition import REFUSED, Definition

SIDES = ("support", "oppose")
_SPANISH = 0.38
_OLDEST_ANSWER = 20
"""Days: the form that asks for a date was opened later."""
_PAPER = 0.12
_DISTRICTS = {"D1": 26, "D2": 13, "D3": 18, "D4": 9, "D5": 19, "D6": 10, "elsewhere": 2, REFUSED: 3}
_AGES = {"under_30": 17, "30_44": 27, "45_64": 31, "65_up": 20, REFUSED: 5}
_LEANING = {"D3": -0.25, "D4": 0.3, "D5": -0.05, "D6": 0.25}
"""How much more often than elsewhere people there support, or below zero oppose: invented like the places."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer: ``when`` says how much of the time between two versions had gone by, 0 to below 1."""

    answers: dict[str, Any]
    language: str
    channel: Channel
    when: float


def draw(slug: str, definitions: list[tuple[Definition, int]], *, today: date) -> list[list[Answered]]:
    """For each version of a form so many answers: always the same ones, their dates aside."""
    rng = Random(slug)  # noqa: S311 - invented answers need no secrecy, and the same county each time
    texts = _Texts(slug, rng)
    return [
        [_one(rng, _PEOPLE[slug], definition, texts, today) for _number in range(count)] if count else []
        for definition, count in definitions
    ]


def _one(rng: Random, person: Person, definition: Definition, texts: _Texts, today: date) -> Answered:
    language = "es" if rng.random() < _SPANISH else "en"
    given = person(rng, language)
    for name, ago in given.items():
        if isinstance(ago, timedelta):
            given[name] = (today - ago).isoformat()
    side = given.get("position")
    for question in definition.questions():
        if question.is_text and (said := texts.take(question.name, language, side, rng)):
            given[question.name] = said
    channel = Channel.PAPER if rng.random() < _PAPER else Channel.WEB
    checked = check(definition, given)
    if checked.problems:
        raise ValueError(f"{given} does not answer “{definition.title.en}”: {checked.problems}")
    return Answered(checked.answers, language, channel, rng.random())


class _Texts:
    """What people wrote, each text for one person."""

    def __init__(self, slug: str, rng: Random) -> None:
        self._left: defaultdict[tuple[str, str, str | None], list[str]] = defaultdict(list)
        for line in _lines():
            if line["form"] == slug:
                self._left[line["question"], line["language"], line["side"]].append(line["text"])
        for texts in self._left.values():
            rng.shuffle(texts)

    def take(self, question: str, language: str, side: str | None, rng: Random) -> str | None:
        """A text that nobody has written yet, for every fifth person who has something to say."""
        for left in (self._left[question, language, side], self._left[question, language, None]):
            if left and rng.random() < 0.2:
                return left.pop()
        return None


def _lines() -> Iterator[dict[str, Any]]:
    for line in (DATA / "forms" / "texts.jsonl").read_text(encoding="utf-8").split("\n"):
        if line:
            yield json.loads(line)


def _pick(rng: Random, weights: Mapping[str, float]) -> str:
    return rng.choices(list(weights), weights=list(weights.values()))[0]


def _some(rng: Random, chances: Mapping[str, float]) -> list[str]:
    return [value for value, chance in chances.items() if rng.random() < chance]


def _step(rng: Random, middle: float) -> str:
    return str(min(5, max(1, round(rng.gauss(middle, 1.1)))))


def _your_view(rng: Random, language: str) -> dict[str, Any]:
    district, age = _pick(rng, _DISTRICTS), _pick(rng, _AGES)
    leaning = _LEANING.get(district, 0.0)
    position = _pick(
        rng, {"support": 36 * (1 + leaning), "oppose": 36 * (1 - leaning), "mixed": 17, "undecided": 11}
    )
    given: dict[str, Any] = {
        "heard": _pick(rng, {"a_lot": 22, "some": 38, "little": 29, "nothing": 11}),
        "position": position,
        "effects": _effects(rng, position),
        "comfort": _step(rng, {"support": 4.1, "oppose": 2.9}.get(position, 3.5)),
        "district": district,
        "age": age,
    }
    if parts := _some(rng, dict.fromkeys(("where", "who", "training", "costs", "reports", "ending"), 0.3))[
        :3
    ]:
        given["parts"] = parts
    if rng.random() < 0.8:
        given["priorities"] = _ranked(rng, position)
    if rng.random() < 0.75:
        given["household"] = str(min(20, 1 + int(rng.gammavariate(2.2, 1.1))))
    if rng.random() < 0.85:
        given["home_languages"] = _some(rng, _HOMES[language]) or [language]
    return given | _contact(rng, position)


_HOMES = {"en": {"en": 0.98, "es": 0.22, "dine": 0.04}, "es": {"en": 0.4, "es": 0.99}}
_EXPECTED = {
    "support": {"better": 46, "same": 34, "worse": 7, "unsure": 13},
    "oppose": {"better": 7, "same": 34, "worse": 46, "unsure": 13},
}


def _effects(rng: Random, position: str) -> dict[str, str]:
    chances = _EXPECTED.get(position, {"better": 22, "same": 36, "worse": 22, "unsure": 20})
    rows = ("safety", "reporting", "trust", "costs")
    return {row: _pick(rng, chances) for row in rows if rng.random() < 0.95}


def _ranked(rng: Random, position: str) -> list[str]:
    """Everybody ranks everything, by a weight that the position moves and chance moves more."""
    weights = dict.fromkeys(("safety", "law", "fairness", "families", "money"), 1.0)
    for value in {"support": ("safety", "law"), "oppose": ("fairness", "families")}.get(position, ()):
        weights[value] += 0.8
    return sorted(weights, key=lambda value: rng.random() ** (1 / weights[value]), reverse=True)


def _contact(rng: Random, position: str) -> dict[str, Any]:
    met = _pick(rng, {"yes": 31, "no": 62, REFUSED: 7})
    if met != "yes":
        return {"contact": met}
    about = _some(rng, {"help": 0.45, "stop": 0.3, "event": 0.25, "papers": 0.2}) or [REFUSED]
    treated = {"support": 4.0, "oppose": 3.3}.get(position, 3.7) - (0.6 if "stop" in about else 0.0)
    given: dict[str, Any] = {"contact": met, "contact_for": about, "treated": _step(rng, treated)}
    if rng.random() < 0.6:
        # Before anybody answered, and within the twelve months that are asked about.
        given["contact_on"] = timedelta(days=rng.randint(_OLDEST_ANSWER, 365))
    return given


def _forum(rng: Random, language: str) -> dict[str, Any]:
    attended = _pick(rng, {"room": 46, "online": 28, "recording": 14, "not": 22})
    given: dict[str, Any] = {
        "attended": attended,
        "again": _step(rng, 3.1 if attended == "not" else 3.9),
        "language": _pick(rng, {language: 70, "both": 24, REFUSED: 6}),
    }
    if attended == "not":
        chances = {"hour": 0.5, "way": 0.25, "care": 0.3, "unsure": 0.2, "unknown": 0.2}
        return given | {"why_not": _some(rng, chances)}
    heard = {"yes": 62, "partly": 27, "no": 11}
    access = heard if attended == "room" else {"yes": 40, "partly": 35, "no": 25}
    return given | {
        "rated": {"clear": _pick(rng, heard), "heard": _pick(rng, heard), "access": _pick(rng, access)}
    }


def _panel(rng: Random, language: str) -> dict[str, Any]:
    ways = {
        "mail": 0.4,
        "radio": 0.5 if language == "es" else 0.25,
        "school": 0.2,
        "site": 0.3,
        "people": 0.4,
    }
    best = ["letter", "text", "radio", "person"]
    rng.shuffle(best)
    return {"ways": _some(rng, ways) or ["none"], "enough": _step(rng, 2.8), "best": best}


Person = Callable[[Random, str], dict[str, Any]]
_PEOPLE: dict[str, Person] = {
    "287g-your-view": _your_view,
    "forum-feedback": _forum,
    "neighbourhood-panel": _panel,
}
