"""Where an S3 store is, and who opens it: values only, no connection."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import SplitResult, parse_qsl, urlsplit

from storage.api import StorageError
from storage.keys import check_key

END = "!"
"""Ends every object's name, and is in no key. MinIO does not list ``a/b`` when there is an object ``a``: with this, no
name is the folder of another, and the writer's policy (names that end so) keeps anybody from making one. It sorts
before every character of a key, so that names have the order of their keys."""

MAX_PREFIX_BYTES = 1024 - 900 - 2
"""S3 allows names of 1024 bytes; 900 are promised to callers (``storage.keys``), the rest are slash and end."""

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_SCHEMES = {"s3+https": "https", "s3+http": "http"}


@dataclass(frozen=True, slots=True)
class S3Location:
    """A bucket, and within it the part of the name space that is ours. ``endpoint`` is scheme, host and port."""

    endpoint: str
    bucket: str
    prefix: str = ""
    region: str = "us-east-1"

    @classmethod
    def parse(cls, url: str) -> Self:
        """``s3+https://host[:port]/bucket[/prefix][?region=…]``; plain ``s3+http`` is for loopback and tests: whoever
        reads the wire reads the documents.

        Raises ``storage.bad_url`` (url, reason); secrets do not belong into a URL and are refused, not shown."""
        parts = urlsplit(url)
        shown = url.split("@")[-1]
        if parts.scheme not in _SCHEMES or not parts.hostname or not _has_port(parts):
            raise StorageError("storage.bad_url", url=shown, reason="s3+https://host[:port]/bucket[/prefix]")
        if "@" in parts.netloc:
            raise StorageError("storage.bad_url", url=shown, reason="user@")
        bucket, _, prefix = parts.path.strip("/").partition("/")
        options = dict(parse_qsl(parts.query))
        if not _BUCKET.fullmatch(bucket) or parts.fragment or set(options) - {"region"}:
            raise StorageError("storage.bad_url", url=shown, reason="bucket, ?region=")
        if prefix and len(check_key(prefix).encode()) > MAX_PREFIX_BYTES:
            raise StorageError("storage.bad_url", url=shown, reason=f"prefix > {MAX_PREFIX_BYTES}")
        endpoint = f"{_SCHEMES[parts.scheme]}://{parts.netloc}"
        return cls(endpoint, bucket, prefix, options.get("region", "us-east-1"))

    @property
    def url(self) -> str:
        """As ``parse`` reads it."""
        path = "/".join(filter(None, (self.bucket, self.prefix)))
        return f"s3+{self.endpoint}/{path}?region={self.region}"

    def object_name(self, key: str) -> str:
        """The key's name in the bucket."""
        return self.beginning(key) + END

    def beginning(self, prefix: str) -> str:
        """With which the names of all keys under ``prefix`` begin."""
        return f"{self.prefix}/{prefix}" if self.prefix else prefix

    def key_of(self, name: str) -> str:
        """The key of an object under the prefix; "" when the name is none that we give."""
        return name[len(self.beginning("")) : -len(END)] if name.endswith(END) else ""


@dataclass(frozen=True, slots=True)
class Access:
    """Credentials of one role. The secret is never shown."""

    key: str
    secret: str = field(repr=False)


def _has_port(parts: SplitResult) -> bool:
    try:
        return parts.port is None or parts.port > 0
    except ValueError:
        return False
