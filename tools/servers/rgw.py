"""Ceph's S3 gateway over the smallest cluster there is: one monitor, one object store daemon on a file, no manager.

Started again it has the same data, ports and credentials. It needs about 20 s for the first start and 250 MB.
"""

from __future__ import annotations

import json
import os
import subprocess
import urllib.error
import urllib.request
import uuid
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tools.servers.binaries import find
from tools.servers.process import Process, free_port, scratch

OWNER = "owner-of-the-gateway"
SECRET = "the-gateways-own-secret"

_CONFIG = """\
[global]
fsid = {fsid}
mon host = [v1:127.0.0.1:{mon}]
mon initial members = a
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
keyring = {place}/keyring
public network = 127.0.0.0/8
run dir = {place}
admin socket = {place}/$name.asok
log file = {place}/$name.log
pid file = {place}/$name.pid
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000
[mon.a]
mon data = {place}/mon
[osd.0]
osd data = {place}/osd
osd objectstore = bluestore
bluestore block size = {size}
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:{rgw}
"""

_KEYS = (
    ("mon.", "--cap mon", "allow *"),
    ("client.admin", "--cap mon", "allow *", "--cap osd", "allow *"),
    ("osd.0", "--cap mon", "allow profile osd", "--cap osd", "allow *"),
    ("client.rgw", "--cap mon", "allow rw", "--cap osd", "allow rwx"),
)


class Rgw:
    """``size``: bytes that the store may grow to; the file is sparse."""

    def __init__(self, directory: Path | None = None, *, size: int = 4 << 30) -> None:
        self.directory = directory or scratch("rgw")
        self.directory.mkdir(parents=True, exist_ok=True)
        self.access_key = OWNER
        self.secret_key = SECRET
        self.region = "us-east-1"
        state = self.directory / "state.json"
        if not state.exists():
            ports = {"fsid": str(uuid.uuid4()), "mon": free_port(), "rgw": free_port()}
            state.write_text(json.dumps(ports), encoding="utf-8")
        known = json.loads(state.read_text(encoding="utf-8"))
        self._fsid, self._mon_port, self.port = str(known["fsid"]), int(known["mon"]), int(known["rgw"])
        self._conf = self.directory / "ceph.conf"
        place = str(self.directory)
        self._conf.write_text(
            _CONFIG.format(fsid=self._fsid, mon=self._mon_port, rgw=self.port, place=place, size=size),
            encoding="utf-8",
        )
        self._mon = self._daemon("ceph-mon", ["-i", "a"], self._mon_answers)
        self._osd = self._daemon("ceph-osd", ["-i", "0"], self._osd_is_up)
        self.process = self._daemon("radosgw", ["-n", "client.rgw"], self._ready)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def bucket_url(self, bucket: str) -> str:
        """As the setting ``archive_url`` names it."""
        return f"s3+{self.url}/{bucket}?region={self.region}"

    def start(self) -> Self:
        new = not (self.directory / "keyring").exists()
        if new:
            self._make_monitor()
        self._mon.start()
        if not (self.directory / "osd" / "ready").exists():
            self._make_store()
        self._osd.start()
        self.process.start()
        if new:
            self.add_user("owner", OWNER, SECRET, buckets=True)
        return self

    def add_user(self, name: str, access_key: str, secret_key: str, *, buckets: bool = False) -> None:
        """One who owns nothing; bucket policies give rights to ``arn:aws:iam:::user/<name>``. Only with ``buckets`` may
        it make some (-1 forbids it)."""
        self._run(
            "radosgw-admin", ["-n", "client.rgw", "user", "create", f"--uid={name}", f"--display-name={name}",
            f"--access-key={access_key}", f"--secret={secret_key}", f"--max-buckets={1000 if buckets else -1}"],
        )  # fmt: skip

    def stop(self) -> None:
        for process in (self.process, self._osd, self._mon):
            process.stop()

    def kill(self) -> None:
        for process in (self.process, self._osd, self._mon):
            process.kill()

    def freeze(self) -> None:
        """The gateway only: the cluster behind it goes on."""
        self.process.freeze()

    def thaw(self) -> None:
        self.process.thaw()

    def _make_monitor(self) -> None:
        place = self.directory
        (place / "mon").mkdir()
        (place / "osd").mkdir()
        keyring = place / "keyring.new"
        for name, *caps in _KEYS:
            create = [] if keyring.exists() else ["--create-keyring"]
            words = [word for cap in caps for word in (cap.split() if cap.startswith("--") else [cap])]
            self._run("ceph-authtool", [*create, str(keyring), "--gen-key", "-n", name, *words], conf=False)
        address = f"[v1:127.0.0.1:{self._mon_port}]"
        monmap = str(place / "monmap")
        self._run("monmaptool", ["--create", "--addv", "a", address, "--fsid", self._fsid, monmap], conf=False)
        self._run("ceph-mon", ["--mkfs", "-i", "a", "--monmap", monmap, "--keyring", str(keyring)])
        keyring.rename(place / "keyring")

    def _make_store(self) -> None:
        identity = str(uuid.uuid4())
        self._run("ceph", ["osd", "new", identity])
        self._run("ceph-osd", ["-i", "0", "--mkfs", "--osd-uuid", identity])

    def _daemon(self, program: str, words: Sequence[str], ready: object) -> Process:
        command = [find(program), "-c", str(self._conf), *words, "-f"]
        log = self.directory / f"{program}.out"
        return Process(program, command, ready, log=log, patience=120)  # type: ignore[arg-type]

    def _run(self, program: str, words: Sequence[str], *, conf: bool = True) -> bytes:
        command = [find(program), *(["-c", str(self._conf)] if conf else []), *words]
        environment = {**os.environ, "CEPH_CONF": str(self._conf)}
        return subprocess.run(command, check=True, capture_output=True, timeout=120, env=environment).stdout

    def _mon_answers(self) -> bool:
        self._run("ceph", ["--connect-timeout", "5", "-s"])
        return True

    def _osd_is_up(self) -> bool:
        return bool(json.loads(self._run("ceph", ["osd", "stat", "-f", "json"]))["num_up_osds"] == 1)

    def _ready(self) -> bool:
        try:
            with urllib.request.urlopen(self.url, timeout=10) as answer:
                return bool(answer.status == 200)
        except urllib.error.HTTPError as error:
            return error.code < 500

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
