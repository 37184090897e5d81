"""Signed sample files at chosen moments, made with stock pyHanko: measured here, and judged by the validation tests.

They owe nothing to our own engine, so the validator is held against files of another make. All keys are P-256;
every certificate, OCSP response, CRL and time stamp carries a time chosen by the caller, so that expiry, revocation
and archival validation are tested without waiting.
"""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pikepdf
from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from certomancer.services import TimeStamper as TokenMaker
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers, timestamps
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore

EPOCH = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""When the first sample signature is made."""

PEOPLE = (
    ("Əliyeva Günel Rəşad qızı", "5ABC1D2"),
    ("Məmmədov Elçin Tofiq oğlu", "6KLM7N8"),
    ("Hüseynova Şəbnəm İlqar qızı", "4QWE9R1"),
)


def _years(count: int) -> timedelta:
    return timedelta(days=365 * count)


@dataclass(frozen=True)
class Credential:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def asn1(self) -> asn1_x509.Certificate:
        return asn1_x509.Certificate.load(self.der)

    @property
    def asn1_key(self) -> asn1_keys.PrivateKeyInfo:
        return asn1_keys.PrivateKeyInfo.load(
            self.key.private_bytes(
                serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )


@dataclass
class SamplePki:
    """Root, issuing CA, OCSP responder, time-stamping authority, persons."""

    name: str = "Nümunə"
    root: Credential = field(init=False)
    issuing: Credential = field(init=False)
    responder: Credential = field(init=False)
    tsa: Credential = field(init=False)

    def __post_init__(self) -> None:
        self._serials = itertools.count(4097)
        self.root = self.issue(f"{self.name} Kök", None, ca=True, start=EPOCH - _years(5), years=30)
        self.issuing = self.issue(f"{self.name} İmza CA", self.root, ca=True, start=EPOCH - _years(3), years=20)
        self.responder = self.issue(
            f"{self.name} OCSP", self.issuing, usage=ExtendedKeyUsageOID.OCSP_SIGNING, start=EPOCH - _years(1), years=10
        )
        self.tsa = self.issue(
            f"{self.name} TSA", self.root, usage=ExtendedKeyUsageOID.TIME_STAMPING, start=EPOCH - _years(1), years=10
        )

    def person(self, number: int = 0, *, start: datetime | None = None, years: int = 2) -> Credential:
        name, fin = PEOPLE[number % len(PEOPLE)]
        fin = fin if number < len(PEOPLE) else f"{number:04d}XYZ"
        return self.issue(name, self.issuing, fin=fin, start=start or EPOCH - _years(1), years=years)

    def issue(
        self,
        name: str,
        issuer: Credential | None,
        *,
        start: datetime,
        years: int,
        ca: bool = False,
        fin: str = "",
        usage: x509.ObjectIdentifier | None = None,
    ) -> Credential:
        key = ec.generate_private_key(ec.SECP256R1())
        names = [x509.NameAttribute(NameOID.COUNTRY_NAME, "AZ"), x509.NameAttribute(NameOID.COMMON_NAME, name)]
        if fin:
            names.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, fin))
        subject = x509.Name(names)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.certificate.subject if issuer else subject)
            .public_key(key.public_key())
            .serial_number(next(self._serials))
            .not_valid_before(start)
            .not_valid_after(start + _years(years))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(_key_usage(ca=ca), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )
        if usage is not None:
            builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
        if usage == ExtendedKeyUsageOID.OCSP_SIGNING:
            builder = builder.add_extension(x509.OCSPNoCheck(), critical=False)
        return Credential(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)

    def ocsp(self, about: Credential, *, at: datetime, revoked: datetime | None = None) -> bytes:
        """OCSP response by the delegated responder, good for a day."""
        status = ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD
        return (
            ocsp.OCSPResponseBuilder()
            .add_response(
                about.certificate,
                self.issuing.certificate,
                hashes.SHA256(),
                status,
                at,
                at + timedelta(days=1),
                revoked,
                x509.ReasonFlags.key_compromise if revoked else None,
            )
            .responder_id(ocsp.OCSPResponderEncoding.HASH, self.responder.certificate)
            .certificates([self.responder.certificate])
            .sign(self.responder.key, hashes.SHA256())
            .public_bytes(serialization.Encoding.DER)
        )

    def crl(self, issuer: Credential, *, at: datetime, revoked: dict[int, datetime] | None = None) -> bytes:
        """CRL of ``issuer``, good for thirty days; ``revoked``: serial number -> when."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(issuer.certificate.subject)
            .last_update(at)
            .next_update(at + timedelta(days=30))
            .add_extension(x509.CRLNumber(1), critical=False)
        )
        for serial, when in (revoked or {}).items():
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(when).build()
            builder = builder.add_revoked_certificate(entry)
        return builder.sign(issuer.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def _key_usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        content_commitment=not ca,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )


class LocalStamper(timestamps.TimeStamper):
    """RFC 3161 tokens of ``authority`` at a fixed time, without a network."""

    def __init__(self, authority: Credential, chain: tuple[Credential, ...], at: datetime) -> None:
        super().__init__()
        self._maker = TokenMaker(
            authority.asn1, authority.asn1_key, certs_to_embed=[c.asn1 for c in chain], fixed_dt=at
        )

    async def async_request_tsa_response(self, req):  # type: ignore[no-untyped-def]
        return self._maker.request_tsa_response(req)


