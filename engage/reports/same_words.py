"""Whether a comment still says what a report shows of it.

What is kept for that is a digest under a key of this site, which is nowhere in the database: whoever gets
hold of a report's inputs, or of a backup, cannot try out what a comment may have said that was withdrawn
since. It is bound to its comment, so that two comments with the same words are not known by it either.

Versions that were published before there was a key keep the plain fingerprint: they stay what they were.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from flask import current_app

from engage.comments.models import Comment
from engage.reports.inputs import QuoteFacts, VoiceFacts
from engage.sealing import derive

_KEYED = "keyed:"

Shown = TypeVar("Shown", QuoteFacts, VoiceFacts)


def keep_for(tracking_number: str, fingerprint: str) -> str:
    """What to keep of the words of a comment: nobody without the key can make it, or look for its words."""
    told = f"{tracking_number} {fingerprint}".encode()
    return _KEYED + hmac.new(_key(_secret()), told, hashlib.sha256).hexdigest()


def keyed(facts: Iterable[Shown]) -> tuple[Shown, ...]:
    """These references without a plain fingerprint, from before or from now."""
    return tuple(
        each
        if each.digest.startswith(_KEYED)
        else replace(each, digest=keep_for(each.tracking_number, each.digest))
        for each in facts
    )


def says_the_same(comment: Comment, facts: QuoteFacts | VoiceFacts) -> bool:
    """Whether the comment has the very words that were chosen."""
    is_keyed = facts.digest.startswith(_KEYED)
    kept = keep_for(comment.tracking_number, comment.body_digest) if is_keyed else comment.body_digest
    return hmac.compare_digest(kept, facts.digest)


def _secret() -> str:
    secret: str = current_app.config["ENGAGE_SETTINGS"].log_key
    return secret


@lru_cache(maxsize=8)
def _key(secret: str) -> bytes:
    return derive(secret, "words shown in reports")
