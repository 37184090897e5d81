"""Production starts on a store that has proven itself, unless told otherwise in so many words."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from doc_service.bootstrap.proof import VALID, require_proven
from doc_service.bootstrap.proving import ADMIN, set_up
from doc_service.settings import Settings
from doc_service.system import SystemClock
from storage.api import StorageError
from tests.fixtures_s3 import S3Server
from tools.servers.minio import Minio
from tools.servers.process import free_port


def production(place: Path, server: S3Server | Minio, bucket: str, **values: Any) -> Settings:
    given = {
        "environment": "production", "data_dir": place, "pki": "trusted", "trust_dir": place,
        "tsa_url": "http://127.0.0.1:9/", "database_url": "postgresql+psycopg://nobody@127.0.0.1/none",
        "audit_key_file": place / "key.pem", "secret_key_file": place / "key", "archive_url": server.bucket_url(bucket),
        "archive_access_key": f"w-{bucket}", "archive_secret_key": "writer-secret-of-the-test", **values,
    }  # fmt: skip
    return Settings(**given)


def prepared(settings: Settings, server: S3Server | Minio) -> None:
    admin = {f"{ADMIN}_ACCESS_KEY": server.access_key, f"{ADMIN}_SECRET_KEY": server.secret_key}
    set_up(settings, admin, settings.archive_url, {})


class Later:
    def __init__(self, by: timedelta) -> None:
        self._by = by

    def now(self) -> datetime:
        return SystemClock().now() + self._by


def refusal(settings: Settings) -> StorageError:
    with pytest.raises(StorageError) as caught:
        require_proven(settings, SystemClock())
    return caught.value


def test_a_bucket_made_by_the_setup_is_accepted(tmp_path: Path, minio: S3Server) -> None:
    settings = production(tmp_path, minio, f"t-{secrets.token_hex(8)}")
    prepared(settings, minio)
    require_proven(settings, SystemClock())
    assert len(list(tmp_path.glob("storage-proof-*.json"))) == 1


def test_the_owners_credentials_are_refused_by_name_of_the_check(tmp_path: Path, minio: S3Server) -> None:
    """They may change the bucket itself, so whoever gets hold of the service's could, too."""
    bucket = f"t-{secrets.token_hex(8)}"
    minio.client().make_bucket(bucket_name=bucket, object_lock=True)
    owner = {"archive_access_key": minio.access_key, "archive_secret_key": minio.secret_key}
    error = refusal(production(tmp_path, minio, bucket, **owner))
    assert error.code == "storage.unproven"
    named = str(error.params["checks"]).split(", ")
    assert "change_bucket" in named
    assert "delete_locked_version" not in named
    accepted = production(tmp_path, minio, bucket, archive_accept_unproven=tuple(named), **owner)
    require_proven(accepted, SystemClock())


def test_a_bucket_without_object_lock_is_refused(tmp_path: Path, minio: S3Server) -> None:
    bucket = f"t-{secrets.token_hex(8)}"
    minio.client().make_bucket(bucket_name=bucket)
    owner = {"archive_access_key": minio.access_key, "archive_secret_key": minio.secret_key}
    error = refusal(production(tmp_path, minio, bucket, **owner))
    assert error.code == "storage.unproven"
    assert "delete_locked_version" in str(error.params["checks"])


def test_a_store_out_of_reach_passes_on_its_proof_only(tmp_path: Path) -> None:
    with Minio(tmp_path / "minio") as server:
        settings = production(tmp_path, server, "originals")
        prepared(settings, server)
        require_proven(settings, SystemClock())
    require_proven(settings, Later(VALID * 3))
    for proof in tmp_path.glob("storage-proof-*.json"):
        proof.unlink()
    assert refusal(settings).code == "storage.unavailable"


def test_outside_production_nothing_is_asked(tmp_path: Path) -> None:
    require_proven(Settings(data_dir=tmp_path, archive_url=f"s3+http://127.0.0.1:{free_port()}/b"), SystemClock())
