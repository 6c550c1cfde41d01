"""``engage import answers``: what is no answer is left out and told, and what people wrote stays text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.feedback.models import Entry, FeedbackForm, FormResponse, FormText, ResultsShown, TextState
from engage.survey.definition import Choice, Definition, Kind, Page, Question
from tests.exchange import test_importing_answers as importing
from tests.support.makers import both, feedback_form

Run = importing.Run
Write = Callable[..., Path]
run, write = importing.run, importing.write

TABLE = "Timestamp,Do you feel heard?,Used,Why?\n{rows}"


@pytest.fixture
def form(session: Session) -> FeedbackForm:
    """A form of ours whose results are read at the close."""
    return make(session)


def make(session: Session, **fields: object) -> FeedbackForm:
    heard = Question(
        name="heard",
        kind=Kind.SINGLE,
        title=both("Do you feel heard?"),
        choices=(Choice("yes", both("Yes")), Choice("no", both("No"))),
    )
    used = Question(
        name="used",
        kind=Kind.MULTIPLE,
        title=both("Used"),
        choices=(Choice("bus", both("Bus")), Choice("tram", both("Tram"))),
        other=True,
    )
    why = Question(name="why", kind=Kind.LONG_TEXT, title=both("Why?"))
    definition = Definition(title=both("Ours"), pages=(Page(name="one", elements=(heard, used, why)),))
    found = feedback_form(
        session, definition, **{"slug": "elsewhere", "results": ResultsShown.AT_CLOSE} | fields
    )
    session.commit()
    return found


def answers(session: Session) -> list[FormResponse]:
    return list(session.scalars(sa.select(FormResponse)))


def texts(session: Session) -> list[str]:
    return sorted(session.scalars(sa.select(FormText.body)))


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_a_file_of_which_no_column_fits_is_refused_in_one_line(
    run: Run, write: Write, session: Session, form: FeedbackForm, options: tuple[str, ...]
) -> None:
    status, _out, err = run(write("Colour,Size\nred,1\nblue,2\n"), *options)

    assert status == 1
    assert "\n".join(err) == (
        "Error: No column of this file fits a question of the form; nothing was imported. "
        "--map COLUMN=QUESTION says which one does."
    )
    assert answers(session) == []


def test_a_row_without_any_answer_is_no_answer(
    run: Run, write: Write, session: Session, form: FeedbackForm
) -> None:
    rows = "11/2/2026 9:00,Yes,,\n11/2/2026 9:01,,,\n11/2/2026 9:02,,, \n11/2/2026 9:03,Perhaps,,\n"

    status, out, _err = run(write(TABLE.format(rows=rows)))

    assert status == 0
    assert out[-1] == "Done: 1 new, 0 unchanged, 0 bad, 3 empty."
    assert "Empty, so left out: 3 rows without an answer to any question." in out
    # Also what a row said that is left out for it.
    assert "No answer to “heard”: Perhaps (once)." in out
    assert [one.answers for one in answers(session)] == [{"heard": "yes"}]


def test_a_row_that_answers_only_what_this_form_does_not_ask_is_empty(
    run: Run, write: Write, session: Session, form: FeedbackForm
) -> None:
    _status, out, _err = run(write("Do you feel heard?,Colour\nYes,red\n,blue\n"))

    assert out[-1] == "Done: 1 new, 0 unchanged, 0 bad, 1 empty."
    assert len(answers(session)) == 1


def test_a_form_for_holders_of_codes_takes_no_file(run: Run, write: Write, session: Session) -> None:
    make(session, entry=Entry.CODE)

    for options in ((), ("--dry-run",)):
        status, _out, err = run(write(TABLE.format(rows="11/2/2026 9:00,Yes,,\n")), *options)

        assert status == 1
        assert "\n".join(err) == (
            "Error: The form “elsewhere” takes one answer a code, and these answers have no codes; "
            "nothing was imported."
        )
    assert answers(session) == []


@pytest.mark.parametrize(("shown", "is_told"), [(ResultsShown.LIVE, True), (ResultsShown.AT_CLOSE, False)])
def test_it_is_told_that_the_public_reads_the_results(
    run: Run, write: Write, session: Session, shown: ResultsShown, is_told: bool
) -> None:
    make(session, results=shown)

    status, out, _err = run(write(TABLE.format(rows="11/2/2026 9:00,Yes,,\n")))

    told = "The public can read the results of this form: what is imported will show there."
    assert status == 0
    assert (told in out) is is_told
    assert len(answers(session)) == 1


WRITTEN = ["A swimming pool", "Skates", "My neighbour Ana's car", "Horse", "A swimming pool"]


def surveymonkey(*, has_second_header: bool) -> str:
    """A multiple choice of which “other” has one column, with what people wrote in it."""
    parts = ["Library", "Bus", "Other (please specify)"]
    question = "Which of these have you used?"
    if has_second_header:
        head = f"Respondent ID,{question},,,Do you feel heard?\n,{','.join(parts)},Response\n"
    else:
        head = f"Respondent ID,{','.join(f'{question} - {part}' for part in parts)},Do you feel heard?\n"
    rows = [
        f"{number},{'Library' if number % 2 else ''},{'Bus' if number % 3 else ''},"
        f"{WRITTEN[number] if number < len(WRITTEN) else ''},{'Yes' if number % 4 else 'No'}\n"
        for number in range(12)
    ]
    return head + "".join(rows)


@pytest.mark.parametrize("has_second_header", [True, False])
def test_what_people_wrote_for_other_is_a_text_and_never_a_choice(
    run: Run, write: Write, session: Session, has_second_header: bool
) -> None:
    status, out, _err = run(write(surveymonkey(has_second_header=has_second_header)), "--new")

    asked = importing.asked(session)["Which of these have you used?"]
    written = {text.body: text for text in session.scalars(sa.select(FormText))}
    assert status == 0
    assert (asked.kind, asked.other) == (Kind.MULTIPLE, True)
    assert [choice.text.en for choice in asked.choices] == ["Library", "Bus"]
    assert texts(session) == sorted(WRITTEN)
    assert {text.state for text in written.values()} == {TextState.WAITING}
    assert written["Skates"].question == f"{asked.name}-Comment"
    assert written["Skates"].response.answers[asked.name] == ["library", "bus", "other"]
    form = session.scalars(sa.select(FeedbackForm)).one()
    assert not any(said in str(form.working) for said in WRITTEN)
    assert not [line for line in out if line.startswith("No answer")]


def test_what_people_wrote_beside_a_matrix_is_no_column_of_it(
    run: Run, write: Write, session: Session
) -> None:
    head = "Respondent ID,How safe do you feel?,,\n,At home,In town,Other (please specify)\n"
    marks = ("Very", "Hardly", "Somewhat")
    rows = "".join(
        f"{number},{marks[number % 3]},{marks[number % 2]},{'In my car' if number == 3 else ''}\n"
        for number in range(12)
    )

    _status, out, _err = run(write(head + rows), "--new")

    asked = importing.asked(session)["How safe do you feel?"]
    assert asked.kind is Kind.MATRIX
    assert {choice.text.en for choice in asked.choices} == set(marks)
    assert [row.text.en for row in asked.rows] == ["At home", "In town"]
    assert [line for line in out if "Other (please specify) (once)" in line]


def test_what_people_wrote_beside_a_ranking_is_no_item_of_it(
    run: Run, write: Write, session: Session
) -> None:
    head = "Respondent ID,Please rank,,,\n,Parks,Roads,Trails,Other (please specify)\n"
    rows = "".join(
        f"{number},{1 + number % 3},{1 + (number + 1) % 3},{1 + (number + 2) % 3},"
        f"{'Bridges' if number == 3 else ''}\n"
        for number in range(12)
    )

    run(write(head + rows), "--new")

    asked = importing.asked(session)["Please rank"]
    assert asked.kind is Kind.RANKING
    assert [choice.text.en for choice in asked.choices] == ["Parks", "Roads", "Trails"]


LIMESURVEY = """\
"id. Response ID";"submitdate. Date submitted";"lastpage. Last page";"startlanguage. Start language";\
"HEARD. Do you feel heard?";"USED[LIB]. Which have you used? [Library]";\
"USED[BUS]. Which have you used? [Bus]";\
"USED[other]. Which have you used? [Other]"
"1";"2026-11-02 09:00:36";"4";"es";"Y";"Y";"";""
"2";"";"2";"en";"N";"";"";""
"3";"2026-11-03 23:59:59";"4";"en";"N";"";"Y";"Pool"
"4";"";"1";"en";"";"";"";""
"""
CODES = """\
"id","submitdate","lastpage","startlanguage","seed","startdate","ipaddr","HEARD","USED[LIB]","USED[BUS]",\
"USED[other]"
"1","2026-11-02 09:00:36","4","es","123","2026-11-02 08:00:36","203.0.113.9","Y","Y","N",""
"2","","2","en","124","2026-11-02 08:00:36","203.0.113.9","N","","",""
"3","1980-01-01 00:00:00","4","en","125","1980-01-01 00:00:00","203.0.113.9","N","N","Y","Pool"
"""


def test_those_who_did_not_come_to_the_end_are_left_out_and_told(
    run: Run, write: Write, session: Session
) -> None:
    status, out, _err = run(write(LIMESURVEY), "--new")

    assert status == 0
    assert out[-1] == "Done: 2 new, 0 unchanged, 0 bad, 2 unfinished."
    assert (
        "Unfinished, so left out: 2 rows of people who did not come to the end; --unfinished takes them."
        in out
    )
    assert len(answers(session)) == 2


def test_those_who_did_not_come_to_the_end_are_taken_if_asked_for(
    run: Run, write: Write, session: Session
) -> None:
    run(write(LIMESURVEY), "--new")

    _status, out, _err = run(write(LIMESURVEY), "--unfinished")

    assert out[-1] == "Done: 1 new, 2 unchanged, 0 bad, 1 empty."
    assert len(answers(session)) == 3


def test_heads_that_are_codes_alone_are_limesurveys(run: Run, write: Write, session: Session) -> None:
    _status, out, _err = run(write(CODES), "--new")

    questions = importing.asked(session)
    taken = {one.language: one for one in answers(session)}
    assert "as limesurvey" in out[0]
    assert out[-1] == "Done: 2 new, 0 unchanged, 0 bad, 1 unfinished."
    assert {title: one.kind for title, one in questions.items()} == {
        "HEARD": Kind.SINGLE,
        "USED": Kind.MULTIPLE,
    }
    assert taken["es"].answers == {"heard": "y", "used": ["lib"]}
    assert taken["en"].answers == {"heard": "n", "used": ["bus", "other"]}
    assert texts(session) == ["Pool"]
    assert "Not read: ipaddr (personal)." in out
    # LimeSurvey writes the first day of 1980 where it was told to keep no days.
    assert date(1980, 1, 1) not in {one.answered_on for one in answers(session)}


def test_a_text_that_is_too_long_is_told_and_not_cut(
    run: Run, write: Write, session: Session, form: FeedbackForm
) -> None:
    rows = (
        f"11/2/2026 9:00,Yes,,{'x' * 10_001}\n"
        f"11/2/2026 9:01,Yes,{'y' * 10_001},\n"
        f"11/2/2026 9:02,Yes,,{'z' * 10_000}\n"
        f"11/2/2026 9:03,,,{'v' * 10_001}\n"
    )

    _status, out, _err = run(write(TABLE.format(rows=rows)))

    assert texts(session) == ["z" * 10_000]
    assert out[-1] == "Done: 3 new, 0 unchanged, 0 bad, 1 empty."
    for name, letter in (("why", "x"), ("used", "y"), ("why", "v")):
        assert f"Too long for “{name}”, so left out: {letter * 60}… (once)." in out


def test_what_keeps_a_file_from_being_a_form_is_told_in_words(run: Run, write: Write) -> None:
    head = ",".join(f"Question {number}" for number in range(250))
    row = ",".join(f"Said {number}" for number in range(250))

    status, _out, err = run(write(f"{head}\n{row}\n"), "--new")

    assert status == 1
    assert err[-1].startswith("Error: This file makes no form. The form as a whole: It asks more than ")
