"""Files made to break a validator: it refuses them with a code, or says not valid; nothing else ever escapes."""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
import zlib
from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
from asn1crypto import cms
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from benchmarks.validation_samples import EPOCH, add_dss, sample_pdf, sign
from signing.api import SigningError
from signing.validate import PadesValidator
from signing.validate_structure import Limits


def refusal(validator, pdf: bytes) -> str:
    with pytest.raises(SigningError) as caught:
        validator.validate(pdf)
    return caught.value.code


def raw_pdf(objects: dict[int, bytes], root: int = 1) -> bytes:
    """A file of these objects with a classic cross-reference table."""
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (max(objects) + 1)
    for number in range(1, max(objects) + 1):
        out += b"%010d 00000 n \n" % places[number]
    out += b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (max(objects) + 1, root, table)
    return bytes(out)


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"%PDF-1.7",
        b"%PDF-1.7\n%%EOF",
        b"PK\x03\x04 a word file",
        bytes(3000),
        b"%PDF-1.7\nstartxref\n9\n%%EOF\n",
    ],
)
def test_what_is_no_pdf_is_unreadable(validator, junk):
    assert refusal(validator, junk) == "signing.unreadable_pdf"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_truncated_file_is_unreadable(validator, archive, share):
    assert refusal(validator, archive.archived[: int(len(archive.archived) * share)]) == "signing.unreadable_pdf"


def test_encrypted_file_is_said_to_be_so(validator, signed):
    out = BytesIO()
    with pikepdf.open(BytesIO(signed)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="sahib", user="", R=6))
    assert refusal(validator, out.getvalue()) == "signing.encrypted_pdf"


def test_bombs_are_refused(validator, signed):
    bomb = zlib.compress(bytes(300_000_000), 9)

    def attach(path: str) -> bytes:
        out = BytesIO(signed)
        update = IncrementalPdfFileWriter(out)
        stream = generic.StreamObject({pdf_name("/Filter"): pdf_name("/FlateDecode")}, encoded_data=bomb)
        ref = update.add_object(stream)
        update.root["/DSS"] = generic.DictionaryObject({pdf_name(path): generic.ArrayObject([ref])})
        update.update_root()
        update.write_in_place()
        return out.getvalue()

    metadata = b"<< /Type /Metadata /Subtype /XML /Filter /FlateDecode /Length %d >>\nstream\n" % len(bomb)
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R /Metadata 3 0 R >>",
        2: b"<< /Type /Pages /Kids [] /Count 0 >>",
        3: metadata + bomb + b"\nendstream",
    }
    for pdf in (raw_pdf(objects), attach("/Certs"), attach("/OCSPs"), attach("/CRLs")):
        start = time.process_time()
        assert refusal(validator, pdf) == "signing.decode_limit"
        assert time.process_time() - start < 5


def test_bomb_in_an_object_stream_is_refused(validator):
    data = b"1 0 << /Type /Catalog /Pages 2 0 R >>" + bytes(200_000_000)
    packed = zlib.compress(data, 9)
    stream = b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (
        len(packed),
        packed,
    )
    body = b"%PDF-1.7\n3 0 obj\n" + stream + b"\nendobj\n"
    entries = b"\x00\x00\x00\x00\x00\xff" + b"\x02\x00\x00\x00\x03\x00" + b"\x00" * 6
    entries += b"\x01" + (9).to_bytes(4, "big") + b"\x00" + b"\x01" + len(body).to_bytes(4, "big") + b"\x00"
    head = b"<< /Type /XRef /Size 5 /W [1 4 1] /Root 1 0 R /Length %d >>\nstream\n" % len(entries)
    table = head + entries + b"\nendstream"
    pdf = body + b"4 0 obj\n" + table + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(body)
    assert refusal(validator, pdf) == "signing.decode_limit"


