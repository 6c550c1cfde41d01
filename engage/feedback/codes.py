"""Codes that are good for one answer, and what is sealed of an answer until it is counted."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app

from engage.feedback.models import Channel
from engage.sealing import Sealer


def code_of(ticket_id: int) -> str:
    """The code of the ticket with this random id, to be handed out: 16 letters and digits in fours.

    Made of the id and the contact key whenever it is needed, and kept nowhere. Upper case without I, L, O
    and U, 0 and 1 among its digits (Crockford's base 32), so that it can be read out and typed.
    """
    digest = bytes.fromhex(_sealer("code of").index(str(ticket_id)))
    plain = base64.b32encode(digest[:10]).decode().translate(_CROCKFORD)
    return "-".join(plain[place : place + 4] for place in range(0, 16, 4))


def code_index(code: str) -> str:
    """What is stored of a code or of a page's token, however it was typed."""
    plain = "".join(code.upper().split()).replace("-", "")
    return _sealer("code").index(plain.replace("O", "0").replace("I", "1").replace("L", "1"))


def import_index(source: str, identity: str) -> str:
    """What is stored of an answer's id in the system that it came from, so that it is taken once."""
    return _sealer("import").index(f"{source} {identity}")


@dataclass(frozen=True, slots=True)
class Boxed:
    """All that is known of one answer; ``answers`` as ``engage.survey.answers.check`` keeps them."""

    answers: dict[str, Any]
    language: str
    channel: Channel
    answered_on: date
    is_doubtful: bool = False


def seal(answer: Boxed, *, version_id: int) -> bytes:
    """Encrypt an answer for the box of one version of a form."""
    plain = {
        "answers": answer.answers,
        "language": answer.language,
        "channel": answer.channel,
        "answered_on": answer.answered_on.isoformat(),
        "is_doubtful": answer.is_doubtful,
    }
    return _sealer("box").seal(json.dumps(plain).encode(), bound_to=str(version_id))


def unseal(sealed: bytes, *, version_id: int) -> Boxed:
    """What ``seal`` encrypted. Raises sealing.CannotOpen where the key or the version is another one."""
    plain = json.loads(_sealer("box").open(sealed, bound_to=str(version_id)))
    return Boxed(
        answers=plain["answers"],
        language=plain["language"],
        channel=Channel(plain["channel"]),
        answered_on=date.fromisoformat(plain["answered_on"]),
        is_doubtful=plain["is_doubtful"],
    )


_CROCKFORD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")


def _sealer(purpose: str) -> Sealer:
    return Sealer(current_app.config["ENGAGE_SETTINGS"].contact_key, f"feedback {purpose}")
