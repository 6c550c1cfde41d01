"""The verifier (case 66): one file, no site, no network; it tells what is proven and what was changed."""

from __future__ import annotations

import copy
import hashlib
import hmac
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from engage.cli import engage
from engage.comments.models import Position
from engage.receipts import documents, verify
from engage.receipts.keys import log_keys
from tests.receipts.receiving import WORDS, entry_of, receive, receive_many, sealed, secret
from tests.support import makers

Receipt = dict[str, Any]


@pytest.fixture
def promised(session: Session) -> Receipt:
    """A receipt of a comment that is not sealed yet."""
    return _receipt(session, is_sealed=False)


@pytest.fixture
def proven(session: Session) -> Receipt:
    """A receipt of a comment that is sealed among others."""
    return _receipt(session, is_sealed=True)


def _receipt(session: Session, *, is_sealed: bool) -> Receipt:
    receive_many(session, 10)
    comment = receive(session, makers.comment_period(session), position=Position.OPPOSE, name="José ñ 😀")
    if is_sealed:
        sealed(session)
    code = secret(session, comment)
    found = documents.receipt(session, log_keys(), entry_of(session, comment), comment, code)
    loaded: Receipt = json.loads(json.dumps(found))
    return loaded


def check(tmp_path: Path, *files: object, key: str | None = None) -> tuple[int, str]:
    """Run the verifier as somebody does who has nothing else; no import but the standard library's."""
    paths = []
    for number, content in enumerate(files):
        path = tmp_path / f"{number}.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        paths.append(str(path))
    alone = tmp_path / "verify.py"
    alone.write_text(Path(verify.__file__).read_text(encoding="utf-8"), encoding="utf-8")
    command = [sys.executable, "-I", str(alone), *(("--key", key) if key else ()), *paths]
    done = subprocess.run(command, capture_output=True, check=False, cwd=tmp_path, env={}, encoding="utf-8")
    assert done.stderr == ""
    return done.returncode, done.stdout


def in_process(receipt: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """The same without a process, for many cases."""
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps(receipt), encoding="utf-8")
    return verify.main([str(path)]), capsys.readouterr().out


def test_proves_a_sealed_comment_alone_and_without_a_network(proven: Receipt, tmp_path: Path) -> None:
    code, said = check(tmp_path, proven, key=proven["log"])

    assert code == verify.PROVEN
    assert f"number {proven['proof']['index']} of the 11 in the log" in said


def test_imports_nothing_that_could_reach_a_network() -> None:
    imported = [
        line.split()[1]
        for line in Path(verify.__file__).read_text(encoding="utf-8").splitlines()
        if line.startswith(("import ", "from "))
    ]

    allowed = "__future__ base64 collections collections.abc hashlib hmac json pathlib sys typing"
    assert set(imported) <= set(allowed.split())


def test_says_that_a_comment_is_promised_and_not_sealed_yet(promised: Receipt, tmp_path: Path) -> None:
    code, said = check(tmp_path, promised)

    assert code == verify.PROMISED
    assert "has promised to put it into the log: sealed by 20" in said


def test_the_command_does_the_same(proven: Receipt, tmp_path: Path) -> None:
    path = tmp_path / "RECEIPT.json"
    path.write_text(json.dumps(proven))

    done = CliRunner().invoke(engage, ["verify", str(path)], standalone_mode=False)

    assert (done.return_value, "Proven" in done.output) == (0, True)


@pytest.mark.parametrize(
    "name", ["body", "position", "name", "received_on", "period", "district", "tracking_number"]
)
def test_names_the_field_that_was_changed(
    proven: Receipt, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    field = next(field for field in proven["fields"] if field["name"] == name)
    field["value"] = f"{field['value']}x"

    code, said = in_process(proven, tmp_path, capsys)

    assert code == verify.WRONG
    assert f"WRONG: The field “{name}”" in said


def test_a_false_field_in_front_of_the_right_one_is_found(
    proven: Receipt, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = bytes.fromhex(proven["code"])
    salt = hmac.digest(code, b"engage salt v1\0body", hashlib.sha256)
    false = {
        "name": "body",
        "value": "I love it",
        "digest": verify.field_digest("body", salt, "I love it").hex(),
    }

    assert in_process(proven | {"fields": [false, *proven["fields"]]}, tmp_path, capsys)[0] == verify.WRONG
    without = [field for field in proven["fields"] if field["name"] != "body"]
    assert in_process(proven | {"fields": [false, *without]}, tmp_path, capsys)[0] == verify.WRONG


def _mutants(receipt: Receipt) -> list[tuple[str, Receipt]]:
    """Receipts of which one thing was changed."""
    found = []
    for path in (
        ("code",), ("leaf",), ("tracking_number",), ("log",), ("promise",), ("proof", "index"),
        ("proof", "path"), ("proof", "checkpoint"), ("fields",),
    ):  # fmt: skip
        mutant = copy.deepcopy(receipt)
        *way, last = path
        place = mutant
        for step in way:
            place = place[step]
        value = place[last]
        if isinstance(value, int):
            changes: list[object] = [value + 1, -1, 10**6]
        elif isinstance(value, list):
            changes = [value[1:], value[:-1], [*value, value[0]], []]
        else:
            at = len(value) // 2
            changes = [value[:at] + ("1" if value[at] == "0" else "0") + value[at + 1 :], value[:-3], ""]
        for number, change in enumerate(changes):
            changed = copy.deepcopy(mutant)
            place = changed
            for step in way:
                place = place[step]
            place[last] = change
            found.append((f"{'.'.join(path)} {number}", changed))
    return found


def test_whatever_is_changed_nothing_is_proven(
    proven: Receipt, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, mutant in _mutants(proven):
        assert in_process(mutant, tmp_path, capsys)[0] in (verify.WRONG, verify.UNREADABLE), name


def test_a_log_with_another_key_is_told_by_who_knows_the_key(proven: Receipt, tmp_path: Path) -> None:
    other = "example.com/log+" + proven["log"].split("+", 1)[1]

    assert check(tmp_path, proven, key=other)[0] == verify.WRONG


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", "null", '"x"', "[" * 100_000, '{"format": "engage-receipt-v1"}']
)
def test_what_is_no_receipt_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content)

    assert verify.main([str(path)]) == verify.UNREADABLE
    assert "cannot be read" in capsys.readouterr().out
    assert verify.main([str(tmp_path / "absent.json")]) == verify.UNREADABLE


def test_without_a_file_it_says_how_to_use_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert verify.main([]) == verify.UNREADABLE
    assert "python3 -I verify.py RECEIPT.json" in capsys.readouterr().out


def test_the_words_are_in_the_receipt_of_the_holder(proven: Receipt) -> None:
    assert WORDS in [field.get("value") for field in proven["fields"]]


@settings(max_examples=25, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=100), st.integers(0, 95), st.integers(0, 7))
def test_signatures_are_right_exactly_where_another_implementation_finds_so(
    seed: bytes, message: bytes, at: int, bit: int
) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    whole = bytearray(signature + public)
    whole[at] ^= 1 << bit

    assert verify.is_signed(public, message, signature)
    assert not verify.is_signed(bytes(whole[64:]), message, bytes(whole[:64]))
    assert not verify.is_signed(public, message + b"x", signature)


def test_a_signature_with_a_number_that_is_too_large_is_refused() -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    signature = key.sign(b"text")
    larger = (int.from_bytes(signature[32:], "little") + verify.L).to_bytes(32, "little")

    assert not verify.is_signed(key.public_key().public_bytes_raw(), b"text", signature[:32] + larger)
