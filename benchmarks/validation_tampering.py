"""What forgers do to a signed file, each as a function from a signed file to a forged one.

``signed`` always has its first two of three fields signed by stock pyHanko (see ``validation_samples``)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

from pyhanko.pdf_utils import generic, writer
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import (
    FieldMDPAction,
    FieldMDPSpec,
    MDPPerm,
    SigFieldSpec,
    SigSeedSubFilter,
    append_signature_field,
)

from benchmarks.validation_samples import EPOCH, SamplePki, add_dss, document_time_stamp, sample_pdf, sign

Forgery = Callable[[bytes, SamplePki], bytes]


def _update(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    out = BytesIO(pdf)
    update = IncrementalPdfFileWriter(out)
    change(update)
    update.write_in_place()
    return out.getvalue()


def _page(update: IncrementalPdfFileWriter, number: int = 0) -> generic.DictionaryObject:
    return update.root["/Pages"]["/Kids"][number]


def signed_sample(pki: SamplePki) -> bytes:
    """Three fields, the first two signed at level B-T."""
    pdf = sample_pdf(3)
    for number in range(2):
        moment = EPOCH + timedelta(minutes=number)
        pdf = sign(pdf, f"Signature{number + 1}", pki.person(number), pki, at=moment, stamp_at=moment)
    return pdf


def change_figure(pdf: bytes, pki: SamplePki) -> bytes:
    def change(update: IncrementalPdfFileWriter) -> None:
        stream = generic.StreamObject(stream_data=b"BT /F1 11 Tf 60 800 Td (Protokol 1.0: 999 0 AZN) Tj ET")
        _page(update)["/Contents"] = update.add_object(stream)
        update.update_container(_page(update))

    return _update(pdf, change)


def overwrite_content_stream(pdf: bytes, pki: SamplePki) -> bytes:
    def change(update: IncrementalPdfFileWriter) -> None:
        stream = _page(update)["/Contents"]
        stream._data = stream.data.replace(b"125", b"925")
        stream._encoded_data = None
        update.update_container(stream)

    return _update(pdf, change)


def change_and_undo(pdf: bytes, pki: SamplePki) -> bytes:
    original = PdfFileReader(BytesIO(pdf)).root["/Pages"]["/Kids"][0].raw_get("/Contents")

    def undo(update: IncrementalPdfFileWriter) -> None:
        _page(update)["/Contents"] = generic.IndirectObject(original.idnum, original.generation, update)
        update.update_container(_page(update))

    return _update(change_figure(pdf, pki), undo)


def add_annotation(pdf: bytes, pki: SamplePki) -> bytes:
    def change(update: IncrementalPdfFileWriter) -> None:
        note = generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/FreeText"),
                pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (60, 700, 300, 730))),
                pdf_name("/Contents"): generic.pdf_string("Qərar ləğv edilib"),
                pdf_name("/F"): generic.NumberObject(4),
            }
        )
        page = _page(update, 3)
        page["/Annots"] = generic.ArrayObject([*page["/Annots"], update.add_object(note)])
        update.update_container(page)

    return _update(pdf, change)


def add_page(pdf: bytes, pki: SamplePki) -> bytes:
    def change(update: IncrementalPdfFileWriter) -> None:
        content = update.add_object(generic.StreamObject(stream_data=b"0 0 100 100 re f"))
        update.insert_page(writer.PageObject(contents=content, media_box=(0, 0, 595, 842)))

    return _update(pdf, change)


def remove_page(pdf: bytes, pki: SamplePki) -> bytes:
    def change(update: IncrementalPdfFileWriter) -> None:
        pages = update.root["/Pages"]
        pages["/Kids"] = generic.ArrayObject(list(pages["/Kids"])[1:])
        pages["/Count"] = generic.NumberObject(3)
        update.update_container(pages)

    return _update(pdf, change)


def add_open_action(pdf: bytes, pki: SamplePki) -> bytes:
    def change(update: IncrementalPdfFileWriter) -> None:
        update.root["/OpenAction"] = generic.DictionaryObject(
            {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): generic.pdf_string("app.alert(1)")}
        )
        update.update_root()

    return _update(pdf, change)


def replace_font(pdf: bytes, pki: SamplePki) -> bytes:
    def change(update: IncrementalPdfFileWriter) -> None:
        font = _page(update)["/Resources"]["/Font"]["/F1"]
        font["/BaseFont"] = pdf_name("/ZapfDingbats")
        update.update_container(font)

    return _update(pdf, change)


def delete_field(pdf: bytes, pki: SamplePki) -> bytes:
    def change(update: IncrementalPdfFileWriter) -> None:
        form = update.root["/AcroForm"]
        form["/Fields"] = generic.ArrayObject(list(form["/Fields"])[:-1])
        update.update_container(form)

    return _update(pdf, change)


def unsign_second(pdf: bytes, pki: SamplePki) -> bytes:
    def change(update: IncrementalPdfFileWriter) -> None:
        field = update.root["/AcroForm"]["/Fields"][1]
        del field["/V"]
        update.update_container(field)

    return _update(pdf, change)


def move_field(pdf: bytes, pki: SamplePki) -> bytes:
    def change(update: IncrementalPdfFileWriter) -> None:
        field = update.root["/AcroForm"]["/Fields"][0]
        field["/Rect"] = generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 842)))
        update.update_container(field)

    return _update(pdf, change)


def cover_with_appearance(pdf: bytes, pki: SamplePki) -> bytes:
    """Gives a signed field an appearance that hides the page (shadow attack "hide")."""

    def change(update: IncrementalPdfFileWriter) -> None:
        shape = generic.StreamObject(
            {
                pdf_name("/Type"): pdf_name("/XObject"),
                pdf_name("/Subtype"): pdf_name("/Form"),
                pdf_name("/BBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 842))),
            },
            stream_data=b"1 g 0 0 595 842 re f",
        )
        field = update.root["/AcroForm"]["/Fields"][0]
        field["/AP"] = generic.DictionaryObject({pdf_name("/N"): update.add_object(shape)})
        update.update_container(field)

    return _update(pdf, change)


def change_structure(pdf: bytes, pki: SamplePki) -> bytes:
    def change(update: IncrementalPdfFileWriter) -> None:
        element = update.root["/StructTreeRoot"]["/K"][0]["/K"][0]
        element["/ActualText"] = generic.pdf_string("925 AZN")
        update.update_container(element)

    return _update(pdf, change)


def flip_covered_byte(pdf: bytes, pki: SamplePki) -> bytes:
    place = pdf.index(b"/MediaBox") + 12
    return pdf[:place] + bytes((pdf[place] ^ 1,)) + pdf[place + 1 :]


def flip_last_signature(pdf: bytes, pki: SamplePki) -> bytes:
    """Another digit in the signature value of the last signature."""
    embedded = PdfFileReader(BytesIO(pdf)).embedded_signatures[-1]
    value = embedded.signer_info["signature"].native.hex().encode()
    place = pdf.lower().index(value) + 40
    digit = b"0" if pdf[place : place + 1] != b"0" else b"1"
    return pdf[:place] + digit + pdf[place + 1 :]


def copy_signature(pdf: bytes, pki: SamplePki) -> bytes:
    """The container of the second signature goes into the place of a signature over other content."""
    donor = PdfFileReader(BytesIO(pdf)).embedded_signatures[1]
    other = sign(sample_pdf(1, pages=2), "Signature1", pki.person(2), pki, at=EPOCH)
    _, before, again, _ = PdfFileReader(BytesIO(other)).embedded_signatures[0].byte_range
    return other[:before] + b"<" + donor.pkcs7_content.hex().encode() + b">" + other[again:]


def append_comment(pdf: bytes, pki: SamplePki) -> bytes:
    return pdf + b"% a remark\n%%EOF\n"


def weak_digest(pdf: bytes, pki: SamplePki) -> bytes:
    return sign(pdf, "Signature3", pki.person(2), pki, at=EPOCH, digest="sha1")


def foreign_signer(pdf: bytes, pki: SamplePki) -> bytes:
    foreign = SamplePki("Kənar")
    return sign(pdf, "Signature3", foreign.person(2), foreign, at=EPOCH)


def sign_locked_document(pdf: bytes, pki: SamplePki) -> bytes:
    """The first signature locks the whole document, which is signed again all the same."""
    return _locked(FieldMDPSpec(FieldMDPAction.ALL), MDPPerm.NO_CHANGES, pki)


def field_after_certification(pdf: bytes, pki: SamplePki) -> bytes:
    base = sign(sample_pdf(3), "Signature1", pki.person(0), pki, at=EPOCH, certify=True)
    return _with_new_field(base)


def _with_new_field(pdf: bytes) -> bytes:
    return _update(pdf, lambda w: append_signature_field(w, SigFieldSpec("Extra", on_page=0, box=(50, 50, 200, 90))))


def sign_locked_field(pdf: bytes, pki: SamplePki) -> bytes:
    """The first signature locks the second field, which is signed all the same."""
    return _locked(FieldMDPSpec(FieldMDPAction.INCLUDE, fields=["Signature2"]), None, pki)


def _locked(locks: FieldMDPSpec, permission: MDPPerm | None, pki: SamplePki) -> bytes:
    def lock(update: IncrementalPdfFileWriter) -> None:
        field = update.root["/AcroForm"]["/Fields"][0]
        entry = locks.as_sig_field_lock()
        if permission is not None:
            entry["/P"] = generic.NumberObject(permission.value)
        field["/Lock"] = update.add_object(entry)
        update.update_container(field)

    base = sign(_update(sample_pdf(3), lock), "Signature1", pki.person(0), pki, at=EPOCH)
    return sign(base, "Signature2", pki.person(1), pki, at=EPOCH)


def replace_signature(pdf: bytes, pki: SamplePki) -> bytes:
    """The second signature gives way to another one in the same field."""
    shell = _update(pdf, _drop_value)
    return sign(shell, "Signature2", pki.person(2), pki, at=EPOCH)


def _drop_value(update: IncrementalPdfFileWriter) -> None:
    field = update.root["/AcroForm"]["/Fields"][1]
    del field["/V"]
    update.update_container(field)


FORGERIES: dict[str, Forgery] = {
    forgery.__name__: forgery
    for forgery in (
        change_figure,
        overwrite_content_stream,
        change_and_undo,
        add_annotation,
        add_page,
        remove_page,
        add_open_action,
        replace_font,
        delete_field,
        unsign_second,
        move_field,
        cover_with_appearance,
        change_structure,
        flip_covered_byte,
        flip_last_signature,
        copy_signature,
        weak_digest,
        foreign_signer,
        sign_locked_document,
        field_after_certification,
        sign_locked_field,
        replace_signature,
    )
}
"""Refused by pyHanko and by us."""


def add_field(pdf: bytes, pki: SamplePki) -> bytes:
    return _with_new_field(pdf)


def wrong_format(pdf: bytes, pki: SamplePki) -> bytes:
    return sign(pdf, "Signature3", pki.person(2), pki, at=EPOCH, subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED)


def padding(pdf: bytes, pki: SamplePki) -> bytes:
    """Something hidden in the unused room of the last signature."""
    _, _, again, _ = PdfFileReader(BytesIO(pdf)).embedded_signatures[-1].byte_range
    place = int(again) - 9
    return pdf[:place] + b"deadbeef" + pdf[place + 8 :]


STRICTER: dict[str, Forgery] = {forgery.__name__: forgery for forgery in (add_field, wrong_format, padding)}
"""Refused by us, accepted by pyHanko: the documents of this service have no use for them."""


def third_signature(pdf: bytes, pki: SamplePki) -> bytes:
    return sign(pdf, "Signature3", pki.person(2), pki, at=EPOCH, stamp_at=EPOCH + timedelta(minutes=9))


def archived(pdf: bytes, pki: SamplePki) -> bytes:
    later = EPOCH + timedelta(hours=1)
    ocsps = [pki.ocsp(pki.person(0), at=later)]
    extended = add_dss(pdf, certs=[pki.root, pki.issuing], ocsps=ocsps, crls=[pki.crl(pki.root, at=later)])
    return document_time_stamp(extended, pki, at=later + timedelta(hours=1))


def unchanged(pdf: bytes, pki: SamplePki) -> bytes:
    return pdf


PERMITTED: dict[str, Forgery] = {step.__name__: step for step in (unchanged, third_signature, archived)}
"""What may follow a signature: accepted by pyHanko and by us."""
