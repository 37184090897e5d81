"""S3 servers: MinIO and Ceph's gateway for the session: the one that the gate has started, or one of our own.

``DOC_SERVICE_TEST_MINIO_URL`` and ``DOC_SERVICE_TEST_RGW_URL`` name servers that already run, with their root
credentials: ``http://ACCESS:SECRET@HOST:PORT``.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import pytest
from minio import Minio as Client

from storage.s3.location import Access
from tools.servers.minio import Minio
from tools.servers.rgw import Rgw


@dataclass(frozen=True, slots=True)
class S3Server:
    """Where a server answers, and the credentials that may do everything on it."""

    name: str
    url: str
    access_key: str
    secret_key: str
    region: str = "us-east-1"
    new_user: Callable[[str, str, str], None] | None = None
    """Makes a user with name, access key and secret, on servers whose users are not made over S3."""

    def add_user(self, name: str, access: Access) -> None:
        assert self.new_user is not None, f"{self.name} makes users by its own interface"
        self.new_user(name, access.key, access.secret)

    def client(self) -> Client:
        """As the server's owner."""
        return Client(
            endpoint=urlsplit(self.url).netloc, access_key=self.access_key, secret_key=self.secret_key,
            secure=self.url.startswith("https"), region=self.region,
        )  # fmt: skip

    def bucket_url(self, bucket: str) -> str:
        """As the setting ``archive_url`` names it."""
        return f"s3+{self.url}/{bucket}?region={self.region}"


def _given(name: str) -> S3Server | None:
    url = os.environ.get(f"DOC_SERVICE_TEST_{name.upper()}_URL")
    if not url:
        return None
    parts = urlsplit(url)
    place = f"{parts.scheme}://{parts.hostname}:{parts.port}"
    return S3Server(name, place, unquote(parts.username or ""), unquote(parts.password or ""))


@pytest.fixture(scope="session")
def minio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """MinIO; tests make their own buckets in it and leave the server as it is."""
    given = _given("minio")
    if given is not None:
        yield given
        return
    with Minio(tmp_path_factory.mktemp("minio")) as server:
        yield S3Server("minio", server.url, server.access_key, server.secret_key)


@pytest.fixture(scope="session")
def rgw(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """Ceph's gateway: the second S3 server, written by others and maintained."""
    given = _given("rgw")
    if given is not None:
        yield given
        return
    with Rgw(tmp_path_factory.mktemp("rgw")) as server:
        yield S3Server("rgw", server.url, server.access_key, server.secret_key, new_user=server.add_user)


@pytest.fixture
def new_bucket() -> Callable[[S3Server], str]:
    """Makes a bucket with object lock and a random name on the given server; gives the name."""

    def make(server: S3Server) -> str:
        name = f"t-{secrets.token_hex(8)}"
        server.client().make_bucket(bucket_name=name, object_lock=True)
        return name

    return make
