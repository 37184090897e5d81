"""The development PKI over restarts, crashes and neighbours."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from signing.devpki import DevelopmentPki, Holder, Profile, Reason
from signing.devpki.pki import free_port
from signing.devpki.profiles import MARK, az_upper
from signing.devpki.register import Register, Revocation
from signing.devpki.server import PkiServer
from signing.keys.pkcs12 import Pkcs12Key
from signing.trust import is_development_certificate
from tests.pki_fixtures import HOLDER, PIN, RunningPki, SystemClock, refused


def snapshot(directory: Path) -> dict[str, bytes]:
    return {str(p.relative_to(directory)): p.read_bytes() for p in sorted(directory.rglob("*")) if p.is_file()}


def test_second_start_changes_nothing(tmp_path: Path) -> None:
    first = DevelopmentPki(tmp_path, SystemClock())
    key = first.issue(HOLDER, PIN)
    before = snapshot(tmp_path)
    second = DevelopmentPki(tmp_path, SystemClock())
    assert second.issue(HOLDER, "another PIN") == key
    assert (second.root, second.port) == (first.root, first.port)
    assert snapshot(tmp_path) == before


def test_keys_are_for_the_owner_alone(tmp_path: Path) -> None:
    DevelopmentPki(tmp_path / "pki", SystemClock()).issue(HOLDER, PIN)
    modes = {oct(p.stat().st_mode & 0o077) for p in (tmp_path / "pki").rglob("*")} | {
        oct((tmp_path / "pki").stat().st_mode & 0o077)
    }
    assert modes == {"0o0"}


MAKER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from signing.devpki import DevelopmentPki, Holder
class Clock:
    def now(self): return datetime.now(UTC)
pki = DevelopmentPki(Path(sys.argv[1]), Clock())
for n in range(100):
    pki.issue(Holder(f"7AB{n:04d}", "Kərimov", "Orxan"), "1234")
    print(n, flush=True)
"""


@pytest.mark.parametrize("issued", [0, 1, 5])
def test_killed_while_issuing_goes_on(tmp_path: Path, issued: int) -> None:
    maker = subprocess.Popen([sys.executable, "-c", MAKER, tmp_path], stdout=subprocess.PIPE, text=True)
    assert maker.stdout is not None
    for _ in range(issued):
        maker.stdout.readline()
    if not issued:
        while not (tmp_path / "root.key.pem").exists():
            time.sleep(0.001)
    os.kill(maker.pid, signal.SIGKILL)
    maker.communicate()
    pki = DevelopmentPki(tmp_path, SystemClock())
    for number in range(10):
        key = pki.issue(Holder(f"7AB{number:04d}", "Kərimov", "Orxan"), "1234")
        assert Pkcs12Key.load(key.pkcs12, "1234").certificate == key.certificate
        assert pki.register.issued(key.serial)


@pytest.mark.parametrize("kept", range(9))
def test_half_made_directory_is_made_again(tmp_path: Path, kept: int) -> None:
    """Files are written in this order, ``pki.json`` last; a crash leaves any beginning of it."""
    whole = tmp_path / "whole"
    root = DevelopmentPki(whole, SystemClock()).root
    order = [f"{name}.{part}.pem" for name in ("root", "issuing", "ocsp", "tsa") for part in ("key", "cert")]
    half = tmp_path / "half"
    half.mkdir()
    for name in order[:kept]:
        (half / name).write_bytes((whole / name).read_bytes())
    made = DevelopmentPki(half, SystemClock())
    assert made.root != root
    assert DevelopmentPki(half, SystemClock()).root == made.root
    x509.load_der_x509_certificate(made.chain[0]).verify_directly_issued_by(x509.load_der_x509_certificate(made.root))


