"""Moderators show and hide texts for closed reasons, the same for both sides, and each decision stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName, User
from engage.clock import utcnow
from engage.comments.redacted import RedactionKind
from engage.comments.spans import Span, each_of, found_in
from engage.errors import NotFound
from engage.feedback import text_queries
from engage.feedback.models import FeedbackForm, FormText, FormTextEvent, HiddenFor, TextState
from engage.feedback.service import texts as service
from tests.feedback.texts import AFRAID, SAFER, form_with_texts, text
from tests.support import makers
from tests.support.pages import Client, page

PHONE = "Call me at 240-555-0147, because the board does not answer any letters about the agreement."


@pytest.fixture
def moderator(session: Session) -> User:
    return makers.user(session, RoleName.MODERATOR)


def url(form: FeedbackForm) -> str:
    return f"/en/staff/forms/{form.slug}/texts"


def test_a_moderator_shows_and_hides_many_at_once(session: Session, sign_in: Callable[..., Client]) -> None:
    form = form_with_texts(session)
    first, second, third = (text(session, form, body) for body in (AFRAID, SAFER, PHONE))
    session.commit()
    browser = sign_in(RoleName.MODERATOR)

    shown = browser.send(
        url(form), form=".//main//form[@method='post']", text=[first.id, second.id], decision="show"
    )
    hidden = browser.send(
        url(form),
        form=".//main//form[@method='post']",
        text=[third.id],
        decision="hide",
        reason="personal_data",
    )

    assert (shown.status_code, hidden.status_code) == (303, 303)
    session.expire_all()
    assert [row.state for row in (first, second, third)] == [
        TextState.SHOWN,
        TextState.SHOWN,
        TextState.HIDDEN,
    ]
    events = session.scalars(sa.select(FormTextEvent).order_by(FormTextEvent.id)).all()
    assert [(one.state, one.hidden_for) for one in events][-1] == (
        TextState.HIDDEN,
        HiddenFor.PERSONAL_DATA,
    )
    assert "240-555-0147" not in page(browser.get(url(form))).text()


def test_personal_data_is_pointed_out_and_tone_and_concerns_are_not(
    session: Session, sign_in: Callable[..., Client]
) -> None:
    form = form_with_texts(session)
    text(session, form, PHONE, tone="negative")
    session.commit()

    shown = page(sign_in(RoleName.MODERATOR).get(url(form))).text()

    assert "telephone number: 240-555-0147" in shown
    assert "What do you think of it?" in shown
    assert "negative" not in shown.casefold()


def test_hiding_needs_one_of_the_reasons_and_an_opinion_is_none(
    session: Session, sign_in: Callable[..., Client]
) -> None:
    form = form_with_texts(session)
    row = text(session, form, AFRAID)
    session.commit()
    browser = sign_in(RoleName.MODERATOR)

    for reason in ("", "opinion"):
        answer = browser.send(
            url(form), form=".//main//form[@method='post']", text=[row.id], decision="hide", reason=reason
        )
        assert answer.status_code == 422

    session.expire_all()
    assert row.state is TextState.WAITING
    assert session.scalars(sa.select(FormTextEvent)).all() == []


def test_both_sides_are_treated_alike(session: Session, moderator: User) -> None:
    """The same decisions about texts of either side end alike, and what is listed never goes by opinion."""
    form = form_with_texts(session)
    sides = [[text(session, form, f"{body} {n}") for n in range(3)] for body in (AFRAID, SAFER)]
    for side in sides:
        ids = [row.id for row in side]
        service.show_texts(session, form, ids[:2], moderator, utcnow(), seen=TextState.WAITING)
        service.hide_texts(
            session, form, ids[2:], moderator, utcnow(), seen=TextState.WAITING, reason=HiddenFor.SPAM
        )

    assert [row.state for row in sides[0]] == [row.state for row in sides[1]]
    assert set(HiddenFor) == {"personal_data", "true_threat", "obscenity", "spam", "unlawful"}
    statement = str(text_queries.by_chance(text_queries.moderated(form.id), utcnow().date()))
    assert not {"tone", "language", "concern"} & set(
        statement.split("WHERE")[1].replace(".", " ").replace("_", " ").split()
    )


def test_a_decision_is_taken_back_by_another_one_and_both_stay(session: Session, moderator: User) -> None:
    form = form_with_texts(session)
    row = text(session, form, AFRAID)
    service.show_texts(session, form, [row.id], moderator, utcnow(), seen=TextState.WAITING)
    service.hide_texts(
        session, form, [row.id], moderator, utcnow(), seen=TextState.SHOWN, reason=HiddenFor.SPAM
    )
    service.show_texts(session, form, [row.id], moderator, utcnow(), seen=TextState.HIDDEN)
    session.commit()

    assert (row.state, row.hidden_for) == (TextState.SHOWN, None)
    assert len(session.scalars(sa.select(FormTextEvent)).all()) == 3
    with pytest.raises(sa.exc.DBAPIError, match="stays as it is"):
        session.execute(sa.text("DELETE FROM form_text_event"))


def test_who_decides_second_changes_nothing(session: Session, moderator: User) -> None:
    form = form_with_texts(session)
    row = text(session, form, AFRAID)
    service.show_texts(session, form, [row.id], moderator, utcnow(), seen=TextState.WAITING)

    outcome = service.hide_texts(
        session, form, [row.id], moderator, utcnow(), seen=TextState.WAITING, reason=HiddenFor.SPAM
    )

    assert (outcome.done, outcome.already) == (0, 1)
    assert row.state is TextState.SHOWN


def test_a_confidential_text_is_not_there_at_all(
    session: Session, sign_in: Callable[..., Client], moderator: User
) -> None:
    form, other = form_with_texts(session), form_with_texts(session)
    secret, elsewhere = text(session, form, AFRAID, "secret"), text(session, other, SAFER)
    session.commit()
    browser = sign_in(RoleName.MODERATOR)

    assert AFRAID not in browser.get(url(form)).get_data(as_text=True)
    for row in (secret, elsewhere):
        assert browser.get(f"{url(form)}/{row.id}/strike").status_code == 404
        sent = {"text": [row.id], "decision": "show", "seen": "waiting", "csrf_token": browser.csrf_token()}
        assert browser.post(url(form), data=sent).status_code == 404
        with pytest.raises(NotFound):
            service.show_texts(session, form, [row.id], moderator, utcnow(), seen=TextState.WAITING)
    assert "secret" not in {asked.name for asked in text_queries.asked_in_words(form)}


@pytest.mark.parametrize("role", [RoleName.HOST, RoleName.OFFICIAL, RoleName.RESIDENT])
def test_nobody_else_reads_what_waits(
    session: Session, sign_in: Callable[..., Client], role: RoleName
) -> None:
    form = form_with_texts(session)
    row = text(session, form, AFRAID)
    session.commit()

    for address in (url(form), f"{url(form)}/{row.id}/strike", "/en/staff/texts"):
        assert sign_in(role).get(address).status_code == 403


def test_personal_data_is_struck_out_for_good(
    session: Session, sign_in: Callable[..., Client], moderator: User
) -> None:
    form = form_with_texts(session)
    row = text(session, form, PHONE + " ⟦phone⟧")
    session.commit()
    browser = sign_in(RoleName.MODERATOR)
    (found,) = found_in(row.body)

    answer = browser.send(
        f"{url(form)}/{row.id}/strike",
        form=".//main//form[@method='post']",
        span=[f"{found.start}-{found.stop}-{found.kind}"],
    )

    assert answer.status_code == 303
    session.expire_all()
    assert "⟦phone⟧, because" in row.body
    assert row.body.endswith("[phone]"), "what somebody typed is no mark of ours"
    assert "240-555" not in str(session.execute(sa.select(FormText.__table__)).all())
    event = session.scalars(sa.select(FormTextEvent)).one()
    assert (event.state, event.hidden_for) == (TextState.WAITING, HiddenFor.PERSONAL_DATA)


def test_a_second_stroke_keeps_the_first(session: Session, moderator: User) -> None:
    form = form_with_texts(session)
    row = text(session, form, PHONE)
    for words, kind in (("240-555-0147", RedactionKind.PHONE), ("board", RedactionKind.PRIVATE_FACT)):
        service.strike_out(
            session,
            form,
            row.id,
            each_of(words, row.body, kind),
            moderator,
            utcnow(),
            version=service.version_of(row),
        )

    assert "⟦phone⟧" in row.body
    assert "⟦private_fact⟧" in row.body


def test_an_opinion_cannot_be_struck_out_whole(session: Session, moderator: User) -> None:
    form = form_with_texts(session)
    row = text(session, form, AFRAID)
    whole = [Span(0, len(AFRAID), RedactionKind.PRIVATE_FACT)]

    with pytest.raises(service.TooMuch):
        service.strike_out(session, form, row.id, whole, moderator, utcnow(), version=service.version_of(row))
    with pytest.raises(service.TextChanged):
        service.strike_out(session, form, row.id, whole, moderator, utcnow(), version="another")
    with pytest.raises(service.NothingChosen):
        service.strike_out(session, form, row.id, [], moderator, utcnow(), version=service.version_of(row))


def test_the_queue_leads_to_what_waits(session: Session, sign_in: Callable[..., Client]) -> None:
    form = form_with_texts(session)
    text(session, form, AFRAID)
    text(session, form, AFRAID, "secret")
    session.commit()
    browser = sign_in(RoleName.MODERATOR)

    assert "1 text of a feedback form waits too" in page(browser.get("/en/staff/queue")).text()
    assert url(form) in page(browser.get("/en/staff/texts")).links(".//main//a").values()
