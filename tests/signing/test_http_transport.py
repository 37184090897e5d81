"""The transport against real servers that keep a client waiting, or answer with what nobody asked for."""

from __future__ import annotations

import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from signing.http import HttpAnswer, HttpError, HttpxTransport

Serve = Callable[[socket.socket, threading.Event], None]
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: Application/OCSP-Response; x=y\r\nContent-Length: %d\r\n\r\n"


@contextmanager
def server(serve: Serve) -> Iterator[str]:
    """Accepts connections one after another; ``serve`` gets each after its request was read."""
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def loop() -> None:
            while not stop.is_set():
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    try:
                        connection.recv(65536)
                        serve(connection, stop)
                    except OSError:
                        continue

        thread = threading.Thread(target=loop, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/x"
        stop.set()
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(10)
    assert not thread.is_alive()


def drip(prefix: bytes, content: Iterator[bytes]) -> Serve:
    def serve(connection: socket.socket, stop: threading.Event) -> None:
        connection.sendall(prefix)
        while not stop.wait(0.05):
            connection.sendall(next(content))

    return serve


DRIPS = {
    "status line": (b"HTTP/1.1 200 O", itertools.repeat(b"K")),
    "headers": (b"HTTP/1.1 200 OK\r\nX-Slow: ", itertools.repeat(b"a")),
    "body": (HEAD % 10_000, itertools.repeat(b"a")),
    "chunks": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", itertools.repeat(b"1\r\na\r\n")),
    "refusal": (b"HTTP/1.1 503 No\r\nContent-Length: 10000\r\n\r\n", itertools.repeat(b"a")),
}


@pytest.mark.parametrize("what", DRIPS)
def test_a_server_that_drips_cannot_hold_a_request(what: str) -> None:
    """Every read succeeds within its own time-out of two seconds; the request as a whole ends after 0.4."""
    prefix, content = DRIPS[what]
    with server(drip(prefix, content)) as url:
        transport = HttpxTransport(timeout=2, total=0.4)
        start = time.monotonic()
        with pytest.raises(HttpError):
            transport.get(url, {})
        assert time.monotonic() - start < 10
        transport.close()


def test_the_deadline_begins_anew_with_each_request() -> None:
    """Slow but honest answers over one connection: together longer than the total, each within it."""

    def serve(connection: socket.socket, stop: threading.Event) -> None:
        while True:
            time.sleep(0.3)
            connection.sendall(HEAD % 2 + b"ok")
            if not connection.recv(65536):
                return

    with server(serve) as url:
        transport = HttpxTransport(timeout=2, total=0.8)
        answers = [transport.post(url, b"body", {"Accept": "x/y"}) for _ in range(4)]
        assert answers == [HttpAnswer(b"ok", "application/ocsp-response")] * 4
        transport.close()


class Jumping:
    """A monotonic clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_clock_is_the_one_that_was_given() -> None:
    clock = Jumping()

    def serve(connection: socket.socket, stop: threading.Event) -> None:
        connection.sendall(HEAD % 4 + b"ab")
        clock.now += 31
        for byte in (b"c", b"d"):
            time.sleep(0.1)
            connection.sendall(byte)

    with server(serve) as url:
        transport = HttpxTransport(timeout=5, total=30, monotonic=clock)
        with pytest.raises(HttpError, match="the whole request took too long"):
            transport.get(url, {})
        transport.close()


def test_three_steps_are_the_whole_unless_said() -> None:
    with server(drip(*DRIPS["body"])) as url:
        transport = HttpxTransport(timeout=0.2)
        start = time.monotonic()
        with pytest.raises(HttpError, match=r"too long|timed out"):
            transport.get(url, {})
        assert 0.5 < time.monotonic() - start < 10
        transport.close()


def answering(raw: bytes) -> Serve:
    return lambda connection, stop: connection.sendall(raw)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", "status 302"),
        (b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", "status 404"),
        (HEAD % 101 + b"a" * 101, "larger than 100"),
        (HEAD % 50 + b"a" * 20, "complete message body"),
        (b"SSH-2.0-hello\r\n\r\n", "illegal"),
        (b"", "disconnected"),
    ],
)
def test_what_is_no_usable_answer(raw: bytes, reason: str) -> None:
    with server(answering(raw)) as url:
        transport = HttpxTransport(timeout=5, limit=100)
        with pytest.raises(HttpError, match=reason):
            transport.get(url, {})
        transport.close()


@pytest.mark.parametrize(
    "url", ["", "x", "ftp://127.0.0.1/", "http://", "http://127.0.0.1:1/", "http://127.0.0.1:99999/", "file:///etc"]
)
def test_what_is_no_usable_address(url: str) -> None:
    transport = HttpxTransport(timeout=2)
    with pytest.raises(HttpError):
        transport.get(url, {})
    transport.close()
