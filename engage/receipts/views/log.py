"""The public log: its heads, its leaves, proofs, manifests, and the program that checks them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engage.accounts.access import public
from engage.clock import utcnow
from engage.db.session import db
from engage.errors import NotFound
from engage.receipts import documents, queries, verify
from engage.receipts.keys import log_keys
from engage.receipts.models import LogHead, LogManifest
from engage.receipts.views.blueprint import bp
from engage.receipts.words import DISPOSITIONS
from engage.web.streaming import streamed

Row = TypeVar("Row", LogHead, LogManifest)

_HEADS = 20
_VERIFIER = "verify.py"
_CHECK = f"""\
python3 -I {_VERIFIER} RECEIPT.json
python3 -I {_VERIFIER} manifest-1.json openings.json"""
_WITNESS = """\
engage witness new-key example.org/witness --key witness.key
engage witness cosign {site} --key witness.key --state witness.json --log-key {key} --send"""
_LEAF = re.compile(r"[0-9a-f]{64}")


@bp.get("/log")
@public
def log() -> ResponseReturnValue:
    """What the log is, its newest heads and manifests, and how to check it."""
    heads = queries.heads(db.session, _HEADS)
    return render_template(
        "receipts/log.html",
        heads=heads,
        cosigned=_cosigned(heads),
        manifests=queries.manifests(db.session),
        witnesses=queries.witnesses(db.session),
        verifier_key=str(log_keys().signer.verifier_key),
        seal_at=queries.SEAL_AT,
        promised_days=queries.PROMISED_DAYS,
        dispositions=DISPOSITIONS,
        addresses=[
            f"{url_for('receipts.proof')}?leaf=…",
            f"{url_for('receipts.consistency')}?from=…&to=…",
        ],
        verifier_name=_VERIFIER,
        check_commands=_CHECK,
        witness_commands=_WITNESS.format(
            site=url_for("machines.root", _external=True), key=log_keys().signer.verifier_key
        ),
    )


@bp.get("/log/checkpoint.txt")
@public
def checkpoint() -> ResponseReturnValue:
    """The newest head, or the one of ``size``, signed, with the lines of witnesses."""
    return Response(queries.signed_note(db.session, _head("size")), mimetype="text/plain")


@bp.get("/log/entries.json")
@public
def entries() -> ResponseReturnValue:
    """The leaves of the log."""
    head, start = _head("size"), _number("start", 0)
    return _json(lambda session: documents.entries(session, head, start), "entries.json")


@bp.get("/log/openings.json")
@public
def openings() -> ResponseReturnValue:
    """What may be opened of each leaf now."""
    head, start, now = _head("size"), _number("start", 0), utcnow()
    return _json(lambda session: documents.openings(session, log_keys(), head, start, now), "openings.json")


@bp.get("/log/proof.json")
@public
def proof() -> ResponseReturnValue:
    """That a leaf is in the log."""
    leaf = request.args.get("leaf", "")
    entry = queries.find_leaf(db.session, bytes.fromhex(leaf)) if _LEAF.fullmatch(leaf) else None
    found = documents.proof(db.session, entry) if entry else None
    if found is None:
        raise NotFound(_l("The log has no such leaf, or not yet."))
    return _whole(found)


@bp.get("/log/consistency.json")
@public
def consistency() -> ResponseReturnValue:
    """That the log only grew between two heads."""
    old, new = _head("from"), _head("to")
    if old.size > new.size:
        raise NotFound(_l("The log has no such head."))
    return _whole(documents.consistency(db.session, old, new))


@bp.get("/log/manifests/<int:version>.json")
@public
def manifest(version: int) -> ResponseReturnValue:
    """A version of the manifest: what had become of every leaf."""
    found = db.session.get(LogManifest, version) if version < 1 << 31 else None
    if found is None:
        raise NotFound(_l("There is no such manifest."))
    kept = _kept(found)
    return _json(lambda session: documents.manifest(session, log_keys(), kept), f"manifest-{version}.json")


@bp.get("/log/verify.py")
@public
def verifier() -> ResponseReturnValue:
    """The program that checks receipts and manifests without this site."""
    answer = Response(_program(), mimetype="text/x-python")
    answer.headers["Content-Disposition"] = f'attachment; filename="{_VERIFIER}"'
    return answer


def _head(name: str) -> LogHead:
    """The head of the size that an argument names; the newest where there is none. Raises NotFound."""
    size = _number(name, None)
    head = queries.newest_head(db.session) if size is None else db.session.get(LogHead, size)
    if head is None:
        raise NotFound(_l("The log has no such head."))
    return _kept(head)


def _kept(row: Row) -> Row:
    """A row that can be read while an answer is streamed: its transaction has ended by then."""
    db.session.expunge(row)
    return row


def _number(name: str, default: Any) -> Any:
    """A number of an argument, or the default. Raises NotFound for what is none."""
    typed = request.args.get(name)
    if typed is None:
        return default
    if not re.fullmatch(r"[0-9]{1,15}", typed):
        raise NotFound(_l("The log has no such head."))
    return int(typed)


def _cosigned(heads: Any) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {head.size: [] for head in heads}
    for one in queries.cosignatures(db.session, list(names)):
        names[one.size].append(one.witness.name)
    return names


def _json(pieces: Callable[[Session], Iterator[str]], name: str) -> Response:
    return streamed(pieces, mimetype="application/json", name=name)


def _whole(content: dict[str, Any]) -> Response:
    return _json(
        lambda _session: iter([documents.as_text(content)]), f"{content['format'].split('-')[1]}.json"
    )


@cache
def _program() -> str:
    return Path(verify.__file__).read_text(encoding="utf-8")
