"""``engage import answers``: what was collected elsewhere comes in whole, once, and without its people."""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage import cli
from engage.accounts.models import RoleName
from engage.feedback.models import Channel, FeedbackForm, FormResponse, FormResult, FormText, FormVersion
from engage.feedback.service.count import count_due
from engage.survey.definition import Choice, Definition, Flag, Kind, Page, Question
from tests.conftest import SHARED
from tests.support.makers import both, feedback_form
from tests.support.pages import Client, page

Run = Callable[..., tuple[int, list[str], list[str]]]

SURVEYMONKEY = """\
Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address,First Name,Last Name,Custom Data 1,\
Do you feel heard?,Which of these have you used? Please select all.,,,,"Please rank, 1 is best.",,,\
How safe do you feel?,,Anything else?,How old are you?
,,,,,,,,,Response,Library,Bus,Other (please specify),Other (please specify),Parks,Roads,\
Trails,At home,In town,Open-Ended Response,Response
{rows}"""
ROW = (
    "{id},77,11/01/2026 08:00:00 AM,11/0{day}/2026 09:30:00 AM,203.0.113.9,ana@example.org,Ana,Marker,x,"
    "{heard},Library,,{other},{said},2,1,3,Very,Hardly,{words},30 - 44\n"
)


def surveymonkey(count: int = 12) -> str:
    rows = [
        ROW.format(
            id=9000 + number,
            day=1 + number % 5,
            heard="Yes" if number % 3 else "No",
            other="Other (please specify)" if number == 1 else "",
            said="Swimming pool" if number == 1 else "",
            words=f"Sentence {number} about the roads." if number % 2 else "",
        )
        for number in range(count)
    ]
    return SURVEYMONKEY.format(rows="".join(rows))


LIMESURVEY = """\
"id. Response ID";"submitdate. Date submitted";"lastpage. Last page";"startlanguage. Start language";\
"seed. Seed";"ipaddr. IP address";"refurl. Referrer URL";"HEARD. Do you feel heard?";\
"USED[LIB]. Which have you used? [Library]";"USED[BUS]. Which have you used? [Bus]";\
"USED[other]. Which have you used? [Other]";"WORDS. Anything else?"
"1";"2026-11-02 09:00:36";"4";"es";"123";"203.0.113.9";"https://x.example";"Y";"Y";"";"";"Más autobuses"
"2";"2026-11-03 23:59:59";"4";"en";"124";"203.0.113.9";"";"N";"";"Y";"Pool";"= not a formula"
"""

GOOGLE = """\
Timestamp,Username,Do you feel heard?,Which have you used?,How safe do you feel? [At home],\
How safe do you feel? [In town],Anything else?
11/2/2026 9:00:36,ana@example.org,Yes,"Library, Bus",Very,Hardly,"One, two, three, and more words."
11/2/2026 9:00:36,ana@example.org,No,Library,Very,Very,
11/3/2026 9:00:36,ana@example.org,No,Bus,Hardly,Very,"A sentence."
11/3/2026 9:00:37,ana@example.org,No,"Library, Bus",Hardly,Very,
"""


