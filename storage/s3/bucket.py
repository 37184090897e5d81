"""S3 operations on one bucket, as plain S3 has them; what they mean for the contract is decided in ``store``."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote
from xml.sax.saxutils import escape

import urllib3

from storage.api import ObjectInfo, StorageError
from storage.s3.answers import RefusedError, children, header, http_date, moment, parse, stamp, text, unavailable
from storage.s3.location import S3Location
from storage.s3.wire import Request, Wire

DIGEST = "x-amz-meta-sha256"
"""User metadata that holds the SHA-256 of the whole object: a multipart ETag or checksum is not one."""

_XMLNS = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
_ONLY_IF_NEW = {"If-None-Match": "*"}


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a listing of versions; ``marker``: a delete marker, which hides a key but removes nothing."""

    name: str
    version: str
    marker: bool


@dataclass(frozen=True, slots=True)
class Head:
    """What the server records of one version. ``sha256`` is "" when whoever stored it did not say; ``retain_until`` is
    given for COMPLIANCE mode only, the end of any lock is ``locked_until``."""

    info: ObjectInfo
    mode: str
    locked_until: datetime | None
    server_time: datetime | None


@dataclass(frozen=True, slots=True)
class Upload:
    """A multipart upload that nobody has completed."""

    name: str
    id: str
    started: datetime | None


class Bucket:
    """``encryption``: "", "AES256" or "aws:kms:<key id>" (server-side)."""

    def __init__(self, wire: Wire, location: S3Location, encryption: str = "") -> None:
        self._wire = wire
        self._location = location
        self._encryption = _encryption_headers(encryption)

    def put(self, key: str, body: bytes, sha256: str, until: datetime | None, *, new: bool = True) -> str:
        """Stores a version, sent with its SHA-256 twice: signed as payload (every server checks it) and as checksum
        (kept with the object by those that know it). ``new``: only if the key has no current object, where the server
        knows conditional writes. Gives the version."""
        checksum = base64.b64encode(bytes.fromhex(sha256)).decode()
        headers = {
            **self._headers(sha256, until), **_md5(body), "x-amz-checksum-sha256": checksum,
            **(_ONLY_IF_NEW if new else {}),
        }  # fmt: skip
        answer = self._wire.call(Request("PUT", self._name(key), {}, headers, body, sha256))
        return header(answer.headers, "x-amz-version-id")

    def head(self, key: str, version: str) -> Head:
        answer = self._wire.call(Request("HEAD", self._name(key), {"versionId": version}))
        return _head(key, version, answer.headers, header(answer.headers, "Content-Length"))

    def get(
        self, key: str, version: str, start: int = 0, size: int = 0
    ) -> AbstractContextManager[tuple[urllib3.BaseHTTPResponse, float]]:
        """The bytes from ``start`` on, unread; ``size``: how many are expected, for the time limit."""
        headers = {"Range": f"bytes={start}-"} if start else {}
        return self._wire.open(Request("GET", self._name(key), {"versionId": version}, headers, size=size))

    def delete(self, key: str, version: str = "", *, headers: Mapping[str, str] | None = None) -> None:
        """One version; without one, S3 writes a delete marker instead."""
        query = {"versionId": version} if version else {}
        self._wire.call(Request("DELETE", self._name(key), query, headers or {}))

    def retain(self, key: str, version: str, until: datetime, mode: str = "COMPLIANCE") -> None:
        body = f"<Retention {_XMLNS}><Mode>{mode}</Mode><RetainUntilDate>{stamp(until)}</RetainUntilDate></Retention>"
        self.configure(key, {"retention": "", "versionId": version}, body)

    def hold(self, key: str, version: str, on: bool) -> None:
        status = "ON" if on else "OFF"
        body = f"<LegalHold {_XMLNS}><Status>{status}</Status></LegalHold>"
        self.configure(key, {"legal-hold": "", "versionId": version}, body)

    def configure(self, key: str, query: Mapping[str, str], body: str) -> None:
        """A sub-resource of an object, or of the bucket for key ""."""
        raw = body.encode()
        self._wire.call(Request("PUT", self._name(key) if key else "", query, _md5(raw), raw))

    def versions(self, key: str) -> list[Listed]:
        """Of exactly this key, newest first, delete markers among them."""
        name = self._name(key)
        return [listed for listed in self._listing(name) if listed.name == name]

    def listing(self, prefix: str) -> Iterator[Listed]:
        """Of all keys under ``prefix``: ordered by key (UTF-8), newest version first. Names are keys, "" for what
        is not ours."""
        for listed in self._listing(self._location.beginning(prefix)):
            yield Listed(self._location.key_of(listed.name), listed.version, listed.marker)

    def server_time(self) -> datetime | None:
        """By the answer to a cheap request."""
        answer = self._wire.call(
            Request("GET", "", {"versions": "", "max-keys": "1", "prefix": self._location.beginning("")})
        )
        return http_date(answer.headers.get("Date"))

    def begin_upload(self, key: str, sha256: str, until: datetime | None) -> str:
        answer = self._wire.call(Request("POST", self._name(key), {"uploads": ""}, self._headers(sha256, until)))
        return _required(text(parse(answer.body, "InitiateMultipartUploadResult"), "UploadId"))

    def put_part(self, key: str, upload: str, number: int, body: bytes) -> str:
        """Gives the part's ETag."""
        query = {"partNumber": str(number), "uploadId": upload}
        answer = self._wire.call(Request("PUT", self._name(key), query, _md5(body), body))
        return _required(header(answer.headers, "ETag"))

    def complete_upload(self, key: str, upload: str, etags: list[str]) -> None:
        """Servers answer 200 and put an error into the body when assembling fails late: that is a refusal, too."""
        parts = "".join(
            f"<Part><PartNumber>{n}</PartNumber><ETag>{escape(e)}</ETag></Part>" for n, e in enumerate(etags, 1)
        )
        body = f"<CompleteMultipartUpload {_XMLNS}>{parts}</CompleteMultipartUpload>".encode()
        answer = self._wire.call(Request("POST", self._name(key), {"uploadId": upload}, _ONLY_IF_NEW, body))
        tree = parse(answer.body, "CompleteMultipartUploadResult", "Error")
        if tree.tag.rpartition("}")[2] == "Error":
            raise RefusedError(500, text(tree, "Code"), text(tree, "Message"))

    def abort_upload(self, key: str, upload: str) -> None:
        self._wire.call(Request("DELETE", self._name(key), {"uploadId": upload}))

    def uploads(self, prefix: str = "") -> Iterator[Upload]:
        """Unfinished ones whose key starts with ``prefix``. MinIO lists those of an exact key only."""
        query = {"uploads": "", "prefix": self._location.beginning(prefix)}
        while True:
            tree = parse(self._wire.call(Request("GET", "", query)).body, "ListMultipartUploadsResult")
            for _, item in children(tree, "Upload"):
                name = self._location.key_of(text(item, "Key"))
                yield Upload(name, text(item, "UploadId"), moment(text(item, "Initiated")))
            if text(tree, "IsTruncated") != "true":
                return
            query["key-marker"] = text(tree, "NextKeyMarker")
            query["upload-id-marker"] = text(tree, "NextUploadIdMarker")

    def _listing(self, prefix: str) -> Iterator[Listed]:
        query = {"versions": "", "prefix": prefix, "encoding-type": "url", "max-keys": "1000"}
        while True:
            tree = parse(self._wire.call(Request("GET", "", query)).body, "ListVersionsResult")
            for kind, item in children(tree, "Version", "DeleteMarker"):
                yield Listed(unquote(text(item, "Key")), text(item, "VersionId"), kind == "DeleteMarker")
            if text(tree, "IsTruncated") != "true":
                return
            query["key-marker"] = unquote(text(tree, "NextKeyMarker"))
            query["version-id-marker"] = text(tree, "NextVersionIdMarker")

    def _headers(self, sha256: str, until: datetime | None) -> dict[str, str]:
        headers = {DIGEST: sha256, "Content-Type": "application/octet-stream", **self._encryption}
        if until is not None:
            headers["x-amz-object-lock-mode"] = "COMPLIANCE"
            headers["x-amz-object-lock-retain-until-date"] = stamp(until)
        return headers

    def _name(self, key: str) -> str:
        return self._location.object_name(key)


