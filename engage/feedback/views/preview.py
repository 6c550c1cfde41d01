"""A form as residents will see it, page by page with its conditions at work, without keeping anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engage.accounts.access import requires
from engage.feedback.access import EDITORS
from engage.feedback.asking import to_mend
from engage.feedback.views.blueprint import bp
from engage.feedback.views.workbench import read
from engage.survey.answers import Asked, asked, check
from engage.survey.definition import Definition, Page, Section
from engage.survey.posted import field_name, read_posted, written
from engage.web.forms import clean_text


@bp.route("/staff/forms/<slug>/preview", methods=["GET", "POST"])
@requires(*EDITORS)
def preview(slug: str) -> ResponseReturnValue:
    """The working definition as residents will be asked it. Answers go from page to page in hidden fields
    and are kept nowhere."""
    bench = read(slug)
    definition = bench.definition
    answers = _posted(definition)
    shown = request.form.get("page") or ""
    problems = check(definition, answers, page=shown).problems if request.form.get("do") == "next" else {}
    pages = _shown_pages(definition, answers)
    page = _turned(
        pages, shown, 0 if problems else {"next": 1, "back": -1}.get(request.form.get("do", ""), 0)
    )
    here = [one for one in asked(definition, answers) if page is not None and one.page.name == page.name]
    html = render_template(
        "feedback/preview.html",
        bench=bench,
        definition=definition,
        page=page,
        place=pages.index(page) + 1 if page in pages else 0,
        pages=len(pages),
        groups=_groups(here),
        numbers=definition.numbers(),
        answers=answers,
        problems=problems,
        mended=to_mend(definition, problems),
        hidden=_hidden(definition, answers, {one.question.name for one in here}),
        is_done=request.method == "POST" and page is None,
    )
    return html, 422 if problems else 200


def _posted(definition: Definition) -> dict[str, Any]:
    answers = read_posted(definition.questions(), request.form) if request.method == "POST" else {}
    return {name: clean_text(value) if isinstance(value, str) else value for name, value in answers.items()}


def _shown_pages(definition: Definition, answers: Mapping[str, Any]) -> list[Page]:
    """The pages on which somebody with these answers is asked something."""
    names = dict.fromkeys(one.page.name for one in asked(definition, answers))
    return [page for page in definition.pages if page.name in names]


def _turned(pages: list[Page], shown: str, by: int) -> Page | None:
    """The page to show: ``by`` pages from the one that was shown; None behind the last."""
    names = [page.name for page in pages]
    place = names.index(shown) + by if shown in names else 0
    return pages[max(place, 0)] if place < len(pages) else None


def _groups(here: list[Asked]) -> list[tuple[Section | None, list[Asked]]]:
    """What is asked on a page, section by section."""
    groups: list[tuple[Section | None, list[Asked]]] = []
    for one in here:
        if not groups or groups[-1][0] is not one.section or one.section is None:
            groups.append((one.section, []))
        groups[-1][1].append(one)
    return groups


def _hidden(definition: Definition, answers: Mapping[str, Any], here: set[str]) -> list[tuple[str, str]]:
    """The answers of the other pages, as hidden fields."""
    fields = []
    for question in definition.questions():
        if question.name in here:
            continue
        if question.name in answers:
            fields += list(written(question, answers[question.name]))
        if question.comment_name in answers:
            fields.append((field_name(question, "Comment"), str(answers[question.comment_name])))
    return fields
