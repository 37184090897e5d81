"""The archive's bucket as code: made with object lock and versioning, its life-cycle rules and policies applied. Safe
to repeat."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import urllib3
from minio import Minio
from minio.commonconfig import ENABLED, Filter
from minio.credentials.providers import StaticProvider
from minio.error import MinioAdminException, MinioException, S3Error
from minio.lifecycleconfig import (
    AbortIncompleteMultipartUpload,
    Expiration,
    LifecycleConfig,
    NoncurrentVersionExpiration,
    Rule,
)
from minio.minioadmin import MinioAdmin
from minio.versioningconfig import VersioningConfig
from urllib3.exceptions import HTTPError

from storage.api import StorageError
from storage.s3.answers import unavailable
from storage.s3.location import Access, S3Location
from storage.s3.policies import ROLES, bucket_policy, policy
from storage.s3.probe import SCRATCH
from storage.s3.wire import pool_maker

_STARTING = urllib3.Retry(
    8, backoff_factor=0.2, status_forcelist=(500, 502, 503, 504), allowed_methods=None, raise_on_status=False
)
"""A server that has just been started says 503 for a while; every step is safe to repeat."""

_PROBES = "storage-check"
_UNKNOWN_RULE = ("InvalidArgument", "InvalidRequest", "MalformedXML", "NotImplemented")


@dataclass(frozen=True, slots=True)
class Step:
    """``outcome``: "made", "there", or why not."""

    name: str
    outcome: str


class BucketSetup:
    """``admin``: credentials that own the server or at least the bucket; the service never needs them."""

    def __init__(
        self, location: S3Location, admin: Access, *, new_pool: Callable[[], urllib3.PoolManager] | None = None
    ) -> None:
        parts = urlsplit(location.endpoint)
        self._location = location
        self._pool = (new_pool or pool_maker())()
        self._pool.connection_pool_kw["retries"] = _STARTING
        secure = parts.scheme == "https"
        self._s3 = Minio(
            endpoint=parts.netloc, access_key=admin.key, secret_key=admin.secret, secure=secure,
            region=location.region, http_client=self._pool,
        )  # fmt: skip
        self._admin = MinioAdmin(
            endpoint=parts.netloc, credentials=StaticProvider(admin.key, admin.secret), secure=secure,
            region=location.region, http_client=self._pool,
        )  # fmt: skip

    def apply(self, users: Mapping[str, Access], principals: Mapping[str, str]) -> list[Step]:
        """``users``: by role, to be made on MinIO with the role's policy. ``principals``: by role, ARNs of users that
        exist, for the bucket policy of servers without MinIO's administration interface.

        Raises ``storage.no_object_lock`` (bucket) when the bucket is there without it (it cannot be added),
        ``storage.unknown_role`` (role), ``storage.policies_not_applied`` (reason) when users are wanted of a server
        that makes none, ``storage.denied``, ``storage.unavailable``."""
        for role in (*users, *principals):
            if role not in ROLES:
                raise StorageError("storage.unknown_role", role=role)
        with _errors():
            steps = [self._bucket(), self._object_lock(), self._versioning(), self._lifecycle()]
            if principals:
                steps.append(self._bucket_policy(principals))
            return [*steps, *self._policies(users)]

    def _bucket(self) -> Step:
        name = self._location.bucket
        if self._s3.bucket_exists(bucket_name=name):
            return Step("bucket", "there")
        self._s3.make_bucket(bucket_name=name, location=self._location.region, object_lock=True)
        return Step("bucket", "made")

    def _object_lock(self) -> Step:
        try:
            self._s3.get_object_lock_config(bucket_name=self._location.bucket)
        except S3Error as error:
            if error.code != "ObjectLockConfigurationNotFoundError":
                raise
            raise StorageError("storage.no_object_lock", bucket=self._location.bucket) from error
        return Step("object lock", "there")

    def _versioning(self) -> Step:
        name = self._location.bucket
        if self._s3.get_bucket_versioning(bucket_name=name).status == ENABLED:
            return Step("versioning", "there")
        self._s3.set_bucket_versioning(bucket_name=name, config=VersioningConfig(ENABLED))
        return Step("versioning", "made")

    def _lifecycle(self) -> Step:
        """Removes remains of ``storage check`` and of uploads; MinIO knows no rule for uploads, it does that itself.
        Rules of others stay."""
        name = self._location.bucket
        present = self._s3.get_bucket_lifecycle(bucket_name=name)
        rules = list(present.rules) if present else []
        if any(rule.rule_id == _PROBES for rule in rules):
            return Step("life cycle", "there")
        for ours in (self._rules(uploads=True), self._rules(uploads=False)):
            try:
                self._s3.set_bucket_lifecycle(bucket_name=name, config=LifecycleConfig([*rules, *ours]))
            except S3Error as error:
                if len(ours) > 1 and error.code in _UNKNOWN_RULE:
                    continue
                raise
            return Step("life cycle", "made" if len(ours) > 1 else "made (unfinished uploads: the server's own rule)")
        raise AssertionError

    def _rules(self, *, uploads: bool) -> list[Rule]:
        scratch = Filter(prefix=self._location.beginning(SCRATCH + "/"))
        everything = Filter(prefix=self._location.beginning(""))
        probes = Rule(
            ENABLED, rule_filter=scratch, rule_id=_PROBES, expiration=Expiration(days=1),
            noncurrent_version_expiration=NoncurrentVersionExpiration(noncurrent_days=1),
        )  # fmt: skip
        parts = Rule(
            ENABLED, rule_filter=everything, rule_id="unfinished-uploads",
            abort_incomplete_multipart_upload=AbortIncompleteMultipartUpload(days_after_initiation=2),
        )  # fmt: skip
        return [probes, parts] if uploads else [probes]

    def _bucket_policy(self, principals: Mapping[str, str]) -> Step:
        wanted = bucket_policy(principals, self._location)
        name = self._location.bucket
        try:
            present: Any = json.loads(self._s3.get_bucket_policy(bucket_name=name))
        except S3Error as error:
            if error.code != "NoSuchBucketPolicy":
                raise
            present = None
        if _meaning(present) == _meaning(wanted):
            return Step("bucket policy", "there")
        self._s3.set_bucket_policy(bucket_name=name, policy=json.dumps(wanted))
        return Step("bucket policy", "made")

    def _policies(self, users: Mapping[str, Access]) -> Iterator[Step]:
        """MinIO's own: one policy a role, and its users. A server without that interface gets none."""
        try:
            present = json.loads(self._admin.policy_list())
        except (MinioAdminException, MinioException, ValueError, HTTPError) as error:
            if users:
                raise StorageError("storage.policies_not_applied", reason=_reason(error)) from error
            yield Step("policies", "not applied: this server has none of users")
            return
        for role in ROLES:
            name = policy_name(role, self._location)
            wanted = policy(role, self._location)
            there = _meaning(present.get(name)) == _meaning(wanted)
            if not there:
                self._admin.policy_add(policy_name=name, policy=wanted)
            yield Step(f"policy {name}", "there" if there else "made")
        known = json.loads(self._admin.user_list())
        for role, access in users.items():
            yield self._user(role, access, known)

    def _user(self, role: str, access: Access, known: Mapping[str, Any]) -> Step:
        name = policy_name(role, self._location)
        attached = str(known.get(access.key, {}).get("policyName", "")).split(",")
        if name in attached:
            return Step(f"user {access.key}", "there")
        if access.key not in known:
            self._admin.user_add(access_key=access.key, secret_key=access.secret)
        self._admin.attach_policy(policies=[name], user=access.key)
        return Step(f"user {access.key}", "made")


def policy_name(role: str, location: S3Location) -> str:
    """Of the policy on MinIO, whose policies are the server's and not the bucket's."""
    return "-".join(["doc-service", location.bucket, *location.prefix.replace("/", "-").split(), role])


def _meaning(document: Any) -> set[tuple[str, ...]]:
    """What a policy says, without the order and spelling that a server gives it back in."""
    statements = document.get("Statement", []) if isinstance(document, dict) else []
    return {
        (str(s.get("Effect")), *sorted(_words(s.get("Action"))), *sorted(_words(s.get("Resource"))),
         json.dumps(s.get("Principal"), sort_keys=True))
        for s in statements
    }  # fmt: skip


def _words(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [str(word) for word in value or ()]


@contextmanager
def _errors() -> Iterator[None]:
    try:
        yield
    except S3Error as error:
        if error.code in ("AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"):
            raise StorageError("storage.denied", key="", reason=error.code) from error
        raise unavailable(f"{error.code}") from error
    except (MinioAdminException, MinioException, HTTPError, OSError) as error:
        raise unavailable(_reason(error)) from error


def _reason(error: Exception) -> str:
    return type(error).__name__
