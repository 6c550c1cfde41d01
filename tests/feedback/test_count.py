"""What is told of answers, and when."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.feedback.models import FeedbackForm, FormResponse, FormResult, FormText, TextState
from engage.feedback.results import Results, from_json
from engage.feedback.service.count import count_again
from engage.feedback.service.publish import publish_version
from engage.survey import surveyjs
from engage.survey.definition import Choice, Definition, Flag, Kind, Page, Question
from engage.survey.expressions import parse
from tests.support.makers import both, feedback_form, questionnaire, response


def told(session: Session, form: FeedbackForm) -> Results:
    count_again(session, form, utcnow())
    result = session.get_one(FormResult, form.id)
    return from_json(result.tables)


def answer(session: Session, form: FeedbackForm, times: int, answers: dict[str, Any], **fields: Any) -> None:
    for _ in range(times):
        response(session, form, answers, **fields)


def counts(results: Results, key: str) -> dict[str, int | None]:
    question = results.question(key)
    assert question is not None
    return {cell.value: cell.count for cell in question.cells}


def test_counts_shares_and_intervals_are_told(app: Flask, session: Session) -> None:
    form = feedback_form(session)
    answer(session, form, 30, {"trust": "yes", "area": "north"})
    answer(session, form, 20, {"trust": "no", "area": "south"}, language="es")

    results = told(session, form)

    assert results.total == 50
    trust = results.question("trust")
    assert trust is not None
    assert (trust.asked, trust.answered) == (50, 50)
    yes = trust.cells[0]
    assert (yes.value, yes.count, yes.share) == ("yes", 30, 0.6)
    assert yes.low == pytest.approx(0.4618, abs=1e-4)
    assert yes.high == pytest.approx(0.7239, abs=1e-4)
    assert {cell.value: cell.count for cell in results.languages} == {"en": 30, "es": 20}


def test_nothing_is_told_of_nine(app: Flask, session: Session) -> None:
    form = feedback_form(session)
    answer(session, form, 9, {"trust": "yes"})

    results = told(session, form)

    assert results == Results()
    assert session.get_one(FormResult, form.id).counted == 9


def test_few_of_one_kind_hide_a_second_kind(app: Flask, session: Session) -> None:
    form = feedback_form(session)
    for area, times in {"north": 40, "south": 25, "east": 3, "refused": 12}.items():
        answer(session, form, times, {"trust": "yes", "area": area})

    assert counts(told(session, form), "area") == {"north": 40, "south": 25, "east": None, "refused": None}


def test_who_is_asked_depends_on_earlier_answers(app: Flask, session: Session) -> None:
    form = feedback_form(session)
    answer(session, form, 30, {"trust": "yes", "why": "never asked"})
    answer(session, form, 20, {"trust": "no", "why": "because"})
    answer(session, form, 15, {"trust": "no"})

    why = told(session, form).question("why")

    assert why is not None
    assert (why.asked, why.answered) == (35, 20)


def test_a_question_does_not_tell_how_few_gave_the_answer_that_it_follows(
    app: Flask, session: Session
) -> None:
    """180 were asked why: so 180 said no, though that was hidden."""
    form = feedback_form(session)
    answer(session, form, 60, {"trust": "yes"})
    answer(session, form, 4, {"trust": "no", "why": "because"})

    results = told(session, form)
    why = results.question("why")

    assert counts(results, "trust") == {"yes": None, "no": None}
    assert why is not None
    assert (why.asked, why.answered) == (None, None)


def test_texts_are_told_once_all_were_read_and_hiding_one_changes_nothing(
    app: Flask, session: Session
) -> None:
    form = feedback_form(session)
    answer(session, form, 40, {"trust": "yes"})
    for number in range(30):
        row = response(session, form, {"trust": "no"})
        read = {"language": "en", "tone": ("negative", "neutral")[number % 2], "analysed_with": "1"}
        session.add(FormText(response_id=row.id, question="why", body="Because.", **read))
    session.flush()
    one = session.scalars(sa.select(FormText)).first()
    assert one is not None
    one.analysed_with = None
    session.flush()

    before = told(session, form).question("why")
    one.analysed_with, one.state = "1", TextState.SHOWN
    session.flush()
    after = told(session, form).question("why")

    assert before is not None
    assert after is not None
    assert (before.answered, before.texts) == (30, None)
    assert after.texts is not None
    assert after.texts.analysed == 30
    assert {cell.value: cell.count for cell in after.texts.tones} == {"neutral": 15, "negative": 15}


def every_kind() -> Definition:
    """One question of each kind, and two by which the others are told."""
    abc = tuple(Choice(value, both(value.upper())) for value in "abc")
    columns = tuple(Choice(value, both(value)) for value in ("1", "2", "3"))
    elements = (
        Question(name="single", kind=Kind.SINGLE, title=both("One"), choices=abc, other=True, refuse=True),
        Question(name="several", kind=Kind.MULTIPLE, title=both("Some"), choices=abc, refuse=True),
        Question(name="scale", kind=Kind.SCALE, title=both("How"), minimum="1", maximum="4"),
        Question(name="matrix", kind=Kind.MATRIX, title=both("Each"), choices=columns, rows=abc[:2]),
        Question(name="ranking", kind=Kind.RANKING, title=both("Order"), choices=abc),
        Question(name="number", kind=Kind.NUMBER, title=both("How many"), minimum="0"),
        Question(name="date", kind=Kind.DATE, title=both("When")),
        Question(
            name="age", kind=Kind.SINGLE, title=both("Age"), choices=abc, flags=frozenset({Flag.BREAKDOWN})
        ),
        Question(
            name="area", kind=Kind.SINGLE, title=both("Area"), choices=abc, flags=frozenset({Flag.BREAKDOWN})
        ),
        Question(
            name="more", kind=Kind.SINGLE, title=both("More"), choices=abc, visible_if=parse("{single} = 'a'")
        ),
    )
    return Definition(
        title=both("Every kind"), pages=(Page(name="all", title=both("All"), elements=elements),)
    )


def anybody(chance: random.Random) -> dict[str, Any]:
    """Answers as they come, some questions left out."""

    def one(*values: str) -> str:
        return values[min(int(chance.expovariate(0.9)), len(values) - 1)]

    given: dict[str, Any] = {
        "single": one("a", "b", "c", "other", "refused"),
        "several": chance.choice((["a"], ["a", "b"], ["b", "c"], ["a", "b", "c"], ["refused"])),
        "scale": chance.randint(1, 4),
        "matrix": {"a": one("1", "2", "3"), "b": one("3", "2", "1")},
        "ranking": chance.sample("abc", 3),
        "number": chance.randint(0, 90),
        "date": f"2026-{chance.randint(8, 11):02}-{chance.randint(1, 28):02}",
        "age": one("a", "b", "c"),
        "area": one("b", "a", "c"),
    }
    if given["single"] == "a":
        given["more"] = one("a", "b", "c")
    return {name: said for name, said in given.items() if chance.random() > 0.05}


def test_every_kind_of_question_is_counted(app: Flask, session: Session) -> None:
    form = feedback_form(session, every_kind())
    chance = random.Random(6)  # noqa: S311 - the same answers at every run
    given = [anybody(chance) for _ in range(900)]
    for answers in given:
        response(session, form, answers, language=chance.choice(("en", "es")))

    results = told(session, form)

    def of(name: str) -> list[Any]:
        return [one[name] for one in given if name in one]

    assert counts(results, "single")["a"] == of("single").count("a")
    assert counts(results, "several")["b"] == sum("b" in one for one in of("several"))
    assert counts(results, "scale")["3"] == of("scale").count(3)
    scale, matrix, ranking, number, when = (
        results.question(key) for key in ("scale", "matrix", "ranking", "number", "date")
    )
    assert scale is not None
    assert scale.figures is not None
    assert scale.figures.mean == pytest.approx(sum(of("scale")) / len(of("scale")), abs=0.01)
    assert matrix is not None
    assert matrix.rows[0].cells[0].count == sum(one.get("a") == "1" for one in of("matrix"))
    assert ranking is not None
    assert ranking.rows[1].cells[0].count == sum(one[0] == "b" for one in of("ranking"))
    assert ranking.rows[1].mean == pytest.approx(
        sum(one.index("b") + 1 for one in of("ranking")) / len(of("ranking")), abs=0.01
    )
    assert number is not None
    assert sum(cell.count or 0 for cell in number.cells) == len(of("number"))
    assert number.cells[0].value == "0..9"
    assert when is not None
    assert [cell.value for cell in when.cells] == ["2026-08", "2026-09", "2026-10", "2026-11"]
    crossed = {table.by for table in scale.crosstabs}
    assert crossed == {"age", "area", "@language"}
    table = next(table for table in scale.crosstabs if table.by == "@language")
    assert table.total == len(of("scale"))


def test_two_tables_of_the_same_people_hide_the_same(app: Flask, session: Session) -> None:
    form = feedback_form(session, every_kind())
    chance = random.Random(7)  # noqa: S311 - the same answers at every run
    for _ in range(150):
        response(session, form, anybody(chance))
    results = told(session, form)
    age, area = results.question("age"), results.question("area")
    assert age is not None
    assert area is not None
    one = next(table for table in age.crosstabs if table.by == "area")
    other = next(table for table in area.crosstabs if table.by == "age")

    assert tuple(zip(*one.cells, strict=True)) == other.cells


def test_a_question_that_changed_is_told_apart_from_what_it_was(app: Flask, session: Session) -> None:
    form = feedback_form(session)
    answer(session, form, 20, {"trust": "yes", "area": "north"})
    session.expire(form, ["versions"])
    pages = questionnaire().pages
    trust = pages[0].elements[0]
    assert isinstance(trust, Question)
    changed = Question(
        name="trust",
        kind=Kind.SINGLE,
        title=trust.title,
        choices=(*trust.choices, Choice("unsure", both("Not sure"))),
    )
    first = Page(name="opinion", title=both("Opinion"), elements=(changed,))
    form.working = surveyjs.write(Definition(title=both("T"), intro=both("I"), pages=(first, pages[1])))
    publish_version(session, form, actor=None, now=utcnow())
    answer(session, form, 15, {"trust": "unsure"})

    results = told(session, form)

    old, new, area = (results.question(key) for key in ("trust", "trust@2", "area"))
    assert old is not None
    assert new is not None
    assert area is not None
    assert (old.versions, new.versions, area.versions) == ((1,), (2,), (1, 2))
    assert (old.answered, new.answered, area.asked) == (20, 15, 35)


def test_results_that_differ_by_fewer_than_ten_are_not_told(app: Flask, session: Session) -> None:
    form = feedback_form(session)
    answer(session, form, 30, {"trust": "yes"})
    assert told(session, form).total == 30

    answer(session, form, 9, {"trust": "no"}, imported_as=None)
    assert told(session, form).total == 30
    assert session.get_one(FormResult, form.id).is_stale

    answer(session, form, 1, {"trust": "no"})
    assert told(session, form).total == 40
    assert not session.get_one(FormResult, form.id).is_stale


def test_counting_again_changes_nothing(app: Flask, session: Session) -> None:
    form = feedback_form(session, every_kind(), closes_at=utcnow() - timedelta(hours=1))
    chance = random.Random(8)  # noqa: S311 - the same answers at every run
    for _ in range(120):
        response(session, form, anybody(chance))

    assert told(session, form) == told(session, form)
    assert session.get_one(FormResult, form.id).is_final
    assert session.scalar(sa.select(sa.func.count()).select_from(FormResponse)) == 120


def test_no_table_has_cells_that_the_form_itself_leaves_empty(app: Flask, session: Session) -> None:
    """Only who lives in a is asked: that nobody in b answered is known, and hides nothing."""
    kept = tuple(one for one in every_kind().questions() if one.name in ("age", "area"))
    local = Question(
        name="local",
        kind=Kind.SINGLE,
        title=both("Local"),
        choices=kept[0].choices,
        visible_if=parse("{area} = 'a'"),
    )
    page = Page(name="all", title=both("All"), elements=(*kept, local))
    form = feedback_form(session, Definition(title=both("T"), intro=both("I"), pages=(page,)))
    for one in "abc":
        for other in "abc":
            answer(session, form, 15, {"age": one, "area": other, "local": other})

    asked = told(session, form).question("local")

    assert asked is not None
    assert (asked.asked, asked.answered) == (45, 45)
    assert "area" not in {table.by for table in asked.crosstabs}
