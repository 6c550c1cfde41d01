"""Who holds a receipt: whoever knows its code. The log itself can tell, without keeping the code."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from engage.receipts.codes import CodeKind, Mistyped, from_code, to_code
from engage.receipts.fields import KIND
from engage.receipts.keys import LogKeys
from engage.receipts.leaf import digest_of, salt_of
from engage.receipts.models import LogEntry


@dataclass(frozen=True, slots=True)
class Codes:
    """What the sender of a comment is given once, as people read and type it."""

    receipt: str
    withdrawal: str


def codes_of(keys: LogKeys, entry: LogEntry) -> Codes | None:
    """Both codes; None once the comment is withdrawn. Only for who has sent it, or entered it for them."""
    if entry.sealed_code is None:
        return None
    code = keys.sealer.open(entry.sealed_code, bound_to=str(entry.id))
    return Codes(to_code(code, CodeKind.RECEIPT), keys.withdrawal_code(code))


def is_held_by(entry: LogEntry, code: bytes) -> bool:
    """Whether this is the code of the receipt. It opens the one field whose value everybody knows.

    So it can be told after a withdrawal too, when the site has destroyed its copy.
    """
    return hmac.compare_digest(entry.digest_of["kind"], digest_of("kind", salt_of(code, "kind"), KIND))


def may_withdraw(keys: LogKeys, entry: LogEntry, typed: str) -> bool:
    """Whether this is the withdrawal code of the comment."""
    codes = codes_of(keys, entry)
    try:
        wanted = from_code(typed, CodeKind.WITHDRAWAL)
    except Mistyped:
        return False
    return codes is not None and hmac.compare_digest(wanted, from_code(codes.withdrawal, CodeKind.WITHDRAWAL))
