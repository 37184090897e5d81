"""LibreOffice killed, stopped, cut off, and tempted to read what it must not."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pikepdf
import psutil
import pytest
from PIL import Image

from doc_service.domain.errors import DomainError
from doc_service.rendering.office import OfficePool
from doc_service.rendering.office_worker import OfficeSettings, sweep
from doc_service.rendering.renderer import OfficeRenderer


def office_process(pool: OfficePool) -> psutil.Process:
    (host,) = pool.hosts
    (child,) = [p for p in psutil.Process(host).children(recursive=True) if p.name() == "soffice.bin"]
    return child


def group(pid: int) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, ProcessLookupError):
            if os.getpgid(process.pid) == pid and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def settled(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


def long_document(kit: Any) -> bytes:
    document = kit.new_document()
    for number in range(500):
        document.add_paragraph(f"{number} " + "Azərbaycan Respublikası " * 30)
    return bytes(kit.packed(document))


def page_count(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


@pytest.fixture
def pool(office_settings: OfficeSettings) -> Iterator[OfficePool]:
    with OfficePool(1, office_settings, time.monotonic) as made:
        made.warm()
        yield made


def outcome(pool: OfficePool, document: bytes) -> bytes | DomainError:
    try:
        return pool.convert(document)
    except DomainError as error:
        return error


def struck(pool: OfficePool, document: bytes, blow: Callable[[psutil.Process], None]) -> Any:
    """Converts while ``blow`` hits soffice in the middle of the conversion; gives the result or the error."""
    result: list[bytes | DomainError] = []
    victim = office_process(pool)
    idle = sum(victim.cpu_times()[:2])
    thread = threading.Thread(target=lambda: result.append(outcome(pool, document)))
    thread.start()
    assert settled(lambda: sum(victim.cpu_times()[:2]) > idle + 0.2)
    assert thread.is_alive()
    blow(victim)
    thread.join(60)
    return result[0]


def test_killed_in_mid_conversion_costs_one_retry(kit: Any, pool: OfficePool) -> None:
    document = long_document(kit)
    (first,) = pool.hosts
    result = struck(pool, document, lambda victim: victim.send_signal(signal.SIGKILL))
    assert isinstance(result, bytes)
    assert page_count(result) == page_count(pool.convert(document)) > 20
    assert pool.hosts != (first,)
    assert group(first) == []


def test_a_failure_on_a_full_disk_is_not_the_documents(office_settings: OfficeSettings) -> None:
    """LibreOffice says anything when it cannot write; the same failure with room is the document's."""
    for room, code in ((1 << 60, "render.no_space"), (0, "render.failed")):
        with OfficePool(1, dataclasses.replace(office_settings, room=room), time.monotonic) as pool:
            with pytest.raises(DomainError) as caught:
                pool.convert(b"PK\x03\x04 broken")
            assert caught.value.code == code


def test_killed_twice_is_an_error(kit: Any, pool: OfficePool) -> None:
    stop = threading.Event()

    def hunt() -> None:
        while not stop.is_set():
            for host in pool.hosts:
                with contextlib.suppress(psutil.Error):
                    for child in psutil.Process(host).children(recursive=True):
                        child.kill()
            time.sleep(0.02)

    hunter = threading.Thread(target=hunt)
    hunter.start()
    try:
        with pytest.raises(DomainError) as caught:
            pool.convert(long_document(kit))
        assert caught.value.code == "render.failed"
    finally:
        stop.set()
        hunter.join()
    assert pool.convert(kit.text_template("sonra")).startswith(b"%PDF")


def test_hang_is_killed_at_the_deadline(kit: Any, office_settings: OfficeSettings) -> None:
    with OfficePool(1, replace(office_settings, timeout=4.0), time.monotonic) as pool:
        pool.warm()
        (host,) = pool.hosts
        office_process(pool).suspend()
        start = time.monotonic()
        with pytest.raises(DomainError) as caught:
            pool.convert(kit.text_template("x"))
        assert (caught.value.code, caught.value.faults[0].params["seconds"]) == ("render.timeout", 4)
        assert time.monotonic() - start < 12
        assert settled(lambda: group(host) == [])
        assert pool.convert(kit.text_template("x")).startswith(b"%PDF")


def test_stopped_host_does_not_block_the_sender(kit: Any, office_settings: OfficeSettings) -> None:
    """A document larger than the pipe, and nobody who reads it."""
    document = kit.repacked(kit.text_template("x"), {"word/media/a.png": b"\x89PNG\r\n\x1a\n" + os.urandom(1 << 20)})
    with OfficePool(1, replace(office_settings, timeout=1.0), time.monotonic) as pool:
        pool.warm()
        (host,) = pool.hosts
        os.killpg(host, signal.SIGSTOP)
        with pytest.raises(DomainError) as caught:
            pool.convert(document)
        assert caught.value.code == "render.timeout"
        assert settled(lambda: group(host) == [])