def _head(key: str, version: str, headers: Mapping[str, str], size: str) -> Head:
    mode = header(headers, "x-amz-object-lock-mode").upper()
    until = moment(header(headers, "x-amz-object-lock-retain-until-date"))
    stored = http_date(headers.get("Last-Modified")) or datetime.fromtimestamp(0, UTC)
    info = ObjectInfo(
        key=key, version=version, size=int(size or 0), sha256=header(headers, DIGEST), stored_at=stored,
        retain_until=until if mode == "COMPLIANCE" else None,
        legal_hold=header(headers, "x-amz-object-lock-legal-hold").upper() == "ON",
    )  # fmt: skip
    return Head(info, mode, until, http_date(headers.get("Date")))


def _encryption_headers(setting: str) -> dict[str, str]:
    """Of server-side encryption; ``storage.bad_url`` when the setting is none that S3 knows."""
    name = "x-amz-server-side-encryption"
    if not setting:
        return {}
    if setting == "AES256":
        return {name: "AES256"}
    if setting.startswith("aws:kms:") and len(setting) > len("aws:kms:"):
        return {name: "aws:kms", f"{name}-aws-kms-key-id": setting.removeprefix("aws:kms:")}
    raise StorageError("storage.bad_url", url=setting, reason="AES256 | aws:kms:<key id>")


def _md5(body: bytes) -> dict[str, str]:
    """S3 wants it with everything that touches object lock; it protects nothing here."""
    return {"Content-MD5": base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()}


def _required(value: str) -> str:
    if not value:
        raise unavailable("no S3 answer")
    return value
