"""The one form of an e-mail address, so that one mailbox is one account however it is typed."""

from __future__ import annotations

import email_validator


def canonical(text: str) -> str | None:
    """The address in lower case, its domain in one spelling; None where it is none. Asks no network."""
    try:
        address = email_validator.validate_email(text.strip(), check_deliverability=False)
    except email_validator.EmailNotValidError:
        return None
    return address.normalized.lower()
