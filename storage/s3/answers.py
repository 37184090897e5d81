"""What S3 servers say, understood: refusals, dates of every precision, XML with or without a name space. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

from storage.api import StorageError

_FRACTION = re.compile(r"\.(\d+)")
_FULL = frozenset(
    {"XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "QuotaExceeded", "InsufficientStorage", "StorageFull"}
)
_ABSENT = frozenset({"NoSuchKey", "NoSuchVersion", "NoSuchObjectLockConfiguration"})
_SKEWED = frozenset({"RequestTimeTooSkewed"})
_BY_STATUS = {403: "AccessDenied", 404: "NoSuchKey", 405: "MethodNotAllowed", 412: "PreconditionFailed"}


class RefusedError(Exception):
    """An answer of status 300 or more. ``code`` is the server's own; a HEAD has none, and gets the usual one for its
    status. ``server_time`` is the answer's Date."""

    def __init__(self, status: int, code: str, message: str = "", server_time: datetime | None = None) -> None:
        self.status = status
        self.code = code
        self.message = message
        self.server_time = server_time
        super().__init__(f"{status} {code} {message}".strip())

    @property
    def full(self) -> bool:
        """MinIO hides what the kernel says (ENOSPC, EFBIG) in the text of an internal error, until it knows itself."""
        said = ("no space left on device", "file too large", "disk quota exceeded")
        return self.code in _FULL or self.status == 507 or any(words in self.message for words in said)

    def as_error(self, key: str = "") -> StorageError:
        """As the contract names it (``storage.api``)."""
        if self.full:
            return StorageError("storage.no_space", key=key)
        if self.code in _ABSENT:
            return StorageError("storage.not_found", key=key)
        if self.code in _SKEWED:
            return StorageError("storage.clock_skew", server=str(self.server_time or "?"))
        if self.status in (401, 403):
            return StorageError("storage.denied", key=key, reason=self.code)
        return unavailable(f"{self.status} {self.code}")


def unavailable(reason: str) -> StorageError:
    return StorageError("storage.unavailable", reason=reason)


def read_refusal(status: int, headers: Mapping[str, str], body: bytes) -> RefusedError:
    """A body that is no S3 error is a proxy's, and its status speaks for it."""
    code, message = _BY_STATUS.get(status, f"HTTP{status}"), ""
    if body:
        try:
            tree = ElementTree.fromstring(body)  # noqa: S314
        except ElementTree.ParseError:
            pass
        else:
            code, message = text(tree, "Code") or code, text(tree, "Message")
    return RefusedError(status, code, message, http_date(headers.get("Date")))


def parse(body: bytes, *roots: str) -> ElementTree.Element:
    """An XML answer with one of the root elements; ``storage.unavailable`` for anything else: some proxy answered, and
    its page must not be taken for an empty listing. The parser (expat 2.4.1 or later) limits entity expansion, and no
    external entity is read."""
    try:
        tree = ElementTree.fromstring(body)  # noqa: S314
    except ElementTree.ParseError as error:
        raise unavailable("no S3 answer") from error
    if tree.tag.rpartition("}")[2] not in roots:
        raise unavailable("no S3 answer")
    return tree


def children(element: ElementTree.Element, *names: str) -> Iterator[tuple[str, ElementTree.Element]]:
    """Direct children with one of the local names, in document order; servers differ in the name space they use."""
    for child in element:
        name = child.tag.rpartition("}")[2]
        if name in names:
            yield name, child


def text(element: ElementTree.Element, name: str) -> str:
    """Of the first such child; "" when there is none."""
    for _, child in children(element, name):
        return child.text or ""
    return ""


def moment(value: str | None) -> datetime | None:
    """ISO 8601 with any number of fraction digits (Ceph writes nine), in UTC; None for nothing."""
    if not value:
        return None
    cut = _FRACTION.sub(lambda m: "." + m[1][:6].ljust(6, "0"), value.replace("Z", "+00:00"))
    return datetime.fromisoformat(cut).astimezone(UTC)


def http_date(value: str | None) -> datetime | None:
    """RFC 9110 date of a header, in UTC."""
    return parsedate_to_datetime(value).astimezone(UTC) if value else None


def whole_seconds(until: datetime) -> datetime:
    """Rounded up: servers keep retention in seconds, and a period may be lengthened but not shortened."""
    exact = until.astimezone(UTC)
    return exact if exact.microsecond == 0 else exact.replace(microsecond=0) + timedelta(seconds=1)


def stamp(moment: datetime) -> str:
    """As S3 wants it in XML and headers."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def header(headers: Mapping[str, str], name: str) -> str:
    return headers.get(name) or ""
