"""Definitions as JSON, in a subset of SurveyJS' format that survey-core 3 reads without an error.

What the format has no word for, our flags of a question, is carried by ``calculatedValues`` called
``engage_NAME`` whose expression is a text such as ``'confidential breakdown'``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from engage.db.types import Localised
from engage.errors import EngageError
from engage.survey import conditions
from engage.survey.conditions import BadCondition, Condition
from engage.survey.definition import Choice, Definition, Flag, Kind, Page, Question, Section

Json = Mapping[str, Any]

LARGEST = 1_000_000
"""The most characters that a definition may have."""

_TYPES: dict[Kind, str] = {
    Kind.SHORT_TEXT: "text",
    Kind.LONG_TEXT: "comment",
    Kind.NUMBER: "text",
    Kind.DATE: "text",
    Kind.SINGLE: "radiogroup",
    Kind.MULTIPLE: "checkbox",
    Kind.SCALE: "rating",
    Kind.MATRIX: "matrix",
    Kind.RANKING: "ranking",
    Kind.NOTE: "html",
}
_KINDS = {
    "comment": Kind.LONG_TEXT,
    "radiogroup": Kind.SINGLE,
    "dropdown": Kind.SINGLE,
    "boolean": Kind.SINGLE,
    "checkbox": Kind.MULTIPLE,
    "tagbox": Kind.MULTIPLE,
    "rating": Kind.SCALE,
    "matrix": Kind.MATRIX,
    "ranking": Kind.RANKING,
    "html": Kind.NOTE,
}
_INPUTS = {"text": Kind.SHORT_TEXT, "number": Kind.NUMBER, "range": Kind.NUMBER, "date": Kind.DATE}
_YES_NO = (Choice("true", Localised("Yes", "Sí")), Choice("false", Localised("No", "No")))
_TAG = re.compile(r"<[^>]*>")


class BadDefinition(EngageError):
    """Not a definition that this site can ask; each problem names the place in the file."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = list(problems)


def loads(text: str) -> Definition:
    """Read a definition from JSON. Raises BadDefinition; what it means is not checked here."""
    if len(text) > LARGEST:
        raise BadDefinition([f"The file is longer than {LARGEST:,} characters."])
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise BadDefinition(["The file is not JSON."]) from None
    if not isinstance(found, dict):
        raise BadDefinition(["The file must hold one JSON object."])
    return read(found)


def dumps(definition: Definition) -> str:
    """The definition as JSON: the same text for the same definition."""
    return json.dumps(write(definition), ensure_ascii=False, indent=2)


def write(definition: Definition) -> dict[str, Any]:
    """The definition as a SurveyJS object."""
    flags = [
        {
            "name": f"engage_{question.name}",
            "expression": "'{}'".format(" ".join(sorted(question.flags))),
            "includeIntoResult": False,
        }
        for question in definition.questions()
        if question.flags
    ]
    return _without_empty(
        {
            "title": _text(definition.title),
            "description": _text(definition.intro),
            "completedHtml": _text(definition.thanks, _escaped),
            "pages": [_page(page) for page in definition.pages],
            "calculatedValues": flags,
        }
    )


def _page(page: Page) -> dict[str, Any]:
    return _without_empty(
        {"name": page.name, **_head(page), "elements": [_element(element) for element in page.elements]}
    )


def _head(of: Page | Section | Question) -> dict[str, Any]:
    return {
        "title": _text(of.title),
        "description": _text(of.help),
        "visibleIf": conditions.write(of.visible_if) if of.visible_if is not None else None,
    }


def _element(element: Question | Section) -> dict[str, Any]:
    if isinstance(element, Section):
        questions = [_element(question) for question in element.questions]
        return _without_empty(
            {"type": "panel", "name": element.name, **_head(element), "elements": questions}
        )
    if element.kind is Kind.NOTE:
        html = {"html": _text(element.title, _escaped), "visibleIf": _head(element)["visibleIf"]}
        return _without_empty({"type": "html", "name": element.name, **html})
    common = {
        "type": _TYPES[element.kind],
        "name": element.name,
        **_head(element),
        "isRequired": element.is_required or None,
    }
    return _without_empty({**common, **_particulars(element)})


