"""Who may do what in the archive's bucket: least privilege, by role. Pure; ``deploy/s3`` holds them as files.

The service runs as ``writer``. Deleting needs another role, which only ``archive sweep`` is given. Nobody may bypass
retention, change the bucket, or write names that the store does not give (``storage.s3.location.END``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from storage.s3.location import END, S3Location

Policy = dict[str, Any]

_LOOK = (
    "s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketLocation", "s3:GetBucketVersioning",
    "s3:GetBucketObjectLockConfiguration",
)  # fmt: skip
_READ = ("s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectRetention", "s3:GetObjectLegalHold")
_WRITE = (
    "s3:PutObject", "s3:PutObjectRetention", "s3:PutObjectLegalHold", "s3:AbortMultipartUpload",
    "s3:ListMultipartUploadParts",
)  # fmt: skip
_DELETE = ("s3:DeleteObject", "s3:DeleteObjectVersion")
_NEVER = ("s3:BypassGovernanceRetention",)
_NEVER_BUCKET = (
    "s3:DeleteBucket", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy", "s3:PutBucketVersioning",
    "s3:PutBucketObjectLockConfiguration", "s3:PutLifecycleConfiguration",
)  # fmt: skip

ROLES: Mapping[str, str] = {
    "writer": "The service: stores, reads, lengthens retention, sets and lifts legal holds.",
    "reserve-writer": "The service in the reserve centre's bucket: the same, there.",
    "sweeper": "Removes what no document refers to; the server refuses what is retained or held.",
    "auditor": "Reads everything, changes nothing.",
}


def policy(role: str, location: S3Location) -> Policy:
    """Of one role, as AWS, MinIO and others write it for a user. ``KeyError`` for no role of ours."""
    return {"Version": "2012-10-17", "Statement": _statements(role, location)}


def bucket_policy(principals: Mapping[str, str], location: S3Location) -> Policy:
    """Of the bucket, for servers that have no policies of users (Ceph): ``principals`` maps roles to ARNs, such as
    ``arn:aws:iam:::user/<name>``."""
    statements: list[dict[str, Any]] = []
    for role, arn in principals.items():
        statements += [{**s, "Principal": {"AWS": [arn]}} for s in _statements(role, location)]
    return {"Version": "2012-10-17", "Statement": statements}


def _statements(role: str, location: S3Location) -> list[dict[str, Any]]:
    bucket = f"arn:aws:s3:::{location.bucket}"
    objects = f"{bucket}/{location.beginning('')}*{END}"
    uploads = ("s3:ListBucketMultipartUploads",)
    may = {
        "writer": ((*_LOOK, *uploads), (*_READ, *_WRITE)),
        "reserve-writer": ((*_LOOK, *uploads), (*_READ, *_WRITE)),
        "sweeper": ((*_LOOK, *uploads), (*_READ, *_DELETE, "s3:AbortMultipartUpload")),
        "auditor": ((*_LOOK, "s3:GetBucketPolicy", "s3:GetLifecycleConfiguration"), _READ),
    }
    of_bucket, of_objects = may[role]
    never = () if role == "sweeper" else _DELETE
    return [
        _statement("Allow", of_bucket, bucket),
        _statement("Allow", of_objects, objects),
        _statement("Deny", (*_NEVER, *never), f"{bucket}/*"),
        _statement("Deny", _NEVER_BUCKET, bucket),
    ]


def _statement(effect: str, actions: Sequence[str], resource: str) -> dict[str, Any]:
    return {"Effect": effect, "Action": sorted(actions), "Resource": [resource]}
