"""One message to one SMTP server, with the standard library."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

_SECONDS = 20.0
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_PORTS = {"smtp": 587, "smtps": 465}
_PERMANENT = range(500, 600)


class DeliveryFailed(Exception):
    """The server did not take the message. ``is_final``: it will not take it later either."""

    def __init__(self, reason: str, *, is_final: bool) -> None:
        super().__init__(reason)
        self.is_final = is_final


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over: ``smtp(s)://user:password@host:port?from=address``.

    With ``smtp`` the connection must be turned into TLS (STARTTLS) before anything else is said, unless the
    server is this machine or the address says ``&tls=off``.
    """

    host: str
    port: int
    user: str
    password: str
    sender: str
    is_tls: bool
    needs_starttls: bool

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read the address; engage.config has checked that it has a host and a sender."""
        parts = urlsplit(url)
        query = parse_qs(parts.query)
        is_tls = parts.scheme == "smtps"
        is_open = parts.hostname in _LOOPBACK or query.get("tls") == ["off"]
        return cls(
            host=parts.hostname or "",
            port=parts.port or _PORTS[parts.scheme],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            sender=query["from"][0],
            is_tls=is_tls,
            needs_starttls=not is_tls and not is_open,
        )

    def deliver(self, message: EmailMessage) -> None:
        """Hand a message over. Raises DeliveryFailed; returns only when the server has taken it."""
        context = ssl.create_default_context()
        try:
            with self._connect(context) as connection:
                if not self.is_tls and (self.needs_starttls or connection.has_extn("starttls")):
                    connection.starttls(context=context)
                if self.user:
                    connection.login(self.user, self.password)
                connection.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise DeliveryFailed(
                f"recipient refused ({codes[0]})", is_final=all(code in _PERMANENT for code in codes)
            ) from None
        except smtplib.SMTPDataError as error:
            raise DeliveryFailed(
                f"message refused ({error.smtp_code})", is_final=error.smtp_code in _PERMANENT
            ) from None
        except (smtplib.SMTPException, OSError) as error:
            raise DeliveryFailed(type(error).__name__, is_final=False) from None

    def _connect(self, context: ssl.SSLContext) -> smtplib.SMTP:
        connection = (
            smtplib.SMTP_SSL(self.host, self.port, timeout=_SECONDS, context=context)
            if self.is_tls
            else smtplib.SMTP(self.host, self.port, timeout=_SECONDS)
        )
        connection.ehlo_or_helo_if_needed()
        return connection