@pytest.mark.parametrize("name", ["pki.json", "root.key.pem", "issuing.cert.pem", "tsa.key.pem"])
@pytest.mark.parametrize("damage", ["empty", "garbage", "missing", "foreign"])
def test_damage_to_a_finished_one_is_named(tmp_path: Path, name: str, damage: str) -> None:
    pki, path = tmp_path / "pki", tmp_path / "pki" / name
    first = DevelopmentPki(pki, SystemClock())
    other = DevelopmentPki(tmp_path / "other", SystemClock())
    if name == "pki.json" and damage in {"missing", "foreign"}:
        path.unlink()
        assert DevelopmentPki(pki, SystemClock()).root not in {first.root, other.root}
        return
    if damage == "missing":
        path.unlink()
    else:
        content = {"empty": b"", "garbage": b"\x00{", "foreign": (tmp_path / "other" / name).read_bytes()}
        path.write_bytes(content[damage])
    with refused("signing.devpki_damaged") as errors:
        DevelopmentPki(pki, SystemClock())
    assert str(errors[0].params["file"]).split(".")[0] == name.split(".")[0]


def test_threads_issue_one_key_for_one_person(tmp_path: Path) -> None:
    pki = DevelopmentPki(tmp_path, SystemClock())
    with ThreadPoolExecutor(8) as threads:
        keys = list(threads.map(lambda _: pki.issue(HOLDER, PIN), range(16)))
    assert {key.certificate for key in keys} == {keys[0].certificate}
    assert len(list((tmp_path / "issued").iterdir())) == 1


def test_processes_make_one_pki(tmp_path: Path) -> None:
    script = "import sys;from pathlib import Path\n" + MAKER.replace("range(100)", "range(3)")
    makers = [subprocess.Popen([sys.executable, "-c", script, tmp_path], stdout=subprocess.DEVNULL) for _ in range(3)]
    assert [maker.wait(60) for maker in makers] == [0, 0, 0]
    assert len(list((tmp_path / "issued").iterdir())) == 3


def test_names_are_marked_as_development(dev_pki: RunningPki) -> None:
    pki = dev_pki.pki
    for der in (pki.root, *pki.chain, pki.authority.ocsp.der, pki.authority.tsa.der):
        assert is_development_certificate(der)
        subject = x509.load_der_x509_certificate(der).subject.rfc4514_string()
        assert f"{MARK} – Test" in subject
    assert is_development_certificate(dev_pki.person().certificate)


def test_the_port_stays_and_a_taken_one_is_named(tmp_path: Path) -> None:
    pki = DevelopmentPki(tmp_path, SystemClock())
    with PkiServer(pki):
        assert httpx.get(pki.urls.certificate("root")).content == pki.root
    again = DevelopmentPki(tmp_path, SystemClock())
    with PkiServer(again) as server:
        server.start()
        assert httpx.get(pki.urls.certificate("root")).content == pki.root
        with refused("signing.devpki_port_taken") as errors:
            PkiServer(again).start()
        assert errors[0].params == {"port": pki.port}
    server.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.get(pki.urls.certificate("root"))


def test_free_port_is_free_and_below_the_ephemeral_range() -> None:
    port = free_port()
    assert 20000 <= port < 32000
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", port))


@pytest.mark.parametrize("fin", ["", "5abc1d2", "5ABC1D", "5ABC1D22", "5ABC1I2", "5ABC1O2", "../../x", "5ABC1Ə2"])
def test_bad_fin(fin: str, dev_pki: RunningPki) -> None:
    with refused("signing.bad_fin"):
        dev_pki.issue(Holder(fin, "Kərimov", "Orxan"))
    with refused("signing.bad_fin"):
        dev_pki.pki.key(fin)


@pytest.mark.parametrize("voen", ["", "123456789", "12345678901", "12345a7890"])
def test_bad_voen(voen: str, dev_pki: RunningPki) -> None:
    with refused("signing.bad_voen"):
        dev_pki.pki.issue_seal(voen, "KOBİA", PIN)


