"""What a waiting message says, encrypted: whoever reads the database reads no address and no word of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from flask import current_app

from engage.mail.models import OutboxMessage
from engage.sealing import Sealer

# Messages that waited when the outbox learned to seal; the migration has no key. See migration 0019.
_PLAIN = b"plain\0"


@dataclass(frozen=True, slots=True)
class Content:
    """One message as it goes out: plain text, and headers beside the usual ones."""

    recipient: str
    subject: str
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)


def seal(content: Content, event_key: str) -> bytes:
    """Encrypt a message for the row with this key."""
    return _sealer().seal(json.dumps(asdict(content)).encode(), bound_to=event_key)


def read(message: OutboxMessage) -> Content | None:
    """What a message says, None once it is sent or given up. Raises sealing.CannotOpen."""
    if message.sealed is None:
        return None
    is_plain = message.sealed.startswith(_PLAIN)
    text = (
        message.sealed.removeprefix(_PLAIN)
        if is_plain
        else _sealer().open(message.sealed, bound_to=message.event_key)
    )
    return Content(**json.loads(text))


def _sealer() -> Sealer:
    return Sealer(current_app.config["ENGAGE_SETTINGS"].contact_key, "outbox")
