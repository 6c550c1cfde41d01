"""Keys for one purpose each, made of the site's secret key: what one protects, another does not open."""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def derive(secret_key: str, purpose: str) -> bytes:
    """32 bytes by HKDF-SHA256 (RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"engage accounts: {purpose}".encode()).derive(
        secret_key.encode()
    )


def derive_text(secret_key: str, purpose: str) -> str:
    """The same as 44 characters of URL-safe base64, which is also the form of a Fernet key."""
    return base64.urlsafe_b64encode(derive(secret_key, purpose)).decode()