def _particulars(question: Question) -> dict[str, Any]:
    match question.kind:
        case Kind.SHORT_TEXT | Kind.LONG_TEXT:
            return {"maxLength": question.longest}
        case Kind.NUMBER | Kind.DATE:
            bounds = {"min": _bound(question, question.minimum), "max": _bound(question, question.maximum)}
            return {"inputType": question.kind.value, **bounds}
        case Kind.SCALE:
            return _scale(question)
        case Kind.MATRIX:
            return {"columns": _items(question.choices), "rows": _items(question.rows)}
        case _:
            limit = {"maxSelectedChoices": question.most_choices}
            return {"choices": _items(question.choices), **_specials(question), **limit}


def _bound(question: Question, value: str | None) -> str | float | None:
    if value is None or question.kind is Kind.DATE:
        return value
    number = float(value)
    return int(number) if number == int(number) else number


def _scale(question: Question) -> dict[str, Any]:
    return {
        "rateMin": question.steps[0],
        "rateMax": question.steps[-1],
        "minRateDescription": _text(question.low_text),
        "maxRateDescription": _text(question.high_text),
        "rateType": "smileys" if question.is_smileys else None,
    }


def _specials(question: Question) -> dict[str, Any]:
    return {
        "showOtherItem": question.other or None,
        "otherText": _text(question.other_text),
        "showNoneItem": question.none or None,
        "noneText": _text(question.none_text),
        "showRefuseItem": question.refuse or None,
        "refuseText": _text(question.refuse_text),
    }


def _items(choices: Sequence[Choice]) -> list[dict[str, Any]]:
    return [_without_empty({"value": choice.value, "text": _text(choice.text)}) for choice in choices]


def _text(text: Localised, change: Callable[[str], str] = str) -> dict[str, str] | None:
    """SurveyJS calls the survey's first language “default”; ours is English."""
    written = {"default": change(text.en), "es": change(text.es)}
    return {language: said for language, said in written.items() if said} or None


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None and value != []}


def read(survey: Json) -> Definition:
    """A definition from a SurveyJS object. Raises BadDefinition naming every place that cannot be asked."""
    reader = _Reader(_flags_of(survey))
    definition = reader.definition(survey)
    if reader.problems:
        raise BadDefinition(reader.problems)
    return definition


def _flags_of(survey: Json) -> dict[str, frozenset[Flag]]:
    found = {}
    for value in _list(survey.get("calculatedValues")):
        name, expression = str(value.get("name", "")), str(value.get("expression", ""))
        if name.startswith("engage_"):
            words = set(expression.strip("'").split())
            found[name.removeprefix("engage_")] = frozenset(flag for flag in Flag if flag.value in words)
    return found


