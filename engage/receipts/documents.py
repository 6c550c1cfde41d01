"""What can be downloaded: receipts, and the files of the public log. Each names its format; see verify.py.

Files of the log are streamed in pieces, so that they cost no memory however long the log is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engage.comments.models import Comment
from engage.receipts import queries
from engage.receipts.fields import known_fields
from engage.receipts.keys import LogKeys
from engage.receipts.leaf import digest_of, salt_of
from engage.receipts.models import LogEntry, LogHead, LogManifest
from engage.receipts.parts import closed_fields

LONGEST_FILE = 100_000
"""Leaves in one file of entries or openings; ``next`` in the file says where the following one begins."""

_FIELD_OF_ALL = "period"


def promise(keys: LogKeys, entry: LogEntry) -> str:
    """The site's signed word that a leaf will be in the log by the end of a day. The same at every call."""
    by = queries.promised_by(entry)
    return keys.signer.sign(f"{keys.origin} promise\nleaf {entry.leaf_hash.hex()}\nsealed by {by}\n")


def receipt(
    session: Session, keys: LogKeys, entry: LogEntry, comment: Comment, code: bytes
) -> dict[str, Any]:
    """The receipt as a file, for who holds its code: all that is needed to check it without the site.

    A field whose present value is not the one that was received has only its digest.
    """
    values = known_fields(comment)
    fields = []
    for name, digest in entry.digest_of.items():
        field = {"name": name, "digest": digest.hex()}
        if name in values and digest_of(name, salt_of(code, name), values[name]) == digest:
            field["value"] = values[name]
        fields.append(field)
    proof = queries.prove(session, entry)
    return {
        "format": "engage-receipt-v1",
        "tracking_number": comment.tracking_number,
        "code": code.hex(),
        "log": str(keys.signer.verifier_key),
        "fields": fields,
        "leaf": entry.leaf_hash.hex(),
        "promise": promise(keys, entry),
        "proof": proof
        and {
            "index": proof.index,
            "path": [step.hex() for step in proof.path],
            "checkpoint": queries.signed_note(session, proof.head),
        },
    }


def proof(session: Session, entry: LogEntry) -> dict[str, Any] | None:
    """That a leaf is in the log, for anybody who knows the leaf; None where it is not sealed yet."""
    found = queries.prove(session, entry)
    if found is None:
        return None
    return {
        "format": "engage-proof-v1",
        "leaf": entry.leaf_hash.hex(),
        "index": found.index,
        "path": [step.hex() for step in found.path],
        "checkpoint": queries.signed_note(session, found.head),
    }


def consistency(session: Session, old: LogHead, new: LogHead) -> dict[str, Any]:
    """That the log only grew from one head to another."""
    return {
        "format": "engage-consistency-v1",
        "old": old.size,
        "new": new.size,
        "path": [step.hex() for step in queries.prove_consistency(session, old.size, new.size)],
        "checkpoint": queries.signed_note(session, new),
    }


def entries(session: Session, head: LogHead, start: int) -> Iterator[str]:
    """The leaves of the log from ``start`` on."""
    stop = min(start + LONGEST_FILE, head.size)
    hashes = (json.dumps(leaf.hex()) for leaf in queries.leaf_hashes(session, start, stop))
    yield from _file(_head_of("engage-entries-v1", head, start, stop), "leaves", hashes)


def manifest(session: Session, keys: LogKeys, version: LogManifest) -> Iterator[str]:
    """A version of the manifest: for every leaf its number, its hash, what has become of it, the reason."""
    head = {
        "format": "engage-manifest-v1",
        "version": version.version,
        "made_on": version.made_on.isoformat(),
        "size": version.size,
        "counts": version.counts,
        "log": str(keys.signer.verifier_key),
        "note": version.note,
    }
    rows = (
        json.dumps([leaf.index, leaf.hash.hex(), leaf.disposition, leaf.reason])
        for leaf in queries.manifest_rows(session, version)
    )
    yield from _file(head, "rows", rows)


def openings(session: Session, keys: LogKeys, head: LogHead, start: int, now: datetime) -> Iterator[str]:
    """The leaves with what may be opened of them now: all of a posted comment but what was redacted, and of
    any other only its period.
    """
    stop = min(start + LONGEST_FILE, head.size)
    opened = (
        json.dumps(row, ensure_ascii=False)
        for batch in queries.entries_with_comments(session, start, stop)
        for row in _opened(session, keys, batch, now)
    )
    yield from _file(_head_of("engage-openings-v1", head, start, stop), "leaves", opened)


def _opened(
    session: Session, keys: LogKeys, batch: list[LogEntry] | Any, now: datetime
) -> Iterator[dict[str, Any]]:
    posted = [entry.comment.id for entry in batch if entry.comment and entry.comment.is_public]
    closed = closed_fields(session, posted)
    for entry in batch:
        row: dict[str, Any] = {
            "index": entry.leaf_index,
            "digests": {name: digest.hex() for name, digest in entry.digest_of.items()},
        }
        if entry.comment is not None and entry.sealed_code is not None and _is_published(entry.comment, now):
            row |= _of_comment(keys, entry, entry.comment, closed.get(entry.comment.id, set()))
        yield row


def _is_published(comment: Comment, now: datetime) -> bool:
    """Whether everybody may see the comment's period; a draft is not there for the public."""
    instants = comment.period.published_at, comment.period.docket.published_at
    return all(instant is not None and instant <= now for instant in instants)


def _of_comment(keys: LogKeys, entry: LogEntry, comment: Comment, closed: set[str]) -> dict[str, Any]:
    code = keys.sealer.open(entry.sealed_code or b"", bound_to=str(entry.id))
    values = known_fields(comment)
    wanted = set(values) - closed if comment.is_public else {_FIELD_OF_ALL}
    opened = {}
    for name, digest in entry.digest_of.items():
        salt = salt_of(code, name)
        # What was changed since it was received is not opened: the digest would not fit it.
        if name in wanted and digest_of(name, salt, values.get(name, "")) == digest:
            opened[name] = {"salt": salt.hex(), "value": values[name]}
    told = {"tracking_number": comment.tracking_number} if comment.is_public else {}
    return told | {"opened": opened}


def as_text(content: dict[str, Any]) -> str:
    """A small file as it is sent."""
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _head_of(kind: str, head: LogHead, start: int, stop: int) -> dict[str, Any]:
    return {
        "format": kind,
        "checkpoint": head.note,
        "start": start,
        "next": stop if stop < head.size else None,
    }


def _file(head: dict[str, Any], name: str, rows: Iterator[str]) -> Iterator[str]:
    """A JSON object whose last member is a long list, a few hundred of its rows in memory at a time."""
    yield json.dumps(head, ensure_ascii=False, indent=1)[:-2] + f',\n "{name}": [\n'
    piece: list[str] = []
    separator = ""
    for row in rows:
        piece.append(f"{separator}{row}")
        separator = ",\n"
        if len(piece) == 500:
            yield "".join(piece)
            piece = []
    yield "".join(piece) + "\n ]\n}\n"