@pytest.fixture
def run(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Call ``engage import answers …``; gives status, output, errors."""
    monkeypatch.setattr("engage.exchange.answers.cli.create_app", lambda: app)

    def run(file: Path, *options: str, form: str = "elsewhere") -> tuple[int, list[str], list[str]]:
        monkeypatch.setattr(sys, "argv", ["engage", "import", "answers", str(file), "--form", form, *options])
        status = 0
        try:
            cli.main()
        except SystemExit as leaving:
            status = int(leaving.code or 0)
        out, err = capsys.readouterr()
        session.rollback()
        session.expire_all()
        return status, out.splitlines(), err.splitlines()

    return run


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a file; gives where it is."""

    def write(content: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "answers.csv"
        path.write_bytes(content.encode(encoding))
        return path

    return write


def asked(session: Session, slug: str = "elsewhere") -> dict[str, Question]:
    form = session.scalars(sa.select(FeedbackForm).where(FeedbackForm.slug == slug)).one()
    return {question.title.en: question for question in form.versions[-1].asked.questions()}


def answers(session: Session) -> list[FormResponse]:
    return list(session.scalars(sa.select(FormResponse)))


def test_a_form_is_made_of_what_surveymonkey_asked(
    run: Run, write: Callable[..., Path], session: Session
) -> None:
    status, out, _err = run(write(surveymonkey()), "--new")

    questions = asked(session)
    assert status == 0
    assert out[-1] == "Done: 12 new, 0 unchanged, 0 bad."
    assert {title: question.kind for title, question in questions.items()} == {
        "Do you feel heard?": Kind.SINGLE,
        "Which of these have you used? Please select all.": Kind.MULTIPLE,
        "Please rank, 1 is best.": Kind.RANKING,
        "How safe do you feel?": Kind.MATRIX,
        "Anything else?": Kind.SHORT_TEXT,
        "How old are you?": Kind.SINGLE,
    }
    assert questions["Which of these have you used? Please select all."].other
    assert Flag.DEMOGRAPHIC in questions["How old are you?"].flags


def test_what_finds_a_person_is_nowhere(run: Run, write: Callable[..., Path], session: Session) -> None:
    _status, out, _err = run(write(surveymonkey()), "--new")

    stored = "".join(
        str(row)
        for table in (FormResponse.__table__, FormText.__table__, FormVersion.__table__)
        for row in session.execute(sa.select(table))
    )
    assert "Sentence 1 about" in stored
    for secret in ("203.0.113.9", "ana@example.org", "Ana", "Marker", "9001", "09:30"):
        assert secret not in stored, secret
    assert "Not read: IP Address (personal)." in out
    assert "Not read: Custom Data 1 (of the system that it comes from)." in out


def test_answers_are_those_of_the_file(run: Run, write: Callable[..., Path], session: Session) -> None:
    run(write(surveymonkey()), "--new")

    wrote_other = [
        one.response for one in session.scalars(sa.select(FormText)) if one.body == "Swimming pool"
    ]
    names = {title: question.name for title, question in asked(session).items()}
    given = wrote_other[0].answers
    assert given[names["Do you feel heard?"]] == "yes"
    assert given[names["Which of these have you used? Please select all."]] == ["library", "other"]
    assert given[names["How safe do you feel?"]] == {"at_home": "very", "in_town": "hardly"}
    assert wrote_other[0].channel is Channel.IMPORT


def test_the_same_file_again_adds_nothing(run: Run, write: Callable[..., Path], session: Session) -> None:
    run(write(surveymonkey()), "--new")

    _status, out, _err = run(write(surveymonkey(14)))

    assert out[-1] == "Done: 2 new, 12 unchanged, 0 bad."
    assert len(answers(session)) == 14
    assert session.scalars(sa.select(FormResult)).one().is_stale


def days(session: Session) -> dict[date | None, int]:
    return dict(Counter(one.answered_on for one in answers(session)))


def test_a_day_with_few_answers_is_written_as_a_later_one(
    run: Run, write: Callable[..., Path], session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A batch is no measure: days are counted over the whole file.
    monkeypatch.setattr("engage.exchange.importing_answers.BATCH", 4)
    run(write(surveymonkey(24)), "--new")

    # Five, five, five, five and four came on the days from the first to the fifth.
    assert days(session) == {date(2026, 11, 2): 10, date(2026, 11, 5): 14}


def test_fewer_than_ten_that_come_after_the_others_have_no_day(
    run: Run, write: Callable[..., Path], session: Session
) -> None:
    run(write(surveymonkey(24)), "--new")
    before = days(session)

    run(write(surveymonkey(31)))
    assert days(session) == before | {None: 7}

    run(write(surveymonkey(44)))
    # Thirteen new ones, two or three a day, share the last day.
    assert days(session) == before | {None: 7, date(2026, 11, 5): 14 + 13}


def test_a_rehearsal_writes_nothing(run: Run, write: Callable[..., Path], session: Session) -> None:
    _status, out, _err = run(write(surveymonkey()), "--new", "--dry-run")

    assert out[-1] == "Would be: 12 new, 0 unchanged, 0 bad."
    assert answers(session) == []
    assert session.scalars(sa.select(FeedbackForm)).all() == []


def test_a_form_made_of_a_file_is_a_draft_that_was_open_on_its_days(
    run: Run, write: Callable[..., Path], session: Session
) -> None:
    run(write(surveymonkey()), "--new")

    form = session.scalars(sa.select(FeedbackForm)).one()
    assert form.published_at is None
    assert form.source == "surveymonkey"
    assert form.closes_at is not None
    assert (form.closes_at - form.opens_at).days == 5


def test_cp1252_is_read_and_what_looks_garbled_is_told(
    run: Run, write: Callable[..., Path], session: Session
) -> None:
    content = surveymonkey().replace("How safe do you feel?", "¿Se siente segura en su café?Œæ")

    _status, out, _err = run(write(content, "cp1252"), "--new")

    assert "cp1252" in out[0]
    assert "Looks garbled, as of a wrong encoding: ¿Se siente segura en su café?Œæ - At home" in out


def test_limesurveys_codes_group_its_columns(run: Run, write: Callable[..., Path], session: Session) -> None:
    _status, out, _err = run(write("\ufeff" + LIMESURVEY), "--new")

    questions = asked(session)
    by_language = {one.language: one for one in answers(session)}
    assert questions["Which have you used?"].kind is Kind.MULTIPLE
    assert by_language["es"].answers == {"heard": "y", "used": ["library"]}
    assert by_language["en"].answers == {"heard": "n", "used": ["bus", "other"]}
    assert {text.body for text in session.scalars(sa.select(FormText))} == {
        "Más autobuses", "Pool", "= not a formula"
    }  # fmt: skip
    assert "Not read: IP address (personal)." in out


def test_google_forms_lists_and_grids_come_apart(
    run: Run, write: Callable[..., Path], session: Session
) -> None:
    _status, out, _err = run(write(GOOGLE), "--new")

    questions = asked(session)
    assert questions["Which have you used?"].kind is Kind.MULTIPLE
    assert questions["How safe do you feel?"].kind is Kind.MATRIX
    assert not questions["Anything else?"].is_counted
    used = questions["Which have you used?"].name
    assert sorted(len(one.answers[used]) for one in answers(session)) == [1, 1, 2, 2]
    assert "Not read: Username (personal)." in out


def test_two_rows_that_say_the_same_are_two_answers_once(
    run: Run, write: Callable[..., Path], session: Session
) -> None:
    content = GOOGLE + GOOGLE.splitlines()[2] + "\n"
    run(write(content), "--new")

    run(write(content))

    assert len(answers(session)) == 5


@pytest.fixture
def form(session: Session) -> FeedbackForm:
    """A form of ours that a file answers in part."""
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
        choices=(Choice("library", both("Library")), Choice("tram", both("Tram"))),
    )
    definition = Definition(title=both("Ours"), pages=(Page(name="one", elements=(heard, used)),))
    found = feedback_form(session, definition, slug="elsewhere")
    session.commit()
    return found


def test_columns_go_to_the_questions_of_a_form_and_the_rest_is_told(
    run: Run, write: Callable[..., Path], session: Session, form: FeedbackForm
) -> None:
    _status, out, _err = run(write(GOOGLE), "--map", "Which have you used?=used")

    assert sorted(str(one.answers) for one in answers(session)) == [
        "{'heard': 'no', 'used': ['library']}",
        "{'heard': 'no', 'used': ['library']}",
        "{'heard': 'no'}",
        "{'heard': 'yes', 'used': ['library']}",
    ]
    assert "No answer to “used”: Bus (3 times)." in out
    assert "No question for the column: Anything else?" in out


def test_a_form_that_is_not_there_is_told(run: Run, write: Callable[..., Path]) -> None:
    status, _out, err = run(write(GOOGLE), form="nowhere")

    assert status == 1
    assert "There is no form “nowhere”" in err[-1]


def test_a_question_that_is_not_there_is_told(
    run: Run, write: Callable[..., Path], form: FeedbackForm
) -> None:
    status, _out, err = run(write(GOOGLE), "--map", "Anything else?=nothing")

    assert status == 1
    assert "The form has no question called “nothing”." in err[-1]


def test_bad_rows_are_told_and_the_good_ones_taken(
    run: Run, write: Callable[..., Path], session: Session
) -> None:
    content = GOOGLE + "11/2/2026 9:00:36,x,Yes,Bus,Very,Very\n" + "31/31/2026 9:00,x,Yes,Bus,Very,Very,\n"

    status, out, err = run(write(content), "--new")

    assert status == 1
    assert out[-1] == "Done: 4 new, 0 unchanged, 2 bad."
    assert err[0] == "Row 5: The row has 6 cells, but the header has 7."
    assert "is not" in err[1]


def test_the_order_of_the_rows_is_not_that_of_the_file(
    run: Run, write: Callable[..., Path], session: Session
) -> None:
    run(write(surveymonkey(60)), "--new")

    texts = [one.body for one in session.scalars(sa.select(FormText).order_by(FormText.id))]
    assert sorted(texts) != texts


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "rows", "kinds"),
    [
        ("surveymonkey_one_header", 30, "23 (3 multiple, 20 single)"),
        ("surveymonkey_two_headers_cp1252", 30, "14 (1 matrix, 1 multiple, 1 ranking, 11 single)"),
        ("limesurvey_results", 4, "8 (3 multiple, 2 short_text, 3 single)"),
        ("googleforms_responses", 12, "4 (1 long_text, 1 multiple, 2 single)"),
    ],
)
def test_real_exports_come_in_whole(run: Run, session: Session, name: str, rows: int, kinds: str) -> None:
    status, out, _err = run(SHARED / "fixtures" / f"{name}.csv", "--new")

    assert status == 0
    assert f"Questions: {kinds}." in out
    assert out[-1] == f"Done: {rows} new, 0 unchanged, 0 bad."
    assert not [line for line in out if line.startswith(("No answer", "No question"))]


