"""Signed notes, checkpoints and cosignatures, as C2SP writes them down."""

from __future__ import annotations

import base64

import pytest

from engage.receipts import verify
from engage.receipts.notes import COSIGNATURE, ED25519, BadNote, Checkpoint, Note, Signer, VerifierKey

LOG = Signer.of("example.com/log", ED25519, bytes(32))
WITNESS = Signer.of("example.org/witness", COSIGNATURE, bytes(range(32)))
HEAD = Checkpoint("example.com/log", 7, bytes(32))

# The example of c2sp.org/signed-note: a key of the Go checksum database and what it signed.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FF"
    "YC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    "\n"
)


def test_a_note_of_somebody_else_is_read_and_checked() -> None:
    key = VerifierKey.parse(GO_KEY)

    assert str(key) == GO_KEY
    assert Note.parse(GO_NOTE).is_signed_by(key)
    assert not Note.parse(GO_NOTE.replace("problem is", "problem Is")).is_signed_by(key)
    assert verify.open_note(GO_NOTE, verify.read_key(GO_KEY), "It")[0].startswith("If you think")


def test_a_checkpoint_is_signed_read_and_checked() -> None:
    note = LOG.sign(HEAD.text)

    assert Checkpoint.parse(Note.parse(note).text) == HEAD
    assert Note.parse(note).is_signed_by(LOG.verifier_key)
    assert verify.open_checkpoint(note, verify.read_key(str(LOG.verifier_key))) == (7, bytes(32))
    with pytest.raises(verify.Wrong, match="not signed"):
        verify.open_checkpoint(note.replace("\n7\n", "\n8\n"), verify.read_key(str(LOG.verifier_key)))


def test_a_witness_signs_the_time_and_the_checkpoint() -> None:
    note = LOG.sign(HEAD.text) + WITNESS.cosign(HEAD.text, 1_700_000_000)
    parsed = Note.parse(note)

    assert parsed.is_signed_by(LOG.verifier_key)
    assert parsed.cosigned_at(WITNESS.verifier_key) == 1_700_000_000
    assert parsed.line_by(WITNESS.verifier_key) == WITNESS.cosign(HEAD.text, 1_700_000_000)
    assert verify.open_checkpoint(note, verify.read_key(str(LOG.verifier_key)))[0] == 7

    later = note.replace(
        WITNESS.cosign(HEAD.text, 1_700_000_000), WITNESS.cosign("example.com/log\n8\nx\n", 1_700_000_000)
    )
    assert Note.parse(later).cosigned_at(WITNESS.verifier_key) is None


def test_the_key_of_a_witness_does_not_sign_as_the_log_nor_the_other_way_round() -> None:
    impostor = Signer(LOG.name, COSIGNATURE, LOG.private)
    note = Note.parse(f"{HEAD.text}\n{impostor.cosign(HEAD.text, 1)}")

    assert not note.is_signed_by(LOG.verifier_key)
    assert impostor.verifier_key.key_id != LOG.verifier_key.key_id


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no signature\n",
        "text\n\n",
        "text\n\n— name\n",
        "text\n\n— name !!!\n",
        "text\n\nname AAAAAAA=\n",
        "x" * 30_000,
    ],
)
def test_what_is_no_note_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        Note.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n",
        "origin\n-1\nAAAA\n",
        "origin\n٣\n" + base64.b64encode(bytes(32)).decode() + "\n",
        "origin\n1\nAAAA\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        Checkpoint.parse(text)


@pytest.mark.parametrize(
    "text", ["", "name", "name+00000000+AAAA", GO_KEY.replace("c74f", "c74e"), "a b" + GO_KEY]
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        VerifierKey.parse(text)
