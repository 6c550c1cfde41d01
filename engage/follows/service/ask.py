"""Ask for something by mail. Nothing is kept of who asks, so nobody can find out by asking who has."""

from __future__ import annotations

from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.comments.models import Comment
from engage.db.session import advisory_lock
from engage.follows import letters
from engage.follows.tokens import Asked, address_index, comment_key, seal_asked
from engage.mail.queries import count_with_key
from engage.mail.service import queue_message

RECEIPTS_A_DAY = 3
"""So many receipts go to one address in a day: whoever knows an address can fill no mailbox with them."""

_RECEIPTS_LOCK = 2_870_019


def ask_to_follow(session: Session, asked: Asked) -> None:
    """Send the link that confirms: to any address, known or not, once a day however often it is asked for."""
    now = utcnow()
    letter = letters.confirmation(seal_asked(asked, now), asked.language)
    queue_message(
        session,
        event_key=f"confirm:{address_index(asked.address, now.date().isoformat())}",
        recipient=asked.address,
        subject=letter.subject,
        body=letter.body,
    )


def mail_receipt(session: Session, comment: Comment, *, address: str, language: str) -> None:
    """Send the tracking number of a comment to an address: once a day and comment, and RECEIPTS_A_DAY in all.

    The outbox forgets the address when the mail was sent.
    """
    today = utcnow().replace(hour=0, minute=0, second=0, microsecond=0)
    place = f"receipt:{address_index(address, today.date().isoformat())}:"
    advisory_lock(session, _RECEIPTS_LOCK)
    if count_with_key(session, place, today) >= RECEIPTS_A_DAY:
        return
    letter = letters.receipt(comment.tracking_number, language)
    queue_message(
        session,
        event_key=f"{place}{comment_key(comment.id)[:32]}",
        recipient=address,
        subject=letter.subject,
        body=letter.body,
    )