@pytest.mark.parametrize("content", [b"", b"not a document", b"PK\x05\x06" + bytes(18)])
def test_broken_document_is_refused_and_the_host_stays(kit: Any, pool: OfficePool, content: bytes) -> None:
    hosts = pool.hosts
    with pytest.raises(DomainError) as caught:
        pool.convert(content)
    assert caught.value.code == "render.failed"
    assert pool.convert(kit.text_template("x")).startswith(b"%PDF")
    assert pool.hosts == hosts


def test_broken_template_reaches_no_converter(kit: Any, renderer: OfficeRenderer, templates: Path) -> None:
    for content, code in (
        (b"broken", "template.broken"),
        (kit.text_template("{{ x.__class__ }}"), "template.forbidden"),
        (kit.text_template("{{ yoxdur }}"), "template.unknown_variable"),
    ):
        (templates / "protocol.v1.docx").write_bytes(content)
        with pytest.raises(DomainError) as caught:
            renderer.render(kit.request("protocol.v1", {"x": "a"}))
        assert caught.value.code == code


def test_closing_leaves_nothing_behind(kit: Any, office_settings: OfficeSettings, tmp_path: Path) -> None:
    with OfficePool(2, replace(office_settings, work_root=tmp_path), time.monotonic) as pool:
        pool.warm()
        hosts = pool.hosts
        assert len(hosts) == 2
        names = {row.split()[-1] for pid in hosts for row in Path(f"/proc/{pid}/net/unix").read_text().splitlines()[1:]}
        sockets = [Path(name) for name in names if "OSL_PIPE" in name and Path(name).exists()]
        assert len(sockets) >= 4
        assert pool.convert(kit.text_template("x")).startswith(b"%PDF")
    assert settled(lambda: not any(group(host) for host in hosts))
    assert list(tmp_path.iterdir()) == []
    assert not any(socket.exists() for socket in sockets)
    with pytest.raises(DomainError) as caught:
        pool.convert(kit.text_template("x"))
    assert caught.value.code == "render.failed"


def test_recycled_after_its_share_of_documents(kit: Any, office_settings: OfficeSettings) -> None:
    with OfficePool(1, replace(office_settings, max_documents=2), time.monotonic) as pool:
        document, seen = kit.text_template("x"), []
        for _ in range(3):
            pool.warm()
            seen.append(pool.hosts)
            pool.convert(document)
        assert seen[0] == seen[1] != seen[2]


def test_recycled_when_it_grows(kit: Any, office_settings: OfficeSettings) -> None:
    with OfficePool(1, replace(office_settings, max_rss=1 << 20), time.monotonic) as pool:
        assert pool.convert(kit.text_template("x")).startswith(b"%PDF")
        assert pool.hosts == ()


def test_memory_limit_stops_the_process_not_the_service(kit: Any, office_settings: OfficeSettings) -> None:
    """A document that needs more memory than granted: soffice fails, and the next pool works."""
    with OfficePool(1, replace(office_settings, address_space=200 << 20, start_timeout=15.0), time.monotonic) as pool:
        with pytest.raises(DomainError) as caught:
            pool.convert(kit.text_template("x"))
        assert caught.value.code in ("render.failed", "render.timeout")


def test_full_disk_is_an_error(kit: Any, office_settings: OfficeSettings) -> None:
    """No file beyond one page can be written: an error with a code, or the right document, never a cut one."""
    with OfficePool(1, replace(office_settings, file_size=4096, start_timeout=15.0), time.monotonic) as pool:
        result = outcome(pool, long_document(kit))
        if isinstance(result, bytes):
            assert page_count(result) > 20
        else:
            assert result.code in ("render.failed", "render.timeout")


def test_no_room_for_the_working_directory(kit: Any, office_settings: OfficeSettings, tmp_path: Path) -> None:
    with OfficePool(1, replace(office_settings, work_root=tmp_path / "absent"), time.monotonic) as pool:
        with pytest.raises(DomainError) as caught:
            pool.convert(kit.text_template("x"))
        assert caught.value.code == "render.failed"


def test_missing_program_is_an_error(kit: Any, office_settings: OfficeSettings, tmp_path: Path) -> None:
    for broken in (replace(office_settings, program=tmp_path), replace(office_settings, python=tmp_path / "python3")):
        with OfficePool(1, broken, time.monotonic) as pool:
            with pytest.raises(DomainError) as caught:
                pool.warm()
            assert caught.value.code == "render.failed"


SERVICE = """
import sys, time
from pathlib import Path
from dataclasses import replace
from doc_service.rendering.isolation import network_prefix
from doc_service.rendering.office import OfficePool
from doc_service.rendering.office_worker import OfficeSettings
pool = OfficePool(1, OfficeSettings(work_root=Path(sys.argv[1]), prefix=network_prefix()), time.monotonic)
pool.warm()
print(*pool.hosts, flush=True)
time.sleep(60)
"""


