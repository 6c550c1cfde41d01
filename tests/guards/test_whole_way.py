"""One resident does all that can be done, from a marked browser; nothing of the browser is anywhere."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import Image
from sqlalchemy.orm import Session

from engage import worker
from engage.accounts.models import RoleName
from engage.backup.archive import back_up
from engage.clock import utcnow
from engage.comments.models import Comment, CommentPeriod
from engage.db.session import db
from engage.jobs.queue import run_once
from engage.moderation import service as moderation
from engage.receipts.service import seal
from tests.guards.test_privacy import MARKS, _everything_kept
from tests.support import makers
from tests.support.mail import Postman
from tests.support.pages import Client, page

EMAIL = "resident@example.org"
MARKED = ("203.0.113", "MarkedBrowser", "marked-referrer")


def picture() -> io.BytesIO:
    """A small JPEG."""
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(file, "JPEG")
    file.seek(0)
    return file


def send_comment(client: Client, period: CommentPeriod) -> str:
    address = f"/en/periods/{period.slug}/comment"
    fields = page(client.get(address)).fields()
    typed = {"body": "A marked comment.", "name": "Ana", "files": (picture(), "house.jpg")}
    sent = client.post(address, data=fields | typed)
    assert sent.status_code == 303
    return str(sent.location).rpartition("/")[2]


def test_nothing_of_the_browser_is_in_database_logs_mails_exports_or_backup(
    app: Flask,
    session: Session,
    client: Client,
    postman: Postman,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    period, docket = _places(session)
    client.environ_base.update(MARKS)
    said: list[str] = []

    with caplog.at_level(logging.DEBUG):
        number = send_comment(client, period)
        said.append(client.get(f"/en/receipts/{number}").get_data(as_text=True))
        client.send(f"/en/receipts/{number}/mail", address=EMAIL)
        for subject in (f"periods/{period.slug}", f"dockets/{docket}", f"comments/{number}"):
            assert client.send(f"/en/follow/{subject}", address=EMAIL).status_code < 400
        _work(app)
        _confirm(client, postman)
        _decide(session, number)
        assert client.send(f"/en/comments/{number}/report", reason="spam", words="Look.").status_code == 303
        contested = client.send(f"/en/comments/{number}/contest", text="Not mine.", email=EMAIL)
        assert contested.status_code == 303
        for address in ("/en/nowhere", f"/en/periods/{period.slug}/comments?words=marked", "/en/contest"):
            client.get(address)
        client.post(f"/en/periods/{period.slug}/comment", data={"body": "Without a token"})
        _work(app)

    with app.app_context():
        backup = back_up(db.engine, tmp_path / "backup.zip")
    assert backup.rows["contact"] >= 1
    with zipfile.ZipFile(tmp_path / "backup.zip") as archive:
        said.append(archive.read("data").decode("latin-1"))
    said += [message.as_string() for message in postman.messages]
    assert len(postman.messages) >= 2
    said += [client.get(address).get_data(as_text=True) for address in _exports(period, docket)]
    left = "\n".join([*said, _everything_kept(app), caplog.text, *capfd.readouterr()])

    assert "A marked comment." in left
    assert {mark for mark in MARKED if mark in left} == set()


def _places(session: Session) -> tuple[CommentPeriod, str]:
    period = makers.comment_period(session)
    session.commit()
    return period, period.docket.slug


def _work(app: Flask) -> None:
    with app.app_context():
        run_once(worker.HANDLERS)


def _confirm(client: Client, postman: Postman) -> None:
    """Follow every link of the mails, and press the one button behind it."""
    links = {
        link
        for message in postman.messages
        for link in re.findall(r"http://localhost(/en/follow/confirm/\S+)", message.get_content())
    }
    assert links
    for link in links:
        assert client.send(link).status_code < 400


def _decide(session: Session, number: str) -> None:
    comment = session.scalars(sa.select(Comment).where(Comment.tracking_number == number)).one()
    moderator = makers.user(session, RoleName.MODERATOR)
    moderation.post_comments(session, [comment], moderator, utcnow())
    seal(session, now=utcnow())
    session.commit()


def _exports(period: CommentPeriod, docket: str) -> list[str]:
    return [
        f"/en/reports/{period.slug}.csv",
        f"/en/reports/{period.slug}.json",
        "/en/moderation.csv",
        "/en/moderation/neutrality.csv",
        "/en/log/entries.json",
        "/en/log/openings.json",
        "/feeds/periods.atom",
        f"/feeds/periods/{period.slug}.atom",
        f"/feeds/dockets/{docket}.atom",
    ]