@pytest.mark.parametrize(
    "limits",
    [
        Limits(size=1000),
        Limits(objects=50),
        Limits(revisions=2),
        Limits(signatures=1),
    ],
)
def test_each_limit_holds(trust, now, signed, limits):
    assert refusal(PadesValidator(trust, lambda: now, limits=limits), signed) == "signing.decode_limit"


def test_endless_ways_between_objects_are_refused(pki, validator):
    """Sixty objects, each referring to the next one twice: 2^60 ways to the last, a signature field."""
    with pikepdf.open(BytesIO(sample_pdf(2))) as pdf:
        link = pdf.Root.AcroForm.Fields[0]
        for _ in range(60):
            link = pdf.make_indirect(pikepdf.Dictionary(A=link, B=link))
        pdf.Root.PieceInfo = pikepdf.Dictionary(X=link)
        out = BytesIO()
        pdf.save(out)
    base = sign(out.getvalue(), "Signature2", pki.person(), pki, at=EPOCH)
    start = time.process_time()
    assert refusal(validator, sign(base, "Signature1", pki.person(1), pki, at=EPOCH)) == "signing.decode_limit"
    assert time.process_time() - start < 20


@pytest.mark.parametrize("depth", [500, 20_000])
def test_absurd_nesting_is_refused(validator, judged, depth):
    pdf = raw_pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R /AcroForm 3 0 R >>",
            2: b"<< /Type /Pages /Kids [] /Count 0 >>",
            3: b"<< /Fields " + b"[" * depth + b"]" * depth + b" >>",
        }
    )
    assert not judged(validator, pdf)


def test_loops_in_the_file_end(validator, judged):
    pdf = raw_pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R /AcroForm 3 0 R >>",
            2: b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>",
            3: b"<< /Fields [4 0 R] >>",
            4: b"<< /T (a) /Kids [4 0 R] >>",
        }
    )
    assert not judged(validator, pdf)


class Reworked:
    """A one-signature file whose signer cheats: the container may be made anew over any byte range."""

    def __init__(self, pki) -> None:
        self.pki = pki
        self.person = pki.person()
        self.pdf = sign(sample_pdf(1, pages=1), "Signature1", self.person, pki, at=EPOCH)
        self.embedded = PdfFileReader(BytesIO(self.pdf)).embedded_signatures[0]
        self.range = [int(n) for n in self.embedded.byte_range]
        self.container = cms.ContentInfo.load(self.embedded.pkcs7_content)

    def embed(self, container: bytes, pdf: bytes | None = None) -> bytes:
        pdf = pdf or self.pdf
        before, again = self.range[1], self.range[2]
        digits = container.hex().encode().ljust(again - before - 2, b"0")
        return pdf[: before + 1] + digits + pdf[again - 1 :]

    def over(self, numbers: list[int]) -> bytes:
        """Signs what ``numbers`` cover and writes them into the file."""
        place = self.pdf.index(b"/ByteRange")
        old = re.compile(rb"\[[^\]]*\]").search(self.pdf, place)
        assert old is not None
        text = (b"[" + b" ".join(b"%d" % n for n in numbers)).ljust(old.end() - old.start() - 1) + b"]"
        pdf = self.pdf[: old.start()] + text + self.pdf[old.end() :]
        data = b"".join(pdf[a : a + n] for a, n in zip(numbers[::2], numbers[1::2], strict=True))
        store = SimpleCertificateStore.from_certs([self.pki.issuing.asn1])
        signer = signers.SimpleSigner(self.person.asn1, self.person.asn1_key, store)
        made = asyncio.run(signer.async_sign(hashlib.sha256(data).digest(), "sha256", use_pades=True))
        return self.embed(made.dump(), pdf)


@pytest.fixture(scope="module")
def reworked(pki) -> Reworked:
    return Reworked(pki)


def test_the_cheat_itself_is_sound(reworked, validator):
    assert validator.validate(reworked.over(reworked.range)).valid