def test_one_fin_is_one_person(dev_pki: RunningPki) -> None:
    dev_pki.issue(Holder("2WXY3Z4", "Məmmədov", "Əli"))
    with refused("signing.devpki_other_holder"):
        dev_pki.issue(Holder("2WXY3Z4", "Məmmədov", "Vəli"))


def test_unknown_holder_and_foreign_certificate(dev_pki: RunningPki, foreign_pki: RunningPki) -> None:
    with refused("signing.devpki_unknown_holder"):
        dev_pki.pki.key("9ZZZ9Z9")
    with refused("signing.devpki_unknown_holder"):
        dev_pki.pki.revoke_certificate(foreign_pki.person().certificate, datetime.now(UTC))


def test_bad_requests_are_answered_not_crashed(dev_pki: RunningPki) -> None:
    urls = dev_pki.pki.urls
    for url in (urls.ocsp, urls.tsa):
        for body in (b"", b"\x30\x80garbage", b"\x30\x03\x02\x01\x01"):
            assert httpx.post(url, content=body).status_code == 400
        assert httpx.post(url, content=b"x" * 100_000).status_code == 413
    for url in (urls.ocsp, urls.crl("nobody"), urls.certificate("nobody"), urls.base + "/"):
        assert httpx.get(url).status_code == 404
    assert httpx.post(urls.base + "/crl/root.crl").status_code == 404


@pytest.mark.parametrize(
    ("text", "capitals"),
    [("Nərmin", "NƏRMİN"), ("qızı", "QIZI"), ("oğlu", "OĞLU"), ("İlqar", "İLQAR"), ("Çingiz", "ÇİNGİZ")],
)
def test_capitals_of_azerbaijani(text: str, capitals: str) -> None:
    assert az_upper(text) == capitals


def test_long_names_fit_the_certificate(dev_pki: RunningPki) -> None:
    holder = Holder("4LMN5P6", "Ağ" * 30, "Bə" * 30, "Cı" * 30, "Nazirlik " * 20)
    certificate = x509.load_der_x509_certificate(dev_pki.issue(holder).certificate)
    lengths = [len(str(attribute.value).encode()) for attribute in certificate.subject]
    assert 60 < max(lengths) <= 64


def test_twenty_persons_have_twenty_certificates(tmp_path: Path) -> None:
    pki = DevelopmentPki(tmp_path, SystemClock())
    with PkiServer(pki):
        issued = [pki.issue(Holder(f"6AB{number:04d}", "Kərimov", "Orxan"), PIN) for number in range(20)]
    assert len({key.serial for key in issued}) == 20


START = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 1000).map(lambda hours: START + timedelta(hours=hours))


@given(
    facts=st.dictionaries(st.integers(1, 2**159), st.tuples(MOMENTS, st.sampled_from(Reason)), max_size=6), at=MOMENTS
)
def test_register_tells_exactly_what_is_in_force(
    facts: dict[int, tuple[datetime, Reason]], at: datetime, tmp_path_factory: pytest.TempPathFactory
) -> None:
    register = Register(tmp_path_factory.mktemp("register"))
    for serial, (since, reason) in facts.items():
        register.revoke(Revocation(serial, since, reason))
    expected = {serial for serial, (since, _) in facts.items() if since <= at}
    assert {found.serial for found in register.revocations(at)} == expected
    for serial, (since, reason) in facts.items():
        found = register.revocation(serial, at)
        assert (found is not None) == (serial in expected)
        assert found is None or (found.at, found.reason) == (since, reason)


def test_profiles_are_separate_certificates_of_one_person(dev_pki: RunningPki) -> None:
    plain, labelled = dev_pki.issue(), dev_pki.issue(profile=Profile("second"))
    assert plain.certificate != labelled.certificate
    assert dev_pki.pki.key(HOLDER.fin) == plain
    assert dev_pki.pki.key(HOLDER.fin, "second") == labelled
