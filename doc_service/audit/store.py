"""What the Merkle log asks of persistence: places, hashes and checkpoints, each call one transaction of its own.

Standard library only, so that an adapter can import it without the rest of the log. Positions (``seq``) count from 0
as leaf indexes do in RFC 9162 §2.1; hashes are raw SHA-256 digests of 32 bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

TILE_HEIGHT = 8
"""Subtree roots are kept for every eighth level only: 1/255 of a row an event, and a proof reads at most 256 hashes
for each eight levels."""


@dataclass(frozen=True, slots=True)
class PendingEvent:
    """A committed event that has no place yet. ``canonical``: RFC 8785 bytes as recorded with the change."""

    id: str
    canonical: bytes


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """A stored event with its place. ``leaf_hash`` is what was stored, not recomputed."""

    seq: int
    id: str
    canonical: bytes
    leaf_hash: bytes


@dataclass(frozen=True, slots=True)
class Placement:
    """The place that the sequencer gives to an event."""

    id: str
    seq: int
    leaf_hash: bytes


@dataclass(frozen=True, slots=True)
class TreeNode:
    """Root of a complete subtree: leaves ``index * 2**level`` up to ``(index + 1) * 2**level`` (exclusive).

    ``level`` is a positive multiple of ``TILE_HEIGHT``.
    """

    level: int
    index: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class LogHead:
    """The tree as it stands. ``frontier``: roots of the complete subtrees, widest first: as many as ``size`` has
    one bits."""

    size: int
    frontier: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckpointRecord:
    """A signed tree head. ``document``: the signed file's bytes as they lie in the archive under ``key``;
    ``sha256``: hex digest of them. ``timestamp``: DER TimeStampResp (RFC 3161) over that digest, stored in the archive
    under ``timestamp_key``; both None while the time stamp is pending."""

    size: int
    root: bytes
    at: datetime
    sha256: str
    document: bytes
    key: str
    timestamp: bytes | None = None
    timestamp_key: str | None = None


class LogStore(Protocol):
    """Persistence of the log. Nothing here is ever updated but: an event's place, once; the head; a checkpoint's
    time stamp, once."""

    def head(self) -> LogHead:
        """``LogHead(0, ())`` for an empty log."""
        ...

    def backlog(self) -> int:
        """How many committed events have no place yet."""
        ...

    def unsequenced(self, limit: int) -> Sequence[PendingEvent]:
        """The oldest events without a place, in the order of recording, at most ``limit``."""
        ...

    def assign(
        self,
        expected_size: int,
        placements: Sequence[Placement],
        nodes: Sequence[TreeNode],
        head: LogHead,
    ) -> bool:
        """Gives the places, stores ``nodes`` and replaces the head, all or nothing.

        The single-sequencer guard: the head is replaced by a conditional update ``… WHERE size = expected_size``.
        Returns False and changes nothing when the size is another one by now, or when any of the events already has
        a place; so of two sequencers that read the same head only one wins.
        """
        ...

    def events(self, first: int, limit: int) -> Sequence[LoggedEvent]:
        """Events with ``seq >= first`` in order of ``seq``, at most ``limit``; gaps are simply not there, and rows
        beyond the head's size are returned too: the verifier must see what is really stored."""
        ...

    def of_subject(self, subject_type: str, subject_id: str) -> Sequence[LoggedEvent]:
        """Events about one subject that have a place, in order of ``seq``."""
        ...

    def hashes(self, level: int, first: int, last: int) -> Sequence[bytes]:
        """Hashes with index ``first <= index < last`` of one level, in order: level 0 are the events' leaf hashes,
        other levels the stored ``TreeNode``s. Fewer when some are missing."""
        ...

    def add_checkpoint(self, checkpoint: CheckpointRecord) -> bool:
        """False, and nothing stored, when there is one of this ``size`` already."""
        ...

    def checkpoints(self) -> Sequence[CheckpointRecord]:
        """All, ordered by ``size``."""
        ...

    def last_checkpoint(self) -> CheckpointRecord | None: ...

    def unstamped(self) -> Sequence[CheckpointRecord]:
        """Checkpoints without a time stamp, ordered by ``size``; reads no others."""
        ...

    def set_timestamp(self, sha256: str, timestamp: bytes, timestamp_key: str) -> bool:
        """Adds the time stamp to the checkpoint with this digest; False when it has one already or is unknown."""
        ...
