"""Witnesses: who may cosign heads of the log here, and their signatures."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.errors import RuleBroken
from engage.receipts import queries
from engage.receipts.models import LogCosignature, LogHead, LogWitness
from engage.receipts.notes import COSIGNATURE, BadNote, Checkpoint, Note, VerifierKey


class NoWitness(RuleBroken):
    """Not the key of a witness, or a cosignature of nobody who is registered here."""


def add_witness(session: Session, verifier_key: str) -> LogWitness:
    """Register a witness by its key, name+id+key. Raises BadNote, and NoWitness for a name that is taken."""
    key = VerifierKey.parse(verifier_key)
    if key.kind != COSIGNATURE:
        raise NoWitness("This is the key of a log and not of a witness.")
    witness = LogWitness(name=key.name, verifier_key=str(key))
    try:
        with session.begin_nested():
            session.add(witness)
    except IntegrityError:
        raise NoWitness(f"There is a witness called “{key.name}” already.") from None
    return witness


def take_cosignatures(session: Session, text: str) -> int:
    """Keep what registered witnesses have signed of a head of ours; returns how many lines are new.

    Raises BadNote where the note is none or is about a head that this log never had; NoWitness where no
    registered witness has signed it.
    """
    note = Note.parse(text)
    head = session.get(LogHead, Checkpoint.parse(note.text).size)
    if head is None or Note.parse(head.note).text != note.text:
        raise BadNote(
            _l("This log never had such a head. If it was given to you as ours, keep it: it is proof.")
        )
    signed = [
        (witness, note.line_by(key))
        for witness in queries.witnesses(session)
        if note.cosigned_at(key := VerifierKey.parse(witness.verifier_key)) is not None
    ]
    if not signed:
        raise NoWitness(_l("None of the witnesses that are registered here has signed this."))
    return sum(_keep(session, head, witness, line) for witness, line in signed)


def _keep(session: Session, head: LogHead, witness: LogWitness, line: str) -> bool:
    try:
        with session.begin_nested():
            session.add(LogCosignature(size=head.size, witness_id=witness.id, line=line))
    except IntegrityError:
        return False
    return True
