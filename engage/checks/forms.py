"""The checks of one form: what its page carries, and what that says when the form comes back.

A form is named by what it is and about what, ``"comment jail"``: what was given out for one is of no use in
another. The template draws them, ``{{ checks("comment " ~ period.slug) }}`` of components/checks.html; the
view reads them, ``read_checks(db.session, f"comment {period.slug}")``, once the form is otherwise valid.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from flask import current_app, g, request
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy.orm import Session

from engage.checks.challenge import Challenger
from engage.checks.service import spend
from engage.clock import utcnow
from engage.sealing import derive

UNSEEN, OPENED, PROOF = "website", "opened", "proof"
"""The names of the fields: one that people do not see, when the form was opened, the proof of work."""

FASTEST_SECONDS = 3
"""Nobody reads a form and fills it in within this time. Somebody who pastes may: it is a hint, no verdict."""

_LONGEST_STAMP = 500


class Doubt(StrEnum):
    """What makes one look twice at a form. It says nothing about what was written, and refuses nothing."""

    HONEYPOT = "honeypot"
    TOO_FAST = "too_fast"
    NO_PROOF_OF_WORK = "no_proof_of_work"


@dataclass(frozen=True, slots=True)
class Checks:
    """What the page of a form carries: a signed time, a challenge as JSON, and a proof that is still good."""

    opened: str
    challenge: str
    proof: str


def checks_of(form: str) -> Checks:
    """The checks of a form to be shown. One that comes back to be mended keeps its time and its proof."""
    sent = request.form if request.method == "POST" else {}
    opened, proof = sent.get(OPENED, ""), sent.get(PROOF, "")
    if _opened_at(opened, form) is None:
        opened = _stamps().dumps([form, int(utcnow().timestamp())])
    if g.get("proof_was_spent") or _challenger().check(proof, form) is None:
        proof = ""
    return Checks(opened, _challenger().issue(form, utcnow()), proof)


def read_checks(session: Session, form: str) -> frozenset[Doubt]:
    """What a sent form gives reason to doubt; its proof is used up if the transaction is committed."""
    doubts = set()
    if request.form.get(UNSEEN):
        doubts.add(Doubt.HONEYPOT)
    opened_at = _opened_at(request.form.get(OPENED, ""), form)
    if opened_at is None or utcnow().timestamp() - opened_at < FASTEST_SECONDS:
        doubts.add(Doubt.TOO_FAST)
    solved = _challenger().check(request.form.get(PROOF, ""), form)
    if solved is not None and not spend(session, solved):
        g.proof_was_spent, solved = True, None
    if solved is None:
        doubts.add(Doubt.NO_PROOF_OF_WORK)
    return frozenset(doubts)


def _opened_at(stamp: str, form: str) -> int | None:
    if len(stamp) > _LONGEST_STAMP:
        return None
    try:
        of, seconds = _stamps().loads(stamp)
    except (BadData, TypeError, ValueError):
        return None
    return int(seconds) if of == form else None


def _stamps() -> URLSafeSerializer:
    return _serializer(current_app.config["SECRET_KEY"])


def _challenger() -> Challenger:
    return _challengers(current_app.config["SECRET_KEY"])


@lru_cache(maxsize=4)
def _serializer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(derive(secret_key, "opened forms"))


@lru_cache(maxsize=4)
def _challengers(secret_key: str) -> Challenger:
    return Challenger(secret_key)
