"""Signed notes: a text that a person can read, and below it the lines of those who signed it.

    text (ends with a newline)
    (an empty line)
    — name base64(key id of 4 bytes, signature)

A checkpoint is such a note about a head of the log: its origin, its size and its root, a line each. A
cosignature says that a witness has seen the checkpoint at a time and that it goes on from all that the
witness saw before. Formats: c2sp.org/signed-note, c2sp.org/tlog-checkpoint, c2sp.org/tlog-cosignature.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from engage.errors import RuleBroken

ED25519: Final = 1
COSIGNATURE: Final = 4
_KINDS = (ED25519, COSIGNATURE)
_DASH = "— "
_ID_BYTES = 4
_TIME_BYTES = 8
_LONGEST = 20_000


class BadNote(RuleBroken):
    """Not a signed note of the kind that was expected, or not signed by this key."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with the name of who holds it. ``kind`` is ED25519 (a log) or COSIGNATURE (a witness)."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Four bytes by which a signature names its key."""
        return hashlib.sha256(self.name.encode() + b"\n" + self._material).digest()[:_ID_BYTES]

    @property
    def _material(self) -> bytes:
        return bytes([self.kind]) + self.public

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(self._material).decode()}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read ``name+id+key``. Raises BadNote."""
        name, _, rest = text.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        material = _decoded(encoded)
        if not is_name(name) or len(material) != 33 or material[0] not in _KINDS:
            raise BadNote("This is not a verifier key of the form name+id+key.")
        key = cls(name, material[0], material[1:])
        if key.key_id.hex() != key_id:
            raise BadNote("The id of this key does not fit the key.")
        return key


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key with the name of who holds it."""

    name: str
    kind: int
    private: Ed25519PrivateKey

    @classmethod
    def of(cls, name: str, kind: int, seed: bytes) -> Signer:
        """The signer of a seed of 32 bytes."""
        return cls(name, kind, Ed25519PrivateKey.from_private_bytes(seed))

    @property
    def verifier_key(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(self.name, self.kind, self.private.public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """The note of a text, with this signature under it."""
        return f"{text}\n{self._line(self.private.sign(text.encode()))}"

    def cosign(self, text: str, time: int) -> str:
        """The line of a witness, who saw this checkpoint at ``time`` (seconds since 1970)."""
        signature = self.private.sign(_cosigned(text, time))
        return self._line(time.to_bytes(_TIME_BYTES) + signature)

    def _line(self, signature: bytes) -> str:
        signed = base64.b64encode(self.verifier_key.key_id + signature).decode()
        return f"{_DASH}{self.name} {signed}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text and the lines below it, as (name, key id, signature)."""

    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]

    @classmethod
    def parse(cls, note: str) -> Note:
        """Read a note. Raises BadNote."""
        if len(note) > _LONGEST:
            raise BadNote("This is longer than a signed note.")
        text, found, below = note.replace("\r\n", "\n").rpartition("\n\n")
        lines = below.splitlines()
        if not found or not lines:
            raise BadNote("This is not a signed note.")
        return cls(text + "\n", tuple(map(_signature, lines)))

    def is_signed_by(self, key: VerifierKey) -> bool:
        """Whether the log's own key signed the text."""
        return any(_is_right(key, signature, self.text.encode()) for signature in self._by(key))

    def cosigned_at(self, key: VerifierKey) -> int | None:
        """When a witness cosigned the text, in seconds since 1970; None where it did not."""
        for signature in self._by(key):
            time = int.from_bytes(signature[:_TIME_BYTES])
            if _is_right(key, signature[_TIME_BYTES:], _cosigned(self.text, time)):
                return time
        return None

    def line_by(self, key: VerifierKey) -> str:
        """The line of this key, as it stands below the text."""
        for signature in self._by(key):
            return f"{_DASH}{key.name} {base64.b64encode(key.key_id + signature).decode()}\n"
        raise BadNote("This note has no line of this key.")

    def _by(self, key: VerifierKey) -> list[bytes]:
        return [
            signature
            for name, key_id, signature in self.signatures
            if (name, key_id) == (key.name, key.key_id)
        ]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A head of the log."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read the text of a note. Raises BadNote."""
        lines = text.split("\n")
        if len(lines) < 4 or not lines[1].isascii() or not lines[1].isdigit() or len(lines[1]) > 18:
            raise BadNote("This is not a checkpoint.")
        root = _decoded(lines[2])
        if not lines[0] or len(root) != 32:
            raise BadNote("This is not a checkpoint.")
        return cls(lines[0], int(lines[1]), root)


def is_name(name: str) -> bool:
    """Whether somebody can be called so in a signed note."""
    return 0 < len(name) <= 120 and not any(char.isspace() or char == "+" or char < " " for char in name)


def _signature(line: str) -> tuple[str, bytes, bytes]:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    signed = _decoded(encoded)
    if not line.startswith(_DASH) or not is_name(name) or len(signed) <= _ID_BYTES:
        raise BadNote("A signature line of this note cannot be read.")
    return name, signed[:_ID_BYTES], signed[_ID_BYTES:]


def _cosigned(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def _is_right(key: VerifierKey, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
