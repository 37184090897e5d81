"""Names of stored objects: which keys are allowed, and the keys of what the archive keeps.

Pure functions. A key that carries content ends in the content's SHA-256, so that a name can never come to stand for
other bytes, and an auditor can check an object against its own name.
"""

from __future__ import annotations

import re
import unicodedata

from storage.api import StorageError

MAX_KEY_BYTES = 900
"""In UTF-8; S3 allows 1024, the rest is left to adapters for their own suffixes."""

MAX_SEGMENT_BYTES = 200
"""In UTF-8; file systems allow 255 bytes a name."""

PROOFS = "storage-check"
"""Under it lies what trying a store leaves behind (``storage check``, every start in production): no originals."""

_SEGMENT = re.compile(r"[\w+=@][\w.+=@-]*")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def check_key(key: str) -> str:
    """The key itself when it is allowed on every adapter; else ``storage.bad_key``.

    Allowed: segments of letters and digits of any script (NFC) and ``_ . + = @ -``, joined by single slashes; a
    segment does not start with a dot or hyphen, nor end with a dot. So ``..`` and absolute paths cannot be said.
    """
    segments = key.split("/")
    if (
        not all(_SEGMENT.fullmatch(s) and not s.endswith(".") for s in segments)
        or not unicodedata.is_normalized("NFC", key)
        or len(key.encode("utf-8", "surrogatepass")) > MAX_KEY_BYTES
        or any(len(s.encode("utf-8", "surrogatepass")) > MAX_SEGMENT_BYTES for s in segments)
    ):
        raise StorageError("storage.bad_key", key=ascii(key)[1:-1][:120])
    return key


def is_key(name: str) -> bool:
    """Whether ``check_key`` lets it through."""
    try:
        check_key(name)
    except StorageError:
        return False
    return True


def begins_keys(prefix: str) -> bool:
    """Whether an allowed key can start with ``prefix``; servers refuse some of the others instead of finding none."""
    *whole, last = prefix.split("/")
    return (not last or _SEGMENT.fullmatch(last) is not None) and (not whole or is_key("/".join(whole)))


def check_sha256(sha256: str) -> str:
    """The digest itself when it is 64 lower-case hexadecimal digits; else ``storage.bad_digest``."""
    if not _SHA256.fullmatch(sha256):
        raise StorageError("storage.bad_digest", sha256=ascii(sha256)[1:-1][:80])
    return sha256


def revision_key(document_id: str, revision: int, sha256: str) -> str:
    """Where revision ``revision`` (from 0) of a document's PDF lies; keys of one document sort by revision."""
    return _content_key(f"documents/{document_id}/revisions/{revision:05d}", sha256)


def attachment_key(document_id: str, kind: str, sha256: str) -> str:
    """Where something that belongs to a document lies, e.g. ``kind`` "docx", "evidence"."""
    return _content_key(f"documents/{document_id}/{kind}", sha256)


def document_prefix(document_id: str) -> str:
    """Prefix of everything kept for one document."""
    return check_key(f"documents/{document_id}") + "/"


def digest_of(key: str) -> str:
    """The SHA-256 that a content key ends in; ``storage.bad_digest`` when it does not."""
    return check_sha256(check_key(key).rsplit("/", 1)[-1])


def _content_key(prefix: str, sha256: str) -> str:
    return check_key(f"{prefix}/{check_sha256(sha256)}")
