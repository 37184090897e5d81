"""Keys on a real token (SoftHSM2)."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pkcs11
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization import pkcs12 as store

from signing.devpki import Holder, KeyType, Profile
from signing.keys.algorithms import verifies
from signing.keys.pkcs11 import Pkcs11Key
from tests.pki_fixtures import PIN, RunningPki, refused

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
TOKEN_PIN = "73519"
HOLDER = Holder("3DEF4G5", "Əliyev", "Tural", "Vaqif oğlu")


def run(*command: str | Path) -> None:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@dataclass
class Token:
    """A token made by OpenSC and SoftHSM's own tools, so that our reading is tested and not our writing."""

    label: str
    folder: Path

    def create(self) -> None:
        run(
            "softhsm2-util", "--init-token", "--free", "--label", self.label, "--pin", TOKEN_PIN, "--so-pin", "11223344"
        )

    def add(
        self, pki: RunningPki, label: str, key_id: str, kind: KeyType, *, certificate: bytes | None = None
    ) -> bytes:
        issued = pki.issue(HOLDER, Profile(label, key_type=kind))
        key, _, _ = store.load_key_and_certificates(issued.pkcs12, PIN.encode())
        assert key is not None
        files = {
            "key": self.folder / f"{label}.key",
            "cert": self.folder / f"{label}.crt",
            "ca": self.folder / "ca.crt",
        }
        files["key"].write_bytes(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
        files["cert"].write_bytes(certificate or issued.certificate)
        files["ca"].write_bytes(issued.chain[0])
        self.write(files["key"], "privkey", label, key_id)
        self.write(files["cert"], "cert", label, key_id)
        return issued.certificate

    def write(self, file: Path, kind: str, label: str, key_id: str) -> None:
        run(
            *("pkcs11-tool", "--module", MODULE, "--token-label", self.label, "--login", "--pin", TOKEN_PIN),
            *("--write-object", file, "--type", kind, "--label", label, "--id", key_id),
        )


@pytest.fixture(scope="session")
def softhsm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """SoftHSM reads its configuration when the module loads: once in a process, so once in a session."""
    assert MODULE.exists(), "SoftHSM2 is needed: apt-get install softhsm2 opensc"
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(
        f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(configuration)
    yield folder
    pkcs11.unload(str(MODULE))
    if before is None:
        del os.environ["SOFTHSM2_CONF"]
    else:
        os.environ["SOFTHSM2_CONF"] = before


@dataclass
class Filled:
    token: Token
    certificates: dict[str, bytes]


@pytest.fixture(scope="session")
def filled(softhsm: Path, session_pki: RunningPki) -> Filled:
    """One token with a P-256, a P-384 and an RSA key, made before the module is loaded here."""
    token = Token("Sınaq nişanı", softhsm)
    token.create()
    kinds = {"p256": ("01", KeyType.P256), "p384": ("02", KeyType.P384), "rsa": ("03", KeyType.RSA2048)}
    certificates = {f"hsm-{n}": token.add(session_pki, f"hsm-{n}", i, kind) for n, (i, kind) in kinds.items()}
    token.write(softhsm / "ca.crt", "cert", "issuing", "09")
    other = session_pki.issue(HOLDER, Profile("hsm-other"))
    certificates["hsm-swapped"] = token.add(
        session_pki, "hsm-swapped", "04", KeyType.P256, certificate=other.certificate
    )
    return Filled(token, certificates)


def open_key(filled: Filled, label: str | None = "hsm-p256", pin: str = TOKEN_PIN, **how: str | bytes) -> Pkcs11Key:
    return Pkcs11Key.open(MODULE, filled.token.label, pin, key_label=label, **how)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("label", "algorithm"),
    [
        *(("hsm-p256", f"{digest}_ecdsa") for digest in ("sha256", "sha384", "sha512")),
        *(("hsm-p384", f"{digest}_ecdsa") for digest in ("sha256", "sha384")),
        *(("hsm-rsa", f"{digest}_rsa") for digest in ("sha256", "sha384", "sha512")),
    ],
)
def test_signatures_verify(filled: Filled, label: str, algorithm: str) -> None:
    key = open_key(filled, label)
    try:
        assert key.certificate == filled.certificates[label]
        signature = key.sign(b"signed attributes", algorithm)
    finally:
        key.close()
    public = x509.load_der_x509_certificate(key.certificate).public_key()
    assert verifies(public, signature, b"signed attributes", algorithm)
    assert not verifies(public, signature, b"signed attributeZ", algorithm)


def test_chain_has_the_intermediate(filled: Filled, session_pki: RunningPki) -> None:
    key = open_key(filled)
    key.close()
    assert session_pki.pki.chain[0] in key.chain


def test_key_by_id_and_certificate_by_label(filled: Filled) -> None:
    key = open_key(filled, None, key_id=b"\x02", cert_label="hsm-p384")
    key.close()
    assert key.certificate == filled.certificates["hsm-p384"]


def test_threads_share_one_session(filled: Filled) -> None:
    key = open_key(filled)
    public = x509.load_der_x509_certificate(key.certificate).public_key()
    texts = [f"sənəd {number}".encode() for number in range(40)]
    with ThreadPoolExecutor(8) as threads:
        signatures = list(threads.map(lambda text: key.sign(text, "sha256_ecdsa"), texts))
    key.close()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    assert all(verifies(public, s, t, "sha256_ecdsa") for s, t in zip(signatures, texts, strict=True))


@pytest.mark.parametrize("pin", ["73518", "1", ""])
def test_wrong_pin_then_right_pin(filled: Filled, pin: str) -> None:
    with refused("signing.wrong_pin"):
        open_key(filled, pin=pin)
    open_key(filled).close()


def test_second_login_is_refused_rather_than_trusted(filled: Filled) -> None:
    key = open_key(filled)
    try:
        with refused("signing.token_in_use"):
            open_key(filled, pin="00000")
        assert key.sign(b"x", "sha256_ecdsa")
    finally:
        key.close()


def test_missing_things_are_named(filled: Filled, tmp_path: Path) -> None:
    with refused("signing.token_not_found") as found:
        Pkcs11Key.open(MODULE, "yoxdur", TOKEN_PIN)
    assert found[0].params == {"token": "yoxdur"}
    with refused("signing.module_not_found"):
        Pkcs11Key.open(tmp_path / "absent.so", filled.token.label, TOKEN_PIN)
    for how, code in (
        ({"label": "yoxdur"}, "signing.no_key"),
        ({"label": None}, "signing.key_ambiguous"),
        ({"label": "hsm-p256", "cert_label": "yoxdur"}, "signing.no_certificate"),
        ({"label": "hsm-p256", "cert_label": "hsm-rsa"}, "signing.key_mismatch"),
    ):
        with refused(code):
            open_key(filled, **how)
    open_key(filled).close()


def test_not_a_module_at_all(filled: Filled, tmp_path: Path) -> None:
    fake = tmp_path / "fake.so"
    shutil.copyfile(filled.token.folder / "ca.crt", fake)
    with refused("signing.module_not_found"):
        Pkcs11Key.open(fake, filled.token.label, TOKEN_PIN)


def test_signature_of_another_key_than_the_certificate_is_not_given_out(filled: Filled) -> None:
    key = open_key(filled, "hsm-swapped")
    try:
        with refused("signing.key_mismatch"):
            key.sign(b"x", "sha256_ecdsa")
    finally:
        key.close()


def test_closed_key_and_wrong_algorithm(filled: Filled) -> None:
    key = open_key(filled)
    for algorithm in ("sha256_rsa", "md5_ecdsa", "ed25519"):
        with refused("signing.unsupported_algorithm"):
            key.sign(b"x", algorithm)
    key.close()
    key.close()
    with refused("signing.key_closed"):
        key.sign(b"x", "sha256_ecdsa")