def test_hosts_die_with_the_service(tmp_path: Path) -> None:
    service = subprocess.Popen([sys.executable, "-c", SERVICE, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert service.stdout is not None
    host = int(service.stdout.readline())
    assert len(group(host)) >= 2
    service.kill()
    service.wait()
    service.stdout.close()
    assert settled(lambda: group(host) == [])
    assert len(list(tmp_path.iterdir())) == 1
    assert sweep(tmp_path) == 1
    assert list(tmp_path.iterdir()) == []


class Listener(BaseHTTPRequestHandler):
    hits: list[str]

    def do_GET(self) -> None:
        self.hits.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(png("red"))

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_OPTIONS(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        return


def png(colour: str) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (80, 80), colour).save(target, "PNG")
    return target.getvalue()


def linking(kit: Any, url: str, text: Path) -> bytes:
    """A DOCX with a linked image and an INCLUDETEXT field, as it would be without the package check."""
    document = kit.new_document()
    document.add_picture(io.BytesIO(png("green")))
    paragraph = document.add_paragraph()._p
    for kind in ("begin", "", "separate", "end"):
        run = kit.element("r")
        if kind:
            run.append(kit.element("fldChar", fldCharType=kind))
        else:
            code = kit.element("instrText")
            code.text = f' INCLUDETEXT "{text.as_uri()}" '
            run.append(code)
        paragraph.append(run)
    target = f'Target="{url}" TargetMode="External"'.encode()
    return bytes(
        kit.repacked(
            kit.packed(document),
            {
                "word/_rels/document.xml.rels": lambda xml: xml.replace(b'Target="media/image1.png"', target),
                "word/document.xml": lambda xml: xml.replace(b"r:embed=", b"r:link="),
            },
        )
    )


def images(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return sum(
            1 for item in opened.objects if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Image"
        )


@pytest.mark.parametrize("isolated", [True, False])
def test_nothing_is_fetched_or_read(kit: Any, office_settings: OfficeSettings, tmp_path: Path, isolated: bool) -> None:
    """Neither network nor local files, in an empty network namespace and, by proxy and Landlock alone, without."""
    secret_text, secret_image = tmp_path / "secret.txt", tmp_path / "secret.png"
    secret_text.write_text("GIZLIMETN")
    secret_image.write_bytes(png("blue"))
    hits: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Here", (Listener,), {"hits": hits}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings = office_settings if isolated else replace(office_settings, prefix=())
    try:
        with OfficePool(1, settings, time.monotonic) as pool:
            for url in (f"http://127.0.0.1:{server.server_port}/a.png", secret_image.as_uri()):
                pdf = pool.convert(linking(kit, url, secret_text))
                assert images(pdf) == 0
                text = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout
                assert b"GIZLI" not in text
    finally:
        server.shutdown()
        server.server_close()
    assert hits == []


def test_the_linked_image_would_be_read_without_confinement(
    kit: Any, office_settings: OfficeSettings, tmp_path: Path
) -> None:
    """The proof that the test above can fail: the same document on a host without Landlock shows the file."""
    secret = tmp_path / "secret.png"
    secret.write_bytes(png("blue"))
    with OfficePool(1, replace(office_settings, confine=False), time.monotonic) as pool:
        assert images(pool.convert(linking(kit, secret.as_uri(), secret))) == 1


CONFINED = """
import sys
from pathlib import Path
from doc_service.rendering.officehost import landlock
assert landlock.restrict(landlock.office_rules("/usr/lib/libreoffice/program", sys.argv[1], ["/usr/share/fonts"]))
for path in sys.argv[2:]:
    try:
        Path(path).read_bytes()
        print("read")
    except PermissionError:
        print("denied")
(Path(sys.argv[1]) / "made").write_text("x")
"""


def test_what_a_confined_process_can_read(tmp_path: Path) -> None:
    work, other = tmp_path / "work", tmp_path / "other"
    work.mkdir()
    other.write_text("x")
    (work / "own").write_text("x")
    wanted = {
        str(other): "denied",
        "/etc/hostname": "denied",
        "/etc/shadow": "denied",
        f"/proc/{os.getpid()}/environ": "denied",
        "/proc/self/stat": "read",
        str(work / "own"): "read",
        "/etc/passwd": "read",
    }
    command = [sys.executable, "-c", CONFINED, str(work), *wanted]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.split() == list(wanted.values()), done.stderr
    assert (work / "made").exists()


def test_such_a_template_never_gets_that_far(kit: Any, renderer: OfficeRenderer, templates: Path) -> None:
    (templates / "protocol.v1.docx").write_bytes(linking(kit, "file:///etc/hostname", Path("/etc/hostname")))
    with pytest.raises(DomainError) as caught:
        renderer.render(kit.request("protocol.v1", {}))
    assert caught.value.code == "template.forbidden"


def test_many_threads_share_the_pool(kit: Any, office_settings: OfficeSettings) -> None:
    document, results = kit.text_template("x"), []
    with OfficePool(2, office_settings, time.monotonic) as pool:
        threads = [threading.Thread(target=lambda: results.append(pool.convert(document))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(pool.hosts) <= 2
    assert [page_count(pdf) for pdf in results] == [1] * 8
