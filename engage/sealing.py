"""Encrypt what only a key may read again, and find it without reading it.

Keys are made of a secret text by HKDF-SHA256, one a purpose, so that what is sealed for one purpose opens for
no other. AES-256-GCM, a random nonce of 12 bytes before the ciphertext (NIST SP 800-38D).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from engage.errors import EngageError

_KEY_BYTES = 32
_NONCE_BYTES = 12


class CannotOpen(EngageError):
    """Sealed with another key or for another purpose, or changed since."""


def derive(secret: str | bytes, purpose: str, length: int = _KEY_BYTES) -> bytes:
    """A key of ``length`` bytes for one purpose. The secret is itself a random key, never a password."""
    material = secret.encode() if isinstance(secret, str) else secret
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose.encode()).derive(material)


def new_key() -> bytes:
    """256 random bits: a key of its own for one thing, such as the original of one comment."""
    return secrets.token_bytes(_KEY_BYTES)


class Sealer:
    """Seals texts for one purpose under one secret."""

    def __init__(self, secret: str | bytes, purpose: str) -> None:
        self._cipher = AESGCM(derive(secret, f"seal {purpose}"))
        self._index_key = derive(secret, f"index {purpose}")

    def seal(self, text: bytes, *, bound_to: str = "") -> bytes:
        """Encrypt; it opens again only with the same ``bound_to``, such as the row that it belongs to."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, text, bound_to.encode())

    def open(self, sealed: bytes, *, bound_to: str = "") -> bytes:
        """Decrypt. Raises CannotOpen."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound_to.encode())
        except (InvalidTag, ValueError):
            raise CannotOpen("This was sealed with another key, or was changed since.") from None

    def index(self, text: str) -> str:
        """A blind index, 64 hexadecimal digits: equal texts have equal ones, and only the key makes them."""
        return hmac.new(self._index_key, text.encode(), hashlib.sha256).hexdigest()
