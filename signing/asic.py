"""ASiC-E containers (ETSI EN 319 162-1): several files in one ZIP, and one CAdES seal with its time stamp over all.

The manifest names every file with its digest; the signature is over the manifest. Containers are written the same way
each time, so only the signature and its time stamp differ between two of the same files.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms
from lxml import etree

from signing import cms_container
from signing.api import SigningError, SigningKey, TimeStampAuthority

MIMETYPE = "application/vnd.etsi.asic-e+zip"
MANIFEST, SIGNATURE = "META-INF/ASiCManifest001.xml", "META-INF/signature001.p7s"

_ASIC, _DS = "http://uri.etsi.org/02918/v1.2.1#", "http://www.w3.org/2000/09/xmldsig#"
_SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
_CMS = "application/x-pkcs7-signature"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,119}")
_LARGEST = 1 << 30
_MALFORMED = (ValueError, TypeError, KeyError, IndexError, AttributeError, zipfile.BadZipFile, etree.XMLSyntaxError)


@dataclass(frozen=True, slots=True)
class AsicFile:
    """``name`` without folders, of plain letters. ``root``: the one that says what the others are."""

    name: str
    content: bytes
    mime: str
    root: bool = False


@dataclass(frozen=True, slots=True)
class AsicReport:
    """What a container holds, and what is wrong with it: codes "asic.…". ``certificate``: DER of who sealed it. Whether
    that certificate is to be trusted is another question."""

    files: Mapping[str, bytes]
    faults: tuple[str, ...]
    certificate: bytes = b""
    time_stamp: datetime | None = None

    @property
    def sound(self) -> bool:
        return not self.faults


class AsicSealer:
    """Makes containers sealed at CAdES-B-T."""

    def __init__(self, authority: TimeStampAuthority) -> None:
        self._authority = authority

    def seal(self, files: Sequence[AsicFile], key: SigningKey, at: datetime) -> bytes:
        """``at``: the moment that the signature claims; the time stamp proves one. Raises ``ValueError`` for names that
        are not plain or not unique, and what key and authority raise."""
        names = [f.name for f in files]
        if not files or len(set(names)) != len(names) or not all(_NAME.fullmatch(n) for n in names):
            raise ValueError("files of a container need plain names of their own")
        manifest = _manifest(files)
        return _packed(files, manifest, self._signature(manifest, key, at))

    def _signature(self, manifest: bytes, key: SigningKey, at: datetime) -> bytes:
        certificate = cms_container.load_certificate(key.certificate)
        chain = [cms_container.load_certificate(der) for der in key.chain]
        algorithm = cms_container.signature_algorithm(certificate)
        digest = hashlib.new(cms_container.digest_name(algorithm), manifest).digest()
        attributes = cms_container.signed_attributes(digest, certificate, at)
        raw = key.sign(attributes, algorithm)
        cms_container.verify_raw(certificate, algorithm, attributes, raw)
        token = self._authority.stamp(cms_container.imprint(raw))
        return cms_container.signed_data(attributes, raw, algorithm, certificate, chain, token)


def _manifest(files: Sequence[AsicFile]) -> bytes:
    """EN 319 162-1, A.4."""
    root = etree.Element(f"{{{_ASIC}}}ASiCManifest", nsmap={"asic": _ASIC, "ds": _DS})
    etree.SubElement(root, f"{{{_ASIC}}}SigReference", {"URI": SIGNATURE, "MimeType": _CMS})
    for file in files:
        told = {"URI": file.name, "MimeType": file.mime, **({"Rootfile": "true"} if file.root else {})}
        reference = etree.SubElement(root, f"{{{_ASIC}}}DataObjectReference", told)
        etree.SubElement(reference, f"{{{_DS}}}DigestMethod", {"Algorithm": _SHA256})
        digest = base64.b64encode(hashlib.sha256(file.content).digest()).decode()
        etree.SubElement(reference, f"{{{_DS}}}DigestValue").text = digest
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _packed(files: Sequence[AsicFile], manifest: bytes, signature: bytes) -> bytes:
    """The first entry is ``mimetype``, stored and without extra field, so that the kind of file is known by its first
    bytes (EN 319 162-1, A.1). PDF and images do not shrink: everything is stored."""
    out = io.BytesIO()
    inside = [("mimetype", MIMETYPE.encode()), *((f.name, f.content) for f in files)]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in (*inside, (MANIFEST, manifest), (SIGNATURE, signature)):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            archive.writestr(entry, content)
    return out.getvalue()


def read_container(data: bytes) -> AsicReport:
    """Checks form, digests and signature of a container as ``AsicSealer`` makes them. Raises ``SigningError``
    "signing.unreadable_container" for what is no such ZIP."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(i.file_size for i in archive.infolist()) > _LARGEST:
                raise SigningError("signing.unreadable_container")
            first = archive.infolist()[0]
            inside = {info.filename: archive.read(info) for info in archive.infolist()}
            twice = len(inside) != len(archive.infolist())
        form = first.filename == "mimetype" and first.compress_type == zipfile.ZIP_STORED and not first.extra
        manifest, signature = inside[MANIFEST], inside[SIGNATURE]
        faults = [] if form and inside["mimetype"] == MIMETYPE.encode() and not twice else ["asic.form"]
        files = {n: c for n, c in inside.items() if n != "mimetype" and not n.startswith("META-INF/")}
        faults += _digest_faults(manifest, files)
        signed, certificate, at = _signed(manifest, signature)
    except _MALFORMED as error:
        raise SigningError("signing.unreadable_container") from error
    return AsicReport(files, tuple(faults if signed else [*faults, "asic.signature"]), certificate, at)


def _digest_faults(manifest: bytes, files: Mapping[str, bytes]) -> list[str]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.fromstring(manifest, parser)
    named = {
        str(r.get("URI")): base64.b64decode(str(r.findtext(f"{{{_DS}}}DigestValue")))
        for r in root.iterfind(f"{{{_ASIC}}}DataObjectReference")
    }
    faults = ["asic.files"] if set(named) != set(files) else []
    changed = [n for n, content in files.items() if named.get(n) != hashlib.sha256(content).digest()]
    return [*faults, *(["asic.digest"] if changed else [])]


def _signed(manifest: bytes, signature: bytes) -> tuple[bool, bytes, datetime | None]:
    """Whether the manifest is what was signed, by whom, and when at the latest by the time stamp's own word."""
    content = cms.ContentInfo.load(signature, strict=True)["content"]
    (signer,) = content["signer_infos"]
    serial = signer["sid"].chosen["serial_number"].native
    certificate = next(c.chosen for c in content["certificates"] if c.chosen.serial_number == serial)
    algorithm = str(signer["signature_algorithm"]["algorithm"].native)
    attributes = signer["signed_attrs"].untag()
    by_kind = {a["type"].native: a["values"] for a in attributes}
    digest = hashlib.new(cms_container.digest_name(algorithm), manifest).digest()
    right = by_kind["message_digest"][0].native == digest
    try:
        cms_container.verify_raw(certificate, algorithm, attributes.dump(), signer["signature"].native)
    except SigningError:
        right = False
    (stamp,) = (a["values"][0] for a in signer["unsigned_attrs"] if a["type"].native == "signature_time_stamp_token")
    info = cms_container.time_stamp_info(stamp.dump())
    right = (
        right
        and info["message_imprint"]["hashed_message"].native == hashlib.sha256(signer["signature"].native).digest()
    )
    return right, certificate.dump(), info["gen_time"].native
