"""A resident keeps a receipt, comes back with it, checks it without the site, and takes the words back."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.comments.models import Comment, Disposition
from engage.moderation.service import post_comments
from engage.receipts import verify
from engage.receipts.service import seal
from tests.journeys.conftest import NewPage, Site
from tests.support import makers

WORDS = "My aunt is afraid to call the sheriff."

ENGLISH = {
    "find": "Find it",
    "words": "Your own words",
    "waiting": "is not in the public log yet",
    "sealed": "stands in the public log as number 0 of 1",
    "counted": "Counted in the report",
    "download": "Download the receipt (JSON)",
    "withdraw": "Withdraw this comment",
    "go_on": "Go on",
    "yes": "Yes, withdraw it",
    "withdrawn": "Your comment is withdrawn",
}
SPANISH = {
    "find": "Buscarlo",
    "words": "Su propio texto",
    "waiting": "todavía no está en el registro público",
    "sealed": "está en el registro público con el número 0 de 1",
    "counted": "Contado en el informe",
    "download": "Descargar el recibo (JSON)",
    "withdraw": "Retirar este comentario",
    "go_on": "Continuar",
    "yes": "Sí, retirarlo",
    "withdrawn": "Su comentario está retirado",
}


@pytest.mark.parametrize(
    ("language", "said", "javascript"),
    [("en", ENGLISH, True), ("es", SPANISH, True), ("es", SPANISH, False)],
    ids=["english", "spanish", "spanish-no-javascript"],
)
def test_from_sending_to_withdrawing_with_a_receipt_that_proves_it(
    site: Site, new_page: NewPage, tmp_path: Path, language: str, said: dict[str, str], javascript: bool
) -> None:
    site.do(lambda session: makers.comment_period(session, slug="jail"))
    resident = new_page(javascript=javascript)
    resident.goto(f"/{language}/periods/jail/comment")
    resident.locator("textarea[name=body]").fill(WORDS)
    resident.locator("main form button[type=submit]").click()
    resident.wait_for_url("**/receipts/*")
    number = resident.locator("h1 .tracking-number").inner_text()
    code = resident.locator("#receipt-code").inner_text()
    withdrawal = resident.locator("#withdrawal-code").inner_text()
    _can_be_printed(resident, code)
    expect(resident.locator("main")).to_contain_text(said["waiting"])
    assert _check(_download(resident, said, tmp_path / "first.json")) == verify.PROMISED
    resident.goto(f"/{language}/receipts/{number}")
    expect(resident.locator("#receipt-code")).to_have_count(1)

    site.do(_decide)
    site.work()
    later = new_page(javascript=javascript, width=375)
    later.goto(f"/{language}/receipts")
    later.locator("#tracking_number").fill(number.upper())
    later.locator("#code").fill(code.replace("-", " "))
    later.get_by_role("button", name=said["find"]).click()
    expect(later.get_by_role("heading", name=said["words"])).to_be_visible()
    expect(later.locator("main")).to_contain_text(WORDS)
    expect(later.locator("main")).to_contain_text(said["sealed"])
    expect(later.locator(".phases__item--past").last).to_contain_text(said["counted"])
    assert code not in later.url
    assert later.evaluate("document.documentElement.scrollWidth") <= 375
    proven = _download(later, said, tmp_path / "second.json")
    assert _check(proven) == verify.PROVEN

    later.get_by_role("link", name=said["withdraw"]).click()
    later.locator("#secret_code").fill(withdrawal)
    later.get_by_role("button", name=said["go_on"]).click()
    later.get_by_role("button", name=said["yes"]).click()
    later.wait_for_url("**/receipts/*")
    expect(later.locator("body")).to_contain_text(said["withdrawn"])
    site.work()
    (comment,) = site.do(lambda session: list(session.scalars(sa.select(Comment))))
    assert (comment.disposition, comment.body) == (Disposition.WITHDRAWN, "")
    assert _check(proven) == verify.PROVEN
    later.goto(f"/{language}/receipts")
    later.locator("#tracking_number").fill(number)
    later.locator("#code").fill(code)
    later.get_by_role("button", name=said["find"]).click()
    after = _download(later, said, tmp_path / "third.json")
    assert _check(after) == verify.PROVEN
    assert WORDS not in after.read_text(encoding="utf-8")


def _decide(session: Session) -> None:
    """A moderator posts what waits, and the night's sealing comes."""
    post_comments(session, session.scalars(sa.select(Comment)).all(), None, utcnow())
    seal(session, now=utcnow())


def _can_be_printed(resident: Page, code: str) -> None:
    """On paper the codes, their QR code and the address are there, and what only a screen can do is not."""
    resident.emulate_media(media="print")
    expect(resident.locator("#receipt-code")).to_have_text(code)
    expect(resident.locator(".slip svg[role=img]")).to_be_visible()
    expect(resident.locator(".mainnav")).to_be_hidden()
    size = resident.locator("#receipt-code").evaluate(
        "element => parseFloat(getComputedStyle(element).fontSize)"
    )
    assert size >= 24
    resident.emulate_media(media="screen")


def _download(resident: Page, said: dict[str, str], path: Path) -> Path:
    with resident.expect_download() as started:
        resident.get_by_role("button", name=said["download"]).click()
    assert started.value.suggested_filename == "RECEIPT.json"
    started.value.save_as(path)
    assert json.loads(path.read_text(encoding="utf-8"))["format"] == "engage-receipt-v1"
    return path


def _check(receipt: Path) -> int:
    command = [sys.executable, "-I", verify.__file__, str(receipt)]
    return subprocess.run(command, env={}, check=False, capture_output=True).returncode
