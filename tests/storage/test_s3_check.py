"""Set-up and proof: policies give each role what it needs and no more, and the check tells stores apart."""

from __future__ import annotations

import hashlib
import io
import json
import secrets
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from minio.commonconfig import ENABLED
from minio.versioningconfig import VersioningConfig

from storage.api import StorageError
from storage.check import check_directory, check_store
from storage.report import CHECKS, IMMUTABILITY, CheckReport, Finding, require_proof
from storage.s3.answers import RefusedError, whole_seconds
from storage.s3.location import Access, S3Location
from storage.s3.setup import BucketSetup
from storage.s3.store import S3Store
from tests.fixtures_s3 import S3Server
from tests.storage.conftest import SystemClock, s3_store
from tools.s3_policies import PLACE, documents

SECRET = "never-to-be-shown"
ROLES = ("writer", "sweeper", "auditor")
BY_OWNER = ("bypass_governance", "change_bucket")
"""What an owner may do to a bucket, on both servers; a service that runs as the owner fails these."""


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(StorageError) as caught:
        action()
    return caught.value.code


@dataclass(frozen=True)
class Archive:
    """A bucket that was set up, and the roles' credentials."""

    location: S3Location
    users: dict[str, Access]

    def store(self, role: str) -> S3Store:
        return S3Store(self.location, self.users[role], SystemClock())


@pytest.fixture(scope="module", params=["minio", "rgw"])
def archive(request: pytest.FixtureRequest) -> Archive:
    server: S3Server = request.getfixturevalue(request.param)
    suffix = secrets.token_hex(4)
    location = S3Location.parse(server.bucket_url(f"a-{suffix}/arxiv"))
    users = {role: Access(f"{role}-{suffix}", f"{role}-secret-{suffix}") for role in ROLES}
    setup = BucketSetup(location, Access(server.access_key, server.secret_key))
    if request.param == "minio":
        setup.apply(users, {})
    else:
        for role, access in users.items():
            server.add_user(f"{role}-{suffix}", access)
        setup.apply({}, {role: f"arn:aws:iam:::user/{role}-{suffix}" for role in ROLES})
    return Archive(location, users)


def test_everything_holds_against_the_writer(archive: Archive) -> None:
    store = archive.store("writer")
    before = store.capabilities()
    assert (before.immutable_against_own_credentials, before.limits) == (False, ("storage.limit_unproven",))
    report = check_store(store)
    assert report.failures == (), report.findings
    assert [f.check for f in report.findings] == list(CHECKS)
    require_proof(report)
    abilities = store.capabilities()
    assert abilities.immutable_against_own_credentials
    assert abilities.server_checksums
    assert abilities.limits == ()


def test_what_each_role_may_do(archive: Archive) -> None:
    writer, sweeper, auditor = (archive.store(role) for role in ROLES)
    data = b"content"
    until = whole_seconds(datetime.now(UTC) + timedelta(minutes=1))
    orphan = writer.put_new("documents/orphan", data, sha256=sha(data))
    kept = writer.put_new("documents/kept", data, sha256=sha(data), retain_until=until)
    assert writer.retain("documents/kept", until + timedelta(minutes=1)).retain_until == until + timedelta(minutes=1)
    assert writer.legal_hold("documents/kept", True).legal_hold
    assert not writer.legal_hold("documents/kept", False).legal_hold
    for reader in (writer, sweeper, auditor):
        assert reader.read("documents/kept") == data
        assert [i.key for i in reader.list("documents/")] == ["documents/kept", "documents/orphan"]
    for other in (sweeper, auditor):
        assert code_of(lambda: other.put_new("documents/x", data, sha256=sha(data))) == "storage.denied"  # noqa: B023
        assert code_of(lambda: other.retain("documents/orphan", until)) == "storage.denied"  # noqa: B023
        assert code_of(lambda: other.legal_hold("documents/kept", True)) == "storage.denied"  # noqa: B023
    for other in (writer, auditor):
        assert code_of(lambda: other.delete_version(orphan.key, orphan.version)) == "storage.denied"  # noqa: B023
    assert code_of(lambda: sweeper.delete_version(kept.key, kept.version)) == "storage.retained"
    with pytest.raises(RefusedError):
        sweeper.bucket.delete(kept.key, kept.version)
    sweeper.delete_version(orphan.key, orphan.version)
    assert writer.versions(orphan.key) == ()
    assert writer.read("documents/kept") == data


def test_nobody_makes_an_object_that_hides_others(archive: Archive) -> None:
    """On MinIO an object ``documents`` would keep everything under ``documents/`` from being listed."""
    writer = archive.store("writer")
    writer.put_new("documents/seen", b"x", sha256=sha(b"x"))
    client = S3Server("", archive.location.endpoint, writer_key(archive).key, writer_key(archive).secret).client()
    for name in ("arxiv", "arxiv/documents", "elsewhere"):
        with pytest.raises(Exception, match="AccessDenied"):
            client.put_object(bucket_name=archive.location.bucket, object_name=name, data=io.BytesIO(), length=0)
    assert "documents/seen" in [i.key for i in writer.list("documents/")]


def writer_key(archive: Archive) -> Access:
    return archive.users["writer"]


