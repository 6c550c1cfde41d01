"""Witnesses sign heads of a log that only grew, and the site shows what registered ones have signed."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from engage.cli import engage
from engage.db.session import db, write_transaction
from engage.receipts import queries
from engage.receipts.keys import log_keys
from engage.receipts.notes import COSIGNATURE, BadNote, Note, Signer, VerifierKey
from engage.receipts.service import NoWitness, add_witness, take_cosignatures
from engage.receipts.watching import LogChanged, NotSeen
from tests.receipts.receiving import receive_many, sealed
from tests.support.pages import Client, page

WITNESS = Signer.of("example.org/witness", COSIGNATURE, bytes(range(32)))


@pytest.fixture
def checkpoint(session: Session) -> str:
    """The newest head of a log of four leaves."""
    receive_many(session, 4)
    sealed(session)
    head = queries.newest_head(session)
    assert head is not None
    note = head.note
    session.rollback()
    return note


def cosigned(note: str, signer: Signer = WITNESS) -> str:
    return note + signer.cosign(Note.parse(note).text, 1_700_000_000)


def test_the_cosignature_of_a_registered_witness_is_kept_once_and_shown(
    session: Session, client: Client, checkpoint: str
) -> None:
    add_witness(session, str(WITNESS.verifier_key))
    session.commit()

    for _ in range(2):
        sent = client.send("/en/log/cosign", note=cosigned(checkpoint))
        assert sent.status_code == 303, page(sent).text()

    shown = client.get("/en/log/checkpoint.txt").get_data(as_text=True)
    assert Note.parse(shown).cosigned_at(WITNESS.verifier_key) == 1_700_000_000
    assert shown == cosigned(checkpoint)
    assert "example.org/witness" in page(client.get("/en/log")).text(".//table")


def test_a_strangers_signature_and_a_false_head_are_refused(
    session: Session, client: Client, checkpoint: str
) -> None:
    add_witness(session, str(WITNESS.verifier_key))
    session.commit()
    stranger = Signer.of("example.org/witness", COSIGNATURE, bytes(32))
    forked = checkpoint.replace("\n4\n", "\n5\n")

    with pytest.raises(NoWitness):
        take_cosignatures(session, cosigned(checkpoint, stranger))
    with pytest.raises(BadNote):
        take_cosignatures(session, cosigned(forked))
    for note in ("nonsense", cosigned(forked).strip(), "x" * 20_000, "\x00"):
        assert client.send("/en/log/cosign", note=note).status_code == 422


def test_a_witness_is_registered_once_and_by_the_key_of_a_witness(session: Session) -> None:
    add_witness(session, str(WITNESS.verifier_key))

    with pytest.raises(NoWitness):
        add_witness(session, str(WITNESS.verifier_key))
    with pytest.raises(NoWitness):
        add_witness(session, str(log_keys().signer.verifier_key))
    with pytest.raises(BadNote):
        add_witness(session, "nonsense")


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The site on a port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    before = app.config["ENGAGE_SETTINGS"].trusted_hosts
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    assert "127.0.0.1" in before
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class TestCommand:
    @pytest.fixture
    def run(self, tmp_path: Path, address: str) -> object:
        """``engage witness …`` with this witness's files."""

        def run(*arguments: str) -> Result:
            files = ["--key", str(tmp_path / "key"), "--state", str(tmp_path / "state")]
            return CliRunner().invoke(
                engage, ["witness", "cosign", address, *files, *arguments], standalone_mode=False
            )

        return run

    def test_signs_sends_and_goes_on_from_what_it_signed(
        self, app: Flask, session: Session, run: object, tmp_path: Path, checkpoint: str
    ) -> None:
        made = CliRunner().invoke(
            engage,
            ["witness", "new-key", "example.net/w", "--key", str(tmp_path / "key")],
            standalone_mode=False,
        )
        key = VerifierKey.parse(made.output)
        assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
        with write_transaction() as own:
            add_witness(own, str(key))
        log_key = str(log_keys().signer.verifier_key)

        first = run("--log-key", log_key, "--send")  # type: ignore[operator]
        assert first.exception is None, first.exception
        receive_many(session, 3)
        sealed(session)
        second = run("--send")  # type: ignore[operator]
        assert second.exception is None, second.exception

        with db.sessionmaker() as own:
            assert {one.size for one in queries.cosignatures(own, [4, 7])} == {4, 7}

        state = json.loads((tmp_path / "state").read_text())
        state["checkpoint"] = state["checkpoint"].replace("\n7\n", "\n6\n")
        (tmp_path / "state").write_text(json.dumps(state))
        refused = run()  # type: ignore[operator]
        assert isinstance(refused.exception, LogChanged | NotSeen)
        state["checkpoint"] = state["checkpoint"].replace("\n6\n", "\n9\n")
        (tmp_path / "state").write_text(json.dumps(state))
        assert isinstance(run().exception, LogChanged)  # type: ignore[operator]

    def test_says_what_is_missing(self, run: object, tmp_path: Path, checkpoint: str) -> None:
        assert "is not the file of a witness's key" in str(run().exception)  # type: ignore[operator]
        (tmp_path / "key").write_text(f"example.net/w {bytes(32).hex()}\n")
        assert "--log-key" in str(run().exception)  # type: ignore[operator]
        other = str(Signer.of("localhost/log", 1, bytes(32)).verifier_key)
        assert isinstance(run("--log-key", other).exception, BadNote)  # type: ignore[operator]
        assert not (tmp_path / "state").exists()
