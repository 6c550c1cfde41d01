"""Mail that came back: told from a forged report, noted once, and it stops what is sent in vain."""

from __future__ import annotations

from email import policy
from email.message import EmailMessage, Message
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask
from sqlalchemy.orm import Session

from engage.follows import cli
from engage.follows.models import Follower, Frequency
from engage.follows.service.keep import confirm
from engage.follows.tokens import Asked, Wish
from engage.mail.bounces import Bounce, read_bounces
from engage.mail.compose import message_key
from engage.mail.models import OutboxMessage
from engage.mail.service import queue_message, send_due
from tests.support.mail import Postman

ANA = "ana@example.org"
KEY = "0123456789abcdef0123456789abcdef"


def report(
    key: str = KEY,
    *,
    recipient: str = ANA,
    status: str = "5.1.1",
    action: str = "failed",
    whole: bool = False,
) -> bytes:
    """A delivery report as Postfix and others write it."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = "MAILER-DAEMON@mail.example.org"
    message["To"] = "engage@example.gov"
    message["Subject"] = "Undelivered Mail Returned to Sender"
    message.set_content("I'm sorry to have to inform you …\n")
    message.make_mixed()
    message.set_type("multipart/report")
    message.set_param("report-type", "delivery-status")
    about_server, about_recipient = Message(), Message()
    about_server["Reporting-MTA"] = "dns; mail.example.org"
    about_recipient["Final-Recipient"] = f"rfc822; {recipient}"
    about_recipient["Action"] = action
    about_recipient["Status"] = status
    about_recipient["Diagnostic-Code"] = "smtp; 550 5.1.1 User unknown"
    status_part = Message()
    status_part["Content-Type"] = "message/delivery-status"
    status_part.set_payload([about_server, about_recipient])
    message.attach(status_part)  # type: ignore[arg-type]
    headers = f"From: engage@example.gov\r\nMessage-ID: <{key}@example.gov>\r\nSubject: News\r\n"
    returned = Message()
    if whole:
        returned["Content-Type"] = "message/rfc822"
        inner = Message()
        inner["Message-ID"] = f"<{key}@example.gov>"
        inner.set_payload("Words")
        returned.set_payload([inner])
    else:
        returned["Content-Type"] = "text/rfc822-headers"
        returned.set_payload(headers)
    message.attach(returned)  # type: ignore[arg-type]
    return message.as_bytes()


@pytest.mark.parametrize("whole", [True, False])
def test_a_final_failure_is_read(whole: bool) -> None:
    assert read_bounces(report(whole=whole)) == [Bounce(KEY, ANA, "5.1.1")]


@pytest.mark.parametrize(
    "other",
    [
        b"",
        b"\xff\xfe\x00",
        b"Subject: I am on holiday\r\nMessage-ID: <0123456789abcdef0123456789abcdef@x>\r\n\r\nI am back.",
        report(action="delayed", status="4.4.1"),
        report(action="failed", status="4.2.2"),
        report(action="delivered", status="2.0.0"),
        report(recipient="nobody"),
        report(key="not-one-of-ours"),
    ],
)
def test_anything_else_is_no_bounce(other: bytes) -> None:
    assert read_bounces(other) == []


class TestCommand:
    @pytest.fixture
    def sent(
        self, app: Flask, session: Session, postman: Postman, monkeypatch: pytest.MonkeyPatch
    ) -> list[str]:
        """The keys of three messages that were sent to a follower."""
        monkeypatch.setattr(cli, "create_app", lambda: app)
        asked = Asked(ANA, (Wish("docket", "1"),), Frequency.DAILY, "en", is_discreet=True)
        confirm(session, asked)
        keys = [f"news:{number}" for number in range(3)]
        for key in keys:
            queue_message(session, event_key=key, recipient=ANA, subject="News", body="…")
        session.commit()
        send_due()
        return [message_key(key) for key in keys]

    def bounce(self, tmp_path: Path, *reports: bytes) -> str:
        files = []
        for number, content in enumerate(reports):
            file = tmp_path / f"{number}.eml"
            file.write_bytes(content)
            files.append(str(file))
        result = CliRunner().invoke(cli.mail_group, ["bounce", *files], catch_exceptions=False)
        assert result.exit_code == 0
        return result.output

    def bounces(self, session: Session) -> int:
        session.rollback()
        return session.scalars(sa.select(Follower.bounces)).one()

    def test_notes_each_message_once_and_stops_after_three(
        self, session: Session, tmp_path: Path, sent: list[str]
    ) -> None:
        assert self.bounce(tmp_path, report(sent[0])).startswith("1 messages")
        assert self.bounce(tmp_path, report(sent[0])).startswith("0 messages")
        assert self.bounces(session) == 1

        self.bounce(tmp_path, report(sent[1], recipient="ANA@example.org"), report(sent[2], whole=True))

        assert self.bounces(session) == 3
        session.rollback()
        assert len(session.scalars(sa.select(OutboxMessage.bounced_on)).all()) == 3
        status = CliRunner().invoke(cli.mail_group, ["status"], catch_exceptions=False).output
        assert "news\t3\t0\t0\t3\t0" in status

    def test_believes_no_report_of_a_message_that_we_have_not_sent(
        self, session: Session, tmp_path: Path, sent: list[str]
    ) -> None:
        self.bounce(tmp_path, report(KEY), b"Nothing of the kind")

        assert self.bounces(session) == 0

    def test_reads_what_a_mail_server_hands_over(self, session: Session, sent: list[str]) -> None:
        result = CliRunner().invoke(
            cli.mail_group, ["bounce", "-"], input=report(sent[0]), catch_exceptions=False
        )

        assert result.exit_code == 0
        assert self.bounces(session) == 1
