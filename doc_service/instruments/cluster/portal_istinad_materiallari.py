"""``portal-istinad-materiallari``: address and screen image of every required section of the portal (003 §6.6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import Field

from doc_service.domain.azerbaijani_cases import genitive
from doc_service.domain.documents import Registration
from doc_service.domain.errors import Fault
from doc_service.domain.pictures import Picture
from doc_service.instruments.base import NO_STAND_INS, Instrument, Signatory, StandIns
from doc_service.instruments.cluster.common import (
    ClusterData,
    HeadedOrganisationData,
    cluster_faults,
    organisation_faults,
)
from doc_service.instruments.fields import Line, Strict
from doc_service.instruments.image_data import ImageData, image_faults
from doc_service.instruments.issuer import issuer_heading
from doc_service.instruments.samples.cluster_portal import portal_sample
from doc_service.instruments.signature_table import field_name, signature_rows
from doc_service.instruments.wording import day_text


class Section(StrEnum):
    """What the portal must hold (003 §6.6), in the order of the clause."""

    FOUNDERS = "founders"
    REPORTS = "reports"
    AUDITS = "audits"
    EVENTS = "events"
    AGREEMENTS = "agreements"
    SERVICES = "services"
    FUNCTIONS = "functions"
    OTHER = "other"


SECTIONS: Final[Mapping[Section, str]] = {
    Section.FOUNDERS: "İşgüzar əlaqələrin qurulması üçün ixtisaslaşdırılmış təşkilatın idarəetmə orqanlarının "
    "tərkibinə daxil olan təsisçilər haqqında bütün lazımi məlumatlar",
    Section.REPORTS: "Son 3 maliyyə ili üçün ixtisaslaşdırılmış təşkilatın fəaliyyəti ilə bağlı illik hesabatların "
    "surətləri",
    Section.AUDITS: "Son 3 maliyyə ili üzrə ixtisaslaşdırılmış təşkilatın illik maliyyə hesabatlarının "
    "yoxlanmasının nəticələrinə əsasən audit hesabatlarının surətləri",
    Section.EVENTS: "Sənaye klasterini yaratmaq məqsədi ilə sənaye klasteri iştirakçıları tərəfindən keçirilən "
    "görüşlər və tədbirlərin cədvəlləri",
    Section.AGREEMENTS: "Sənaye klasteri iştirakçıları ilə bağlanmış, sənaye klasterinin sənaye fəaliyyətində iştirak "
    "haqqında sazişlərin müvafiq qaydada təsdiq edilmiş surəti",
    Section.SERVICES: "İxtisaslaşdırılmış təşkilatın xidmətlərinin təsviri və sənaye klasterinin yaradılması və "
    "inkişafı üzrə fəaliyyətin nəticələri",
    Section.FUNCTIONS: "Sənaye klasteri daxilində sənaye məhsullarının istehsalında sənaye klasterinin hər bir "
    "iştirakçısı tərəfindən yerinə yetirilən funksiyaların ətraflı təsviri",
    Section.OTHER: "Sənaye klasterini yaratmaq məqsədinə nail olmaq üçün lazım olan digər məlumatlar",
}
"""The sections as 003 §6.6 words them."""

REQUIRED: Final = tuple(s for s in Section if s is not Section.OTHER)
_BOX: Final = (168.0, 95.0)
"""Width and height that a screen image may take, millimetres: two sections a page."""


class PageData(Strict):
    """One page of the portal as it was seen."""

    section: Section = Field(title="Portalın bölməsi", description="003 §6.6")
    url: Line = Field(title="URL ünvanı")
    captured_on: date = Field(title="Ekran şəklinin çəkildiyi gün")
    image: ImageData = Field(title="Ekran şəkli")


class PortalData(Strict):
    """The reference materials: pages of the portal's required sections."""

    cluster: ClusterData = Field(title="Sənaye klasteri")
    organisation: HeadedOrganisationData = Field(title="Klasterin ixtisaslaşdırılmış təşkilatı")
    addressee: Line = Field(title="Ünvanlandığı orqan", description="Yönlük halda: 003 §6.2")
    portal: Line = Field(title="Portalın ünvanı", description="Məsələn: https://klaster.example")
    prepared_on: date = Field(title="Materialların tərtib edildiyi gün")
    sections: tuple[PageData, ...] = Field(min_length=1, max_length=40, title="Portalın bölmələri")


