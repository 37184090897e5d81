"""Length-prefixed frames between the service and an office host.

A frame is two 4-byte big-endian lengths, a JSON header and a binary body. The prefix carries both lengths, so that a
reader never has to guess and a dead peer is noticed as a short read, never as a truncated document.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any

PREFIX = struct.Struct(">II")
MAX_HEADER = 1 << 20
MAX_BODY = 1 << 29


class FrameError(Exception):
    """The peer closed the stream or sent lengths beyond the limits."""


def encode(header: Mapping[str, Any], body: bytes = b"") -> bytes:
    """The frame for ``header`` (JSON values only) and ``body``."""
    head = json.dumps(header).encode()
    return PREFIX.pack(len(head), len(body)) + head + body


def lengths(prefix: bytes) -> tuple[int, int]:
    """Header and body length in bytes; raises ``FrameError`` beyond the limits (1 MiB, 512 MiB)."""
    head, body = PREFIX.unpack(prefix)
    if head > MAX_HEADER or body > MAX_BODY:
        raise FrameError(f"frame of {head} + {body} bytes refused")
    return head, body


def decode_header(raw: bytes) -> dict[str, Any]:
    """The header as a dictionary; raises ``FrameError`` when it is not one."""
    try:
        header = json.loads(raw)
    except ValueError as error:
        raise FrameError("frame header is not JSON") from error
    if not isinstance(header, dict):
        raise FrameError("frame header is not an object")
    return header
