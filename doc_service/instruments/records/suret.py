"""``suret``: the certified copy of an archived original (004 §5.1.3, 003 §2).

The copy is a certificate: whose original, which signatures, when they were found valid, and who answers for it. The
electronic form carries the original's own bytes, so that the original's signatures can be checked without this service;
the form for paper is the last sheet of a print, and its QR code leads to the public check.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Final

from pydantic import AwareDatetime, Field, StringConstraints

from doc_service.domain.azerbaijani import plain_date
from doc_service.domain.civil_time import BAKU, baku_date
from doc_service.domain.copies import CopyForm
from doc_service.domain.copy_codes import PRINTED
from doc_service.domain.documents import Registration
from doc_service.domain.errors import Fault
from doc_service.domain.identifiers import check_voen
from doc_service.instruments.base import NO_STAND_INS, Enclosure, Instrument, Signatory, StandIns
from doc_service.instruments.fields import Identifier, Line, OptionalLine, Sha256, Strict
from doc_service.instruments.issuer import IssuerData, issuer_heading
from doc_service.instruments.people_data import PersonData
from doc_service.instruments.samples.copies import copy_sample
from doc_service.instruments.signature_table import field_name, signature_rows
from doc_service.instruments.wording import counted

ORIGINAL_FILE: Final = "esli.pdf"
"""The name of the original inside the electronic copy."""

MOST_SHEETS: Final = 500
"""Pages of an original that is copied to paper."""

_MOST_PAGES: Final = 5_000
Code = Annotated[str, StringConstraints(pattern=PRINTED)]


class OriginalData(Strict):
    """The archived original."""

    document_id: Identifier = Field(title="Əslin identifikatoru")
    title: Line = Field(title="Sənədin adı")
    number: Line = Field(title="Sənədin qeydiyyat nömrəsi")
    registered_on: date = Field(title="Sənədin tarixi")
    sha256: Sha256 = Field(title="Əslin SHA-256 nəzarət cəmi")
    size: int = Field(ge=1, title="Əslin həcmi", description="bayt")
    pages: int = Field(ge=1, le=_MOST_PAGES, title="Əslin səhifələrinin sayı")
    level: OptionalLine = Field(default="", title="İmzaların səviyyəsi", description="PAdES: B-B, B-T, B-LT, B-LTA")
    case: Line = Field(title="Əslin saxlandığı iş", description="İndeksi və adı: 004 §5.1.11")
    restricted: bool = Field(default=False, title="Məhdudlaşdırılan məlumat", description="001 §5.6.3")


class OriginalSignatory(Strict):
    """One of the original's signatories, as found when its signatures were validated."""

    name: Line = Field(title="İmza sahibi", description="Soyadı, adı, atasının adı; möhür üçün təşkilat")
    role: OptionalLine = Field(default="", title="Vəzifəsi", description="Əslin imza cədvəlindəki kimi")
    basis: OptionalLine = Field(default="", title="Əvəzetmə və ya vəkalət", description="Boş: özü imzalayıb")
    signed_at: AwareDatetime = Field(title="İmzalanma vaxtı", description="Vaxt göstəricisi ilə sübut edilmiş an")


class SealData(Strict):
    """Whose seal certifies the electronic copy."""

    organisation: Line = Field(title="Möhürün sahibi olan təşkilat")
    voen: str = Field(title="VÖEN", description="10 rəqəm")


class VerificationData(Strict):
    """Where anybody can check the copy."""

    code: Code = Field(title="Yoxlama kodu", description="5 qrup, hər birində 4 simvol")
    address: Line = Field(title="Yoxlama ünvanı", description="Yoxlama kodu ilə bitir")


class CopyData(Strict):
    """A certified copy of one original."""

    form: CopyForm = Field(title="Surətin forması", description="elektron və ya kağız")
    issuer: IssuerData = Field(title="Surəti verən təşkilat")
    original: OriginalData = Field(title="Sənədin əsli")
    signatories: tuple[OriginalSignatory, ...] = Field(min_length=1, max_length=500, title="Əsli imzalayanlar")
    checked_at: AwareDatetime = Field(title="Əslin imzalarının yoxlanıldığı an")
    certifier: PersonData = Field(title="Surəti təsdiq edən şəxs", description="004 §5.1.3")
    seal: SealData | None = Field(default=None, title="Möhür", description="Yalnız elektron surətdə")
    verification: VerificationData = Field(title="Yoxlama")