@pytest.mark.parametrize(
    "shift",
    [
        (0, -40, 0, 0),
        (0, 0, 40, -40),
        (0, 0, 0, -7),
        (9, -9, 0, 0),
        (0, 1, 0, 0),
        (0, 0, -1, 1),
    ],
)
def test_byte_range_with_a_hole_is_refused(reworked, validator, codes, shift):
    numbers = [n + s for n, s in zip(reworked.range, shift, strict=True)]
    report = validator.validate(reworked.over(numbers))
    assert not report.valid
    wanted = {"signing.byte_range_broken", "signing.contents_not_hexadecimal", "signing.uncovered_bytes"}
    assert codes(report) & wanted


def test_byte_range_of_other_than_two_parts_is_refused(reworked, validator, codes):
    report = validator.validate(reworked.over(reworked.range[:2]))
    assert not report.valid
    assert "signing.byte_range_broken" in codes(report)


def test_two_signers_are_refused(reworked, validator, codes):
    container = cms.ContentInfo.load(reworked.container.dump())
    infos = container["content"]["signer_infos"]
    second = infos[0].copy()
    second["signature"] = b"\x30\x06\x02\x01\x01\x02\x01\x01"
    infos.append(second)
    report = validator.validate(reworked.embed(container.dump(force=True)))
    assert not report.valid
    assert "signing.several_signers" in codes(report)


def test_extra_parts_in_the_container_are_refused(reworked, validator, codes, pki):
    def changed(change) -> set[str]:
        container = cms.ContentInfo.load(reworked.container.dump())
        change(container["content"])
        report = validator.validate(reworked.embed(container.dump(force=True)))
        assert not report.valid
        return codes(report)

    def add_list(signed_data) -> None:
        crl = cms.RevocationInfoChoice.load(pki.crl(pki.root, at=EPOCH))
        signed_data["crls"] = cms.RevocationInfoChoices([crl])

    def add_unsigned(signed_data) -> None:
        attribute = cms.CMSAttribute({"type": "content_type", "values": ["data"]})
        signed_data["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes([attribute])

    def add_stranger(signed_data) -> None:
        stranger = cms.CertificateChoices(name="certificate", value=type(pki)("Kənar").root.asn1)
        signed_data["certificates"].append(stranger)
        altered = bytearray(stranger.chosen.dump())
        altered[-1] ^= 1
        signed_data["certificates"][len(signed_data["certificates"]) - 1] = cms.CertificateChoices.load(bytes(altered))

    def other_version(signed_data) -> None:
        signed_data["version"] = "v3"

    assert "signing.cms_unexpected_part" in changed(add_list)
    assert "signing.cms_unexpected_part" in changed(add_unsigned)
    assert "signing.certificate_not_proven" in changed(add_stranger)
    assert "signing.cms_not_canonical" in changed(other_version)


def test_trailing_data_after_the_container_is_refused(reworked, validator, codes):
    report = validator.validate(reworked.embed(reworked.container.dump() + b"\x05\x00"))
    assert "signing.padding_not_zero" in codes(report)


def test_mirrored_ecdsa_signature_is_another_signature_but_no_forgery(reworked, validator):
    """(r, n - s) verifies as (r, s) does (SEC 1, 4.1.4): it proves the same. It takes far more than one byte."""
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    from asn1crypto.algos import DSASignature

    container = cms.ContentInfo.load(reworked.container.dump())
    info = container["content"]["signer_infos"][0]
    pair = DSASignature.load(info["signature"].native)
    mirrored = DSASignature({"r": pair["r"].native, "s": order - pair["s"].native}).dump()
    differing = sum(a != b for a, b in zip(info["signature"].native, mirrored, strict=False))
    info["signature"] = mirrored
    assert validator.validate(reworked.embed(container.dump(force=True))).valid
    assert differing > 20


def test_two_fields_with_one_signature_are_refused(pki, validator, codes):
    with pikepdf.open(BytesIO(sample_pdf(2))) as pdf:
        pdf.Root.AcroForm.Fields[0].V = pdf.Root.AcroForm.Fields[1].V = pdf.make_indirect(pikepdf.Dictionary())
        out = BytesIO()
        pdf.save(out)
    report = validator.validate(out.getvalue())
    assert not report.valid
    assert {"signing.shared_signature", "signing.malformed_signature"} <= codes(report)


def test_hybrid_cross_references_are_refused(signed, validator, codes):
    reader = PdfFileReader(BytesIO(signed))
    number = int(reader.xrefs.get_xref_container_info(reader.total_revisions - 1).size)
    place = len(signed)
    entry = b"\x01" + place.to_bytes(4, "big") + b"\x00"
    stream = b"<< /Type /XRef /Size %d /W [1 4 1] /Index [%d 1] /Length 6 >>\nstream\n" % (number + 1, number)
    hidden = b"%d 0 obj\n" % number + stream + entry + b"\nendstream\nendobj\n"
    root = reader.root_ref
    trailer = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size %d /Root %d 0 R /Prev %d /XRefStm %d >>\n" % (
        number + 1,
        root.idnum,
        reader.last_startxref,
        place,
    )
    pdf = signed + hidden + trailer + b"startxref\n%d\n%%%%EOF\n" % (place + len(hidden))
    report = validator.validate(pdf)
    assert not report.valid
    assert "signing.hybrid_file" in codes(report)


