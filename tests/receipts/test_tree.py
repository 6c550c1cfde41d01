"""The tree of the log (case 62): every pair of sizes, every leaf, beside another implementation, mutated."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree, verify_consistency

from engage.receipts import tree, verify

SIZE = 70


@dataclass
class Grown:
    """A tree that was grown leaf by leaf, with its root at every size."""

    leaves: list[bytes] = field(default_factory=list)
    nodes: dict[tree.Node, bytes] = field(default_factory=dict)
    roots: list[bytes] = field(default_factory=lambda: [tree.EMPTY_ROOT])

    @property
    def get(self) -> tree.Get:
        return tree.getter(self.nodes)


@cache
def grown() -> Grown:
    it, frontier = Grown(), tree.Frontier(0, tree.getter({}))
    for number in range(SIZE):
        leaf = tree.leaf_hash(number.to_bytes(2))
        done = frontier.append(leaf)
        assert not set(it.nodes) & {node for node, _ in done}, "a node was written twice"
        it.nodes.update(done)
        it.leaves.append(leaf)
        it.roots.append(frontier.root())
    return it


@pytest.fixture(scope="module")
def oracle() -> InmemoryTree:
    other = InmemoryTree(algorithm="sha256")
    for number in range(SIZE):
        other.append_entry(number.to_bytes(2))
    return other


def test_roots_are_those_of_another_implementation(oracle: InmemoryTree) -> None:
    assert [oracle.get_root(size) for size in range(1, SIZE + 1)] == grown().roots[1:]


def test_the_root_of_an_empty_tree_is_that_of_the_rfc() -> None:
    assert tree.root(grown().get, 0).hex().startswith("e3b0c44298fc1c149afbf4c8996fb924")


def test_roots_can_be_computed_from_stored_nodes_from_a_frontier_and_from_all_leaves() -> None:
    it = grown()
    for size in range(SIZE + 1):
        assert tree.root(it.get, size) == it.roots[size]
        assert tree.Frontier(size, it.get).root() == it.roots[size]
        assert tree.root_of(it.leaves[:size]) == (size, it.roots[size])
        assert verify.root_of(it.leaves[:size]) == it.roots[size]


def test_every_leaf_is_proven_in_every_tree_that_has_it(oracle: InmemoryTree) -> None:
    it = grown()
    for size in range(1, SIZE + 1):
        for index in range(size):
            path = tree.inclusion_proof(it.get, index, size)
            assert tree.is_included(it.leaves[index], index, size, path, it.roots[size])
            assert verify.root_by_path(it.leaves[index], index, size, path) == it.roots[size]
    for size, index in ((1, 0), (2, 1), (33, 32), (64, 5), (70, 0), (70, 69), (69, 40)):
        theirs = {bytes.fromhex(step) for step in oracle.prove_inclusion(index + 1, size).serialize()["path"]}
        assert set(tree.inclusion_proof(it.get, index, size)) == theirs - {it.leaves[index]}


def test_every_tree_is_proven_to_go_on_from_every_older_one(oracle: InmemoryTree) -> None:
    it = grown()
    for new in range(1, SIZE + 1):
        for old in range(1, new + 1):
            path = tree.consistency_proof(it.get, old, new)
            assert tree.is_consistent(old, it.roots[old], new, it.roots[new], path)
            verify_consistency(it.roots[old], it.roots[new], oracle.prove_consistency(old, new))


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 3), (3, 3)])
def test_there_is_no_proof_of_what_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="There is no leaf"):
        tree.inclusion_proof(grown().get, index, size)


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3)])
def test_no_tree_goes_on_from_nothing_or_from_a_larger_one(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="does not go on"):
        tree.consistency_proof(grown().get, old, new)
    assert not tree.is_consistent(old, tree.EMPTY_ROOT, new, grown().roots[new], [])


def mutations(path: list[bytes], chance: st.DataObject) -> list[bytes]:
    """A path that is not the right one: a bit changed, a step lost, doubled, added, or two swapped."""
    changed = list(path)
    kind = chance.draw(st.sampled_from(["bit", "lose", "double", "add", "swap"] if path else ["add"]))
    at = chance.draw(st.integers(0, max(len(path) - 1, 0)))
    if kind == "bit":
        step = bytearray(changed[at])
        step[chance.draw(st.integers(0, 31))] ^= 1 << chance.draw(st.integers(0, 7))
        changed[at] = bytes(step)
    elif kind == "lose":
        del changed[at]
    elif kind == "double":
        changed.insert(at, changed[at])
    elif kind == "add":
        changed.insert(at, os.urandom(32))
    else:
        changed.reverse()
    return changed


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_mutated_proof_of_a_leaf_fails(chance: st.DataObject) -> None:
    it = grown()
    size = chance.draw(st.integers(1, SIZE))
    index = chance.draw(st.integers(0, size - 1))
    path = tree.inclusion_proof(it.get, index, size)
    wrong = mutations(path, chance)
    if wrong != path:
        assert not tree.is_included(it.leaves[index], index, size, wrong, it.roots[size])
        assert verify.root_by_path(it.leaves[index], index, size, wrong) != it.roots[size]
    other = chance.draw(st.integers(0, size - 1).filter(lambda number: number != index)) if size > 1 else None
    if other is not None:
        assert not tree.is_included(it.leaves[other], index, size, path, it.roots[size])
        assert not tree.is_included(it.leaves[index], other, size, path, it.roots[size])
    assert not tree.is_included(it.leaves[index], index, size, path, it.roots[size - 1])


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_mutated_proof_of_growth_fails(chance: st.DataObject) -> None:
    it = grown()
    new = chance.draw(st.integers(1, SIZE))
    old = chance.draw(st.integers(1, new))
    path = tree.consistency_proof(it.get, old, new)
    wrong = mutations(path, chance)
    if wrong != path:
        assert not tree.is_consistent(old, it.roots[old], new, it.roots[new], wrong)
    assert not tree.is_consistent(old, it.roots[old - 1], new, it.roots[new], path)
    assert not tree.is_consistent(old, it.roots[old], new, it.roots[new - 1], path)


@pytest.mark.parametrize("size", [1, 2, 1000, 1_000_000, 2**40 + 12345])
def test_the_nodes_that_a_proof_asks_for_grow_as_the_logarithm(size: int) -> None:
    bits = size.bit_length()
    index, old = size // 3, max(size // 2, 1)

    assert len(tree.nodes_for(lambda get: tree.inclusion_proof(get, index, size))) <= 2 * bits
    assert len(tree.nodes_for(lambda get: tree.consistency_proof(get, old, size))) <= 3 * bits
    assert len(tree.peaks(size)) <= bits
