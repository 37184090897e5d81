"""MinIO on one loopback port, over a directory that survives a restart."""

from __future__ import annotations

import json
from pathlib import Path

import urllib3
from minio import Minio as Client
from minio.error import MinioException
from urllib3.exceptions import HTTPError

from tools.servers.binaries import find
from tools.servers.process import Process, free_port, scratch
from tools.servers.server import Server

ROOT_USER = "root-of-the-archive"
ROOT_PASSWORD = "the-servers-own-secret"
_KMS = "archive-key:ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA="
"""Test key of the server-side encryption; 32 bytes."""


class Minio(Server):
    """One server over ``directory/data``; started again it has the same data, port and credentials. ``address``: the
    loopback address to listen on. ``environment`` adds settings of the server itself."""

    def __init__(
        self,
        directory: Path | None = None,
        *,
        address: str = "127.0.0.1",
        environment: dict[str, str] | None = None,
        wrapper: tuple[str, ...] = (),
    ) -> None:
        self.directory = directory or scratch("minio")
        self.directory.mkdir(parents=True, exist_ok=True)
        self.data = self.directory / "data"
        self.data.mkdir(exist_ok=True)
        state = self.directory / "port.json"
        if not state.exists():
            state.write_text(json.dumps(free_port()), encoding="utf-8")
        self.port: int = json.loads(state.read_text(encoding="utf-8"))
        self.address = address
        self.access_key = ROOT_USER
        self.secret_key = ROOT_PASSWORD
        self.region = "us-east-1"
        self._client = Client(
            endpoint=f"{address}:{self.port}", access_key=ROOT_USER, secret_key=ROOT_PASSWORD, secure=False,
            region=self.region, http_client=urllib3.PoolManager(retries=False, timeout=5),
        )  # fmt: skip
        command = [*wrapper, find("minio"), "server", str(self.data), "--address", f"{address}:{self.port}"]
        self.process = Process(
            "minio", [*command, "--console-address", f"{address}:{free_port()}", "--quiet"], self._ready,
            log=self.directory / "minio.log",
            environment={
                "MINIO_ROOT_USER": ROOT_USER, "MINIO_ROOT_PASSWORD": ROOT_PASSWORD, "MINIO_BROWSER": "off",
                "MINIO_KMS_SECRET_KEY": _KMS, "MINIO_UPDATE": "off", "MINIO_CALLHOME_ENABLE": "off", "MINIO_CI_CD": "1",
                "MINIO_CONFIG_DIR": str(self.directory / "config"), **(environment or {}),
            },
        )  # fmt: skip

    @property
    def url(self) -> str:
        return f"http://{self.address}:{self.port}"

    def bucket_url(self, bucket: str) -> str:
        """As the setting ``archive_url`` names it."""
        return f"s3+{self.url}/{bucket}?region={self.region}"

    def _ready(self) -> bool:
        """Its health page is ready before its users and buckets are."""
        try:
            self._client.list_buckets()
        except (MinioException, HTTPError):
            return False
        return True
