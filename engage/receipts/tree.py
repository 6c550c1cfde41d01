"""The tree of the log: RFC 6962 hashing over nodes that never change once they are there.

A leaf has a number from 0. The node at (level, position) is the hash over the leaves from ``position *
2**level`` on, ``2**level`` of them; it is kept only where all of these leaves are there, so it is final. All
else is computed from such nodes: a root, a proof that a leaf is in a tree, a proof that a tree goes on from
an older one. Each needs a number of nodes that grows as the logarithm of the size.

A pure library: no Flask, no database. Hashes are SHA-256, 32 bytes. Sources: RFC 6962 section 2.1 for the
hashes and proofs, RFC 9162 sections 2.1.3.2 and 2.1.4.2 for checking them.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence

Node = tuple[int, int]
"""Level and position of a complete subtree."""

Get = Callable[[int, int], bytes]
"""Gives the hash of the complete subtree at (level, position)."""

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two halves."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def peaks(size: int) -> list[Node]:
    """The complete subtrees that a tree of this size is made of, the largest and leftmost first."""
    found, start = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            found.append((level, start >> level))
            start += 1 << level
    return found


class Frontier:
    """The right edge of a tree: all that is needed to append to it, one hash for each bit of its size."""

    def __init__(self, size: int, get: Get) -> None:
        self.size = size
        self._edge = {level: get(level, position) for level, position in peaks(size)}

    def append(self, leaf: bytes) -> list[tuple[Node, bytes]]:
        """Add the hash of a leaf; returns the nodes that are complete with it, itself the first."""
        level, position, new = 0, self.size, leaf
        done = [((level, position), new)]
        while position & 1:
            new = node_hash(self._edge.pop(level), new)
            level, position = level + 1, position >> 1
            done.append(((level, position), new))
        self._edge[level] = new
        self.size += 1
        return done

    def root(self) -> bytes:
        """The root of the tree as it is now."""
        if not self._edge:
            return EMPTY_ROOT
        smallest, *larger = sorted(self._edge)
        found = self._edge[smallest]
        for level in larger:
            found = node_hash(self._edge[level], found)
        return found


def root(get: Get, size: int) -> bytes:
    """The root of the tree of the first ``size`` leaves."""
    return _hash_of(get, 0, size) if size else EMPTY_ROOT


def inclusion_proof(get: Get, index: int, size: int) -> list[bytes]:
    """The path that proves leaf ``index`` in the tree of ``size`` leaves. Raises ValueError for none."""
    if not 0 <= index < size:
        raise ValueError(f"There is no leaf {index} in a tree of {size}.")
    return _path(get, index, 0, size)


def consistency_proof(get: Get, old: int, new: int) -> list[bytes]:
    """The path that proves that the tree of ``new`` leaves begins with that of ``old`` leaves.

    Raises ValueError where that cannot be.
    """
    if not 0 < old <= new:
        raise ValueError(f"A tree of {new} leaves does not go on from one of {old}.")
    return _subproof(get, old, 0, new, is_whole=True) if old < new else []


def nodes_for(compute: Callable[[Get], object]) -> list[Node]:
    """Which nodes a computation will ask for, so that they can be read at once."""
    wanted: dict[Node, None] = {}

    def note(level: int, position: int) -> bytes:
        wanted[level, position] = None
        return bytes(HASH_BYTES)

    compute(note)
    return list(wanted)


def getter(nodes: Mapping[Node, bytes]) -> Get:
    """Gives out nodes that were read before."""
    return lambda level, position: nodes[level, position]


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path proves the leaf under this root."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(step, found)
            at, last = _up_to_a_right_child(at, last)
        else:
            found = node_hash(found, step)
        at, last = at >> 1, last >> 1
    return last == 0 and hmac.compare_digest(found, root)


def is_consistent(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the path proves that the newer tree begins with the older one."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not path and hmac.compare_digest(old_root, new_root)
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not steps:
        return False
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    from_old = from_new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            from_old, from_new = node_hash(step, from_old), node_hash(step, from_new)
            at, last = _up_to_a_right_child(at, last)
        else:
            from_new = node_hash(from_new, step)
        at, last = at >> 1, last >> 1
    is_right = hmac.compare_digest(from_old, old_root) and hmac.compare_digest(from_new, new_root)
    return last == 0 and is_right


def root_of(leaves: Iterable[bytes]) -> tuple[int, bytes]:
    """Size and root of the tree over these leaf hashes, in memory that grows as the logarithm."""
    frontier = Frontier(0, getter({}))
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.size, frontier.root()


def _up_to_a_right_child(at: int, last: int) -> tuple[int, int]:
    """A node that is the last of its level has no sibling there: go up until it is one."""
    while at and not at & 1:
        at, last = at >> 1, last >> 1
    return at, last


def _left_half(size: int) -> int:
    """The largest power of two below ``size``."""
    return 1 << (size - 1).bit_length() - 1


def _hash_of(get: Get, start: int, stop: int) -> bytes:
    size = stop - start
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return get(level, start >> level)
    middle = start + _left_half(size)
    return node_hash(_hash_of(get, start, middle), _hash_of(get, middle, stop))


def _path(get: Get, index: int, start: int, stop: int) -> list[bytes]:
    if stop - start == 1:
        return []
    middle = start + _left_half(stop - start)
    if index < middle:
        return [*_path(get, index, start, middle), _hash_of(get, middle, stop)]
    return [*_path(get, index, middle, stop), _hash_of(get, start, middle)]


def _subproof(get: Get, old: int, start: int, stop: int, *, is_whole: bool) -> list[bytes]:
    """RFC 6962's SUBPROOF over the leaves from ``start`` on; ``old`` is where the older tree stops."""
    if old == stop:
        return [] if is_whole else [_hash_of(get, start, stop)]
    middle = start + _left_half(stop - start)
    if old <= middle:
        return [*_subproof(get, old, start, middle, is_whole=is_whole), _hash_of(get, middle, stop)]
    return [*_subproof(get, old, middle, stop, is_whole=False), _hash_of(get, start, middle)]
