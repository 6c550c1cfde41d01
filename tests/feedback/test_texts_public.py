"""The public reads shown texts, each alone; what is hidden, waits or was confidential is nowhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.db.session import db, write_transaction
from engage.feedback import text_queries
from engage.feedback.codes import Boxed
from engage.feedback.models import (
    Channel,
    FeedbackForm,
    FormQuote,
    FormResult,
    FormText,
    FormTextConcern,
    HiddenFor,
    ResultsShown,
    TextState,
)
from engage.feedback.results import to_json
from engage.feedback.service import texts as service
from engage.feedback.service.box import open_box, put_in
from engage.feedback.service.quote import let_quotes_be_chosen, quote_due
from engage.feedback.service.read import read_due
from engage.feedback.views.texts import texts_sections
from engage.jobs.queue import run_once
from engage.survey.definition import Choice, Definition, Flag, Kind, Page, Question
from engage.survey.expressions import parse
from tests.feedback.texts import AFRAID, SAFER, form_with_texts, text, told
from tests.support import makers
from tests.support.pages import Client, page

EVIL = '<img src=x onerror="document.title=1"> "><script>document.title="2"</script> =1+1'


def url(form: FeedbackForm, question: str = "why", language: str = "en") -> str:
    return f"/{language}/forms/{form.slug}/texts/{question}"


def section(app: Flask, form: FeedbackForm, key: str = "why", language: str = "en") -> str:
    """The part of the page of results, as the public is given it."""
    with app.test_request_context(f"/{language}/privacy"):
        app.preprocess_request()
        found = db.session.get_one(FeedbackForm, form.id)
        return texts_sections(found, text_queries.results_of(db.session, found), utcnow()).get(key, "")


def shown(session: Session, form: FeedbackForm, body: str, **fields: object) -> FormText:
    return text(session, form, body, state=TextState.SHOWN, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["en", "es"])
def test_everybody_reads_what_is_shown_and_nothing_else(
    session: Session, client: Client, language: str
) -> None:
    form = form_with_texts(session)
    shown(session, form, "Shown words")
    shown(session, form, EVIL)
    text(session, form, "Waiting words")
    text(session, form, "Hidden words", state=TextState.HIDDEN, hidden_for=HiddenFor.SPAM)
    shown(session, form, "Secret words", question="secret")
    shown(session, form, "Other words", question="news-Comment")
    session.commit()

    read = page(client.get(url(form, language=language)))

    assert "Shown words" in read.text()
    assert EVIL in read.text()
    for words in ("Waiting", "Hidden words", "Secret", "Other words"):
        assert words not in read.text()
    assert "Other words" in page(client.get(url(form, "news-Comment", language))).text()


@pytest.mark.parametrize("question", ["secret", "nothing", "news", "why-Comment"])
def test_no_list_of_a_confidential_or_unknown_question(
    session: Session, client: Client, question: str
) -> None:
    form = form_with_texts(session)
    session.commit()

    assert client.get(url(form, question)).status_code == 404


@pytest.mark.parametrize("state", [TextState.HIDDEN, TextState.SHOWN])
def test_what_is_hidden_again_is_gone_from_everywhere_at_once(
    app: Flask, session: Session, client: Client, state: TextState
) -> None:
    """Cases 5 and 37: list, search, filters, quotes, section; the run with shown ones proves the look."""
    form = form_with_texts(session)
    rows = [shown(session, form, f"{AFRAID} Xylophone{number}.") for number in range(12)]
    actor = makers.user(session, RoleName.MODERATOR)
    session.commit()
    run_once({"read": read_due, "quote": quote_due})
    ids = [row.id for row in rows]
    if state is TextState.HIDDEN:
        service.hide_texts(
            session, form, ids, actor, utcnow(), seen=TextState.SHOWN, reason=HiddenFor.PERSONAL_DATA
        )
    session.commit()

    answers = [
        client.get(url(form)).get_data(as_text=True),
        client.get(url(form) + "?words=xylophone3").get_data(as_text=True),
        client.get(url(form) + "?concern=community_trust&tone=negative").get_data(as_text=True),
        section(app, form),
    ]

    assert all(("Xylophone" in answer) is (state is TextState.SHOWN) for answer in answers[:3])
    assert ("I am afraid" in answers[3]) is (state is TextState.SHOWN)


def test_the_list_is_narrowed_down_by_concern_tone_language_and_words(
    session: Session, client: Client
) -> None:
    form = form_with_texts(session)
    shown(session, form, AFRAID)
    shown(session, form, "Tengo miedo de llamar a la policía. Nadie confía en el alguacil, y es muy triste.")
    shown(session, form, "The library opens at nine.")
    session.commit()
    run_once({"read": read_due})

    def found(query: str) -> str:
        return page(client.get(f"{url(form)}?{query}")).text(".//h2[@id='found']")

    assert found("").startswith("3 texts")
    assert found("written_in=es").startswith("1 text")
    assert found("words=policia").startswith("1 text")
    assert found("words=library&written_in=es").startswith("0 texts")
    assert found("concern=community_trust").startswith(("1 text", "2 texts"))


@pytest.mark.parametrize(
    "query",
    ["order=id", "tone=angry", "written_in=xx1", "concern=%27", "response_id=1", "words=" + "a" * 201],
)
def test_nothing_else_can_be_asked_for(session: Session, client: Client, query: str) -> None:
    form = form_with_texts(session)
    shown(session, form, AFRAID)
    session.commit()

    assert client.get(f"{url(form)}?{query}").status_code == 404


def test_results_that_are_not_public_yet_show_no_text_but_to_those_who_may_read_them(
    session: Session, client: Client, sign_in: Callable[..., Client]
) -> None:
    form = form_with_texts(session, results=ResultsShown.AT_CLOSE)
    shown(session, form, AFRAID)
    draft = form_with_texts(session, docket=makers.docket(session, published_at=None))
    session.commit()

    assert client.get(url(form)).status_code == 404
    assert client.get(url(draft)).status_code == 404
    assert sign_in(RoleName.RESIDENT).get(url(form)).status_code == 404
    assert sign_in(RoleName.OFFICIAL).get(url(form)).status_code == 200


@pytest.mark.parametrize("answered", [None, 40])
def test_texts_of_fewer_than_ten_cannot_be_listed_or_counted(
    app: Flask, session: Session, client: Client, answered: int | None
) -> None:
    """Four texts would say that four were asked, which the tables do not tell."""
    form = form_with_texts(session)
    for number in range(4):
        shown(session, form, f"Word {number}")
    session.get_one(FormResult, form.id).tables = to_json(told(answered))
    let_quotes_be_chosen(session, [form.id])
    session.commit()
    quote_due()

    assert client.get(url(form)).status_code == (404 if answered is None else 200)
    assert ("Read all 4 texts" in section(app, form)) is (answered is not None)


def test_nothing_joins_the_texts_of_one_person(session: Session, client: Client) -> None:
    """No id, no day, no other answer; the order is another one every day and follows nothing."""
    form = form_with_texts(session)
    rows = [shown(session, form, f"Text number {number:02}") for number in range(20)]
    session.commit()
    read = client.get(url(form)).get_data(as_text=True)

    for row in rows:
        assert str(row.id) not in read
        assert str(row.response_id) not in read
    assert makers.NOON.date().isoformat() not in read

    def order(day: date) -> list[str]:
        return [row.body for row in session.scalars(text_queries.by_chance(text_queries.shown(form.id), day))]

    today = date(2026, 11, 26)
    assert order(today) == order(today)
    assert order(today) != order(today + timedelta(days=1))
    assert order(today) not in ([row.body for row in rows], [row.body for row in reversed(rows)])


def test_the_results_tell_what_was_found_and_lead_to_the_texts(app: Flask, session: Session) -> None:
    form = form_with_texts(session)
    for number in range(12):
        shown(session, form, f"{AFRAID if number % 2 else SAFER} Number {number}.")
    session.commit()
    run_once({"read": read_due, "quote": quote_due})

    english, spanish = section(app, form), section(app, form, language="es")

    assert f"/en/forms/{form.slug}/texts/why?concern=community_trust" in english
    assert "not told" in english
    assert "<blockquote" in english
    assert "22 texts in all" in english
    assert f"/es/forms/{form.slug}/texts/why" in spanish
    secret = section(app, form, "secret")
    assert "Nobody can read these texts" in secret
    assert "<blockquote" not in secret
    assert "href" not in secret


def test_how_many_are_not_shown_is_told_by_reason_and_small_numbers_are_not(
    session: Session, client: Client
) -> None:
    form = form_with_texts(session)
    for reason, count in ((HiddenFor.PERSONAL_DATA, 11), (HiddenFor.SPAM, 3), (HiddenFor.TRUE_THREAT, 8)):
        for number in range(count):
            text(session, form, f"{reason} {number}", state=TextState.HIDDEN, hidden_for=reason)
    let_quotes_be_chosen(session, [form.id])
    session.commit()
    quote_due()

    said = page(client.get(url(form))).text()

    assert "22 texts are not shown" in said
    assert "Personal information: 11" in said
    assert "Spam: fewer than 10" in said

    none = text_queries.not_shown({})
    assert (none.total, dict(none.reasons)) == (0, {})


@pytest.mark.parametrize(
    ("hidden", "total"),
    [
        ({"personal_data": 11, "spam": 3}, None),
        ({"personal_data": 11, "spam": 3, "obscenity": 4}, None),
        ({"personal_data": 11, "spam": 3, "obscenity": 8}, 22),
        ({"personal_data": 11}, 11),
        ({"personal_data": 4}, None),
    ],
)
def test_a_small_number_is_not_given_away_by_the_total(hidden: dict[str, int], total: int | None) -> None:
    assert text_queries.not_shown(hidden).total == total


def test_a_quote_of_a_text_that_is_not_shown_is_not_quoted(app: Flask, session: Session) -> None:
    form = form_with_texts(session)
    row = text(session, form, AFRAID)
    row.concerns = [FormTextConcern(code="community_trust")]
    session.add(FormQuote(form_id=form.id, question="why", place=1, text_id=row.id, start=0, stop=20))
    session.commit()

    assert "I am afraid" not in section(app, form)


def test_a_text_that_was_asked_for_because_of_a_confidential_answer_is_read_by_nobody(
    app: Flask, session: Session, client: Client
) -> None:
    """Whoever reads it would know what its writer answered in confidence; so in every version."""
    yes = (Choice("yes", makers.both("Yes")), Choice("no", makers.both("No")))
    stopped = Question(
        name="stopped", kind=Kind.SINGLE, title=makers.both("Were you stopped?"), choices=yes,
        flags=frozenset({Flag.CONFIDENTIAL}),
    )  # fmt: skip
    why = Question(
        name="why", kind=Kind.LONG_TEXT, title=makers.both("How?"), visible_if=parse("{stopped} = 'yes'")
    )
    asked = Definition(
        title=makers.both("Stops"),
        pages=(Page(name="one", title=makers.both("One"), elements=(stopped, why)),),
    )
    form = makers.feedback_form(session, asked, closes_at=utcnow() - timedelta(hours=1))
    for number in range(12):
        answer = Boxed({"stopped": "yes", "why": f"Badly {number}"}, "en", Channel.WEB, date(2026, 11, 20))
        put_in(session, form.versions[-1], answer)
    session.add(FormResult(form_id=form.id, counted=40, tables=to_json(told())))
    session.commit()
    with write_transaction() as writing:
        open_box(writing, writing.get_one(FeedbackForm, form.id), utcnow())

    assert session.scalars(text_queries.moderated(form.id)).all() == []
    assert client.get(url(form)).status_code == 404
    assert "href" not in section(app, form)
    assert session.scalars(sa.select(FormText.is_confidential).distinct()).all() == [True]


def test_texts_are_not_listed_where_one_version_tells_too_few_of_them(session: Session) -> None:
    """The list has the texts of all versions, so its length would tell how few there are in that one."""
    form = form_with_texts(session)
    asked = text_queries.get_asked(form, "why")
    many = told()
    few = replace(many.questions[0], key="why@2", answered=None, versions=(2,))

    assert text_queries.may_be_listed(many, asked)
    assert not text_queries.may_be_listed(replace(many, questions=(*many.questions, few)), asked)


def test_what_is_other_is_quoted_and_listed_below_its_question(app: Flask, session: Session) -> None:
    form = form_with_texts(session)
    for number in range(12):
        shown(session, form, f"My neighbor number {number} told me of it.", question="news-Comment")
    session.commit()
    run_once({"read": read_due, "quote": quote_due})

    said = section(app, form, "news")

    assert "<blockquote" in said
    assert f"/en/forms/{form.slug}/texts/news-Comment" in said
    assert "What a program found" not in said