@dataclass(frozen=True, kw_only=True)
class Suret(Instrument[CopyData]):
    """The electronic copy is sealed; the sheet for paper carries no electronic signature and claims none."""

    def check(self, data: CopyData) -> tuple[Fault, ...]:
        """The certificate speaks of signatures that were there when it was checked, and its form is one of the two."""
        return tuple(self._faults(data))

    def _faults(self, data: CopyData) -> Iterator[Fault]:
        for place, signatory in enumerate(data.signatories):
            if signatory.signed_at > data.checked_at:
                yield Fault("copy.signed_after_check", f"signatories[{place}].signed_at", {"name": signatory.name})
        if data.original.registered_on > baku_date(data.checked_at):
            yield Fault("copy.registered_after_check", "original.registered_on")
        if (data.form is CopyForm.ELECTRONIC) != (data.seal is not None):
            yield Fault("copy.seal_and_form", "seal", {"form": str(data.form)})
        if data.seal is not None:
            yield from check_voen(data.seal.voen, "seal.voen")
        if data.form is CopyForm.PAPER and data.original.pages > MOST_SHEETS:
            yield Fault("copy.too_many_pages", "original.pages", {"limit": MOST_SHEETS})
        if not data.verification.address.endswith(data.verification.code):
            yield Fault("copy.address_without_code", "verification.address")

    def signatories(self, data: CopyData) -> tuple[Signatory, ...]:
        """The seal alone, kept by who certifies (004 §5.1.3); nothing on the sheet for paper."""
        if data.seal is None:
            return ()
        label = "Surəti təsdiq edən təşkilatın elektron möhürü"
        return (Signatory(field_name(1), 1, data.certifier.id, label, seal_voen=data.seal.voen),)

    def enclosures(self, data: CopyData) -> tuple[Enclosure, ...]:
        """The original itself, in the electronic form."""
        if data.form is CopyForm.PAPER:
            return ()
        original = data.original
        text = f"Sənədin əsli: {original.title} № {original.number}"
        return (Enclosure(original.document_id, original.sha256, ORIGINAL_FILE, text),)

    def context(
        self, data: CopyData, registration: Registration | None = None, stand_ins: StandIns = NO_STAND_INS
    ) -> dict[str, Any]:
        people = {data.certifier.id: data.certifier.to_domain()}
        rows = signature_rows(self.signatories(data), people, stand_ins)
        heading = issuer_heading(data.issuer, registration)
        return {
            **heading,
            "electronic": data.form is CopyForm.ELECTRONIC,
            "sheets": [] if data.form is CopyForm.ELECTRONIC else list(range(1, data.original.pages + 1)),
            "statement": _statement(data),
            "original": _original(data.original),
            "signatories": [_signatory(n, s) for n, s in enumerate(data.signatories, 1)],
            "certifier": {"name": data.certifier.name.to_domain().full, "post": data.certifier.post},
            "seal": rows[0] if rows else None,
            "verification": {"address": data.verification.address, "code": data.verification.code},
        }

    def sample(self) -> dict[str, Any]:
        return copy_sample()


def suret() -> Suret:
    """The certified copy (004 §5.1.3, 003 §2)."""
    return Suret(
        model=CopyData,
        id="suret",
        title_az="Təsdiq edilmiş surət",
        title_en="Certified copy",
        template="suret.v1",
        journal="SR",
        journal_title="Təsdiq edilmiş surətlərin qeydiyyatı jurnalı",
        case_index="KQ-08",
        sources=("004 §5.1.3", "003 §2"),
    )


def moment_text(at: datetime) -> str:
    """ "20 noyabr 2026-cı il, saat 14:05:33", civil time of Baku."""
    return f"{plain_date(baku_date(at))}, saat {at.astimezone(BAKU):%H:%M:%S}"


def _statement(data: CopyData) -> list[str]:
    pages, checked = counted(data.original.pages), moment_text(data.checked_at)
    valid = (
        f"Surətin verildiyi anda ({checked}, Bakı vaxtı ilə) əslin bütün elektron imzaları, möhürləri və vaxt "
        "göstəriciləri yoxlanılmış və etibarlı olduğu müəyyən edilmişdir."
    )
    if data.form is CopyForm.PAPER:
        return [
            f"Bu vərəq elektron sənədin kağız daşıyıcıda verilmiş {pages} səhifəlik surətinin ayrılmaz hissəsidir. "
            "Kağız surət elektron imza daşımır: onun əslə uyğunluğu aşağıdakı ünvanda yoxlanılır.",
            valid,
        ]
    return [
        f"Bu sənəd {pages} səhifədən ibarət elektron sənədin təsdiq edilmiş elektron surətidir. Əslin faylı "
        f"({ORIGINAL_FILE}) dəyişdirilmədən bu surətə əlavə edilmişdir və onun imzaları həmin faylda müstəqil "
        "yoxlanıla bilər.",
        valid,
    ]


def _original(original: OriginalData) -> dict[str, str]:
    volume = f"{original.pages} səhifə, {original.size} bayt"
    return {
        "title": original.title,
        "reference": f"№ {original.number}, {plain_date(original.registered_on)}",
        "volume": f"{volume}, imzaların səviyyəsi PAdES {original.level}" if original.level else volume,
        "case": original.case,
        "sha256": original.sha256,
    }


def _signatory(number: int, signatory: OriginalSignatory) -> dict[str, str]:
    return {
        "number": str(number),
        "name": signatory.name,
        "role": signatory.role,
        "basis": signatory.basis,
        "signed_at": f"{signatory.signed_at.astimezone(BAKU):%d.%m.%Y %H:%M:%S}",
    }
