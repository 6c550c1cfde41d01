"""What stands in the log for a comment: a leaf that tells nothing, until its fields are opened one by one.

    salt of a field   = HMAC-SHA256(receipt code, "engage salt v1" NUL name)
    digest of a field = SHA-256("engage field v1" NUL name NUL salt value)
    leaf              = SHA-256(0x00 "engage leaf v1" NUL digests of all fields in the order of their names)

Names and values are UTF-8; a name holds no NUL and a salt has 32 bytes, so no two fields have one digest. The
code is 128 random bits: without it nobody can guess a value, however short. Who is given the salt of one
field can check that field and learns nothing of the others.

A pure library: no Flask, no database.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

from engage.receipts import tree


def salt_of(code: bytes, name: str) -> bytes:
    """The salt of one field, made of the code on the receipt."""
    return hmac.digest(code, b"engage salt v1\0" + name.encode(), hashlib.sha256)


def digest_of(name: str, salt: bytes, value: str) -> bytes:
    """What stands for one field."""
    return hashlib.sha256(b"engage field v1\0" + name.encode() + b"\0" + salt + value.encode()).digest()


def digests_of(code: bytes, fields: Mapping[str, str]) -> dict[str, bytes]:
    """The digest of each field, by name and in the order of the names."""
    return {name: digest_of(name, salt_of(code, name), fields[name]) for name in sorted(fields)}


def leaf_of(digests: Mapping[str, bytes]) -> bytes:
    """The hash of the leaf over these digests."""
    return tree.leaf_hash(b"engage leaf v1\0" + b"".join(digests[name] for name in sorted(digests)))
