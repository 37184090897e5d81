"""A network namespace for a worker: a real link to the archive that can be taken down, everything else through sockets
in the file system.

The servers listen on loopback only. Inside the namespace their ports are forwarded through Unix sockets, which know no
namespaces; only the archive is reached over a pair of virtual interfaces, so that a cut is a cut: packets vanish.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tools.production import BUCKET, Parts
from tools.servers.process import Process, free_port, listens

_OUTER, _INNER = "10.79.213.1", "10.79.213.2"


@dataclass(frozen=True, slots=True)
class Cut:
    """``prefix`` puts a command into the namespace; ``archive_url`` is where the archive is, seen from there."""

    name: str
    link: str
    archive_url: str

    @property
    def prefix(self) -> Sequence[str]:
        return ("ip", "netns", "exec", self.name)

    def down(self) -> None:
        _run("ip", "link", "set", self.link, "down")

    def up(self) -> None:
        """Addresses outlive it."""
        _run("ip", "link", "set", self.link, "up")


@contextmanager
def own_network(parts: Parts) -> Iterator[Cut]:
    """Needs root. Removed with the block."""
    assert parts.minio is not None
    name, link = f"chaos-{os.getpid()}", f"ch{os.getpid() % 100000}"
    with ExitStack() as stack:
        _run("ip", "netns", "add", name)
        stack.callback(_run, "ip", "netns", "del", name)
        _run("ip", "link", "add", link, "type", "veth", "peer", "name", "archive0", "netns", name)
        _run("ip", "addr", "add", f"{_OUTER}/30", "dev", link)
        _run("ip", "link", "set", link, "up")
        for words in (("addr", "add", f"{_INNER}/30", "dev", "archive0"), ("link", "set", "archive0", "up"),
                      ("link", "set", "lo", "up")):  # fmt: skip
            _run("ip", "-n", name, *words)
        port = free_port()
        _forward(stack, parts.place, f"{_OUTER}:{port}=127.0.0.1:{parts.minio.port}")
        for other in _ports(parts):
            socket = parts.place / f"net-{other}.sock"
            _forward(stack, parts.place, f"{socket}=127.0.0.1:{other}")
            _forward(stack, parts.place, f"127.0.0.1:{other}={socket}", ("ip", "netns", "exec", name))
        url = f"s3+http://{_OUTER}:{port}/{BUCKET}?region={parts.minio.region}"
        yield Cut(name, link, url)


def _ports(parts: Parts) -> list[int]:
    """Of everything but the archive."""
    assert parts.postgres is not None
    assert parts.rabbitmq is not None
    assert parts.reserve is not None
    assert parts.provider is not None
    return [parts.postgres.port, parts.rabbitmq.port, parts.reserve.port, parts.provider.port]


def _forward(stack: ExitStack, place: Path, route: str, prefix: Sequence[str] = ()) -> None:
    here = route.partition("=")[0]
    name = f"forward-{abs(hash((route, prefix)))}"

    def ready() -> bool:
        if here.startswith("/"):
            return Path(here).exists()
        return bool(prefix) or not here.startswith("127.") or listens(int(here.rpartition(":")[2]))

    stack.enter_context(
        Process(name, [*prefix, sys.executable, "-m", "tools.chaos.network", route], ready,
                log=place / "forward.log", environment={"PYTHONPATH": str(Path(__file__).resolve().parents[2])})
    )  # fmt: skip


def _run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True)


async def _serve(route: str) -> None:
    here, _, there = route.partition("=")

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await _open(there)
        except OSError:
            writer.close()
            return
        await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))

    if here.startswith("/"):
        server: asyncio.Server = await asyncio.start_unix_server(connected, here)
    else:
        host, _, port = here.rpartition(":")
        server = await asyncio.start_server(connected, host, int(port))
    await server.serve_forever()


async def _open(there: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if there.startswith("/"):
        return await asyncio.open_unix_connection(there)
    host, _, port = there.rpartition(":")
    return await asyncio.open_connection(host, int(port))


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    writer.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("route", help="host:port=host:port; either side may be the path of a Unix socket")
    asyncio.run(_serve(parser.parse_args().route))