@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_nothing_but_refusals_escapes(archive, validator, judged, data):
    """Cuts, overwrites, insertions and swaps, several at a time, where they hurt: never valid, never a crash."""
    pdf = bytearray(archive.archived)
    words = [b"/Contents", b"/ByteRange", b"xref", b"/Root", b"/Kids", b"/V ", b"endobj", b"/DSS", b"/Size", b"/Filter"]
    for _ in range(data.draw(st.integers(1, 4))):
        word = data.draw(st.sampled_from(words))
        near = pdf.find(word, data.draw(st.integers(0, len(pdf) - 1)))
        place = max(near, 0) + data.draw(st.integers(0, 40))
        length = data.draw(st.integers(0, 12))
        size = st.binary(min_size=length, max_size=length) if data.draw(st.booleans()) else st.binary(max_size=12)
        pdf[place : place + length] = data.draw(size)
    assert bytes(pdf) == archive.archived or not judged(validator, bytes(pdf))


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_digits_and_names_changed_in_the_structure_never_pass(signed, validator, judged, data):
    """One token of the structure (number, name, keyword) exchanged for another of the same file."""
    tokens = list(re.finditer(rb"/[A-Za-z]{2,12}|\b\d{1,5}\b", signed))
    there, other = data.draw(st.sampled_from(tokens)), data.draw(st.sampled_from(tokens))
    width = there.end() - there.start() if data.draw(st.booleans()) else len(other[0])
    pdf = signed[: there.start()] + other[0].ljust(width)[:width] + signed[there.end() :]
    assert pdf == signed or not judged(validator, pdf)


def test_a_thicket_of_authorities_leads_nowhere_quickly(pki, validator, codes):
    """Thirteen authorities of one name, each a possible issuer of the others: 13! paths that end at no anchor."""
    thicket = [pki.issue("Döngü", None, ca=True, start=EPOCH - timedelta(days=9), years=9) for _ in range(13)]
    person = pki.issue("Dolaşıq", thicket[0], fin="5ABC1D2", start=EPOCH - timedelta(days=9), years=1)
    pdf = add_dss(sign(sample_pdf(1), "Signature1", person, pki, at=EPOCH), certs=thicket, ocsps=[], crls=[])
    start = time.process_time()
    report = validator.validate(pdf)
    assert time.process_time() - start < 5
    assert not report.valid
    assert "signing.untrusted_signer" in codes(report)
