"""RabbitMQ, started natively: loopback only, own node name, ports, cookie and data, no plugins."""

from __future__ import annotations

import os
import secrets
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

import amqp

from tools.servers.process import Process, kept_ports, listens, scratch

_BIN = Path("/usr/lib/rabbitmq/bin")
_CONFIG = """\
listeners.tcp.default = 127.0.0.1:{port}
loopback_users.guest = true
heartbeat = 60
log.file = false
log.console = true
log.console.level = warning
vm_memory_high_watermark.absolute = 1GB
disk_free_limit.absolute = 50MB
"""


class RabbitMq:
    """A broker on the data in ``directory``; ``url`` names its virtual host "/". The account guest, with the password
    guest, may log in from this machine only, and nothing else reaches the port.

    It has an ``epmd`` of its own: the machine's may belong to another account, and one that outlives us would keep
    the name of a killed node.
    """

    def __init__(self, directory: Path | None = None) -> None:
        self.directory = directory or scratch("rabbitmq")
        self.directory.mkdir(parents=True, exist_ok=True)
        self.port, self._distribution, self._names = kept_ports(self.directory, 3)
        self._node = f"doc-service-{self.port}@localhost"
        self._prepare()
        environment = self._environment()
        self._epmd = Process(
            "epmd",
            ["epmd", "-port", str(self._names), "-address", "127.0.0.1"],
            lambda: listens(self._names),
            log=self.directory / "epmd.log",
        )
        self._broker = Process(
            "rabbitmq-server",
            [str(_BIN / "rabbitmq-server")],
            self._answers,
            log=self.directory / "rabbitmq.log",
            environment=environment,
            patience=90.0,
        )

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    @property
    def running(self) -> bool:
        return self._broker.running

    def start(self) -> Self:
        """On the same data and port as before; raises ``ServerError``."""
        self._epmd.start()
        self._broker.start()
        return self

    def stop(self) -> None:
        self._broker.stop(patience=30.0)
        self._epmd.kill()

    def kill(self) -> None:
        """SIGKILL, as when the machine loses power."""
        self._broker.kill()
        self._epmd.kill()

    def freeze(self) -> None:
        self._broker.freeze()

    def thaw(self) -> None:
        self._broker.thaw()

    def ctl(self, *arguments: str) -> str:
        """What ``rabbitmqctl`` prints; it takes more than a second, as it starts a node of its own."""
        done = subprocess.run(
            [_BIN / "rabbitmqctl", "--quiet", "-n", self._node, *arguments],
            env={**os.environ, **self._environment()},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return done.stdout

    def add_vhost(self, name: str) -> str:
        """The URL of a new virtual host."""
        self.ctl("add_vhost", name)
        self.ctl("set_permissions", "-p", name, "guest", ".*", ".*", ".*")
        return f"amqp://guest:guest@127.0.0.1:{self.port}/{name}"

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _prepare(self) -> None:
        for name in ("mnesia", "log", "home"):
            (self.directory / name).mkdir(exist_ok=True)
        (self.directory / "rabbitmq.conf").write_text(_CONFIG.format(port=self.port))
        (self.directory / "enabled_plugins").write_text("[].\n")
        cookie = self.directory / "home" / ".erlang.cookie"
        if not cookie.exists():
            cookie.write_text(secrets.token_hex(16))
            cookie.chmod(0o400)

    def _environment(self) -> dict[str, str]:
        here = self.directory
        return {
            "HOME": str(here / "home"),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self._names),
            "RABBITMQ_NODENAME": self._node,
            "RABBITMQ_DIST_PORT": str(self._distribution),
            "RABBITMQ_MNESIA_BASE": str(here / "mnesia"),
            "RABBITMQ_LOG_BASE": str(here / "log"),
            "RABBITMQ_PID_FILE": str(here / "rabbitmq.pid"),
            "RABBITMQ_CONFIG_FILE": str(here / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(here / "advanced.config"),
            "RABBITMQ_CONF_ENV_FILE": str(here / "rabbitmq-env.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(here / "enabled_plugins"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1} +S 1:1 +sbwt none",
        }

    def _answers(self) -> bool:
        """A whole handshake: the port is open some time before the broker speaks."""
        if not listens(self.port):
            return False
        try:
            with amqp.Connection(f"127.0.0.1:{self.port}", "guest", "guest", connect_timeout=2, read_timeout=5) as link:
                link.connect()
        except amqp.AMQPError:
            return False
        return True
