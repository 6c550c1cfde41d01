"""Check what the public log of an Engage site has given you. Needs Python 3.9 or later, no site, no network.

    python3 -I verify.py RECEIPT.json                     is my comment in the log, as I sent it?
    python3 -I verify.py manifest-3.json openings.json    do all counts come out right?
    python3 -I verify.py --key KEY FILE …                 and is the log the one whose key I know?

KEY is the line that the site shows at /en/log. Without it the file is checked against the key in the file:
then compare that key with one from somebody you trust. Answers with 0: proven; 3: promised, not yet sealed;
1: something is wrong; 2: the file cannot be read.

Hashes: RFC 6962. Signatures: Ed25519, RFC 8032. Notes: c2sp.org/tlog-checkpoint.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

PROVEN, WRONG, UNREADABLE, PROMISED = 0, 1, 2, 3

Key = tuple[str, bytes, bytes]
Point = tuple[int, int, int, int]


class Wrong(Exception):
    """Something does not fit; the text says what."""


# --- Ed25519 (RFC 8032, 5.1): only checking, so nothing here is secret -----------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def _add(a: Point, b: Point) -> Point:
    u, v = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = v - u, d - c, d + c, v + u
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number: int, point: Point) -> Point:
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = _add(total, point)
        point, number = _add(point, point), number >> 1
    return total


def _point(encoded: bytes) -> Point | None:
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")) or (0, 1, 1, 0)


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature over a message is right."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, nonce, s = _point(public), _point(signature[:32]), int.from_bytes(signature[32:], "little")
    if key is None or nonce is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    a, b = _times(s, BASE), _add(nonce, _times(h, key))
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


# --- Signed notes ----------------------------------------------------------------------------------------


def read_key(text: str) -> Key:
    """Name, id and public key of a line name+id+key."""
    name, _, rest = text.strip().partition("+")
    material = base64.b64decode(rest.partition("+")[2])
    key_id = hashlib.sha256(name.encode() + b"\n" + material).digest()[:4]
    if material[:1] != b"\x01" or len(material) != 33 or rest.partition("+")[0] != key_id.hex():
        raise Wrong("The key of the log is not a key.")
    return name, key_id, material[1:]


def open_note(note: str, key: Key, what: str) -> list[str]:
    """The lines of a note that the log has signed."""
    name, key_id, public = key
    text, _, below = note.rpartition("\n\n")
    for line in below.splitlines():
        _, who, signed = [*line.split(" "), "", ""][:3]
        signature = base64.b64decode(signed or "=")
        if (
            who == name
            and signature[:4] == key_id
            and is_signed(public, (text + "\n").encode(), signature[4:])
        ):
            return text.split("\n")
    raise Wrong(f"{what} is not signed by the key of this log: it was changed, or comes from somebody else.")


def open_checkpoint(note: str, key: Key) -> tuple[int, bytes]:
    """Size and root of a head of the log."""
    lines = open_note(note, key, "The checkpoint")
    if lines[0] != key[0]:
        raise Wrong("The checkpoint is of another log.")
    return int(lines[1]), base64.b64decode(lines[2])


# --- Leaves and the tree ---------------------------------------------------------------------------------


def field_digest(name: str, salt: bytes, value: str) -> bytes:
    """What stands in the log for a field."""
    return hashlib.sha256(b"engage field v1\0" + name.encode() + b"\0" + salt + value.encode()).digest()


def leaf_hash(digests: dict[str, bytes]) -> bytes:
    """The leaf over the digests of all fields."""
    joined = b"".join(digests[name] for name in sorted(digests))
    return hashlib.sha256(b"\0engage leaf v1\0" + joined).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two halves."""
    return hashlib.sha256(b"\1" + left + right).digest()


