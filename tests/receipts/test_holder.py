"""With its code a receipt shows one's own words, the way of the comment and the proof, and is downloaded."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from engage import worker
from engage.clock import utcnow
from engage.comments import just_sent
from engage.comments.models import Comment, ModerationReason, Position
from engage.jobs.queue import run_once
from engage.moderation import service as moderation
from engage.receipts import verify
from tests.receipts.receiving import WORDS, codes, receive, receive_many, sealed
from tests.support import makers
from tests.support.pages import Client, Page, page


@pytest.fixture
def comment(session: Session) -> Comment:
    """A comment that waits for a moderator and for the sealer."""
    comment = receive(session, makers.comment_period(session, slug="jail"), position=Position.MIXED)
    session.commit()
    return comment


def open_it(session: Session, client: Client, comment: Comment, language: str = "en") -> Page:
    """Come back with number and code."""
    number, code = comment.tracking_number, codes(session, comment).receipt
    session.rollback()
    answer = client.send(f"/{language}/receipts", tracking_number=number, code=code.upper().replace("-", " "))
    assert answer.status_code == 200, page(answer).text()
    return page(answer)


def test_the_sender_is_given_the_codes_for_ten_minutes(
    client: Client, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    makers.comment_period(session, slug="jail")
    session.commit()
    receipt = client.send("/en/periods/jail/comment", body=WORDS).location

    first, in_spanish = client.get(receipt), client.get(receipt.replace("/en/", "/es/"))
    monkeypatch.setattr(just_sent, "utcnow", lambda: utcnow() + timedelta(minutes=11))
    later = client.get(receipt)

    shown = page(first)
    code, withdrawal = shown.text(".//*[@id='receipt-code']"), shown.text(".//*[@id='withdrawal-code']")
    assert len(code.split("-")) == 7
    assert len(withdrawal.split("-")) == 4
    assert "You do not have to keep them" in shown.text()
    assert "this comment is yours" in shown.text()
    assert WORDS not in first.get_data(as_text=True)
    for secret in (code, withdrawal):
        assert secret in in_spanish.get_data(as_text=True)
        assert secret not in later.get_data(as_text=True)
        assert secret not in receipt


def test_the_qr_code_leads_to_the_page_and_holds_no_secret(client: Client, session: Session) -> None:
    makers.comment_period(session, slug="jail")
    session.commit()
    receipt = client.send("/en/periods/jail/comment", body=WORDS).location

    slip = page(client.get(receipt))

    assert slip.text(".//figure").endswith(f"http://localhost{receipt}")


def test_nobody_else_is_given_the_codes(app_client: Client, client: Client, session: Session) -> None:
    makers.comment_period(session, slug="jail")
    session.commit()
    receipt = client.send("/en/periods/jail/comment", body=WORDS).location

    assert page(app_client.get(receipt)).all(".//*[@id='receipt-code']") == []


@pytest.fixture
def app_client(client: Client) -> Client:
    """Another browser on the same site."""
    other = client.application.test_client()
    assert isinstance(other, Client)
    return other


def test_the_holder_sees_the_words_and_the_promise(
    session: Session, client: Client, comment: Comment
) -> None:
    shown = open_it(session, client, comment)

    assert WORDS in shown.text()
    assert "is not in the public log yet" in shown.text()
    assert "Waiting to be read by a moderator" in shown.text()
    assert shown.all(".//*[@id='withdrawal-code']") == []


def test_the_holder_sees_each_step_to_the_report(session: Session, client: Client, comment: Comment) -> None:
    receive_many(session, 2, comment.period)
    sealed(session)
    moderation.post_comments(session, [comment], None, utcnow())
    session.commit()
    before = open_it(session, client, comment).text(".//ol[@class='phases']")
    run_once({"count": worker.HANDLERS["count_comments"]})
    after = open_it(session, client, comment)

    assert before.endswith("Now: Counted in the report")
    assert after.text(".//ol[@class='phases']").endswith("Done: Counted in the report")
    assert "Read by a moderator" in after.text()
    assert "of 3" in after.text()


def test_a_comment_that_is_not_posted_says_why(session: Session, client: Client, comment: Comment) -> None:
    moderation.restrict_comments(session, [comment], None, utcnow(), ModerationReason.TRUE_THREAT)
    session.commit()

    shown = open_it(session, client, comment)

    assert "Not posted: True threat" in shown.text(".//ol[@class='phases']")
    assert WORDS in shown.text()


@pytest.mark.parametrize("kind", ["typo", "withdrawal", "foreign", "long"])
def test_a_wrong_code_shows_nothing_and_says_what_to_do(
    session: Session, client: Client, comment: Comment, kind: str
) -> None:
    other = receive(session, comment.period, "Other words")
    session.commit()
    right = codes(session, comment)
    typed, said = {
        "typo": (right.receipt[:-1] + ("2" if right.receipt[-1] != "2" else "3"), "a typing error"),
        "withdrawal": (right.withdrawal, "This is the withdrawal code"),
        "foreign": (codes(session, other).receipt, "does not belong to this tracking number"),
        "long": ("x" * 500, "too long"),
    }[kind]

    answer = client.send("/en/receipts", tracking_number=comment.tracking_number, code=typed)

    assert answer.status_code == 422
    assert said in page(answer).text()
    assert WORDS not in answer.get_data(as_text=True)


def test_the_receipt_is_downloaded_by_a_form_and_verifies(
    session: Session, client: Client, comment: Comment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = open_it(session, client, comment)
    address = f"/en/receipts/{comment.tracking_number}/receipt.json"
    fields = shown.fields(f".//form[@action='{address}']")

    answer = client.post(address, data=fields)

    assert answer.headers["Content-Disposition"] == 'attachment; filename="RECEIPT.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    (tmp_path / "RECEIPT.json").write_bytes(answer.data)
    assert verify.main([str(tmp_path / "RECEIPT.json")]) == verify.PROMISED
    session.rollback()
    sealed(session)
    again = client.post(address, data=fields)
    assert again.status_code == 200, page(again).text()
    (tmp_path / "RECEIPT.json").write_bytes(again.data)
    assert verify.main([str(tmp_path / "RECEIPT.json")]) == verify.PROVEN
    assert "number 0 of the 1 in the log" in capsys.readouterr().out


@pytest.mark.parametrize("code", ["", "wrong", "foreign"])
def test_nobody_downloads_it_without_the_code(
    session: Session, client: Client, comment: Comment, code: str
) -> None:
    other = receive(session, comment.period, "Other words")
    session.commit()
    typed = codes(session, other).receipt if code == "foreign" else code
    address = f"/en/receipts/{comment.tracking_number}/receipt.json"

    answer = client.post(address, data={"code": typed, "csrf_token": client.csrf_token()})

    assert answer.status_code == 422
    assert WORDS not in answer.get_data(as_text=True)
    assert client.get(address).status_code == 405


def test_a_comment_without_an_entry_still_has_its_page(session: Session, client: Client) -> None:
    comment = makers.comment(session, makers.comment_period(session))
    session.commit()

    assert page(client.get(f"/en/receipts/{comment.tracking_number}")).text()
    asked = client.send(f"/en/receipts/{comment.tracking_number}/withdraw", secret_code=codes_of_nobody())
    assert asked.status_code == 422


def codes_of_nobody() -> str:
    from engage.receipts.codes import CodeKind, to_code

    return to_code(bytes(16), CodeKind.WITHDRAWAL)


def test_the_holders_page_is_not_compressed_and_not_kept(
    session: Session, client: Client, comment: Comment
) -> None:
    number, code = comment.tracking_number, codes(session, comment).receipt
    fields = {"tracking_number": number, "code": code, "csrf_token": client.csrf_token()}

    answer = client.post("/en/receipts", data=fields, headers={"Accept-Encoding": "gzip"})

    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert json.dumps(code) not in answer.headers.get("Set-Cookie", "")
