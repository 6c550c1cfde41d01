"""What stands in the links of mails. Nothing of it is in the database: only the keys can make or read one."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from flask import current_app

from engage.follows.models import Follow, Frequency
from engage.sealing import CannotOpen, Sealer, derive

CONFIRM_WITHIN = timedelta(days=3)

_ID_BYTES = 8
_MAC_BYTES = 16


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that somebody asked to follow; ``key`` as models.Follow keeps it."""

    kind: str
    key: str
    wants_reminder: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked for who has yet to show that the address is theirs."""

    address: str
    wishes: tuple[Wish, ...]
    frequency: Frequency
    language: str
    is_discreet: bool


def seal_asked(asked: Asked, now: datetime) -> str:
    """All that was asked for, encrypted into the link of the confirmation: until then nothing is kept."""
    content = asdict(asked) | {"until": int((now + CONFIRM_WITHIN).timestamp())}
    return _text(_sealer("ask").seal(json.dumps(content, separators=(",", ":")).encode()))


def open_asked(token: str, now: datetime) -> Asked | None:
    """What a link of a confirmation asks for; None where it is too old or not ours."""
    try:
        content = json.loads(_sealer("ask").open(_bytes(token)))
    except CannotOpen:
        return None
    if content.pop("until") < now.timestamp():
        return None
    wishes = tuple(Wish(**wish) for wish in content.pop("wishes"))
    return Asked(wishes=wishes, frequency=Frequency(content.pop("frequency")), **content)


def follower_token(follower_id: int) -> str:
    """What lets the holder see, change and end what one address follows."""
    number = follower_id.to_bytes(_ID_BYTES, "big")
    return _text(number + _mac(number))


def follower_of(token: str) -> int | None:
    """The follower whom a token is for; None where it is not ours."""
    raw = _bytes(token)
    number, mac = raw[:_ID_BYTES], raw[_ID_BYTES:]
    return int.from_bytes(number, "big") if hmac.compare_digest(mac, _mac(number)) else None


def comment_key(comment_id: int) -> str:
    """What a follow of one's own comment holds instead of the comment's id."""
    return _sealer("comment").index(str(comment_id))


def event_index(owner: int, event_key: str) -> str:
    """What stands for one event and one follower, and says neither to whoever has no key."""
    return _sealer("event").index(f"{owner} {event_key}")


def address_index(address: str, day: str) -> str:
    """What stands for an address on one day, to count what was sent there."""
    return _sealer("address").index(f"{address} {day}")[:32]


def seal_news(news_id: int, content: object) -> bytes:
    """Encrypt what is to be told."""
    return _sealer("news").seal(json.dumps(content).encode(), bound_to=str(news_id))


def open_news(news_id: int, sealed: bytes) -> dict[str, list[str]]:
    """What is to be told, by language. Raises CannotOpen."""
    content: dict[str, list[str]] = json.loads(_sealer("news").open(sealed, bound_to=str(news_id)))
    return content


def is_comment(follow: Follow) -> bool:
    """Whether this is somebody's own comment, of which only a keyed hash is kept."""
    return follow.subject_kind == "comment"


def _mac(number: bytes) -> bytes:
    key = derive(_key(), "follower token")
    return hmac.new(key, number, sha256).digest()[:_MAC_BYTES]


def _sealer(purpose: str) -> Sealer:
    return Sealer(_key(), f"follows {purpose}")


def _key() -> str:
    key: str = current_app.config["ENGAGE_SETTINGS"].contact_key
    return key


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    """The bytes of a token; none for what is no token."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