def root_by_path(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """The root that a path leads to, None where the path has the wrong length (RFC 9162, 2.1.3.2)."""
    at, last = index, size - 1
    for step in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            leaf = node(step, leaf)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            leaf = node(leaf, step)
        at, last = at >> 1, last >> 1
    return leaf if last == 0 and 0 <= index < size else None


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over all leaves."""
    edge: list[bytes] = []
    for count, leaf in enumerate(leaves):
        while count & 1:
            leaf, count = node(edge.pop(), leaf), count >> 1
        edge.append(leaf)
    if not edge:
        return hashlib.sha256(b"").digest()
    found = edge.pop()
    while edge:
        found = node(edge.pop(), found)
    return found


# --- The files -------------------------------------------------------------------------------------------


def check_receipt(receipt: dict[str, Any], key: Key) -> int:
    """Says what a receipt proves; returns the exit code."""
    leaf = leaf_hash(check_fields(receipt))
    if leaf.hex() != receipt["leaf"]:
        raise Wrong(
            "The fields together are not those of this receipt's leaf: one was changed, added or left out."
        )
    say(f"Receipt {receipt['tracking_number']}: the fields fit the leaf {leaf.hex()}.")
    promise = open_note(receipt["promise"], key, "The promise")
    if promise[:2] != [f"{key[0]} promise", f"leaf {leaf.hex()}"]:
        raise Wrong("The promise is about another comment.")
    if not receipt["proof"]:
        say(f"The site has promised to put it into the log: {promise[2]}. It is not proven yet.")
        say("Download the receipt again after that day. If it is still not in the log, this file proves it.")
        return PROMISED
    proof = receipt["proof"]
    size, root = open_checkpoint(proof["checkpoint"], key)
    path = [bytes.fromhex(step) for step in proof["path"]]
    if root_by_path(leaf, proof["index"], size, path) != root:
        raise Wrong("The proof does not lead from this comment to the signed head: it is not proven.")
    say(f"Proven: it is number {proof['index']} of the {size} in the log, whose head is {root.hex()}.")
    return PROVEN


def check_fields(receipt: dict[str, Any]) -> dict[str, bytes]:
    """The digests of a receipt's fields, once the values fit them."""
    code = bytes.fromhex(receipt["code"])
    digests: dict[str, bytes] = {}
    gone: list[str] = []
    for field in receipt["fields"]:
        name, digest = field["name"], bytes.fromhex(field["digest"])
        if name in digests:
            raise Wrong(f"The field “{name}” stands in the file twice.")
        salt = hmac.new(code, b"engage salt v1\0" + name.encode(), hashlib.sha256).digest()
        if "value" not in field:
            gone.append(name)
        elif field_digest(name, salt, field["value"]) != digest:
            raise Wrong(f"The field “{name}” is not the one that was received: it was changed.")
        elif name == "tracking_number" and field["value"] != receipt["tracking_number"]:
            raise Wrong("The tracking number is not the one that was given: it was changed.")
        digests[name] = digest
    if gone:
        say(f"Not in this file, so not checked: {', '.join(gone)}. Their digests stand in the leaf.")
    return digests


def check_manifest(manifest: dict[str, Any], openings: list[dict[str, Any]], key: Key) -> int:
    """Recomputes the root, the counts and, from opened fields, how many hold which position."""
    rows = manifest["rows"]
    lines = open_note(manifest["note"], key, "The manifest")
    told = dict(line.split(" ", 1) for line in lines[1:])
    digest = hashlib.sha256("".join(f"{i} {h} {d} {r or '-'}\n" for i, h, d, r in rows).encode()).hexdigest()
    if lines[0] != f"{key[0]} manifest" or told["rows"] != digest:
        raise Wrong("The rows of the manifest are not those that were signed: one was changed.")
    size, counts = int(told["size"]), Counter(str(row[2]) for row in rows)
    if [row[0] for row in rows] != list(range(size)) or sum(counts.values()) != size:
        raise Wrong("The manifest does not tell of every leaf exactly once.")
    if any(int(told.get(name, 0)) != count for name, count in counts.items()):
        raise Wrong("The counts of the manifest are not those of its rows.")
    if root_of(bytes.fromhex(row[1]) for row in rows).hex() != told["root"]:
        raise Wrong("The leaves of the manifest are not those of the log.")
    say(f"Manifest {told['version']}: all {size} leaves are those of the log, and each is accounted for:")
    say(", ".join(f"{name} {count}" for name, count in sorted(counts.items())) + ".")
    if openings:
        tally(rows, openings)
    return PROVEN


def tally(rows: list[list[Any]], openings: list[dict[str, Any]]) -> None:
    """Counts the positions of published comments from their opened fields."""
    positions: Counter[tuple[str, str]] = Counter()
    for leaf in (leaf for file in openings for leaf in file["leaves"] if leaf["index"] < len(rows)):
        index, digests = leaf["index"], {name: bytes.fromhex(d) for name, d in leaf["digests"].items()}
        if leaf_hash(digests).hex() != rows[index][1]:
            raise Wrong(f"The digests of leaf {index} are not those of the log.")
        opened = leaf.get("opened", {})
        for name, field in opened.items():
            if field_digest(name, bytes.fromhex(field["salt"]), field["value"]) != digests[name]:
                raise Wrong(f"The field “{name}” of leaf {index} is not the one that was received.")
        if "position" in opened and "period" in opened:
            positions[opened["period"]["value"], opened["position"]["value"] or "none stated"] += 1
    say(f"Positions of {sum(positions.values())} opened comments, each as it was received:")
    for (period, position), count in sorted(positions.items()):
        say(f"  {period}: {position} {count}")


def say(text: str) -> None:
    """Tell the reader."""
    sys.stdout.write(text + "\n")


def check(paths: list[str], trusted: str | None = None) -> int:
    """Check files; returns the exit code."""
    files = [json.loads(Path(path).read_text(encoding="utf-8")) for path in paths]
    first = files[0]
    key = read_key(trusted or first["log"])
    if trusted and first["log"] != trusted.strip():
        raise Wrong("This file is of another log than the one whose key you gave.")
    if first["format"] == "engage-receipt-v1":
        code = check_receipt(first, key)
    elif first["format"] == "engage-manifest-v1":
        code = check_manifest(first, files[1:], key)
    else:
        raise Wrong("This is neither a receipt nor a manifest.")
    if not trusted:
        say(f"Checked against the key in the file. Compare it with one that you trust: {first['log']}")
    return code


def main(arguments: list[str]) -> int:
    """Check the files that are named; returns the exit code."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    trusted = None
    if len(arguments) > 1 and arguments[0] == "--key":
        trusted, arguments = arguments[1], arguments[2:]
    if not arguments or arguments[0].startswith("-"):
        say(__doc__.strip())
        return UNREADABLE
    try:
        return check(arguments, trusted)
    except Wrong as reason:
        say(f"WRONG: {reason}")
        return WRONG
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        say(f"This file cannot be read as a receipt or a manifest ({type(error).__name__}).")
        return UNREADABLE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
