"""From the answer to the file: what a hundred people sent is counted, read, shown, hidden and exported."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.db.session import write_transaction
from engage.feedback.models import Channel, FeedbackForm, FormText
from engage.feedback.service.box import COUNT, READ
from engage.feedback.service.count import balance, count_due
from engage.feedback.service.quote import QUOTE, quote_due
from engage.feedback.service.read import read_due
from engage.feedback.service.receive import receive
from engage.jobs.queue import run_once
from tests.feedback.texts import AFRAID, SAFER, asking_in_words
from tests.support.makers import feedback_form
from tests.support.pages import Client, page

JOBS = {COUNT: count_due, READ: read_due, QUOTE: quote_due}
ANSWERS = 100


def send(form_id: int) -> None:
    """Half of them say one thing and half the other; each third one heard of it elsewhere."""
    for number in range(ANSWERS):
        answers = {"why": f"{AFRAID if number % 2 else SAFER} Reason {number}.", "secret": f"Secret {number}"}
        answers |= (
            {"news": ("radio", "paper")[number % 3]}
            if number % 3 < 2
            else {"news": "other", "news-Comment": f"Uncle {number}"}
        )
        with write_transaction() as session:
            version = session.get_one(FeedbackForm, form_id).versions[-1]
            assert receive(
                session, version, answers, code=f"token-{number:032}", is_handed_out=False, language="en",
                channel=Channel.WEB, now=utcnow(),
            )  # fmt: skip


def decide(moderator: Client, queue: str, ids: list[int], **decision: str) -> None:
    """As many at once as the page of the queue has."""
    for start in range(0, len(ids), 10):
        answer = moderator.send(
            queue, form=".//main//form[@method='post']", text=ids[start : start + 10], **decision
        )
        assert answer.status_code == 303


def test_answers_are_counted_read_shown_hidden_and_exported(
    app: Flask, session: Session, client: Client, sign_in: Callable[..., Client]
) -> None:
    form = feedback_form(session, asking_in_words())
    session.commit()
    results, queue = f"/en/forms/{form.slug}/results", f"/en/staff/forms/{form.slug}/texts"

    send(form.id)
    run_once(JOBS)

    told = page(client.get(results))
    assert "90 answers are counted" in told.text()
    assert "No text is shown yet" in told.text()
    assert not told.all(".//main//blockquote")
    session.rollback()
    assert balance(session, form).is_even

    moderator = sign_in(RoleName.MODERATOR)
    texts = session.scalars(sa.select(FormText).where(FormText.is_confidential.is_(False))).all()
    decide(moderator, queue, [text.id for text in texts], decision="show")
    run_once(JOBS)

    told = page(client.get(results))
    assert told.all(".//main//section[@aria-labelledby='q-why']//blockquote")
    assert len(told.all(".//main//figure[@aria-labelledby='tones-why-title']")) == 1
    for link in told.links(".//main//section[@aria-labelledby='q-why']//td//a").values():
        assert not page(client.get(link)).text(".//h2[@id='found']").startswith("0 ")
    others = told.links(".//main//section[@aria-labelledby='q-news']//a").values()
    assert f"/en/forms/{form.slug}/texts/news-Comment" in others
    assert "Secret" not in told.text()

    hidden = [text.id for text in texts if text.question == "why"]
    decide(
        sign_in(RoleName.MODERATOR), f"{queue}?state=shown", hidden, decision="hide", reason="personal_data"
    )
    assert not page(client.get(results)).all(".//main//section[@aria-labelledby='q-why']//blockquote")
    run_once(JOBS)
    assert "90 texts are not shown" in page(client.get(results)).text()

    session.expire_all()
    rows = sign_in(RoleName.ADMINISTRATOR).get(f"/en/staff/forms/{form.slug}/answers.csv")
    assert rows.status_code == 200
    file = rows.get_data(as_text=True)
    assert len(file.strip().splitlines()) == 91
    assert "Uncle" in file
    assert "Secret" not in file
    assert "Reason" not in file
