"""A form that asks everything, and results of it as the counting job makes them, small groups left out."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from engage.feedback.models import FeedbackForm, FormResult
from engage.feedback.results import (
    Cell,
    Crosstab,
    Figures,
    QuestionResult,
    Results,
    Row,
    Texts,
    to_json,
)
from engage.survey.definition import Choice, Definition, Flag, Kind, Page, Question
from engage.survey.expressions import parse
from tests.support.makers import both, feedback_form

TOTAL = 312


def choices(*values: str) -> tuple[Choice, ...]:
    """Choices called as their values, with a capital."""
    return tuple(Choice(value, both(value.capitalize())) for value in values)


def everything() -> Definition:
    """One question of every kind; who lives where is about the person, and one question hangs on it."""
    degrees = choices("never", "rarely", "sometimes", "often", "always")
    opinion = (
        Question(
            name="trust",
            kind=Kind.SINGLE,
            title=both("Do you trust it?"),
            choices=choices("yes", "no"),
            other=True,
        ),
        Question(
            name="contact",
            kind=Kind.MULTIPLE,
            title=both("Whom did you meet?"),
            choices=choices("sheriff", "police"),
            none=True,
        ),
        Question(
            name="safe",
            kind=Kind.SCALE,
            title=both("How safe do you feel?"),
            minimum="1",
            maximum="5",
            low_text=both("Not at all"),
            high_text=both("Very"),
        ),
        Question(
            name="often",
            kind=Kind.MATRIX,
            title=both("How often do you …"),
            choices=degrees,
            rows=choices("walk", "drive"),
        ),
        Question(
            name="first",
            kind=Kind.RANKING,
            title=both("What matters most?"),
            choices=choices("safety", "trust", "cost"),
        ),
        Question(name="years", kind=Kind.NUMBER, title=both("For how many years?")),
        Question(name="since", kind=Kind.DATE, title=both("When was it last?")),
        Question(name="why", kind=Kind.LONG_TEXT, title=both("Why?")),
    )
    person = (
        Question(
            name="area",
            kind=Kind.SINGLE,
            title=both("Where do you live?"),
            help=both("To see who is missing."),
            choices=choices("north", "south", "east"),
            refuse=True,
            flags=frozenset({Flag.DEMOGRAPHIC, Flag.BREAKDOWN}),
        ),
        Question(
            name="north_why",
            kind=Kind.SHORT_TEXT,
            title=both("What is it like in the north?"),
            visible_if=parse("{area} = 'north'"),
        ),
        Question(
            name="stopped",
            kind=Kind.SINGLE,
            title=both("Were you stopped?"),
            choices=choices("yes", "no"),
            flags=frozenset({Flag.CONFIDENTIAL}),
        ),
    )
    return Definition(
        title=both("Trust in the sheriff"),
        intro=both("Some questions."),
        pages=(
            Page(name="opinion", title=both("Opinion"), elements=opinion),
            Page(name="person", title=both("About you"), elements=person),
        ),
    )


def cell(value: str, count: int | None, of: int | None) -> Cell:
    """A cell with a share and a rough interval."""
    if count is None or not of:
        return Cell(value, count)
    share = count / of
    return Cell(value, count, share, max(0.0, share - 0.04), min(1.0, share + 0.04))


def cells(of: int | None, **counts: int | None) -> tuple[Cell, ...]:
    """Cells of one whole."""
    return tuple(cell(value.lstrip("_"), count, of) for value, count in counts.items())


def by_area(rows: tuple[str, ...], *, adds_up: bool = True) -> Crosstab:
    """A table by where people live; the east is small, so that a second group is left out too."""
    return Crosstab(
        by="area",
        rows=rows,
        columns=("north", "south", "east", "refused"),
        cells=tuple((60 - 12 * number, 50 + number, None, None) for number in range(len(rows))),
        row_totals=(180, 110, None)[: len(rows)],
        column_totals=(120, 140, None, None),
        total=300,
        adds_up=adds_up,
    )


def results() -> Results:
    """What is told of three hundred answers, with hidden cells everywhere."""

    def told(name: str, kind: str, answered: int | None, **fields: Any) -> QuestionResult:
        values: dict[str, Any] = {"key": name, "name": name, "kind": kind, "versions": (1,), "asked": TOTAL}
        return QuestionResult(**values | {"answered": answered} | fields)

    five = {"never": 120, "rarely": 60, "sometimes": 60, "often": None, "always": None}
    places = cells(250, _1=130, _2=70, _3=50)
    texts = Texts(
        140,
        cells(140, en=100, es=40),
        cells(140, negative=70, neutral=None, positive=None, not_scored=30),
        cells(140, community_trust=60),
    )
    return Results(
        total=TOTAL,
        doubtful=12,
        languages=cells(TOTAL, en=250, es=62),
        channels=cells(TOTAL, web=290, paper=None, **{"import": None}),
        versions=cells(TOTAL, _1=TOTAL),
        questions=(
            told(
                "trust",
                "single",
                300,
                cells=cells(300, yes=180, no=110, other=None),
                crosstabs=(by_area(("yes", "no", "other")),),
            ),
            told(
                "contact",
                "multiple",
                290,
                cells=cells(290, sheriff=200, police=None, none=50),
                crosstabs=(by_area(("sheriff",), adds_up=False),),
            ),
            told(
                "safe",
                "scale",
                300,
                cells=cells(300, _1=30, _2=60, _3=90, _4=80, _5=40),
                figures=Figures(3.13, 3.0),
            ),
            told(
                "often",
                "matrix",
                280,
                rows=(
                    Row("walk", 270, cells(270, **five)),
                    Row("drive", None, cells(None, **dict.fromkeys(five))),
                ),
                crosstabs=(by_language(tuple(five), "walk"), by_language(tuple(five), "drive")),
            ),
            told(
                "first",
                "ranking",
                250,
                rows=(
                    Row("safety", 250, places, 1.68),
                    Row("trust", 250, cells(250, _1=80, _2=100, _3=70), 1.96),
                    Row("cost", 250, cells(250, _1=40, _2=80, _3=130), 2.36),
                ),
            ),
            told(
                "years",
                "number",
                200,
                cells=cells(200, **{"..9": 90, "10..19": 60, "20..29": 30, "30..": 20}),
                figures=Figures(11.25, 9.0),
            ),
            told(
                "since",
                "date",
                150,
                cells=cells(150, **{"2026-07..2026-09": 60, "2026-10": None, "2026-11": 70}),
                figures=Figures(None, "2026-10"),
            ),
            told("why", "long_text", 150, texts=texts),
            told("area", "single", 280, cells=cells(280, north=120, south=140, east=None, refused=None)),
            told("stopped", "single", None, asked=None, cells=cells(None, yes=None, no=None)),
        ),
    )


def by_language(rows: tuple[str, ...], row: str) -> Crosstab:
    """A table of a row of a matrix by language, all told."""
    return Crosstab(
        by="@language",
        rows=rows,
        columns=("en", "es"),
        cells=tuple((40 + number, 12) for number in range(len(rows))),
        row_totals=tuple(52 + number for number in range(len(rows))),
        column_totals=(sum(range(len(rows))) + 40 * len(rows), 12 * len(rows)),
        total=300,
        row=row,
    )


def counted_form(session: Session, told: Results | None = None, **fields: Any) -> FeedbackForm:
    """A published form that asks everything, with results."""
    form = feedback_form(session, everything(), **fields)
    made = told or results()
    session.add(
        FormResult(
            form_id=form.id, counted=made.total or 0, counted_on=date(2026, 11, 20), tables=to_json(made)
        )
    )
    session.flush()
    return form


def crossed_form(session: Session, *, questions: int, by: int) -> FeedbackForm:
    """A form with so many questions of six choices, each told by so many others, with results."""
    values = ("very", "rather", "middling", "hardly", "never", "refused")
    asked = [f"opinion{number}" for number in range(questions)]
    groups = [f"group{number}" for number in range(by)]
    elements = tuple(
        Question(name=name, kind=Kind.SINGLE, title=both(f"About {name}?"), choices=choices(*values))
        for name in asked + groups
    )
    definition = Definition(
        title=both("Many"), pages=(Page(name="all", title=both("All"), elements=elements),)
    )

    def table(other: str) -> Crosstab:
        row = (20,) * len(values)
        return Crosstab(
            by=other,
            rows=values,
            columns=values,
            cells=(row,) * len(values),
            row_totals=(120,) * len(values),
            column_totals=(120,) * len(values),
            total=720,
        )

    told = tuple(
        QuestionResult(
            key=name, name=name, kind="single", versions=(1,), asked=720, answered=720,
            cells=cells(720, **dict.fromkeys(values, 120)),
            crosstabs=tuple(map(table, groups)) if name in asked else (),
        )
        for name in asked + groups
    )  # fmt: skip
    form = feedback_form(session, definition)
    session.add(FormResult(form_id=form.id, counted=720, tables=to_json(Results(total=720, questions=told))))
    session.flush()
    return form
