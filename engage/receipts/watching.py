"""What a witness does: fetch the newest head of a log, check that the log only grew, sign, remember.

Talks to a site by its public addresses alone, so it can watch any site from any machine.
"""

from __future__ import annotations

import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from engage.errors import EngageError
from engage.receipts import tree
from engage.receipts.notes import BadNote, Checkpoint, Note, Signer, VerifierKey

_PATIENCE = 30  # seconds
_LARGEST = 1_000_000  # bytes
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class NotSeen(EngageError):
    """The site cannot be reached, or does not answer as a log does."""


class LogChanged(EngageError):
    """The log does not go on from the head that was signed before: keep both heads, they are proof."""


def cosign(site: str, signer: Signer, state: Path, *, log_key: str | None, time: int) -> str:
    """The newest checkpoint with the line of this witness.

    ``state`` is the file that remembers the log's key and the last head that was signed. Raises NotSeen,
    BadNote where the log's key did not sign, LogChanged.
    """
    before = json.loads(state.read_text(encoding="utf-8")) if state.exists() else {}
    key_line = before.get("log_key") or log_key
    if not key_line:
        raise NotSeen("The first time, say the key of the log with --log-key; the site shows it at /en/log.")
    key = VerifierKey.parse(key_line)
    note = Note.parse(_fetch(site, "en/log/checkpoint.txt"))
    if not note.is_signed_by(key):
        raise BadNote("This head is not signed with the log's key.")
    newest = Checkpoint.parse(note.text)
    if before.get("checkpoint"):
        _require_growth(site, Checkpoint.parse(before["checkpoint"]), newest)
    line = signer.cosign(note.text, time)
    remembered = {"log_key": key_line, "checkpoint": note.text}
    state.write_text(json.dumps(remembered, indent=1) + "\n", encoding="utf-8")
    return f"{note.text}\n{note.line_by(key)}{line}"


def send(site: str, note: str) -> None:
    """Hand a cosigned checkpoint in, by the site's own form. Raises NotSeen where it is not taken."""
    opener = urllib.request.build_opener(
        urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), _NoRedirect
    )
    address = _address(site, "en/log/cosign")
    token = _TOKEN.search(_open(opener, urllib.request.Request(address)).decode())  # noqa: S310
    fields = urllib.parse.urlencode({"csrf_token": token[1] if token else "", "note": note}).encode()
    parts = urllib.parse.urlsplit(address)
    headers = {"Origin": f"{parts.scheme}://{parts.netloc}"}
    _open(opener, urllib.request.Request(address, fields, headers))  # noqa: S310


def _require_growth(site: str, old: Checkpoint, new: Checkpoint) -> None:
    changed = LogChanged(
        f"The log was changed: its head of {new.size} entries does not go on from yours of {old.size}."
    )
    if new.origin != old.origin or new.size < old.size:
        raise changed
    path: list[bytes] = []
    if old.size < new.size:
        answer = json.loads(_fetch(site, f"en/log/consistency.json?from={old.size}&to={new.size}"))
        path = [bytes.fromhex(step) for step in answer["path"]]
    if not tree.is_consistent(old.size, old.root, new.size, new.root, path):
        raise changed


def _address(site: str, path: str) -> str:
    parts = urllib.parse.urlsplit(site)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise NotSeen("The site is an address such as https://engage.example.gov.")
    return f"{parts.scheme}://{parts.netloc}/{path}"


def _fetch(site: str, path: str) -> str:
    opener = urllib.request.build_opener()
    return _open(opener, urllib.request.Request(_address(site, path))).decode()  # noqa: S310


def _open(opener: urllib.request.OpenerDirector, request: urllib.request.Request) -> bytes:
    try:
        with opener.open(request, timeout=_PATIENCE) as answer:
            content: bytes = answer.read(_LARGEST)
            return content
    except urllib.error.HTTPError as error:
        with error:
            if error.code == 303:
                return b""
        raise NotSeen(f"The site answered with {error.code}.") from None
    except OSError as error:
        raise NotSeen(f"The site cannot be reached: {error}") from None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A form that was taken leads on; following it would ask for a page for nothing."""

    def redirect_request(self, *_arguments: Any) -> None:
        """Follow nothing: the answer comes as an HTTPError with its code."""
