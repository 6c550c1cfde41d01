"""Told results as files: a long table and an object, with what the page says and no more."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict
from importlib.resources import files
from typing import Any

from engage.db.types import Localised
from engage.feedback.results import Cell, Count, to_json
from engage.feedback.told import Told
from engage.feedback.told_question import QuestionTold
from engage.survey.suppression import K
from engage.web.cells import safe_cell
from engage.web.locale import site_day

LICENCE = "CC0-1.0"
LIMITS = (
    "Those who answered decided so themselves; nobody was drawn at random. A share of these answers says "
    "nothing about what share of all residents would say the same. Intervals are Wilson's at 95 % and show "
    "chance only."
)
WITHHELD = f"withheld: below {K}, or one that is could be worked out from it"
COLUMNS = (
    "question", "wording_en", "wording_es", "kind", "versions", "row", "value", "label_en", "label_es",
    "by", "by_value", "count", "base", "share", "low", "high", "note",
)  # fmt: skip


def schema() -> str:
    """The JSON Schema of ``as_json``."""
    return (files("engage.feedback") / "data" / "results.schema.json").read_text("utf-8")


def as_json(told: Told, *, page: str, schema_url: str) -> str:
    """Everything that is told, in both languages, the same whoever asks."""
    form, results = told.form, to_json(told.results)
    for kept, question in zip(results["questions"], told.questions, strict=True):
        kept["number"] = question.number
        kept["wording"] = asdict(question.title)
        kept["labels"] = {value: asdict(text) for value, text in question.labels.items()}
        kept["row_labels"] = {value: asdict(text) for value, text in question.row_labels.items()}
    read = told.read
    told_of = {
        "$schema": schema_url,
        "form": {
            "slug": form.slug,
            "title": asdict(form.title),
            "page": page,
            "opens_at": form.opens_at.isoformat(),
            "closes_at": form.closes_at.isoformat() if form.closes_at else None,
            "versions": [
                {"number": one.number, "since": site_day(one.published_at).isoformat(), "digest": one.digest}
                for one in form.versions
            ],
        },
        "licence": LICENCE,
        "limits": LIMITS,
        "not_told_below": K,
        "counted_on": read.counted_on.isoformat() if read.counted_on else None,
        "is_final": read.is_final,
        "waiting": None if read.has_few_waiting else read.waiting,
        "results": results,
    }
    return json.dumps(told_of, ensure_ascii=False, indent=2) + "\n"


def as_csv(told: Told) -> str:
    """One row a number. No cell begins as a formula does."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in _rows(told):
        writer.writerow([safe_cell(_plain(row.get(column))) for column in COLUMNS])
    # The mark at the beginning tells spreadsheets that this is UTF-8.
    return "\ufeff" + buffer.getvalue()


def _plain(value: object) -> object:
    return "" if value is None else round(value, 6) if isinstance(value, float) else value


def _rows(told: Told) -> Iterator[dict[str, Any]]:
    results = told.results
    form = {"wording_en": told.form.title.en, "wording_es": told.form.title.es}
    yield form | {"question": "(form)", "kind": "slug", "value": told.form.slug}
    yield form | {"question": "(form)", "kind": "licence", "value": LICENCE, "note": LIMITS}
    counted = told.read.counted_on
    yield form | {
        "question": "(form)",
        "kind": "counted on",
        "value": counted.isoformat() if counted else None,
    }
    yield form | _number({"question": "(form)", "kind": "answers"}, results.total)
    yield form | _number({"question": "(form)", "kind": "doubtful"}, results.doubtful, results.total)
    for kind in ("channels", "languages", "versions"):
        for cell in getattr(results, kind):
            yield form | _cell({"question": "(form)", "kind": kind}, cell, results.total)
    for question in told.questions:
        yield from _of_question(question)


def _of_question(told: QuestionTold) -> Iterator[dict[str, Any]]:
    result = told.result
    head = {
        "question": result.key,
        "wording_en": told.title.en,
        "wording_es": told.title.es,
        "kind": result.kind,
        "versions": " ".join(str(number) for number in result.versions),
    }
    yield _number(head | {"value": "(answered)"}, result.answered, result.asked)
    for cell in result.cells:
        yield _cell(head | _label(told.labels, cell.value), cell, result.answered)
    for row in result.rows:
        for cell in row.cells:
            yield _cell(head | {"row": row.value} | _label(told.labels, cell.value), cell, row.answered)
        if row.mean is not None:
            yield head | {
                "row": row.value,
                "value": "(mean)",
                "share": row.mean,
                "note": "a mean, not a share",
            }
    yield from _figures(told, head)
    yield from _of_texts(told, head)
    yield from _crossed(told, head)


def _figures(told: QuestionTold, head: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name, value in asdict(told.result.figures).items() if told.result.figures else ():
        if value is not None:
            yield head | {"value": f"({name})", "share": value, "note": f"a {name}, not a share"}


def _of_texts(told: QuestionTold, head: dict[str, Any]) -> Iterator[dict[str, Any]]:
    texts = told.result.texts
    if texts is None:
        return
    yield _number(head | {"value": "(texts analysed)"}, texts.analysed)
    for kind in ("languages", "tones", "concerns"):
        for cell in getattr(texts, kind):
            yield _cell(head | {"row": f"({kind})", "value": cell.value}, cell, texts.analysed)


def _crossed(told: QuestionTold, head: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for table in told.result.crosstabs:
        for value, cells in zip(table.rows, table.cells, strict=True):
            for by_value, count, total in zip(table.columns, cells, table.column_totals, strict=True):
                about = _label(told.labels, value) | {"row": table.row, "by": table.by, "by_value": by_value}
                yield _number(head | about, count, total)


def _label(labels: dict[str, Localised], value: str) -> dict[str, Any]:
    text = labels.get(value, Localised())
    return {"value": value, "label_en": text.en, "label_es": text.es}


def _number(about: dict[str, Any], count: Count, base: Count = None) -> dict[str, Any]:
    share = count / base if count is not None and base else None
    return about | {"count": count, "base": base, "share": share, "note": WITHHELD if count is None else ""}


def _cell(about: dict[str, Any], cell: Cell, base: Count) -> dict[str, Any]:
    known = {"value": cell.value} | about
    return _number(known, cell.count, base) | {"share": cell.share, "low": cell.low, "high": cell.high}
