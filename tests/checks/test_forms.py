"""What a sent form gives reason to doubt (cases 22 to 26): never more than a hint, whatever was written."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.checks import forms, service
from engage.checks.challenge import LIFETIME
from engage.checks.models import SpentChallenge
from engage.clock import utcnow
from engage.comments.models import Comment, CommentFlag, Disposition, Flag
from tests.checks.test_challenge import encode, solve
from tests.support import makers
from tests.support.pages import Client, Page, page

FORM = "/en/periods/jail/comment"
HONEYPOT, TOO_FAST, NO_PROOF = Flag.HONEYPOT, Flag.TOO_FAST, Flag.NO_PROOF_OF_WORK
SetClock = Callable[[timedelta], None]


@pytest.fixture(autouse=True)
def jail(session: Session) -> None:
    """Two open periods."""
    for slug in ("jail", "other"):
        makers.comment_period(session, slug=slug, text_limit=2000)
    session.commit()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Set the clock of the checks on."""

    def set_on(by: timedelta) -> None:
        now: Callable[[], datetime] = lambda: utcnow() + by  # noqa: E731
        monkeypatch.setattr(forms, "utcnow", now)

    return set_on


def proof_of(opened: Page) -> str:
    """What the browser's worker would find."""
    return encode(solve(opened.field("proof").get("data-proof", "")))


def flags(session: Session) -> dict[str, set[Flag]]:
    """The reasons to look twice at each comment, by its text."""
    session.rollback()
    rows = session.scalars(sa.select(Comment)).all()
    return {comment.body: {row.flag for row in comment.flags} for comment in rows}


def spent(session: Session) -> int:
    session.rollback()
    return session.scalar(sa.select(sa.func.count()).select_from(SpentChallenge)) or 0


class TestAPerson:
    def test_with_a_proof_who_took_the_time_gives_no_reason_to_doubt(
        self, client: Client, session: Session, later: SetClock
    ) -> None:
        opened = page(client.get(FORM))
        later(timedelta(seconds=3))

        sent = client.post(FORM, data=opened.fields() | {"body": "Mine.", "proof": proof_of(opened)})

        assert sent.status_code == 303
        assert flags(session) == {"Mine.": set()}
        assert spent(session) == 1

    def test_without_javascript_is_taken_at_once_and_on_time(
        self, client: Client, session: Session, later: SetClock
    ) -> None:
        opened = page(client.get(FORM))
        later(timedelta(minutes=1))

        sent = client.post(FORM, data=opened.fields() | {"body": "Mine."})

        assert sent.status_code == 303
        comment = session.scalars(sa.select(Comment)).one()
        assert comment.on_time
        assert comment.disposition is Disposition.RECEIVED
        assert flags(session) == {"Mine.": {NO_PROOF}}

    def test_who_mends_a_form_keeps_its_time_and_its_proof(
        self, client: Client, session: Session, later: SetClock
    ) -> None:
        opened = page(client.get(FORM))
        proof = proof_of(opened)
        later(timedelta(seconds=3))

        refused = client.post(FORM, data=opened.fields() | {"body": "", "proof": proof})
        again = page(refused).fields()

        assert refused.status_code == 422
        assert spent(session) == 0
        assert again["proof"] == proof
        assert client.post(FORM, data=again | {"body": "Mended."}).status_code == 303
        assert flags(session) == {"Mended.": set()}

    def test_who_retries_gets_the_first_comment_and_needs_no_second_proof(
        self, client: Client, session: Session, later: SetClock
    ) -> None:
        opened = page(client.get(FORM))
        later(timedelta(seconds=3))
        form = opened.fields() | {"body": "Mine.", "proof": proof_of(opened)}

        first, second = client.post(FORM, data=form), client.post(FORM, data=form)

        assert (second.status_code, second.location) == (303, first.location)
        assert flags(session) == {"Mine.": set()}

    def test_who_writes_another_in_a_form_that_was_sent_gets_a_new_challenge(
        self, client: Client, session: Session, later: SetClock
    ) -> None:
        opened = page(client.get(FORM))
        later(timedelta(seconds=3))
        form = opened.fields() | {"proof": proof_of(opened)}
        client.post(FORM, data=form | {"body": "First."})

        asked = page(client.post(FORM, data=form | {"body": "Second."}))

        assert asked.field("proof").get("value") == ""
        client.post(FORM, data=asked.fields() | {"proof": proof_of(asked)})
        assert flags(session) == {"First.": set(), "Second.": set()}

    def test_whose_session_had_expired_keeps_the_proof(
        self, client: Client, session: Session, later: SetClock
    ) -> None:
        opened = page(client.get(FORM))
        later(timedelta(seconds=3))
        form = opened.fields() | {"body": "Mine — still.", "proof": proof_of(opened)}
        client.delete_cookie("session")

        stale = page(client.post(FORM, data=form))

        assert client.post(FORM, data=stale.fields()).status_code == 303
        assert flags(session) == {"Mine — still.": set()}


