"""The page of a receipt: for everybody with its number, and with more on it for who holds its code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import qrcode
from flask import render_template, url_for
from flask_babel import gettext as _

from engage.clock import utcnow
from engage.comments import queries as comment_queries
from engage.comments import words
from engage.comments.models import Comment, Disposition
from engage.db.session import db
from engage.receipts import documents, queries
from engage.receipts.codes import CodeKind, to_code
from engage.receipts.forms import ReceiptForm
from engage.receipts.holding import Codes
from engage.receipts.keys import log_keys
from engage.receipts.models import LogEntry
from engage.receipts.parts import Step, further_steps
from engage.web.locale import day


@dataclass(frozen=True, slots=True)
class Holder:
    """What only the holder of a receipt sees. ``codes`` are shown once, to who has just sent the comment."""

    code: str
    codes: Codes | None
    promised_by: date
    promise: str
    leaf: str
    proof: queries.Proof | None


def receipt_page(
    comment: Comment,
    entry: LogEntry | None,
    *,
    code: bytes | None = None,
    codes: Codes | None = None,
    is_new: bool = False,
) -> str:
    """The page; with ``code`` that of its holder. Check first that it is the comment's."""
    address = url_for("receipts.receipt", tracking_number=comment.tracking_number, _external=True)
    return render_template(
        "receipts/receipt.html",
        comment=comment,
        period=comment.period,
        is_new=is_new,
        is_public=comment_queries.is_public(db.session, comment, utcnow()),
        status=words.DISPOSITIONS[comment.disposition],
        reasons=words.REASONS,
        rules=words.RULES,
        positions=words.POSITIONS,
        steps=_steps(comment),
        holder=_holder(entry, code, codes) if entry and code else None,
        address=address,
        qr=qr_path(address) if codes else None,
        code_form=ReceiptForm(None, tracking_number=comment.tracking_number),
    )


def _holder(entry: LogEntry, code: bytes, codes: Codes | None) -> Holder:
    return Holder(
        code=to_code(code, CodeKind.RECEIPT),
        codes=codes,
        promised_by=queries.promised_by(entry),
        promise=documents.promise(log_keys(), entry),
        leaf=entry.leaf_hash.hex(),
        proof=queries.prove(db.session, entry),
    )


def _steps(comment: Comment) -> list[Step]:
    """The way of a comment in its order; what has not happened yet is said to come."""
    received = Step(_("Received"), "past", day(comment.received_on))
    if comment.disposition is Disposition.RECEIVED:
        return [
            received,
            Step(_("Waiting to be read by a moderator"), "current"),
            Step(_("Posted, or not posted with a reason"), "upcoming"),
            *further_steps(db.session, comment),
        ]
    if comment.disposition is Disposition.WITHDRAWN:
        return [received, Step(_("Withdrawn: the words are gone, this number stays"), "current")]
    read = Step(_("Read by a moderator"), "past")
    if comment.disposition is Disposition.POSTED:
        return [received, read, Step(_("Posted"), "past"), *further_steps(db.session, comment)]
    reason = words.REASONS[comment.restriction_reason] if comment.restriction_reason else ""
    return [received, read, Step(_("Not posted: %(reason)s", reason=reason), "current")]


@dataclass(frozen=True, slots=True)
class QrPicture:
    """A QR code as an SVG path on a square of ``size`` units, with its quiet zone."""

    size: int
    path: str


def qr_path(text: str) -> QrPicture:
    """The QR code of a text, drawn by rows of its dark squares."""
    code = qrcode.QRCode(border=4)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark
    )
    return QrPicture(len(rows), path)
