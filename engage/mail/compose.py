"""A message as it goes over the line."""

from __future__ import annotations

import hashlib
from datetime import datetime
from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime

from engage.mail.sealed import Content


class _AsItIs(UnstructuredHeader):
    """A header that is never folded: an address that was cut in two, or encoded, is no address any more."""

    def fold(self, *, policy: Policy) -> str:
        """The one line."""
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]


_headers = HeaderRegistry()
_headers.map_to_type("list-unsubscribe", _AsItIs)  # type: ignore[arg-type]
_POLICY = SMTP.clone(header_factory=_headers)


def message_key(event_key: str) -> str:
    """What stands before the @ in the Message-ID: always the same for one event, and nobody can guess it."""
    return hashlib.sha256(event_key.encode()).hexdigest()[:32]


def compose(sender: str, key: str, content: Content, now: datetime) -> EmailMessage:
    """The message. Its id is always the same, so that a receiver can drop a second copy after a crash."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = sender
    message["To"] = content.recipient
    message["Subject"] = content.subject
    message["Message-ID"] = f"<{key}@{sender.rpartition('@')[2].strip('> ')}>"
    message["Date"] = format_datetime(now)
    message["Auto-Submitted"] = "auto-generated"
    for name, value in content.headers.items():
        message[name] = value
    message.set_content(content.body)
    return message
