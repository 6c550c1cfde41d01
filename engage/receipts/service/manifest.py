"""Manifests: what has become of every leaf, when a period closes and whenever something changed since.

A version is never changed. Only what differs from the version before is stored, so that all can be kept.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.db.session import db, write_transaction
from engage.receipts import queries
from engage.receipts.keys import log_keys
from engage.receipts.models import LogDisposition, LogHead, LogManifest
from engage.receipts.service.seal import take_log
from engage.web.locale import site_time_zone

_CHUNK = 10_000


@dataclass(slots=True)
class _Survey:
    """What has become of every leaf of a head: counts, the digest over all rows, and what is new."""

    head: LogHead
    counts: Counter[str] = field(default_factory=Counter)
    rows_digest: str = ""
    changes: list[dict[str, object]] = field(default_factory=list)


def manifest_due() -> int:
    """Publish a manifest if one is due; returns 1, or 0 where none was. A job: opens its own transactions."""
    now = utcnow()
    with db.sessionmaker() as session:
        if not queries.is_manifest_due(session, now):
            return 0
        # Every leaf is looked at without a lock: meanwhile comments come and are decided.
        before = queries.newest_manifest(session)
        survey = _survey(session, before)
    with write_transaction() as session:
        take_log(session)
        newest = queries.newest_manifest(session)
        if (newest.version if newest else 0) != (before.version if before else 0):
            return 0
        if newest is not None and not survey.changes:
            newest.looked_at = now
            return 0
        _publish(session, survey, version=newest.version + 1 if newest else 1, now=now)
        return 1


def _survey(session: Session, before: LogManifest | None) -> _Survey:
    head = queries.newest_head(session)
    if head is None:
        raise AssertionError("A manifest is due only where the log has a head.")
    survey, digest = _Survey(head), hashlib.sha256()
    for leaf, known in queries.leaves_beside(session, head.size, before.version if before else 0):
        survey.counts[leaf.disposition] += 1
        digest.update(leaf.line)
        if known != (leaf.disposition, leaf.reason):
            survey.changes.append(
                {"leaf_index": leaf.index, "disposition": leaf.disposition, "reason": leaf.reason}
            )
    survey.rows_digest = digest.hexdigest()
    return survey


def _publish(session: Session, survey: _Survey, *, version: int, now: datetime) -> None:
    signer = log_keys().signer
    counts = {name: survey.counts[name] for name in sorted(survey.counts)}
    told = "".join(f"{name} {count}\n" for name, count in counts.items())
    text = (
        f"{signer.name} manifest\nversion {version}\nsize {survey.head.size}\n"
        f"root {survey.head.root.hex()}\nrows {survey.rows_digest}\n{told}"
    )
    session.add(
        LogManifest(
            version=version,
            size=survey.head.size,
            made_on=now.astimezone(site_time_zone()).date(),
            looked_at=now,
            counts=counts,
            rows_digest=survey.rows_digest,
            note=signer.sign(text),
        )
    )
    session.flush()
    for at in range(0, len(survey.changes), _CHUNK):
        rows = [change | {"version": version} for change in survey.changes[at : at + _CHUNK]]
        session.execute(sa.insert(LogDisposition), rows)
