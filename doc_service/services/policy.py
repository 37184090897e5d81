"""Signing policy: settings that the use cases obey, chosen once in the composition root."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from doc_service.domain.signing_queue import QueuePatience
from signing.api import Level

AT_HAND = "key"
"""The way to sign of a key that needs no human between prepare and complete."""


@dataclass(frozen=True, slots=True)
class SigningPolicy:
    """``signature_level`` is reached by each signature, ``final_level`` by the finished document (DESIGN 5).

    ``lease``: the longest that one signer may hold the document between prepare and complete (DESIGN 6); ``leases``:
    shorter ones by way to sign. ``development``: signatures rest on a development PKI and say so on their face.
    ``sign_within``: the deadline of a document that was given none, from the opening of signing (None: no deadline).
    ``remind_again``: how long after a reminder somebody may be reminded again by hand.
    """

    signature_level: Level
    final_level: Level
    lease: timedelta
    development: bool
    leases: Mapping[str, timedelta] = field(default_factory=dict)
    queue: QueuePatience = field(default_factory=QueuePatience)
    sign_within: timedelta | None = None
    remind_again: timedelta = timedelta(minutes=30)

    def lease_of(self, way: str) -> timedelta:
        """How long a signer by ``way`` ("": not said) may hold the document."""
        return min(self.leases.get(way, self.lease), self.lease)
