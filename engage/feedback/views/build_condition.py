"""When something is asked: conditions put together line by line, without an expression to type."""

from __future__ import annotations

from dataclasses import replace

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import requires
from engage.errors import NotFound
from engage.feedback import file_words
from engage.feedback.access import EDITORS
from engage.feedback.building.lines import (
    MOST_LINES,
    BadLine,
    Lines,
    Target,
    line,
    lines_of,
    operators,
    targets,
)
from engage.feedback.fault_words import bare
from engage.feedback.service.build import FormChanged
from engage.feedback.views.blueprint import bp
from engage.feedback.views.build import once_more, said
from engage.feedback.views.workbench import Bench, back, called, keep, write
from engage.survey import editing, expressions, parts, validity
from engage.survey.conditions import BadCondition, Condition
from engage.survey.parts import Part
from engage.survey.validity import Fault
from engage.web.forms import clean_text

_OF_CONDITIONS = frozenset({Fault.UNKNOWN_QUESTION, Fault.LATER_QUESTION, Fault.UNKNOWN_VALUE})


@bp.route("/staff/forms/<slug>/questions/<name>/condition", methods=["GET", "POST"])
@requires(*EDITORS)
def edit_condition(slug: str, name: str) -> ResponseReturnValue:
    """Show when a part is asked; take a line away, join the lines otherwise, or write it as text."""
    bench = write(slug)
    part = bench.part(name)
    lines, problem, status = lines_of(part.visible_if), "", 200
    if request.method == "POST":
        try:
            condition = _changed(bench, part, lines)
        except BadCondition as bad:
            problem, status = file_words.said(bad.told), 422
        else:
            try:
                return _kept(bench, part, condition)
            except FormChanged:
                status = 409
    page = render_template(
        "feedback/build_condition.html",
        bench=bench,
        part=part,
        called=called(part),
        lines=lines,
        is_full=lines is not None and len(lines.lines) >= MOST_LINES,
        targets=targets(parts.earlier(bench.definition, name)),
        said=lambda condition: said(condition, bench.definition),
        typed=_typed() or (expressions.write(part.visible_if) if part.visible_if is not None else ""),
        problem=problem,
        **once_more(bench, status),
    )
    return page, status


def _changed(bench: Bench, part: Part, lines: Lines | None) -> Condition | None:
    """The condition after a button was pressed. Raises BadCondition."""
    button = request.form.get("do", "")
    if button == "text":
        return _of_text(bench, part, _typed())
    if button == "clear" or lines is None:
        return None
    if button.startswith("remove-"):
        gone = button.removeprefix("remove-")
        kept = tuple(one for number, one in enumerate(lines.lines) if str(number) != gone)
        return replace(lines, lines=kept).condition
    return replace(lines, is_any=request.form.get("join") == "any").condition


def _of_text(bench: Bench, part: Part, typed: str) -> Condition | None:
    """What a text says, if this part can go by it. Raises BadCondition with all that it cannot go by."""
    if not typed:
        return None
    condition = expressions.parse(typed)
    changed = editing.replace_part(bench.definition, part.name, replace(part, visible_if=condition))
    found = [
        one for one in validity.faults(changed) if one.where == part.name and one.fault in _OF_CONDITIONS
    ]
    if found:
        raise BadCondition("%(said)s", said=" ".join(dict.fromkeys(map(bare, found))))
    return condition


def _typed() -> str:
    return clean_text(request.form.get("text")) or ""


@bp.route("/staff/forms/<slug>/questions/<name>/condition/line", methods=["GET", "POST"])
@requires(*EDITORS)
def add_line(slug: str, name: str) -> ResponseReturnValue:
    """Add a line about one earlier question: how its answer compares with which of its values."""
    bench = write(slug)
    part = bench.part(name)
    target = _target(bench, name)
    lines = lines_of(part.visible_if)
    if lines is None or len(lines.lines) >= MOST_LINES:
        raise NotFound(_("No line can be added to this condition."))
    problem, status = "", 200
    if request.method == "POST":
        try:
            added = line(
                target, request.form.get("operator", ""), [_one(v) for v in request.form.getlist("value")]
            )
            return _kept(bench, part, replace(lines, lines=(*lines.lines, added)).condition)
        except BadLine as bad:
            problem, status = str(bad.problem), 422
        except FormChanged:
            status = 409
    page = render_template(
        "feedback/build_line.html",
        bench=bench,
        part=part,
        called=called(part),
        target=target,
        operators=operators(target.question),
        problem=problem,
        chosen=request.form.getlist("value"),
        operator=request.form.get("operator"),
        **once_more(bench, status),
    )
    return page, status


def _one(value: str) -> str:
    return (clean_text(value) or "").replace("\n", " ")


def _target(bench: Bench, name: str) -> Target:
    wanted = request.args.get("about", "")
    found = [one for one in targets(parts.earlier(bench.definition, name)) if one.key == wanted]
    if not found:
        raise NotFound(_("That question is not asked before this."))
    return found[0]


def _kept(bench: Bench, part: Part, condition: Condition | None) -> ResponseReturnValue:
    changed = replace(part, visible_if=condition)
    keep(bench, editing.replace_part(bench.definition, part.name, changed))
    if condition is None:
        message = _("“%(what)s” is shown to everybody now.", what=called(part))
    else:
        message = _("“%(what)s” has a new condition.", what=called(part))
    return back(bench.slug, message, part.name)
