"""The mail server's address, and the line to it."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from aiosmtpd.handlers import Sink

from engage.mail.smtp import DeliveryFailed, MailServer
from tests.support.mail import mail_server


@pytest.mark.parametrize(
    ("url", "host", "port", "is_tls", "needs_starttls"),
    [
        ("smtp://mail.example.gov?from=a@b.gov", "mail.example.gov", 587, False, True),
        ("smtp://mail.example.gov:25?from=a@b.gov&tls=off", "mail.example.gov", 25, False, False),
        ("smtps://mail.example.gov?from=a@b.gov", "mail.example.gov", 465, True, False),
        ("smtp://localhost:1025?from=a@b.gov", "localhost", 1025, False, False),
    ],
)
def test_an_address_says_how_safe_the_line_must_be(
    url: str, host: str, port: int, is_tls: bool, needs_starttls: bool
) -> None:
    server = MailServer.parse(url)

    assert (server.host, server.port, server.is_tls, server.needs_starttls) == (
        host,
        port,
        is_tls,
        needs_starttls,
    )


def test_a_password_may_hold_any_character() -> None:
    server = MailServer.parse("smtp://user%40county:p%2Fss%3Aword@mail.example.gov?from=a@b.gov")

    assert (server.user, server.password) == ("user@county", "p/ss:word")


@pytest.fixture
def plain_server() -> Iterator[int]:
    """The port of a mail server that cannot speak TLS."""
    with mail_server(Sink()) as port:
        yield port


def test_nothing_is_said_on_an_open_line_where_it_must_be_safe(plain_server: int) -> None:
    message = EmailMessage()
    message["From"], message["To"] = "a@b.gov", "c@d.gov"
    server = MailServer(
        "127.0.0.1", plain_server, "user", "secret", "a@b.gov", is_tls=False, needs_starttls=True
    )

    with pytest.raises(DeliveryFailed, match="SMTPNotSupportedError"):
        server.deliver(message)
