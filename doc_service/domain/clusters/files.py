"""Papers of others, kept with a cluster or an accession: written once, known by their digest (003 §2, Əlavə 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from doc_service.domain.errors import DomainError

LARGEST = 20 * 1024 * 1024
"""Bytes of one file."""
PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
_SIGNS = {PDF: b"%PDF-", PNG: b"\x89PNG\r\n\x1a\n", JPEG: b"\xff\xd8\xff"}
MOST_NAME = 200
CLUSTER, ACCESSION = "cluster", "accession"
PREFIXES = (f"{ACCESSION}-files/", f"{CLUSTER}-files/")
"""Under which the files of each kind of owner lie in the archive."""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """``owner``: "cluster" or "accession", and whose; ``item``: what it is (of the stage table, or the number of an
    enclosure). A file that replaces another stands beside it: the newest counts."""

    id: str
    owner: str
    owner_id: str
    item: str
    name: str
    media_type: str
    size: int
    sha256: str
    key: str
    added_at: datetime
    added_by: str


def file_key(owner: str, file_id: str, sha256: str) -> str:
    """Where a file lies in the archive."""
    return f"{owner}-files/{file_id}/{sha256}"


def id_of(key: str) -> str:
    """The file's id in its key."""
    return key.partition("/")[2].partition("/")[0]


def media_type_of(content: bytes) -> str:
    """By its first bytes, whatever its name says. Raises ``DomainError`` "file.bad_type" for anything but PDF, PNG and
    JPEG, "file.empty", "file.too_large"."""
    if not content:
        raise DomainError("file.empty", "content")
    if len(content) > LARGEST:
        raise DomainError("file.too_large", "content", limit=LARGEST)
    for media_type, sign in _SIGNS.items():
        if content.startswith(sign):
            return media_type
    raise DomainError("file.bad_type", "content")


def checked_name(name: str) -> str:
    """A file name without path or control characters. Raises ``DomainError`` "file.bad_name"."""
    plain = name.strip()
    if not plain or len(plain) > MOST_NAME or any(c in plain for c in "/\\") or not plain.isprintable():
        raise DomainError("file.bad_name", "name")
    return plain
