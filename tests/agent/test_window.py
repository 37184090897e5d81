"""The windows of the agent, on a display of their own (Xvfb), answered by keyboard and mouse (xdotool)."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest

from doc_service.agent.confirm import ShownDocument
from doc_service.agent.window import WindowConfirmer, require_display
from doc_service.domain.errors import DomainError
from tests.agent.conftest import ORIGIN, Person

Answer = TypeVar("Answer")
DOCUMENT = ShownDocument("r1", "Protokol № 5", "ab" * 32)


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    assert shutil.which("Xvfb"), "Xvfb is needed: apt-get install xvfb xdotool python3-tk"
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1024x768x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=(writing,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    number = ""
    while not number.endswith("\n"):
        number += os.read(reading, 20).decode()
    yield f":{number.strip()}"
    server.terminate()
    server.wait(10)
    os.close(reading)


@pytest.fixture
def shown(display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", display)


def tool(*arguments: str) -> str:
    return subprocess.run(["xdotool", *arguments], check=True, capture_output=True, text=True, timeout=20).stdout


def found_window(seconds: float = 15) -> str:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        done = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", "^doc-service$"],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.stdout.split():
            return done.stdout.split()[0]
        time.sleep(0.1)
    raise AssertionError("no window appeared")


def answered(ask: Callable[[], Answer], *keys: str) -> Answer:
    """Asks in a thread; types ``keys`` (or texts) into the window when it is there."""
    given: list[Answer] = []
    asking = threading.Thread(target=lambda: given.append(ask()), daemon=True)
    asking.start()
    window = found_window()
    time.sleep(0.3)
    tool("windowfocus", window)
    time.sleep(0.3)
    for key in keys:
        if key.startswith("text:"):
            tool("type", key.removeprefix("text:"))
        else:
            tool("key", key)
        time.sleep(0.1)
    asking.join(20)
    assert given, "no answer"
    return given[0]


@pytest.mark.usefixtures("shown")
def test_pin_is_typed() -> None:
    asked = WindowConfirmer(Person(), seconds=15)
    assert answered(lambda: asked.pin("Nişan"), "text:7351", "Return") == "7351"


@pytest.mark.usefixtures("shown")
def test_agreement_takes_a_button_and_not_enter_alone() -> None:
    asked = WindowConfirmer(Person(), seconds=15)
    assert answered(lambda: asked.agrees(ORIGIN, [DOCUMENT]), "Return", "Tab", "space") is True
    short = WindowConfirmer(Person(), seconds=2)
    assert answered(lambda: short.agrees(ORIGIN, [DOCUMENT]), "Return", "Return") is False


@pytest.mark.usefixtures("shown")
def test_second_button_declines() -> None:
    asked = WindowConfirmer(Person(), seconds=15)
    assert answered(lambda: asked.agrees_log_in(ORIGIN), "Tab", "Tab", "space") is False


@pytest.mark.usefixtures("shown")
def test_window_that_nobody_answers_closes() -> None:
    asked = WindowConfirmer(Person(), seconds=1)
    before = time.monotonic()
    assert asked.pin("Nişan") is None
    assert time.monotonic() - before < 10


def test_no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":99999")
    with pytest.raises(DomainError) as caught:
        require_display()
    assert caught.value.code == "agent.no_display"
    assert WindowConfirmer(Person(), seconds=5).agrees(ORIGIN, [DOCUMENT]) is False


@pytest.mark.usefixtures("shown")
def test_code_is_shown_and_waits_for_nobody() -> None:
    terminal = Person()
    WindowConfirmer(terminal, seconds=3).show_code(ORIGIN, "12345678")
    assert terminal.codes == [(ORIGIN, "12345678")]
    assert found_window()