@dataclass(frozen=True, kw_only=True)
class PortalIstinadMateriallari(Instrument[PortalData]):
    def check(self, data: PortalData) -> tuple[Fault, ...]:
        """Every required section is shown, by an address of the portal itself (003 §6.6)."""
        return tuple(self._faults(data))

    def _faults(self, data: PortalData) -> Iterator[Fault]:
        yield from cluster_faults(data.cluster)
        yield from organisation_faults(data.organisation.organisation, "organisation.organisation")
        host = _host(data.portal)
        if not host:
            yield Fault("portal.url", "portal", {"url": data.portal})
        shown = {page.section for page in data.sections}
        for section in REQUIRED:
            if section not in shown:
                yield Fault("portal.section_missing", "sections", {"section": SECTIONS[section]})
        for index, page in enumerate(data.sections):
            field = f"sections[{index}]"
            if not _host(page.url):
                yield Fault("portal.url", f"{field}.url", {"url": page.url})
            elif host and not _belongs(_host(page.url), host):
                yield Fault("portal.other_site", f"{field}.url", {"url": page.url, "portal": host})
            if page.captured_on > data.prepared_on:
                days = {"captured_on": page.captured_on.isoformat(), "prepared_on": data.prepared_on.isoformat()}
                yield Fault("portal.captured_late", f"{field}.captured_on", days)
            yield from image_faults(page.image, f"{field}.image")

    def pictures(self, data: PortalData) -> tuple[Picture, ...]:
        """The screen images, in the order of the sections."""
        return tuple(page.image.picture(_picture(n), *_BOX) for n, page in enumerate(_ordered(data), 1))

    def signatories(self, data: PortalData) -> tuple[Signatory, ...]:
        """The head of the specialised organisation (003 §6.6)."""
        role = f"{genitive(data.cluster.name)} ixtisaslaşdırılmış təşkilatının rəhbəri"
        return (Signatory(field=field_name(1), order=1, person_id=data.organisation.head.id, role_label=role),)

    def context(
        self, data: PortalData, registration: Registration | None = None, stand_ins: StandIns = NO_STAND_INS
    ) -> dict[str, Any]:
        people = {data.organisation.head.id: data.organisation.head.to_domain()}
        return {
            **issuer_heading(data.organisation.issuer(), registration),
            "addressee": data.addressee,
            "cluster": genitive(data.cluster.name),
            "portal": data.portal,
            "prepared": day_text(data.prepared_on),
            "sections": [
                {
                    "title": f"{n}. {SECTIONS[page.section]}",
                    "url": page.url,
                    "captured": day_text(page.captured_on),
                    "picture": _picture(n),
                    "caption": page.image.description,
                }
                for n, page in enumerate(_ordered(data), 1)
            ],
            "signatory": signature_rows(self.signatories(data), people, stand_ins)[0],
        }

    def sample(self) -> dict[str, Any]:
        return portal_sample()


def portal_istinad_materiallari() -> PortalIstinadMateriallari:
    """The instrument of 003 §6.6."""
    return PortalIstinadMateriallari(
        model=PortalData,
        id="portal-istinad-materiallari",
        title_az="Portal üzrə istinad materialları",
        title_en="Reference materials on the cluster's portal",
        template="portal-istinad-materiallari.v1",
        journal="KL-PM",
        journal_title="Portal üzrə istinad materiallarının qeydiyyatı jurnalı",
        case_index="KL-09",
        sources=("003 §6.3", "003 §6.6"),
    )


def _ordered(data: PortalData) -> list[PageData]:
    """By the order of the clause; pages of one section as entered."""
    places = {section: place for place, section in enumerate(Section)}
    return sorted(data.sections, key=lambda page: places[page.section])


def _picture(place: int) -> str:
    return f"screen_{place:02d}"


def _host(url: str) -> str:
    """The host of a web address; "" when it is none."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return ""
    return host if parts.scheme in ("http", "https") and " " not in url else ""


def _belongs(host: str, portal: str) -> bool:
    bare = portal.removeprefix("www.")
    return host == bare or host.endswith(f".{bare}")
