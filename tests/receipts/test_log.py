"""The public log: heads, leaves and proofs for everybody, in files that cost no memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.moderation import service as moderation
from engage.receipts import documents, queries, tree, verify
from engage.receipts.keys import log_keys
from engage.receipts.notes import Checkpoint, Note
from engage.receipts.service import manifest_due
from tests.receipts.receiving import entries, receive_many, sealed
from tests.support import makers
from tests.support.pages import Client, page


@pytest.fixture
def log(session: Session) -> list[bytes]:
    """A log that was sealed at 3 and at 8 leaves."""
    for number in (3, 5):
        receive_many(session, number)
        sealed(session)
    leaves = [entry.leaf_hash for entry in entries(session)]
    session.rollback()
    return leaves


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_shows_the_heads_the_key_and_how_to_check(
    session: Session, client: Client, log: list[bytes], language: str
) -> None:
    shown = page(client.get(f"/{language}/log"))

    head = queries.newest_head(session)
    assert head is not None
    assert head.root.hex() in shown.text()
    assert str(log_keys().signer.verifier_key) in shown.text()
    assert "python3 -I verify.py RECEIPT.json" in shown.text()


def test_an_empty_log_has_its_page_and_no_files(client: Client) -> None:
    assert page(client.get("/en/log")).text()
    for name in ("checkpoint.txt", "entries.json", "openings.json", "proof.json", "manifests/1.json"):
        assert client.get(f"/en/log/{name}").status_code == 404
    assert client.get("/en/log/consistency.json?from=1&to=2").status_code == 404


def test_the_leaves_make_the_root_of_the_signed_head(client: Client, log: list[bytes]) -> None:
    content = client.get("/en/log/entries.json").get_json()
    note = Note.parse(client.get("/en/log/checkpoint.txt").get_data(as_text=True))

    leaves = [bytes.fromhex(leaf) for leaf in content["leaves"]]
    assert leaves == log
    assert note.is_signed_by(log_keys().signer.verifier_key)
    assert tree.root_of(leaves) == (8, Checkpoint.parse(note.text).root)
    assert content["next"] is None


def test_large_files_come_in_parts(client: Client, log: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "LONGEST_FILE", 3)
    for name in ("entries", "openings"):
        found: list[object] = []
        start: int | None = 0
        while start is not None:
            content = client.get(f"/en/log/{name}.json?start={start}").get_json()
            found += content["leaves"]
            start = content["next"]
        assert len(found) == len(log)


def test_every_leaf_has_its_proof(client: Client, log: list[bytes]) -> None:
    for index, leaf in enumerate(log):
        proof = client.get(f"/en/log/proof.json?leaf={leaf.hex()}").get_json()
        size, root = verify.open_checkpoint(
            proof["checkpoint"], verify.read_key(str(log_keys().signer.verifier_key))
        )
        path = [bytes.fromhex(step) for step in proof["path"]]
        assert (proof["index"], size) == (index, 8)
        assert tree.is_included(leaf, index, size, path, root)


def test_the_log_is_proven_to_have_only_grown(client: Client, log: list[bytes]) -> None:
    notes = [client.get(f"/en/log/checkpoint.txt?size={size}").get_data(as_text=True) for size in (3, 8)]
    old, new = (Checkpoint.parse(Note.parse(note).text) for note in notes)
    content = client.get("/en/log/consistency.json?from=3&to=8").get_json()

    path = [bytes.fromhex(step) for step in content["path"]]
    assert tree.is_consistent(3, old.root, 8, new.root, path)


@pytest.mark.parametrize(
    "address",
    [
        "checkpoint.txt?size=5",
        "checkpoint.txt?size=x",
        "checkpoint.txt?size=-1",
        "checkpoint.txt?size=" + "9" * 40,
        "entries.json?start=x",
        "openings.json?start=%00",
        "proof.json?leaf=zz",
        "proof.json?leaf=" + "0" * 64,
        "consistency.json?from=8&to=3",
        "consistency.json?from=4",
        "consistency.json?from=٣",
        "manifests/99999999999999999999.json",
        "manifests/0.json",
    ],
)
def test_what_is_not_there_is_not_found(client: Client, log: list[bytes], address: str) -> None:
    assert client.get(f"/en/log/{address}").status_code == 404


def test_behind_the_end_there_is_an_empty_part(client: Client, log: list[bytes]) -> None:
    for name in ("entries", "openings"):
        assert client.get(f"/en/log/{name}.json?start=100").get_json()["leaves"] == []


def test_all_that_is_downloaded_checks_with_the_downloaded_program(
    session: Session, client: Client, tmp_path: Path
) -> None:
    period = makers.comment_period(session, slug="jail")
    comments = receive_many(session, 6, period)
    moderation.post_comments(session, comments[:4], None, utcnow())
    period.closes_at = utcnow()
    session.commit()
    sealed(session)
    assert manifest_due() == 1
    for name in ("verify.py", "manifests/1.json", "openings.json"):
        (tmp_path / Path(name).name).write_bytes(client.get(f"/en/log/{name}").data)

    command = [sys.executable, "-I", "verify.py", "1.json", "openings.json"]
    done = subprocess.run(command, cwd=tmp_path, env={}, check=False, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "jail: none stated 4" in done.stdout
    assert page(client.get("/en/log")).links()["Version 1 (JSON)"] == "/en/log/manifests/1.json"


def test_the_head_stands_on_pages_that_show_counts(session: Session, client: Client) -> None:
    period = makers.comment_period(session, slug="jail")
    receive_many(session, 2, period)
    sealed(session)
    head = queries.newest_head(session)
    assert head is not None
    root = head.root.hex()
    session.rollback()

    for address in ("/en/reports/jail", "/en/periods/jail"):
        assert root in page(client.get(address)).text()


def test_files_are_whole_json_at_any_number_of_rows(session: Session, client: Client) -> None:
    assert json.loads("".join(documents._file({"format": "x"}, "rows", iter([])))) == {
        "format": "x",
        "rows": [],
    }
    rows = [str(number) for number in range(1203)]
    pieces = list(documents._file({"format": "x"}, "rows", iter(rows)))
    assert json.loads("".join(pieces))["rows"] == list(range(1203))
    assert len(pieces) == 4