class _Reader:
    """Reads elements and collects what is wrong with them."""

    def __init__(self, flags: Mapping[str, frozenset[Flag]]) -> None:
        self.problems: list[str] = []
        self._flags = flags

    def definition(self, survey: Json) -> Definition:
        pages = _list(survey.get("pages"))
        if not pages and _list(survey.get("elements")):  # A survey of one page may leave the page out.
            pages = [{"name": "page1", "elements": survey["elements"]}]
        return Definition(
            title=_localised(survey.get("title")),
            intro=_localised(survey.get("description")),
            thanks=_localised(survey.get("completedHtml"), _unescaped),
            pages=tuple(self._page(page, f"pages[{place}]", place) for place, page in enumerate(pages)),
        )

    def _page(self, page: Json, place: str, number: int) -> Page:
        return Page(
            name=str(page.get("name") or f"page{number + 1}"),
            **self._head(page, place),
            elements=tuple(self._elements(page, place)),
        )

    def _elements(self, holder: Json, place: str) -> Iterator[Question | Section]:
        for number, element in enumerate(_list(holder.get("elements"))):
            here = f"{place}.elements[{number}]"
            if element.get("type") == "panel":
                yield self._section(element, here, number)
            elif (question := self._question(element, here)) is not None:
                yield question

    def _section(self, panel: Json, place: str, number: int) -> Section:
        inner = list(self._elements(panel, place))
        if any(isinstance(element, Section) for element in inner):
            self.problems.append(f"{place}: a panel within a panel is not supported.")
        return Section(
            name=str(panel.get("name") or f"section{number + 1}"),
            **self._head(panel, place),
            questions=tuple(element for element in inner if isinstance(element, Question)),
        )

    def _question(self, element: Json, place: str) -> Question | None:
        name = str(element.get("name", ""))
        kind = _kind(element)
        if kind is None:
            given = element.get("inputType") if element.get("type") == "text" else element.get("type")
            self.problems.append(f"{place} “{name}”: the type “{given}” is not supported.")
            return None
        head = self._head(element, place)
        if kind is Kind.NOTE:
            head = {**head, "title": _localised(element.get("html"), _unescaped)}
        return Question(
            name=name,
            kind=kind,
            **head,
            is_required=bool(element.get("isRequired")),
            flags=self._flags.get(name, frozenset()),
            **self._read_particulars(element, kind, place),
        )

    def _read_particulars(self, element: Json, kind: Kind, place: str) -> dict[str, Any]:
        match kind:
            case Kind.SHORT_TEXT | Kind.LONG_TEXT:
                return {"longest": self._whole(element.get("maxLength"), place)}
            case Kind.NUMBER | Kind.DATE:
                return {
                    "minimum": _bound_text(element.get("min")),
                    "maximum": _bound_text(element.get("max")),
                }
            case Kind.SCALE:
                return self._read_scale(element, place)
            case Kind.MATRIX:
                return {"choices": _choices(element.get("columns")), "rows": _choices(element.get("rows"))}
            case Kind.NOTE:
                return {}
            case _:
                return self._read_choices(element, place)

    def _read_choices(self, element: Json, place: str) -> dict[str, Any]:
        is_boolean = element.get("type") == "boolean"
        return {
            "choices": _YES_NO if is_boolean else _choices(element.get("choices")),
            "other": bool(element.get("showOtherItem", element.get("hasOther"))),
            "other_text": _localised(element.get("otherText")),
            "none": bool(element.get("showNoneItem", element.get("hasNone"))),
            "none_text": _localised(element.get("noneText")),
            "refuse": bool(element.get("showRefuseItem")),
            "refuse_text": _localised(element.get("refuseText")),
            "most_choices": self._whole(element.get("maxSelectedChoices"), place),
        }

    def _read_scale(self, element: Json, place: str) -> dict[str, Any]:
        low = self._whole(element.get("rateMin"), place) or 0 if "rateMin" in element else 1
        high = self._whole(element.get("rateMax"), place) or low + 4
        values = _choices(element.get("rateValues"))
        if values and [choice.value for choice in values] != [
            str(step) for step in range(int(low), int(low) + len(values))
        ]:
            self.problems.append(f"{place}: the steps of a rating must be whole numbers in a row.")
        elif values:
            high = low + len(values) - 1
        return {
            "minimum": str(low),
            "maximum": str(high),
            "low_text": _localised(element.get("minRateDescription")),
            "high_text": _localised(element.get("maxRateDescription")),
            "is_smileys": element.get("rateType", element.get("rateDisplayMode")) == "smileys",
        }

    def _head(self, of: Json, place: str) -> dict[str, Any]:
        return {
            "title": _localised(of.get("title")),
            "help": _localised(of.get("description")),
            "visible_if": self._condition(of.get("visibleIf"), place),
        }

    def _condition(self, text: object, place: str) -> Condition | None:
        if not text:
            return None
        try:
            return conditions.parse(str(text))
        except BadCondition as bad:
            self.problems.append(f"{place}.visibleIf: {bad}")
            return None

    def _whole(self, value: object, place: str) -> int | None:
        """A whole number that is not negative; SurveyJS writes −1 for “without a limit”."""
        if value is None or value == -1:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 1_000_000:
            return value
        self.problems.append(f"{place}: “{value}” must be a whole number.")
        return None


def title_of(survey: Json) -> Localised:
    """What a form is called, without reading the rest of it."""
    return _localised(survey.get("title"))


def _kind(element: Json) -> Kind | None:
    if element.get("type") == "text":
        return _INPUTS.get(str(element.get("inputType", "text")))
    return _KINDS.get(str(element.get("type")))


def _choices(values: object) -> tuple[Choice, ...]:
    found = []
    for item in values if isinstance(values, list) else ():
        value = item.get("value") if isinstance(item, dict) else item
        text = _localised(item.get("text")) if isinstance(item, dict) else Localised()
        found.append(Choice(str(value), text or Localised(str(value))))
    return tuple(found)


def _localised(value: object, change: Callable[[str], str] = str) -> Localised:
    if isinstance(value, Mapping):
        english = value.get("default", value.get("en", ""))
        return Localised(change(str(english)), change(str(value.get("es", ""))))
    return Localised(change(str(value))) if value else Localised()


def _unescaped(html: str) -> str:
    """Plain text of the little HTML that a note may have."""
    text = _TAG.sub(" ", html)
    for mark, plain in (("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&amp;", "&")):
        text = text.replace(mark, plain)
    return text.strip()


def _bound_text(value: object) -> str | None:
    return None if value is None or value == "" else str(value)


def _list(value: object) -> list[Any]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
