"""Tell somebody by e-mail that there is an answer: never which comment, never what it says."""

from __future__ import annotations

from datetime import date

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engage.contacts.models import Contact, Purpose
from engage.contacts.service import address_of, forget_contact, keep_address
from engage.mail.service import queue_message
from engage.moderation.models import Appeal, Contest
from engage.moderation.service.seal import index_of, open_words, seal_words


def keep_contact(session: Session, purpose: Purpose, address: str, purge_after: date, bound_to: str) -> bytes:
    """Keep an address, and return what leads to it: sealed, so that the database alone cannot follow it."""
    contact = keep_address(session, purpose=purpose, address=address, purge_after=purge_after)
    return seal_words(str(contact.id), bound_to)


def tell_appellant(session: Session, appeal: Appeal) -> None:
    """Promise the mail, where an address was left, and forget the address."""
    _tell(session, appeal, "receipts.lookup")


def tell_contester(session: Session, contest: Contest) -> None:
    """Promise the mail, where an address was left; forget it once the case is closed."""
    _tell(session, contest, "moderation.contest_case")


def _tell(session: Session, dispute: Appeal | Contest, endpoint: str) -> None:
    number = open_words(dispute.sealed_contact, f"contact {dispute.id}")
    contact = session.get(Contact, int(number)) if number else None
    if contact is None:
        return
    settings = current_app.config["ENGAGE_SETTINGS"]
    with force_locale(dispute.language):
        subject = str(_("An answer from %(site)s", site=settings.site_short_name))
        # A job has no request, and so no address of its own to begin from.
        path = current_app.url_map.bind("").build(endpoint, {"language": dispute.language})
        body = _(
            "There is an answer to what you asked. You can read it here, with the number that you were "
            "given:\n\n%(url)s\n\n"
            "This is the only message. Your address is deleted now.",
            url=f"{settings.base_url}{path}",
        )
    # The key says nothing without ours: a waiting message must not lead from an address to a comment.
    key = index_of(f"answer {dispute.id} {dispute.outcome}")[:40]
    queue_message(
        session, event_key=f"answer:{key}", recipient=address_of(contact), subject=subject, body=str(body)
    )
    dispute.sealed_contact = None
    forget_contact(session, contact)
