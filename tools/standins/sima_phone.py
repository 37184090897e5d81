"""A stand-in for a phone with the SİMA app. It is NOT the app: it speaks the web2app protocol as public integrations
show it, over real HTTP, with a key of a development PKI, and can misbehave in every way that the service must refuse.

As the vendor would, it checks the container's seal before anything else, for which it is given the operator's master
key. It cannot know which field of a document is the person's (the protocol does not say): it is told, or takes the
first empty one.

    python -m tools.standins.sima_phone "https://…/?tsquery=…" --key person.p12 --pin 1234 --master-key-file key
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import io
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
import typer
from asn1crypto import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signing.api import SigningKey
from signing.keys.pkcs12 import Pkcs12Key

APP_LINK = "sima://web-to-app?data="


class PhoneRefusedError(Exception):
    """What the app itself would not do: a container that is not sealed, expired, or meant for somebody else."""


class Fault(StrEnum):
    """How the phone misbehaves; each is refused by the service with its own code."""

    ALTERED_CONTAINER = "altered-container"
    OTHER_PATH = "other-path"
    OTHER_BODY = "other-body"
    OTHER_BYTES = "other-bytes"
    NO_SIGNATURE = "no-signature"
    TWO_SIGNATURES = "two-signatures"
    NEW_FIELD = "new-field"
    ANNOTATED = "annotated"
    RETITLED = "retitled"
    HIDDEN = "hidden"
    EXTRA_REVISION = "extra-revision"
    BROKEN_PDF_SIGNATURE = "broken-pdf-signature"
    NOT_PADES = "not-pades"
    OTHER_CHALLENGE = "other-challenge"
    WRONG_HASH = "wrong-hash"


class _PhoneSigner(signers.Signer):
    """pyHanko's way to a key that is not in its hands."""

    def __init__(self, key: SigningKey) -> None:
        self._key = key
        registry = SimpleCertificateStore()
        registry.register_multiple([x509.Certificate.load(der) for der in key.chain])
        super().__init__(signing_cert=x509.Certificate.load(key.certificate), cert_registry=registry)

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        return bytes(80) if dry_run else self._key.sign(data, f"{digest_algorithm}_ecdsa")


