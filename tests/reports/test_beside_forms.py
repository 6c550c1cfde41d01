"""A form's question about position beside the comments: nobody is left out of either."""

from __future__ import annotations

from flask import Flask

from engage.reports.docket_facts import AnswerFacts, FormFacts, QuestionFacts
from engage.reports.document.around import forms
from engage.reports.document.blocks import Table
from engage.reports.page import share_text
from tests.reports.made import inputs, reader, report_page
from tests.support.makers import both

QUESTION = QuestionFacts(
    name="view",
    title=both("What do you think?"),
    answered=60,
    answers=(
        AnswerFacts("support", both("I am for it"), 20, 20 / 60),
        AnswerFacts("oppose", both("I am against it"), 20, 20 / 60),
        AnswerFacts("mixed", both("Some of it"), None, None),
        AnswerFacts("undecided", both("I do not know yet"), 20, 20 / 60),
    ),
)
GIVEN = (FormFacts("view", both("Your view"), True, 60, (1,), (QUESTION,)),)


def test_each_position_of_the_comments_has_a_row_and_so_has_what_only_the_form_knows(
    bare_site: Flask,
) -> None:
    with reader(bare_site):
        rows = report_page(inputs(forms=GIVEN)).form_beside(QUESTION)

    assert [row[0] for row in rows] == [
        "Support (“I am for it”)",
        "Oppose (“I am against it”)",
        "Neutral",
        "Partly for, partly against (“Some of it”)",
        "Only asking a question",
        "No position given",
        "(“I do not know yet”)",
    ]
    assert [row[1] for row in rows] == [20, 20, "–", "not told", "–", "–", 20]
    assert [row[3] == "–" for row in rows] == [False] * 6 + [True]


def test_shares_of_the_comments_are_all_there(bare_site: Flask) -> None:
    with reader(bare_site):
        page = report_page(inputs(forms=GIVEN))
        rows = page.form_beside(QUESTION)

        assert sum(row[3]["text"] for row in rows if row[3] != "–") == page.summary.posted.n
        assert [row[4] for row in rows[:6]] == [share_text(line) for line in page.summary.positions]


def test_the_files_say_why_one_of_the_two_has_no_number(bare_site: Flask) -> None:
    with reader(bare_site):
        (section,) = forms(report_page(inputs(forms=GIVEN))).sections

    (table,) = [block for block in section.blocks if isinstance(block, Table)]
    why = {(row.key, row.by): row.why for row in table.rows if row.count is None}
    assert why == {
        ("neutral", "form"): "The form does not offer this answer.",
        ("question_only", "form"): "The form does not offer this answer.",
        ("unstated", "form"): "The form does not offer this answer.",
        ("mixed", "form"): "Fewer than 10 people, or it could be worked out.",
        ("undecided", "comments"): "Comments do not know this answer.",
    }
