"""Growing the tree and making proofs (RFC 9162 §2.1); hashing and checking live in the offline verifier, so that the
service and the auditor run the same code.

Subtree roots are stored for every eighth level only (``store.TILE_HEIGHT``); whatever lies between is recomputed from
at most 256 stored hashes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from doc_service.audit.offline.verify_audit import CompactRange, join_roots, node_hash
from doc_service.audit.store import TILE_HEIGHT, LogHead, TreeNode
from doc_service.domain.errors import DomainError


class HashSource(Protocol):
    """Where stored hashes come from (``LogStore``)."""

    def hashes(self, level: int, first: int, last: int) -> Sequence[bytes]: ...


class TileCache:
    """Reads whole tiles of 256 hashes, each once: for several proofs over a log as it stands now."""

    def __init__(self, source: HashSource) -> None:
        self._source = source
        self._tiles: dict[tuple[int, int], Sequence[bytes]] = {}

    def hashes(self, level: int, first: int, last: int) -> Sequence[bytes]:
        """Within one tile, as every request of a proof is."""
        tile = first >> TILE_HEIGHT
        start = tile << TILE_HEIGHT
        if (level, tile) not in self._tiles:
            self._tiles[level, tile] = self._source.hashes(level, start, start + (1 << TILE_HEIGHT))
        return self._tiles[level, tile][first - start : last - start]


def grow(head: LogHead, leaves: Sequence[bytes]) -> tuple[LogHead, list[TreeNode]]:
    """The head after adding leaf hashes, and the subtree roots to store."""
    tree = CompactRange(head.size, head.frontier)
    nodes = [
        TreeNode(level, index, root)
        for leaf in leaves
        for level, index, root in tree.append(leaf)
        if level % TILE_HEIGHT == 0
    ]
    return LogHead(tree.size, tuple(tree.roots)), nodes


def tile_roots(hashes: Sequence[bytes]) -> list[bytes]:
    """Roots of the complete runs of 256: the next stored level over a whole level."""
    width = 1 << TILE_HEIGHT
    return [_fold(hashes[at : at + width]) for at in range(0, len(hashes) - width + 1, width)]


def inclusion_proof(source: HashSource, index: int, size: int) -> list[bytes]:
    """PATH(index, D[size]) of RFC 9162 §2.1.3.1. Raises ``ValueError`` unless ``0 <= index < size``, ``DomainError``
    "audit.tree_incomplete" when stored hashes are missing."""
    if not 0 <= index < size:
        raise ValueError("no such leaf")
    proof: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            proof.append(subtree_root(source, middle, high))
            high = middle
        else:
            proof.append(subtree_root(source, low, middle))
            low = middle
    return proof[::-1]


def consistency_proof(source: HashSource, old_size: int, new_size: int) -> list[bytes]:
    """PROOF(old_size, D[new_size]) of RFC 9162 §2.1.4.1; empty for ``old_size`` 0 or equal sizes."""
    if not 0 <= old_size <= new_size:
        raise ValueError("a log only grows")
    if old_size in (0, new_size):
        return []
    proof: list[bytes] = []
    low, high = 0, new_size
    while high != old_size:
        middle = low + _split(high - low)
        if old_size <= middle:
            proof.append(subtree_root(source, middle, high))
            high = middle
        else:
            proof.append(subtree_root(source, low, middle))
            low = middle
    if low:
        proof.append(subtree_root(source, low, high))
    return proof[::-1]


def subtree_root(source: HashSource, low: int, high: int) -> bytes:
    """Root over leaves ``low <= index < high``, where ``low`` is a multiple of the smallest power of two that is not
    below ``high - low`` (as for every subtree of RFC 9162)."""
    roots = []
    while low < high:
        level = (high - low).bit_length() - 1
        roots.append(_complete_root(source, level, low >> level))
        low += 1 << level
    return join_roots(roots)


def _complete_root(source: HashSource, level: int, index: int) -> bytes:
    above = level % TILE_HEIGHT
    first, last = index << above, (index + 1) << above
    hashes = source.hashes(level - above, first, last)
    if len(hashes) != last - first:
        raise DomainError("audit.tree_incomplete", "", level=level - above, first=first, last=last - 1)
    return _fold(hashes)


def _fold(hashes: Sequence[bytes]) -> bytes:
    while len(hashes) > 1:
        hashes = [node_hash(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
    return hashes[0]


def _split(count: int) -> int:
    """The largest power of two below ``count``."""
    return 1 << (count - 1).bit_length() - 1
