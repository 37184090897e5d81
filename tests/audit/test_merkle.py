"""The tree against the reference vectors of certificate-transparency and against RFC 9162's recursive definitions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doc_service.audit import merkle
from doc_service.audit.offline import verify_audit as offline
from doc_service.audit.store import LogHead, TreeNode
from doc_service.domain.errors import DomainError

ENTRIES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): INCLUSION[0, 8],
    (6, 8): ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a", *INCLUSION[5, 8][1:]],
    (2, 5): INCLUSION[1, 5][1:],
}


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def naive_root(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 9162 §2.1.1, over leaf hashes."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha(b"")
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return sha(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:]))


def naive_path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH of §2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k])]


def naive_subproof(m: int, leaves: Sequence[bytes], whole: bool) -> list[bytes]:
    """SUBPROOF of §2.1.4.1."""
    if m == len(leaves):
        return [] if whole else [naive_root(leaves)]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    if m <= k:
        return [*naive_subproof(m, leaves[:k], whole), naive_root(leaves[k:])]
    return [*naive_subproof(m - k, leaves[k:], False), naive_root(leaves[:k])]


class Hashes:
    """Leaf hashes and the stored levels over them."""

    def __init__(self, leaves: Sequence[bytes], batch: int = 1000) -> None:
        self.levels: dict[int, list[bytes]] = {0: list(leaves)}
        self.nodes: list[TreeNode] = []
        self.head = LogHead(0)
        for at in range(0, len(leaves), batch):
            self.head, nodes = merkle.grow(self.head, leaves[at : at + batch])
            self.nodes += nodes
        for node in self.nodes:
            level = self.levels.setdefault(node.level, [])
            assert node.index == len(level)
            level.append(node.hash)

    def hashes(self, level: int, first: int, last: int) -> Sequence[bytes]:
        return self.levels.get(level, [])[first:last]


def some_leaves(count: int) -> list[bytes]:
    return [offline.leaf_hash(b"%d" % n) for n in range(count)]


@pytest.mark.parametrize("size", range(9))
def test_roots_of_the_reference_vectors(size: int) -> None:
    tree = offline.CompactRange()
    for entry in ENTRIES[:size]:
        tree.append(offline.leaf_hash(entry))
    assert tree.root().hex() == ROOTS[size]


@pytest.mark.parametrize(("place", "path"), INCLUSION.items())
def test_inclusion_proofs_of_the_reference_vectors(place: tuple[int, int], path: list[str]) -> None:
    index, size = place
    leaves = [offline.leaf_hash(e) for e in ENTRIES]
    assert [h.hex() for h in merkle.inclusion_proof(Hashes(leaves), index, size)] == path
    proof = [bytes.fromhex(h) for h in path]
    assert offline.verify_inclusion(leaves[index], index, size, proof, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("sizes", "path"), CONSISTENCY.items())
def test_consistency_proofs_of_the_reference_vectors(sizes: tuple[int, int], path: list[str]) -> None:
    old, new = sizes
    source = Hashes([offline.leaf_hash(e) for e in ENTRIES])
    assert [h.hex() for h in merkle.consistency_proof(source, old, new)] == path
    proof = [bytes.fromhex(h) for h in path]
    assert offline.verify_consistency(old, new, bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new]), proof)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1200), st.integers(1, 700))
def test_growing_in_batches_gives_the_recursive_root(size: int, batch: int) -> None:
    leaves = some_leaves(size)
    grown = Hashes(leaves, batch)
    assert offline.join_roots(grown.head.frontier) == naive_root(leaves)
    assert grown.levels.get(8, []) == merkle.tile_roots(leaves)
    assert len(grown.nodes) == size // 256


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_inclusion_proofs_are_the_recursive_ones_and_prove_nothing_else(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 900))
    index = data.draw(st.integers(0, size - 1))
    leaves = some_leaves(size)
    proof = merkle.inclusion_proof(Hashes(leaves), index, size)
    root = naive_root(leaves)
    assert proof == naive_path(index, leaves)
    assert offline.verify_inclusion(leaves[index], index, size, proof, root)
    other = data.draw(st.integers(-1, size + 1).filter(lambda n: n != index))
    assert not offline.verify_inclusion(leaves[index], other, size, proof, root)
    assert not offline.verify_inclusion(sha(b"x"), index, size, proof, root)
    assert not offline.verify_inclusion(leaves[index], index, size, proof, sha(b"x"))
    assert not offline.verify_inclusion(leaves[index], index, size, [*proof, sha(b"x")], root)
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        assert not offline.verify_inclusion(leaves[index], index, size, proof[:at] + proof[at + 1 :], root)
        changed = [*proof[:at], sha(proof[at]), *proof[at + 1 :]]
        assert not offline.verify_inclusion(leaves[index], index, size, changed, root)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_consistency_proofs_are_the_recursive_ones_and_prove_nothing_else(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, 900))
    old = data.draw(st.integers(1, new))
    leaves = some_leaves(new)
    proof = merkle.consistency_proof(Hashes(leaves), old, new)
    old_root, new_root = naive_root(leaves[:old]), naive_root(leaves)
    assert proof == naive_subproof(old, leaves, True)
    assert offline.verify_consistency(old, new, old_root, new_root, proof)
    assert not offline.verify_consistency(old, new, sha(b"x"), new_root, proof)
    assert not offline.verify_consistency(old, new, old_root, sha(b"x"), proof)
    assert not offline.verify_consistency(new + 1, new, old_root, new_root, proof)
    assert not offline.verify_consistency(old, new, old_root, new_root, [*proof, sha(b"x")])
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        assert not offline.verify_consistency(old, new, old_root, new_root, proof[:at] + proof[at + 1 :])


def test_trees_of_three_stored_levels() -> None:
    """70,000 leaves: proofs across levels 0, 8 and 16."""
    leaves = some_leaves(70_000)
    source = Hashes(leaves, 4096)
    root = naive_root(leaves)
    assert sorted(source.levels) == [0, 8, 16]
    tiles = merkle.TileCache(source)
    for index in (0, 255, 256, 65_535, 65_536, 69_999):
        proof = merkle.inclusion_proof(source, index, len(leaves))
        assert merkle.inclusion_proof(tiles, index, len(leaves)) == proof
        assert offline.verify_inclusion(leaves[index], index, len(leaves), proof, root)
    for old in (1, 256, 65_536, 65_537, 69_999):
        proof = merkle.consistency_proof(source, old, len(leaves))
        assert merkle.consistency_proof(tiles, old, len(leaves)) == proof
        assert offline.verify_consistency(old, len(leaves), naive_root(leaves[:old]), root, proof)


def test_what_cannot_be_asked_for() -> None:
    source = Hashes(some_leaves(3))
    with pytest.raises(ValueError, match="no such leaf"):
        merkle.inclusion_proof(source, 3, 3)
    with pytest.raises(ValueError, match="only grows"):
        merkle.consistency_proof(source, 3, 2)
    with pytest.raises(ValueError, match="one bit"):
        offline.CompactRange(3, [b"x"])
    source.levels[0].pop()
    with pytest.raises(DomainError, match=r"audit\.tree_incomplete"):
        merkle.inclusion_proof(source, 0, 3)