@dataclass
class SimaPhone:
    """``key``: the person's; ``master_key``: what the vendor knows of the operator. ``pdf_key``: signs the file instead
    (somebody else's). ``seen``: what was shown to the person, by file name."""

    key: SigningKey
    master_key: bytes
    http: httpx.Client
    field_name: str = ""
    faults: frozenset[Fault] = frozenset()
    pdf_key: SigningKey | None = None
    seen: dict[str, bytes] = field(default_factory=dict)

    def run(self, link: str) -> httpx.Response:
        """Scans, fetches, shows, signs and calls back; the answer to the callback, or the first refusal."""
        content = self.open(link)
        got = self.fetch(link)
        if got.status_code != httpx.codes.OK:
            return got
        return self.call_back(content, self.result(content, self.show(got)))

    def open(self, link: str) -> Mapping[str, Any]:
        """The container behind a link or QR code. Raises ``PhoneRefusedError``."""
        sealed = json.loads(b64decode(unquote(self._url(link).partition("tsquery=")[2])))
        content = sealed["SignableContainer"]
        text = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
        mark = hmac.new(self.master_key, hashlib.sha256(text).digest(), hashlib.sha256).digest()
        if not hmac.compare_digest(mark, b64decode(sealed["Header"]["Signature"])):
            raise PhoneRefusedError("the container is not sealed by the operator")
        if content["ProtoInfo"] != {"Name": "web2app", "Version": "1.3"}:
            raise PhoneRefusedError("another protocol")
        return dict(content)

    def fetch(self, link: str) -> httpx.Response:
        url = self._url(link)
        if Fault.ALTERED_CONTAINER in self.faults:
            url = altered(url)
        parts = urlsplit(url)
        target = f"{parts.path}?{parts.query}"
        signed = "/sima/elsewhere/" if Fault.OTHER_PATH in self.faults else target
        return self.http.get(url, headers=self.headers(signed.encode()))

    def show(self, got: httpx.Response) -> bytes:
        """Decodes the data and remembers what the person saw."""
        answer = got.json()
        data = b64decode(answer["data"])
        self.seen[answer["filename"]] = data
        return data

    def result(self, content: Mapping[str, Any], data: bytes) -> dict[str, str]:
        """The body of the callback."""
        if hashlib.sha256(data).digest() != b64decode(content["DataInfo"]["FingerPrint"]):
            raise PhoneRefusedError("the data are not those of the container")
        kind = content["OperationInfo"]["Type"]
        signature = self.sign_pdf(data) if kind == "Sign" else self.sign_challenge(data)
        digest = hashlib.sha256(b"other" if Fault.WRONG_HASH in self.faults else data).digest()
        return {
            "Type": kind,
            "OperationId": content["OperationInfo"]["OperationId"],
            "DataSignature": b64encode(signature).decode(),
            "SignedDataHash": b64encode(digest).decode(),
            "AlgName": "ECDSA_SHA256",
        }

    def call_back(self, content: Mapping[str, Any], result: Mapping[str, str]) -> httpx.Response:
        body = json.dumps(result).encode()
        signed = body + b" " if Fault.OTHER_BODY in self.faults else body
        headers = {"content-type": "application/json", **self.headers(signed)}
        return self.http.post(content["ClientInfo"]["Callback"], content=body, headers=headers)

    def headers(self, signed: bytes) -> dict[str, str]:
        return {
            "ts-cert": b64encode(self.key.certificate).decode(),
            "ts-sign": b64encode(self.key.sign(signed, "sha256_ecdsa")).decode(),
            "ts-sign-alg": "ECDSA_SHA256",
        }

    def sign_challenge(self, challenge: bytes) -> bytes:
        wrong = b"another challenge" if Fault.OTHER_CHALLENGE in self.faults else challenge
        return self.key.sign(wrong, "sha256_ecdsa")

    def sign_pdf(self, pdf: bytes) -> bytes:
        """The whole file with one signature more, or with what ``faults`` make of it."""
        if Fault.NO_SIGNATURE in self.faults:
            return _touched(pdf)
        if Fault.OTHER_BYTES in self.faults:
            pdf = pdf.replace(b"%PDF-1.7", b"%PDF-1.6", 1) if b"%PDF-1.7" in pdf[:10] else b"%PDF-1.7" + pdf[8:]
        if Fault.EXTRA_REVISION in self.faults:
            pdf = _touched(pdf)
        signed = self._signed(pdf, self._field(pdf))
        if Fault.TWO_SIGNATURES in self.faults:
            signed = self._signed(signed, _empty_fields(signed)[0])
        if Fault.BROKEN_PDF_SIGNATURE in self.faults:
            signed = broken(pdf, signed)
        return signed

    def _field(self, pdf: bytes) -> str:
        return "SimaImza1" if Fault.NEW_FIELD in self.faults else self.field_name or _empty_fields(pdf)[0]

    def _signed(self, pdf: bytes, name: str) -> bytes:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        self._tamper(writer, name)
        new = fields.SigFieldSpec(name, on_page=0, box=(40, 40, 200, 90)) if Fault.NEW_FIELD in self.faults else None
        pades = fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED if Fault.NOT_PADES in self.faults else None
        meta = signers.PdfSignatureMetadata(
            field_name=name, md_algorithm="sha256", subfilter=pades or fields.SigSeedSubFilter.PADES
        )
        work = signers.PdfSigner(meta, signer=_PhoneSigner(self.pdf_key or self.key), new_field_spec=new)
        out = asyncio.run(work.async_sign_pdf(writer))
        return bytes(out.getvalue())

    def _tamper(self, writer: IncrementalPdfFileWriter, name: str) -> None:
        if Fault.ANNOTATED in self.faults:
            page = writer.root["/Pages"]["/Kids"][0]
            note = generic.DictionaryObject({
                pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name("/Text"),
                pdf_name("/Rect"): generic.ArrayObject([generic.NumberObject(n) for n in (10, 10, 40, 40)]),
                pdf_name("/Contents"): pdf_string("Razı deyiləm"), pdf_name("/F"): generic.NumberObject(4),
            })  # fmt: skip
            page.setdefault(pdf_name("/Annots"), generic.ArrayObject()).append(writer.add_object(note))
            writer.update_container(page["/Annots"])
            writer.update_container(page)
        if Fault.RETITLED in self.faults:
            info = generic.DictionaryObject({pdf_name("/Title"): pdf_string("Başqa sənəd")})
            writer.set_info(writer.add_object(info))
        if Fault.HIDDEN in self.faults:
            for found, _, reference in fields.enumerate_sig_fields(writer):
                if found == name:
                    widget = reference.get_object()
                    widget[pdf_name("/F")] = generic.NumberObject(2)
                    writer.update_container(widget)

    @staticmethod
    def _url(link: str) -> str:
        return link.removeprefix(APP_LINK)


def altered(url: str) -> str:
    """The link with another assignee in its container, under the old seal."""
    start, mark, query = url.partition("tsquery=")
    sealed = json.loads(b64decode(query))
    sealed["SignableContainer"]["OperationInfo"]["Assignee"] = ["1AAAAA1"]
    return start + mark + b64encode(json.dumps(sealed, separators=(",", ":")).encode()).decode()


def broken(sent: bytes, signed: bytes) -> bytes:
    """One letter that the signature covers changed, so that its digest no longer fits."""
    name = b"/Adobe.PPKLite"
    place = signed.index(name, len(sent)) + len(name) - 1
    return signed[:place] + b"f" + signed[place + 1 :]


def _touched(pdf: bytes) -> bytes:
    """One more revision in which nothing happens but new dates."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    out = io.BytesIO()
    writer.update_root()
    writer.write(out)
    return out.getvalue()


def _empty_fields(pdf: bytes) -> list[str]:
    return [name for name, _, _ in fields.enumerate_sig_fields(PdfFileReader(io.BytesIO(pdf)), filled_status=False)]


def main(
    link: str,
    key: Path = typer.Option(..., help="PKCS#12 of a development person"),  # noqa: B008
    pin: str = typer.Option("1234"),
    master_key_file: Path = typer.Option(..., help="The operator's master key, as in the settings"),  # noqa: B008
    field_name: str = typer.Option("", "--field", help="The person's signature field; empty: the first empty one"),
    fault: list[Fault] = typer.Option([], help="Misbehave; may be repeated"),  # noqa: B008
) -> None:
    """Answers one link or QR code as a person with a phone would."""
    with httpx.Client(timeout=60) as http:
        master_key = master_key_file.read_text(encoding="utf-8").strip().encode()
        phone = SimaPhone(Pkcs12Key.load(key.read_bytes(), pin), master_key, http, field_name, faults=frozenset(fault))
        answer = phone.run(link)
    for name, data in phone.seen.items():
        typer.echo(f"shown: {name}, {len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}", err=True)
    typer.echo(answer.text)
    raise typer.Exit(0 if answer.is_success else 1)


if __name__ == "__main__":
    typer.run(main)