@pytest.mark.parametrize("seed", range(5))
def test_any_table_comes_in_or_is_refused_in_one_line(
    run: Run, write: Callable[..., Path], seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311 - no secret
    pieces = ["Yes", "No", "", "a, b", "=1+1", "Ünïcödé ‮x", "1", "2026-11-02", "[x]", " - ", "é" * 300, "'"]
    width = dice.randint(1, 8)
    head = [dice.choice([*pieces, "Age", "id", "Q - A", "Q - B", "Q [r]"]) for _ in range(width)]
    rows = [[dice.choice(pieces) for _ in range(width)] for _ in range(20)]
    quoted = "\n".join(",".join(f'"{cell}"' for cell in row) for row in [head, *rows])

    status, out, err = run(write(quoted), "--new")

    assert (out and out[-1].startswith("Done:")) or (status == 1 and err)
    assert not any("Traceback" in line for line in err)


@pytest.mark.parametrize(("more", "waits"), [(1, True), (9, True), (10, False)])
def test_fewer_than_ten_that_come_after_the_results_wait_and_it_is_said(
    run: Run,
    write: Callable[..., Path],
    session: Session,
    sign_in: Callable[..., Client],
    more: int,
    waits: bool,
) -> None:
    run(write(surveymonkey(20)), "--new")
    form = session.scalars(sa.select(FeedbackForm)).one()
    form.published_at = form.opens_at
    session.commit()
    count_due()
    session.expire_all()
    result = session.scalars(sa.select(FormResult)).one()
    assert (result.counted, result.is_final) == (20, True)

    run(write(surveymonkey(20 + more)))
    while count_due():
        pass

    session.expire_all()
    result = session.scalars(sa.select(FormResult)).one()
    assert result.counted == (20 if waits else 30)
    clerk = sign_in(RoleName.CLERK)
    for address in ("/en/staff/forms/elsewhere", "/en/staff/forms/elsewhere/results"):
        told = page(clerk.get(address)).text()
        assert ("Fewer than 10 more wait to be counted: they were imported" in told) is waits
        assert not (waits and "every answer is counted" in told)
