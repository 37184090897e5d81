"""Commands load only what they run, and progress reads well on a terminal and in a log."""

from __future__ import annotations

import asyncio
import io
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from doc_service.cli.progress import STAGE_TITLES, progress
from doc_service.cli.serve import listening
from tests.cli.conftest import PLAIN, program

pytestmark = pytest.mark.xdist_group("cli")
SERVING = {"uvicorn", "fastapi", "werkzeug", "certomancer"}
STORING = {"sqlalchemy", "alembic"}
RENDERING = {"docxtpl", "docx", "jinja2"}
SIGNING = {"pyhanko", "httpx", "cryptography"}


@pytest.mark.parametrize(
    ("arguments", "unneeded"),
    [
        (["--help"], SERVING | STORING | RENDERING | SIGNING | {"pydantic"}),
        (["instruments"], SERVING | STORING | RENDERING | SIGNING),
        (["verify", "absent.pdf"], SERVING | STORING | RENDERING | SIGNING),
        (["verify", __file__, "--trust", __file__], SERVING | STORING | RENDERING),
        (["render", "kq-protokol", "absent.json", "--out", "x.pdf"], SERVING | STORING),
    ],
    ids=["help", "instruments", "verify nothing", "verify", "render"],
)
def test_commands_load_only_what_they_run(arguments: list[str], unneeded: set[str], tmp_path: Path) -> None:
    script = (
        "import sys\nfrom doc_service.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print('LOADED', *{name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True, cwd=tmp_path, env=PLAIN
    )
    loaded = set(done.stdout.rpartition("LOADED")[2].split())
    assert "typer" in loaded
    assert loaded & unneeded == set()


def test_every_command_has_help() -> None:
    done = program("--help")
    assert done.code == 0
    for name in ("up", "demo", "render", "sign", "verify", "migrate", "instruments", "archive", "audit", "jobs"):
        assert f" {name} " in done.stdout


def test_progress_in_a_log_is_a_line_for_each_step() -> None:
    lines: list[str] = []
    with progress(Console(file=io.StringIO(), force_terminal=False), lines.append) as watch:
        watch("sign", 0, 0)
        watch("sign", 3, 12)
        watch("sign", 1, 1)
    assert lines == ["sign 0/1", "sign 3/12", "sign 1/1"]


def test_progress_on_a_terminal_is_one_living_line() -> None:
    screen, lines = io.StringIO(), list[str]()
    with progress(Console(file=screen, force_terminal=True, width=80), lines.append) as watch:
        for stage in STAGE_TITLES:
            watch(stage, 0, 0)
            watch(stage, 2, 3)
            watch(stage, 1, 1)
    assert lines == []
    assert all(f"✓ {title}" in screen.getvalue() for title in STAGE_TITLES.values())
    assert "2/3\n" not in screen.getvalue()


def test_answers_are_sent_without_waiting_for_acknowledgements() -> None:
    """A header and a body are two packets; the second would wait for the first's acknowledgement (Nagle, RFC 896)."""

    async def delay_is_off(listener: socket.socket) -> int:
        told: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        class Told(asyncio.Protocol):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                connection = transport.get_extra_info("socket")
                told.set_result(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

        async with await asyncio.get_running_loop().create_server(Told, sock=listener):
            _, writer = await asyncio.open_connection(*listener.getsockname()[:2])
            found = await told
            writer.close()
            return found

    with listening("127.0.0.1", 0) as listener:
        assert asyncio.run(delay_is_off(listener)) == 1
