"""A mail server on this machine."""

from __future__ import annotations

import dataclasses
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession
from flask import Flask


class Postman:
    """A mail server that keeps what it takes and says what it is told to say."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answer = "250 OK"

    async def handle_RCPT(  # noqa: N802 - named by aiosmtpd.
        self, _server: SMTP, _session: SmtpSession, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, _server: SMTP, _session: SmtpSession, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        self.recipients += envelope.rcpt_tos
        return "250 OK"


@contextmanager
def mail_server(handler: object) -> Iterator[int]:
    """Run a server that hands what it takes to an aiosmtpd handler; yields its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


@contextmanager
def postman_of(app: Flask) -> Iterator[Postman]:
    """Let a site send to a mail server on this machine, which keeps what it takes."""
    postman, settings = Postman(), app.config["ENGAGE_SETTINGS"]
    with mail_server(postman) as port:
        app.config["ENGAGE_SETTINGS"] = dataclasses.replace(
            settings, mail_url=f"smtp://127.0.0.1:{port}?from=Engage <engage@example.gov>"
        )
        try:
            yield postman
        finally:
            app.config["ENGAGE_SETTINGS"] = settings
