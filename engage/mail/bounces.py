"""Reports that a message came back (RFC 3464), as a mail server puts them into the sender's mailbox."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message

_OURS = re.compile(r"<?([0-9a-f]{32})@")
_LARGEST = 2_000_000


@dataclass(frozen=True, slots=True)
class Bounce:
    """One address that did not take one of our messages; ``status`` is a code such as 5.1.1."""

    message_key: str
    recipient: str
    status: str


def read_bounces(report: bytes) -> list[Bounce]:
    """The final failures in a delivery report; none for anything else, such as a delay or a holiday reply."""
    message = message_from_bytes(report[:_LARGEST], policy=policy.default)
    key = _message_key(message)
    if key is None or message.get_content_type() != "multipart/report":
        return []
    return [Bounce(key, recipient, status) for recipient, status in _failures(message)]


def _failures(message: EmailMessage) -> Iterator[tuple[str, str]]:
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        groups = part.get_payload()
        for group in groups if isinstance(groups, list) else []:
            if (failure := _failure(group)) is not None:
                yield failure


def _failure(group: Message | str) -> tuple[str, str] | None:
    """The address and the status of one recipient's group, where it failed for good."""
    if isinstance(group, str):
        return None
    status = re.search(r"\b5\.\d{1,3}\.\d{1,3}\b", str(group.get("Status", "")))
    action = str(group.get("Action", "")).strip().lower()
    named = str(group.get("Original-Recipient") or group.get("Final-Recipient") or "")
    address = named.rpartition(";")[2].strip(" <>")
    if status is None or action != "failed" or "@" not in address:
        return None
    return address, status.group()


def _message_key(message: EmailMessage) -> str | None:
    """Our key in the Message-ID of the message that is returned with the report."""
    for part in message.walk():
        kind = part.get_content_type()
        if kind not in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
            continue
        payload = part.get_payload()
        returned = payload[0] if isinstance(payload, list) and payload else None
        text = returned.as_string() if isinstance(returned, Message) else str(payload)
        for line in re.findall(r"(?im)^message-id:\s*(\S+)", text):
            if found := _OURS.match(line):
                return found.group(1)
    return None
