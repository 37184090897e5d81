"""Signing policy: settings that the use cases obey, chosen once in the composition root."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from signing.api import Level


@dataclass(frozen=True, slots=True)
class SigningPolicy:
    """``signature_level`` is reached by each signature, ``final_level`` by the finished document (DESIGN 5).

    ``lease``: how long one signer may hold the document between prepare and complete (DESIGN 6).
    ``development``: signatures rest on a development PKI and say so on their face.
    """

    signature_level: Level
    final_level: Level
    lease: timedelta
    development: bool