@pytest.mark.parametrize("name", ["minio", "rgw"])
def test_the_owner_s_credentials_do_not_pass(
    request: pytest.FixtureRequest, name: str, new_bucket: Callable[[S3Server], str]
) -> None:
    server: S3Server = request.getfixturevalue(name)
    report = check_store(s3_store(server, new_bucket(server)))
    assert report.failures == BY_OWNER
    assert server.client().get_bucket_versioning(bucket_name=S3Location.parse(report.url).bucket).status == "Enabled"
    with pytest.raises(StorageError, match=r"storage\.unproven.*bypass_governance, change_bucket"):
        require_proof(report)
    require_proof(report, BY_OWNER)


@pytest.mark.parametrize("name", ["minio", "rgw"])
@pytest.mark.parametrize("versioned", [True, False])
def test_a_bucket_without_object_lock_fails(request: pytest.FixtureRequest, name: str, versioned: bool) -> None:
    server: S3Server = request.getfixturevalue(name)
    bucket = f"plain-{secrets.token_hex(4)}"
    server.client().make_bucket(bucket_name=bucket)
    if versioned:
        server.client().set_bucket_versioning(bucket_name=bucket, config=VersioningConfig(ENABLED))
    report = check_store(s3_store(server, bucket))
    assert {"delete_locked_version", "shorten_retention", "legal_hold", "overwrite"} <= set(report.failures)
    setup = BucketSetup(S3Location.parse(server.bucket_url(bucket)), Access(server.access_key, server.secret_key))
    assert code_of(lambda: setup.apply({}, {})) == "storage.no_object_lock"


def test_setting_up_again_changes_nothing(minio: S3Server) -> None:
    location = S3Location.parse(minio.bucket_url(f"again-{secrets.token_hex(4)}"))
    setup = BucketSetup(location, Access(minio.access_key, minio.secret_key))
    users = {"writer": Access(f"w-{secrets.token_hex(4)}", "long-enough-secret")}
    assert {s.outcome for s in setup.apply(users, {}) if s.name.startswith(("bucket", "policy", "user"))} == {"made"}
    assert {s.outcome for s in setup.apply(users, {})} == {"there"}


def test_setting_up_needs_the_owner(archive: Archive) -> None:
    setup = BucketSetup(replace(archive.location, bucket="another-one"), archive.users["writer"])
    assert code_of(lambda: setup.apply({}, {})) == "storage.denied"
    assert code_of(lambda: setup.apply({"king": archive.users["writer"]}, {})) == "storage.unknown_role"


def test_files_say_what_they_cannot_promise(tmp_path: Path) -> None:
    report = check_directory(tmp_path, SystemClock())
    assert set(report.failures) == IMMUTABILITY - {"delete_marker", "suspend_versioning"}
    assert [*(tmp_path / "work").iterdir()] == []


@dataclass
class Shifted:
    by: timedelta

    def now(self) -> datetime:
        return datetime.now(UTC) + self.by


@pytest.mark.parametrize("seconds", [-60, 60])
def test_a_clock_that_differs_a_little_is_found(
    minio: S3Server, new_bucket: Callable[[S3Server], str], seconds: int
) -> None:
    location = S3Location.parse(minio.bucket_url(new_bucket(minio)))
    store = S3Store(location, Access(minio.access_key, minio.secret_key), Shifted(timedelta(seconds=seconds)))
    assert "clock_skew" in check_store(store).failures


def test_proof_that_is_required() -> None:
    whole = tuple(Finding(check, holds=True) for check in CHECKS)
    report = CheckReport("s3+https://host/bucket", datetime(2026, 11, 21, tzinfo=UTC), whole)
    require_proof(report)
    assert CheckReport.from_json(json.loads(json.dumps(report.as_json()))) == report
    without = replace(report, findings=whole[1:])
    assert without.failures == (CHECKS[0],)
    assert code_of(lambda: require_proof(without)) == "storage.unproven"
    require_proof(without, (CHECKS[0],))
    assert code_of(lambda: require_proof(report, ("overwrites",))) == "storage.unknown_check"


def test_policies_as_files_are_those_of_the_code() -> None:
    assert {p.name: p.read_text(encoding="utf-8") for p in PLACE.glob("*.json")} == documents()


def program(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from doc_service.cli import main; main()", "storage", *words],
        capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin", **environment}, timeout=120,
    )  # fmt: skip


def test_the_commands(minio: S3Server, tmp_path: Path) -> None:
    url = minio.bucket_url(f"cli-{secrets.token_hex(4)}")
    secret = tmp_path / "secret"
    secret.write_text(minio.secret_key + "\n", encoding="utf-8")
    service = {
        "DOC_SERVICE_ARCHIVE_ACCESS_KEY": f"w-{secrets.token_hex(4)}",
        "DOC_SERVICE_ARCHIVE_SECRET_KEY": SECRET,
    }
    admin = {"DOC_SERVICE_STORAGE_ADMIN_ACCESS_KEY": minio.access_key}
    refused = program("setup", url, **service)
    assert (refused.returncode, "storage.no_admin" in refused.stderr) == (2, True)
    done = program("setup", url, **service, **admin, DOC_SERVICE_STORAGE_ADMIN_SECRET_KEY_FILE=str(secret))
    assert (done.returncode, done.stderr) == (0, "")
    good = program("check", url, "--json", **service)
    assert (good.returncode, json.loads(good.stdout)["holds"]) == (0, True)
    bad = program("check", tmp_path.as_uri())
    assert (bad.returncode, "FAILS  delete_locked_version" in bad.stdout) == (1, True)
    gone = program("check", "s3+http://127.0.0.1:9/nothing", **service)
    assert (gone.returncode, "storage.unavailable" in gone.stderr) == (2, True)
    assert SECRET not in done.stdout + good.stdout + gone.stderr
