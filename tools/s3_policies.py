"""Writes ``deploy/s3/*.json``: the policies of ``storage.s3.policies`` for a bucket named "archive", for those who
apply them by other means than ``doc-service storage setup``."""

from __future__ import annotations

import json
from pathlib import Path

from storage.s3.location import S3Location
from storage.s3.policies import ROLES, bucket_policy, policy

PLACE = Path(__file__).resolve().parent.parent / "deploy" / "s3"
BUCKET = S3Location("https://s3.example", "archive")


def documents() -> dict[str, str]:
    """Contents by file name."""
    made = {f"{role}.json": policy(role, BUCKET) for role in ROLES}
    users = {role: f"arn:aws:iam:::user/{role}" for role in ROLES if role != "reserve-writer"}
    made["bucket-policy.json"] = bucket_policy(users, BUCKET)
    return {name: json.dumps(document, indent=2) + "\n" for name, document in made.items()}


if __name__ == "__main__":
    for name, content in documents().items():
        (PLACE / name).write_text(content, encoding="utf-8")
