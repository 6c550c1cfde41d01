"""Forms in the rest of the house: followers, feeds, privacy, retention, one's own data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.feedback.codes import code_index
from engage.feedback.happenings import form_happenings
from engage.feedback.models import (
    FeedbackForm,
    FormResult,
    FormText,
    FormTextEvent,
    FormTicket,
    HiddenFor,
    TextState,
)
from engage.feedback.service import texts as service
from engage.retention import service as retention
from engage.retention.schedule import BY_CODE
from tests.feedback.texts import AFRAID, SAFER, form_with_texts, text
from tests.support import makers
from tests.support.pages import Client, page


def happened(session: Session, now: datetime) -> list[str]:
    """What is told, by its last words and whether it is a reminder."""
    return [
        happening.key.split(":")[2] + ("!" if happening.is_reminder else "")
        for happening in form_happenings(session, now - timedelta(days=60), now)
    ]


def test_followers_of_a_docket_hear_of_a_form_from_opening_to_results(session: Session) -> None:
    docket = makers.docket(session)
    form = form_with_texts(session, docket=docket)
    closes = form.closes_at
    assert closes is not None

    assert happened(session, form.opens_at - timedelta(hours=1)) == []
    assert happened(session, form.opens_at) == ["opened"]
    assert happened(session, closes - timedelta(hours=71)) == ["opened", "closing!"]
    assert happened(session, closes) == ["opened"]
    session.get_one(FormResult, form.id).is_final = True
    assert happened(session, closes + timedelta(hours=1)) == ["opened", "results"]


def test_news_lead_to_the_form_and_the_last_one_to_its_results(session: Session) -> None:
    form = form_with_texts(session, docket=makers.docket(session), slug="trust")
    session.get_one(FormResult, form.id).is_final = True
    assert form.closes_at is not None

    found = form_happenings(session, form.opens_at - timedelta(days=1), form.closes_at + timedelta(hours=1))

    assert [one.tell("es").path for one in found] == ["/es/forms/trust", "/es/forms/trust/results"]


@pytest.mark.parametrize("why", ["draft", "docket", "nothing", "elsewhere"])
def test_of_a_form_that_is_not_there_for_everybody_nothing_is_told(session: Session, why: str) -> None:
    hidden = makers.docket(session, published_at=None)
    fields: dict[str, dict[str, Any]] = {
        "draft": {"docket": makers.docket(session), "published_at": None},
        "docket": {"docket": hidden},
        "nothing": {},
        "elsewhere": {"docket": makers.docket(session), "source": "survey"},
    }
    makers.feedback_form(session, **fields[why])

    assert happened(session, utcnow()) == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_news_holds_a_name_or_a_text(session: Session, language: str) -> None:
    host = makers.user(session, RoleName.HOST, name="Marisol Quintero")
    form = form_with_texts(session, docket=makers.docket(session), host=host)
    text(session, form, AFRAID, state=TextState.SHOWN)

    for happening in form_happenings(session, utcnow() - timedelta(days=60), utcnow()):
        said = happening.tell(language)
        assert "Marisol" not in said.text + said.about
        assert "afraid" not in said.text + said.about
        assert said.path == f"/{language}/forms/{form.slug}"


def test_the_feed_of_a_docket_has_them(session: Session, client: Client) -> None:
    docket = makers.docket(session)
    form_with_texts(session, docket=docket)
    session.commit()

    feed = client.get(f"/feeds/dockets/{docket.slug}.atom").get_data(as_text=True)

    assert "A feedback form is open until" in feed
    assert "Trust in the sheriff" in feed


@pytest.mark.parametrize(("language", "words"), [("en", "only ever counted"), ("es", "solo se cuentan")])
def test_the_privacy_page_says_what_is_kept_of_an_answer(client: Client, language: str, words: str) -> None:
    assert words in page(client.get(f"/{language}/privacy")).text()


def closed_form(session: Session, *, closed_for: int, is_final: bool = True) -> FeedbackForm:
    now = utcnow()
    form = form_with_texts(
        session, opens_at=now - timedelta(days=300), closes_at=now - timedelta(days=closed_for)
    )
    session.get_one(FormResult, form.id).is_final = is_final
    session.add(FormTicket(form_id=form.id, code_index=code_index("token"), is_spent=True))
    session.flush()
    return form


@pytest.mark.parametrize(
    ("closed_for", "is_final", "is_kept"), [(29, True, True), (31, True, False), (31, False, True)]
)
def test_codes_go_a_month_after_the_close_when_all_is_counted(
    session: Session, closed_for: int, is_final: bool, is_kept: bool
) -> None:
    form = closed_form(session, closed_for=closed_for, is_final=is_final)
    session.commit()

    retention.purge(BY_CODE["form_tickets"], utcnow())

    session.rollback()
    left = session.scalars(sa.select(FormTicket).where(FormTicket.form_id == form.id)).all()
    assert bool(left) is is_kept


@pytest.mark.parametrize(("days", "is_kept"), [(89, True), (91, False)])
def test_hidden_texts_are_erased_and_still_counted(session: Session, days: int, is_kept: bool) -> None:
    form = form_with_texts(session)
    hidden, again, stays = (text(session, form, body) for body in (AFRAID, SAFER, "Shown words"))
    actor = makers.user(session, RoleName.MODERATOR)
    long_ago = utcnow() - timedelta(days=days)
    for row in (hidden, again):
        service.hide_texts(
            session, form, [row.id], actor, long_ago, seen=TextState.WAITING, reason=HiddenFor.SPAM
        )
    service.show_texts(session, form, [again.id], actor, utcnow(), seen=TextState.HIDDEN)
    service.show_texts(session, form, [stays.id], actor, long_ago, seen=TextState.WAITING)
    session.commit()

    retention.purge(BY_CODE["form_hidden_texts"], utcnow())

    session.rollback()
    bodies = [
        session.get_one(FormText, row.id, populate_existing=True).body for row in (hidden, again, stays)
    ]
    assert bodies == [AFRAID if is_kept else "", SAFER, "Shown words"]
    assert len(session.scalars(sa.select(FormTextEvent)).all()) == 4
    assert hidden.hidden_for is HiddenFor.SPAM


def test_an_erased_text_cannot_be_shown(session: Session) -> None:
    form = form_with_texts(session)
    row = text(session, form, "", state=TextState.HIDDEN, hidden_for=HiddenFor.SPAM)
    actor = makers.user(session, RoleName.MODERATOR)

    outcome = service.show_texts(session, form, [row.id], actor, utcnow(), seen=TextState.HIDDEN)

    assert outcome.done == 0
    assert row.state is TextState.HIDDEN


@pytest.mark.parametrize(
    ("closed_for", "analysed_with", "is_kept"), [(89, "1", True), (91, "1", False), (91, None, True)]
)
def test_confidential_texts_go_when_they_are_counted(
    session: Session, closed_for: int, analysed_with: str | None, is_kept: bool
) -> None:
    form = closed_form(session, closed_for=closed_for)
    row = text(session, form, AFRAID, "secret", analysed_with=analysed_with, tone="negative")
    other = text(session, form, SAFER, analysed_with="1")
    session.commit()

    retention.purge(BY_CODE["form_confidential_texts"], utcnow())

    session.rollback()
    session.refresh(row)
    assert bool(row.body) is is_kept
    assert row.tone == "negative"
    assert other.body == SAFER


def test_staff_find_in_their_own_data_what_they_did_with_forms(
    session: Session, sign_in: Callable[..., Client]
) -> None:
    clerk = makers.user(session, RoleName.CLERK)
    form = form_with_texts(session, host=clerk)
    row = text(session, form, AFRAID)
    service.show_texts(session, form, [row.id], clerk, utcnow(), seen=TextState.WAITING)
    session.commit()

    own = sign_in(clerk).get("/en/staff/account/data.json")

    assert [line["did"] for line in own.get_json()["forms"]] == ["drafts it", "decided about a text: shown"]
    assert AFRAID not in own.get_data(as_text=True)
