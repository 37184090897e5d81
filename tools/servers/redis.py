"""Redis, started natively: loopback only, with a password, every write appended to a file before it is answered."""

from __future__ import annotations

from pathlib import Path

import redis

from tools.servers.binaries import find
from tools.servers.process import Process, kept_ports, scratch
from tools.servers.server import Server


class RedisServer(Server):
    """A server on the data in ``directory``; ``url`` names its database 0."""

    def __init__(self, directory: Path | None = None) -> None:
        self.directory = directory or scratch("redis")
        self.directory.mkdir(parents=True, exist_ok=True)
        (self.port,) = kept_ports(self.directory, 1)
        self._password = "loopback-only"
        configuration = self.directory / "redis.conf"
        configuration.write_text(
            f"bind 127.0.0.1\nport {self.port}\nrequirepass {self._password}\ndir {self.directory}\n"
            'appendonly yes\nappendfsync always\nsave ""\ndaemonize no\n'
        )
        configuration.chmod(0o600)
        self.process = Process(
            "redis-server", [find("redis-server"), str(configuration)], self._answers, log=self.directory / "redis.log"
        )

    @property
    def url(self) -> str:
        return f"redis://:{self._password}@127.0.0.1:{self.port}/0"

    def _answers(self) -> bool:
        """False while the file of writes is being read back, too."""
        with redis.Redis.from_url(self.url, socket_timeout=2) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False