def sample_pdf(field_count: int = 3, *, pages: int = 4) -> bytes:
    """A tagged PDF with empty signature fields "Signature1"…, in the shape a converter leaves: 40 marked lines a page,
    a structure tree down to the form elements of the fields."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    )
    root = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot))
    body = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.StructElem, S=pikepdf.Name.Document, P=root))
    kids = pikepdf.Array()
    for number in range(pages):
        _add_page(pdf, number, font, body, kids)
    _add_fields(pdf, field_count, body, kids)
    body.K = kids
    root.K = pikepdf.Array([body])
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = pikepdf.Dictionary(Marked=True)
    pdf.Root.Lang = pikepdf.String("az-Latn-AZ")
    with pdf.open_metadata() as xmp:
        xmp["pdfaid:part"] = "3"
        xmp["pdfaid:conformance"] = "B"
    out = BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _add_page(pdf: pikepdf.Pdf, number: int, font: pikepdf.Object, body: pikepdf.Object, kids: pikepdf.Array) -> None:
    lines = [f"Protokol {number + 1}.{row}: 125 {row} AZN" for row in range(40)]
    content = "\n".join(
        f"/P <</MCID {row}>> BDC BT /F1 11 Tf 60 {800 - 18 * row} Td ({text}) Tj ET EMC"
        for row, text in enumerate(lines)
    )
    page = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=[0, 0, 595, 842],
        Resources=pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font)),
        Contents=pdf.make_stream(content.encode()),
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    held = pdf.pages[number].obj
    for row in range(len(lines)):
        element = pikepdf.Dictionary(Type=pikepdf.Name.StructElem, S=pikepdf.Name.P, P=body, Pg=held, K=row)
        kids.append(pdf.make_indirect(element))


def _add_fields(pdf: pikepdf.Pdf, count: int, body: pikepdf.Object, kids: pikepdf.Array) -> None:
    page = pdf.pages[-1].obj
    widgets = pikepdf.Array()
    for number in range(count):
        x, y = 40 + 130 * (number % 4), 40 + 22 * (number // 4)
        widget = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Sig,
                T=pikepdf.String(f"Signature{number + 1}"),
                Rect=[x, y, x + 120, y + 20],
                F=132,
                P=page,
            )
        )
        reference = pikepdf.Dictionary(Type=pikepdf.Name.OBJR, Obj=widget, Pg=page)
        element = pikepdf.Dictionary(Type=pikepdf.Name.StructElem, S=pikepdf.Name.Form, P=body, Pg=page, K=reference)
        kids.append(pdf.make_indirect(element))
        widgets.append(widget)
    page.Annots = widgets
    pdf.Root.AcroForm = pdf.make_indirect(pikepdf.Dictionary(Fields=pikepdf.Array(list(widgets)), SigFlags=3))


def sign(
    pdf: bytes,
    field_name: str,
    person: Credential,
    pki: SamplePki,
    *,
    at: datetime,
    stamp_at: datetime | None = None,
    stamp_by: Credential | None = None,
    subfilter: fields.SigSeedSubFilter = fields.SigSeedSubFilter.PADES,
    digest: str = "sha256",
    certify: bool = False,
    permission: fields.MDPPerm = fields.MDPPerm.FILL_FORMS,
    room: int = 6000,
) -> bytes:
    """One more approval (or certification) signature; with ``stamp_at`` a signature time stamp (B-T)."""
    out = BytesIO(pdf)
    registry = SimpleCertificateStore.from_certs([pki.issuing.asn1])
    signer = signers.SimpleSigner(person.asn1, person.asn1_key, registry)
    stamper = LocalStamper(stamp_by or pki.tsa, (), stamp_at) if stamp_at else None
    metadata = signers.PdfSignatureMetadata(
        field_name=field_name,
        md_algorithm=digest,
        subfilter=subfilter,
        certify=certify,
        docmdp_permissions=permission,
    )
    worker = signers.PdfSigner(metadata, signer, timestamper=stamper)
    asyncio.run(worker.async_sign_pdf(IncrementalPdfFileWriter(out), in_place=True, bytes_reserved=2 * room))
    return out.getvalue()


def add_dss(pdf: bytes, *, certs: list[Credential], ocsps: list[bytes], crls: list[bytes]) -> bytes:
    """Appends validation data, as for B-LT."""
    out = BytesIO(pdf)
    DocumentSecurityStore.add_dss(
        out,
        None,
        certs=[c.asn1 for c in certs],
        ocsps=[asn1_ocsp.OCSPResponse.load(o) for o in ocsps],
        crls=[asn1_crl.CertificateList.load(c) for c in crls],
    )
    return out.getvalue()


def document_time_stamp(
    pdf: bytes, pki: SamplePki, *, at: datetime, by: Credential | None = None, room: int = 6000
) -> bytes:
    """Appends a document time stamp, as for B-LTA."""
    out = BytesIO(pdf)
    stamper = signers.PdfTimeStamper(LocalStamper(by or pki.tsa, (), at))
    update = IncrementalPdfFileWriter(out)
    asyncio.run(stamper.async_timestamp_pdf(update, "sha256", None, in_place=True, bytes_reserved=2 * room))
    return out.getvalue()


def signed_by_many(pki: SamplePki, count: int) -> bytes:
    """``count`` B-T signatures, a minute apart."""
    pdf = sample_pdf(count)
    for number in range(count):
        moment = EPOCH + timedelta(minutes=number)
        pdf = sign(pdf, f"Signature{number + 1}", pki.person(number), pki, at=moment, stamp_at=moment)
    return pdf


def last_revision(pdf: bytes) -> int:
    return int(PdfFileReader(BytesIO(pdf)).total_revisions)