class TestAMachine:
    def test_that_fills_in_everything_is_flagged_and_not_discarded(
        self, client: Client, session: Session, later: SetClock
    ) -> None:
        opened = page(client.get(FORM))
        later(timedelta(minutes=1))
        form = opened.fields() | {"body": "Buy.", "website": "http://x", "proof": proof_of(opened)}

        assert client.post(FORM, data=form).status_code == 303
        assert flags(session) == {"Buy.": {HONEYPOT}}

    @pytest.mark.parametrize(
        ("seconds", "found"), [(0, {TOO_FAST}), (1.9, {TOO_FAST}), (3, set()), (9e5, set())]
    )
    def test_that_needs_no_time_is_flagged(
        self,
        client: Client,
        session: Session,
        later: SetClock,
        monkeypatch: pytest.MonkeyPatch,
        seconds: float,
        found: set[Flag],
    ) -> None:
        whole = utcnow().replace(microsecond=0)
        monkeypatch.setattr(forms, "utcnow", lambda: whole)
        opened = page(client.get(FORM))
        proof = proof_of(opened)
        monkeypatch.setattr(forms, "utcnow", lambda: whole + timedelta(seconds=seconds))

        client.post(FORM, data=opened.fields() | {"body": "Fast?", "proof": proof})

        assert flags(session) == {"Fast?": found}

    def test_that_never_opened_the_form_is_flagged(self, client: Client, session: Session) -> None:
        sent = client.post(FORM, data={"csrf_token": client.csrf_token(), "body": "Direct."})

        assert sent.status_code == 303
        assert flags(session) == {"Direct.": {TOO_FAST, NO_PROOF}}

    def test_that_uses_a_proof_twice_is_flagged(
        self, client: Client, session: Session, later: SetClock
    ) -> None:
        opened = page(client.get(FORM))
        proof, stamp = proof_of(opened), opened.fields()["opened"]
        later(timedelta(minutes=1))
        for number in (1, 2):
            form = page(client.get(FORM)).fields() | {"opened": stamp, "proof": proof, "body": f"{number}"}
            assert client.post(FORM, data=form).status_code == 303

        assert flags(session) == {"1": set(), "2": {NO_PROOF}}

    def test_that_uses_a_proof_many_times_at_once_has_one_good(
        self, app: Flask, client: Client, session: Session, later: SetClock
    ) -> None:
        opened = page(client.get(FORM))
        form = {name: opened.fields()[name] for name in ("csrf_token", "opened")} | {
            "proof": proof_of(opened)
        }
        later(timedelta(minutes=1))
        cookie = client.get_cookie("session")
        assert cookie is not None
        headers = {"Cookie": f"session={cookie.value}"}

        def send(number: int) -> None:
            app.test_client(use_cookies=False).post(FORM, data=form | {"body": f"{number}"}, headers=headers)

        together = [threading.Thread(target=send, args=(number,)) for number in range(8)]
        for thread in together:
            thread.start()
        for thread in together:
            thread.join()

        found = list(flags(session).values())
        assert len(found) == 8
        assert sorted(map(sorted, found)) == [[], *[[NO_PROOF]] * 7]

    def test_that_brings_what_was_given_out_for_another_form_is_flagged(
        self, client: Client, session: Session, later: SetClock
    ) -> None:
        other = page(client.get(FORM.replace("jail", "other")))
        later(timedelta(minutes=1))
        form = page(client.get(FORM)).fields() | {
            "body": "Borrowed.",
            "opened": other.fields()["opened"],
            "proof": proof_of(other),
        }

        assert client.post(FORM, data=form).status_code == 303
        assert flags(session) == {"Borrowed.": {TOO_FAST, NO_PROOF}}

    @pytest.mark.parametrize("name", ["opened", "proof", "website"])
    @pytest.mark.parametrize("value", ["", "\x00", "\ud800", "x" * 150_000, "\u202eabc", "W10=", "null"])
    def test_that_sends_rubbish_is_answered_like_anybody(
        self, client: Client, session: Session, name: str, value: str
    ) -> None:
        form: dict[str, Any] = page(client.get(FORM)).fields() | {"body": "Rubbish."}
        form[name] = value.encode("utf-8", "surrogatepass")

        assert client.post(FORM, data=form).status_code == 303
        assert NO_PROOF in flags(session)["Rubbish."]

    def test_that_sends_a_megabyte_in_one_of_them_is_told_that_it_is_too_much(
        self, client: Client, session: Session
    ) -> None:
        for name in ("opened", "proof", "website"):
            form = page(client.get(FORM)).fields() | {"body": "Large.", name: "x" * 1_000_000}
            assert client.post(FORM, data=form).status_code == 413
        assert flags(session) == {}


@pytest.mark.parametrize("words", ["I support it.", "I oppose it.", "¡No!", "http://x http://y", "ICE " * 90])
def test_the_flags_do_not_depend_on_what_was_said(client: Client, session: Session, words: str) -> None:
    client.send(FORM, body=words, position="support")

    assert list(flags(session).values()) == [{TOO_FAST, NO_PROOF}]


def test_the_page_names_what_it_carries_for_people_who_see_it(client: Client) -> None:
    opened, spanish = page(client.get(FORM)), page(client.get(FORM.replace("/en/", "/es/")))

    for shown, words in ((opened, "Leave this field empty"), (spanish, "Deje este campo vacío")):
        assert shown.text(".//label[@for='website']") == words
        assert shown.field("website").get("tabindex") == "-1"
        assert shown.field("website").get("autocomplete") == "off"
    assert json.loads(opened.field("proof").get("data-proof", ""))["parameters"]["data"] == {
        "form": "comment jail"
    }


def test_used_proofs_are_forgotten_once_they_have_expired(client: Client, session: Session) -> None:
    opened = page(client.get(FORM))
    client.post(FORM, data=opened.fields() | {"body": "Mine.", "proof": proof_of(opened)})
    assert spent(session) == 1

    last_day = (utcnow() + LIFETIME).date()
    assert service.forget_spent(session, last_day) == 0
    assert service.forget_spent(session, last_day + timedelta(days=1)) == 1
    session.commit()
    assert spent(session) == 0


def test_flags_go_with_their_comment(client: Client, session: Session) -> None:
    client.send(FORM, body="Mine.")
    session.delete(session.scalars(sa.select(Comment)).one())
    session.commit()

    assert session.scalars(sa.select(CommentFlag)).all() == []
