"""A SurveyJS object read into a definition, with every place that cannot be asked or is left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from engage.db.types import Localised
from engage.marks import N_
from engage.survey import expressions
from engage.survey.conditions import BadCondition, Condition, both
from engage.survey.definition import (
    MOST_CHOICES,
    Choice,
    Definition,
    Flag,
    Kind,
    Page,
    Question,
    Section,
)
from engage.survey.surveyjs_values import (
    Json,
    are_steps,
    clean,
    localised,
    name_of,
    objects,
    spelled,
    unescaped,
    words_of,
)
from engage.survey.surveyjs_write import REFUSE
from engage.survey.told import BadDefinition, Told

MOST_ELEMENTS = 1_000
"""Of a whole file. More than can be asked, so that what is left out may be there too."""

_MOST_PROBLEMS = 100
_DEEPEST_PANEL = 10

_KINDS = {
    "comment": Kind.LONG_TEXT,
    "radiogroup": Kind.SINGLE,
    "dropdown": Kind.SINGLE,
    "buttongroup": Kind.SINGLE,
    "boolean": Kind.SINGLE,
    "checkbox": Kind.MULTIPLE,
    "tagbox": Kind.MULTIPLE,
    "rating": Kind.SCALE,
    "matrix": Kind.MATRIX,
    "ranking": Kind.RANKING,
    "html": Kind.NOTE,
}
_INPUTS = {"text": Kind.SHORT_TEXT, "number": Kind.NUMBER, "range": Kind.NUMBER, "date": Kind.DATE}
_IDENTIFYING = frozenset({"email", "tel"})
_YES_NO = (Localised("Yes", "Sí"), Localised("No", "No"))
_NOT_TAKEN = (
    "enableIf",
    "requiredIf",
    "resetValueIf",
    "setValueIf",
    "setValueExpression",
    "defaultValue",
    "defaultValueExpression",
    "validators",
    "choicesVisibleIf",
    "choicesEnableIf",
    "columnsVisibleIf",
    "rowsVisibleIf",
    "triggers",
    "hasComment",
    "showCommentArea",
)
_NOT_LISTED = ("choicesByUrl", "choicesFromQuestion")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]+)*")


class Reader:
    """Reads elements and collects what is wrong with them, and what is left out of them."""

    def __init__(self, survey: Json) -> None:
        self.problems: list[Told] = []
        self.notes: list[Told] = []
        self._survey = survey
        self._words = words_of(survey)
        self._elements_seen = 0
        self._languages: set[str] = set()
        # Plain texts of a survey whose own language is Spanish are Spanish.
        self._plain = "es" if str(survey.get("locale", "")).lower().startswith("es") else "default"

    def definition(self) -> Definition:
        """All that can be read; ``problems`` and ``notes`` are complete afterwards."""
        survey = self._survey
        pages = objects(survey.get("pages"))
        if not pages and (loose := survey.get("elements", survey.get("questions"))):
            pages = [{"name": "page1", "elements": loose}]  # A survey of one page may leave the page out.
        self._note_left_out(survey, "")
        made = Definition(
            title=self._text(survey.get("title")),
            intro=self._text(survey.get("description")),
            thanks=self._text(survey.get("completedHtml"), unescaped),
            pages=tuple(self._page(page, f"pages[{place}]", place) for place, page in enumerate(pages)),
        )
        for language in sorted(self._languages)[:5]:
            self.notes.append(
                Told(N_("Texts in the language “%(language)s” are left out."), {"language": language})
            )
        return made

    def _page(self, page: Json, place: str, number: int) -> Page:
        self._count()
        return Page(
            name=name_of(page) or f"page{number + 1}",
            **self._head(page, place),
            elements=tuple(self._elements(page, place)),
        )

    def _elements(self, holder: Json, place: str) -> Iterator[Question | Section]:
        for here, element in self._inner(holder, place):
            if element.get("type") == "panel":
                yield self._section(element, here)
            elif (question := self._question(element, here)) is not None:
                yield question

    def _inner(self, holder: Json, place: str) -> Iterator[tuple[str, Json]]:
        for number, element in enumerate(objects(holder.get("elements", holder.get("questions")))):
            self._count()
            here = f"{place}.elements[{number}]"
            if element.get("visible") is False and not element.get("visibleIf"):
                self._note(N_("“%(name)s” is hidden and is left out."), here, name=name_of(element))
            else:
                yield here, element

    def _count(self) -> None:
        self._elements_seen += 1
        if self._elements_seen > MOST_ELEMENTS:
            raise BadDefinition(
                [Told(N_("The file holds more than %(most)s elements."), {"most": f"{MOST_ELEMENTS:,}"})]
            )

    def _section(self, panel: Json, place: str) -> Section:
        return Section(
            name=name_of(panel) or f"section{self._elements_seen}",
            **self._head(panel, place),
            questions=tuple(self._flat(panel, place, 1)),
        )

    def _flat(self, panel: Json, place: str, depth: int) -> Iterator[Question]:
        """The questions of a panel and of the panels in it, which are asked where it is."""
        for here, element in self._inner(panel, place):
            if element.get("type") != "panel":
                if (question := self._question(element, here)) is not None:
                    yield question
            elif depth >= _DEEPEST_PANEL:
                self._problem(N_("Panels stand within panels more than %(most)s deep."), here, most=depth)
            else:
                yield from self._opened(element, here, depth)

    def _opened(self, panel: Json, place: str, depth: int) -> Iterator[Question]:
        """An inner panel: its title becomes a note, its condition one of each of its questions."""
        self._note(
            N_("The panel “%(name)s” stands within another; its questions join that one."),
            place,
            name=name_of(panel),
        )
        head = self._head(panel, place)
        if head["title"]:
            name = name_of(panel) or f"section{self._elements_seen}"
            yield Question(name=name, kind=Kind.NOTE, **head)
        for question in self._flat(panel, place, depth + 1):
            yield replace(question, visible_if=both(head["visible_if"], question.visible_if))

    def _question(self, element: Json, place: str) -> Question | None:
        name = name_of(element)
        kind = self._kind(element, place)
        if kind is None:
            return None
        self._note_left_out(element, place)
        head = self._head(element, place)
        if kind is Kind.NOTE:
            head = {**head, "title": self._text(element.get("html"), unescaped)}
        words = self._words.get(name, frozenset())
        particulars = self._particulars(element, kind, place)
        if kind is Kind.RANKING:
            particulars |= {"refuse": particulars["refuse"] or REFUSE in words}
        return Question(
            **{"kind": kind, **particulars},
            name=name,
            **head,
            is_required=element.get("isRequired") is True,
            flags=frozenset(flag for flag in Flag if flag.value in words),
        )

    def _kind(self, element: Json, place: str) -> Kind | None:
        given = str(element.get("type"))
        if given == "text":
            given = str(element.get("inputType", "text"))
            if given in _INPUTS:
                return _INPUTS[given]
        elif given in _KINDS:
            return _KINDS[given]
        text = N_("“%(name)s”: the type “%(type)s” is not supported.")
        if given in _IDENTIFYING:
            text = N_("“%(name)s”: the type “%(type)s” asks who somebody is; answers here are anonymous.")
        self._problem(text, place, name=name_of(element), type=given[:40])
        return None

    def _particulars(self, element: Json, kind: Kind, place: str) -> dict[str, Any]:
        match kind:
            case Kind.SHORT_TEXT | Kind.LONG_TEXT:
                return {"longest": self._whole(element.get("maxLength"), place)}
            case Kind.NUMBER | Kind.DATE:
                return {
                    "minimum": self._bound(
                        element.get("min", element.get("minValueExpression")), kind, place
                    ),
                    "maximum": self._bound(
                        element.get("max", element.get("maxValueExpression")), kind, place
                    ),
                }
            case Kind.SCALE:
                return self._scale(element, place)
            case Kind.MATRIX:
                return {
                    "choices": self._choices(element.get("columns"), place),
                    "rows": self._choices(element.get("rows"), place),
                }
            case Kind.NOTE:
                return {}
            case _:
                return self._closed_list(element, place)

    def _closed_list(self, element: Json, place: str) -> dict[str, Any]:
        if element.get("type") == "boolean":
            return {"choices": self._yes_no(element)}
        for given in _NOT_LISTED:
            if element.get(given):
                self._problem(
                    N_("“%(name)s”: the choices must be listed here, not fetched."),
                    place,
                    name=name_of(element),
                )
        return {
            "choices": self._choices(element.get("choices"), place),
            "other": element.get("showOtherItem", element.get("hasOther")) is True,
            "other_text": self._text(element.get("otherText")),
            "none": element.get("showNoneItem", element.get("hasNone")) is True,
            "none_text": self._text(element.get("noneText")),
            "refuse": element.get("showRefuseItem") is True,
            "refuse_text": self._text(element.get("refuseText")),
            "most_choices": self._whole(element.get("maxSelectedChoices"), place) or None,
        }

    def _yes_no(self, element: Json) -> tuple[Choice, ...]:
        values = (element.get("valueTrue", "true"), element.get("valueFalse", "false"))
        labels = (self._text(element.get("labelTrue")), self._text(element.get("labelFalse")))
        return tuple(
            Choice(spelled(value), Localised(label.en or usual.en, label.es or usual.es))
            for value, label, usual in zip(values, labels, _YES_NO, strict=True)
        )

    def _scale(self, element: Json, place: str) -> dict[str, Any]:
        """A rating; one whose steps are not whole numbers in a row, or have names, is a single choice."""
        named = self._choices(element.get("rateValues"), place)
        low = self._step(element.get("rateMin", 1), place)
        usual = low + self._step(element["rateCount"], place) - 1 if "rateCount" in element else 5
        high = self._step(element.get("rateMax", usual), place)
        if named:
            if not are_steps(named):
                self._note(
                    N_("The steps of “%(name)s” have names: it becomes a single choice."),
                    place,
                    name=name_of(element),
                )
                return {"kind": Kind.SINGLE, "choices": named}
            low, high = int(named[0].value), int(named[-1].value)
        return {
            "minimum": str(low),
            "maximum": str(high),
            "low_text": self._text(element.get("minRateDescription")),
            "high_text": self._text(element.get("maxRateDescription")),
            "is_smileys": element.get("rateType", element.get("rateDisplayMode")) == "smileys",
        }

    def _head(self, of: Json, place: str) -> dict[str, Any]:
        return {
            "title": self._text(of.get("title")),
            "help": self._text(of.get("description")),
            "visible_if": self._condition(of.get("visibleIf"), place),
        }

    def _condition(self, text: object, place: str) -> Condition | None:
        if not text:
            return None
        try:
            return expressions.parse(clean(str(text)))
        except BadCondition as bad:
            self._problem(bad.told.text, f"{place}.visibleIf", **bad.told.values)
            return None

    def _whole(self, value: object, place: str) -> int | None:
        """A whole number that is not negative; SurveyJS writes −1 for “without a limit”."""
        if value is None or value == -1:
            return None
        return self._step(value, place, 0)

    def _step(self, value: object, place: str, least: int = -1_000) -> int:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if (
            is_number
            and isinstance(value, int | float)
            and least <= value <= 1_000_000
            and value == int(value)
        ):
            return int(value)
        self._problem(N_("“%(value)s” must be a whole number."), place, value=str(value)[:40])
        return 1

    def _bound(self, value: object, kind: Kind, place: str) -> str | None:
        if value is None or value == "":
            return None
        text = spelled(value)
        fits = {Kind.NUMBER: r"-?\d{1,15}(\.\d{1,15})?", Kind.DATE: r"\d{4}-\d\d-\d\d"}[kind]
        if re.fullmatch(fits, text, re.ASCII):
            return text
        self._problem(N_("“%(value)s” is no bound that can be taken."), place, value=text[:40])
        return None

    def _choices(self, values: object, place: str) -> tuple[Choice, ...]:
        found = []
        listed = values if isinstance(values, list) else []
        if len(listed) > MOST_CHOICES:
            self._problem(N_("A list has more than %(most)s choices."), place, most=MOST_CHOICES)
        for item in listed[:MOST_CHOICES]:
            value = spelled(item.get("value") if isinstance(item, dict) else item)
            text = self._text(item.get("text")) if isinstance(item, dict) else Localised()
            found.append(Choice(value, text or Localised(value)))
        return tuple(found)

    def _text(self, value: object, change: Callable[[str], str] = str) -> Localised:
        if isinstance(value, Mapping):
            self._languages.update(
                key
                for key in map(str, value)
                if key.lower().partition("-")[0] not in ("default", "en", "es") and _LANGUAGE.fullmatch(key)
            )
        elif value and isinstance(value, str) and self._plain == "es":
            value = {"es": value}
        return localised(value, change)

    def _note_left_out(self, of: Json, place: str) -> None:
        for given in _NOT_TAKEN:
            if of.get(given) not in (None, "", [], {}, False):
                self._note(N_("“%(what)s” is left out: it is not supported."), place, what=given)

    def _note(self, text: str, place: str, /, **values: object) -> None:
        if len(self.notes) < _MOST_PROBLEMS:
            self.notes.append(Told(text, values, path=place))

    def _problem(self, text: str, place: str, /, **values: object) -> None:
        self.problems.append(Told(text, values, path=place))
        if len(self.problems) >= _MOST_PROBLEMS:
            raise BadDefinition(self.problems)
