"""The data of the questionnaire of participants and infrastructure (003 §4.17, Əlavə 5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import Field

from doc_service.domain.clusters.kinds import ParticipantKind
from doc_service.instruments.cluster.common import ClusterData, OrganisationData
from doc_service.instruments.fields import Amount, Line, OptionalLine, Prose, Strict
from doc_service.instruments.people_data import NameData, PersonData

YEARS: Final = 6
"""Columns of the statistics: some actual years, then forecasts."""

_MONEY, _AT_YEARS_END, _COUNT = "mln. manat", "Ədəd, ilin sonuna", "ədəd"


@dataclass(frozen=True, slots=True)
class Indicator:
    """A line of the form's statistics. ``part_of``: number of the indicator whose part it is (0: none);
    ``participants_only``: the form's footnote 1."""

    title: str
    unit: str
    part_of: int = 0
    participants_only: bool = False

    @property
    def whole(self) -> bool:
        return self.unit != _MONEY


INDICATORS: Final = (
    Indicator(
        "Müəssisə tərəfindən istehsal edilərək göndərilən malların və öz gücünə yerinə yetirilən işlərin və "
        "xidmətlərin həcmi",
        _MONEY,
    ),
    Indicator(
        "Həmçinin sənaye klasterinin digər müəssisə-iştirakçıları tərəfindən istifadə edilən, müəssisə tərəfindən "
        "istehsal edilərək göndərilən malların və öz gücünə yerinə yetirilən işlərin və xidmətlərin həcmi",
        _MONEY,
        part_of=1,
    ),
    Indicator("Həmçinin müəssisənin istehsal etdiyi malların ixracının həcmi", _MONEY, part_of=1),
    Indicator("Müəssisə tərəfindən yaradılan, əlavə edilən dəyər", _MONEY),
    Indicator("Müəssisədə iş yerlərinin sayı", _AT_YEARS_END),
    Indicator("O cümlədən müəssisədə yüksək məhsuldar iş yerlərinin sayı", _AT_YEARS_END, part_of=5),
    Indicator("Müəssisənin büdcəyə vergi və gömrük ödənişlərinin həcmi", _MONEY),
    Indicator("Müəssisənin əsas kapitalına qoyulan investisiyaların ümumi həcmi", _MONEY),
    Indicator("o cümlədən müəssisənin əsas kapitalına büdcədənkənar investisiyaların həcmi", _MONEY, part_of=8),
    Indicator(
        "Klaster iştirakçısının elmi tədqiqatlara və işləmələrə çəkilən xərclərin həcmi¹",
        _MONEY,
        participants_only=True,
    ),
    Indicator(
        "Məhsul istehsalı və satışı (malların, işlərin, xidmətlərin) üçün xammal, materialların, satın alınmış "
        "yarımfabrikatların və komplektləşdirici məmulatların alınmasına çəkilən xərclər",
        _MONEY,
    ),
    Indicator(
        "O cümlədən idxal edilən xammal, materiallar, satın alınmış məmulatlara çəkilən xərclər", _MONEY, part_of=11
    ),
    Indicator(
        "Azərbaycan Respublikasının İqtisadiyyat Nazirliyinin və digər icra edici orqanlarının idxal əvəzi üzrə "
        "sektorial planlarından istehsal olunan məhsul/texnologiyaların sayı",
        _COUNT,
    ),
)
"""The thirteen indicators, word by word."""

JOBS: Final = 5
FOOTNOTE: Final = "¹ Göstərici üzrə məlumatlar yalnız klaster iştirakçıları tərəfindən verilir."

_K = ParticipantKind
KIND_CHOICES: Mapping[ParticipantKind, str] = MappingProxyType(
    {
        _K.LARGE: "İri istehsal müəssisəsi (İşçilərin sayı 250-dən çox)",
        _K.MEDIUM: "Orta istehsal müəssisəsi (İşçilərin sayı 101-dən 250-ə qədər)",
        _K.SMALL: "Kiçik istehsal müəssisəsi (İşçilərin sayı 100-ə qədər)",
        _K.UNIVERSITY: "Ali təhsil müəssisələri",
        _K.COLLEGE: "Orta ixtisas təhsili müəssisələri və ya digər təhsil müəssisələri (ali təhsil müəssisələri deyil)",
        _K.RESEARCH: "Elmi-tədqiqat institutu, layihə təşkilatı, təcrübi-konstruktor bürosu (və ya tədqiqat və işləmə "
        "sektorunun digər təşkilat forması)",
        _K.DEVELOPMENT: "Regional inkişaf institutu (inkişaf korporasiyası, agentlik və s.)",
        _K.TECHNOLOGY: "Texnoloji və ya sənaye infrastrukturunu, sənaye parkını, texnoparkı təmsil edən təşkilat",
        _K.MARKETING: "Marketinq və ya satış təşkilatı",
        _K.FINANCE: "Maliyyə-kredit təşkilatı",
        _K.NGO: "Qeyri-kommersiya təşkilatı",
        _K.GOVERNMENT: "Regional hökumət və ya yerli idarəetmə orqanı",
        _K.OTHER: "Təşkilatın digər bir növü (o cümlədən startap)",
    }
)
"""The choices of field 3, in the form's words and order."""


class ContactPersonData(Strict):
    """Field 8: who may deal with the specialised organisation."""

    name: NameData = Field(title="Soyadı, adı, atasının adı")
    post: Line = Field(title="Vəzifəsi")
    work_phone: Line = Field(title="İş telefonu")
    mobile: OptionalLine = Field(default="", title="Mobil telefon")
    email: Line = Field(title="Elektron poçt ünvanı")


class ProductData(Strict):
    """A product or service with its volume in the year before joining."""

    name: Line = Field(title="Məhsulun (xidmətin) adı")
    quantity: Amount = Field(title="Həcmi")
    unit: Line = Field(title="Ölçü vahidi", description="ədəd, ton, litr və s.")
    value: Amount = Field(title="Dəyəri, mln. manat")


class ProposedProjectData(Strict):
    """A project that the organisation proposes."""

    name: Line = Field(title="Layihənin adı")
    participants: Line = Field(title="Layihənin potensial iştirakçıları")
    stages: Prose = Field(title="Həyata keçirilməsinin təklif olunan müddət və mərhələləri")
    description: Prose = Field(title="Təsviri və klaster üçün ehtimal olunan səmərəliliyi")


Values = Annotated[tuple[Amount | None, ...], Field(min_length=YEARS, max_length=YEARS)]


class StatisticsData(Strict):
    """Thirteen indicators over six years; None where nothing is given."""

    first_year: int = Field(ge=2000, le=2150, title="Birinci il")
    actual_years: int = Field(ge=1, le=YEARS - 1, title="Faktiki illərin sayı", description="Qalan illər proqnozdur")
    values: tuple[Values, ...] = Field(
        min_length=len(INDICATORS), max_length=len(INDICATORS), title="Göstəricilərin illər üzrə qiymətləri"
    )


class QuestionnaireData(Strict):
    """Fields 1 to 13, products, proposed projects and statistics of one organisation."""

    cluster: ClusterData = Field(title="Sənaye klasteri")
    organisation: OrganisationData = Field(title="Klaster iştirakçısı (infrastruktur obyekti)")
    abbreviation: Line = Field(title="Təşkilati-hüquqi forması (abreviatura)", description="Məsələn: MMC; 1-ci sahə")
    kind: ParticipantKind = Field(title="Təşkilatın növü", description="3-cü sahə: variantlardan biri")
    site: OptionalLine = Field(default="", title="Saytı")
    phone: Line = Field(title="Telefon")
    fax: OptionalLine = Field(default="", title="Faks")
    email: Line = Field(title="Elektron poçt ünvanı")
    contact: ContactPersonData = Field(title="Qarşılıqlı əlaqə üçün səlahiyyətli şəxs", description="8-ci sahə")
    agreement: OptionalLine = Field(default="", title="İştirak haqqında sazişin rekvizitləri", description="9-cu sahə")
    founding_documents: Line = Field(title="Təsis sənədlərinin rekvizitləri")
    registration_certificate: Line = Field(title="Dövlət qeydiyyatına alınma barədə şəhadətnamə")
    tax_certificate: Line = Field(title="Vergi qeydiyyatına dair Şəhadətnamə (VÖEN)")
    register_extract: Line = Field(title="Dövlət reyestrindən çıxarışın rekvizitləri")
    extract_requested_on: date = Field(title="Çıxarış üçün ərizənin verilmə tarixi")
    volume_year: int = Field(ge=2000, le=2150, title="Məhsulun həcmi göstərilən il", description="Daxil olmadan əvvəl")
    products: tuple[ProductData, ...] = Field(min_length=1, max_length=100, title="Əsas məhsullar (xidmətlər)")
    projects: tuple[ProposedProjectData, ...] = Field(default=(), max_length=20, title="Təklif olunan layihələr")
    statistics: StatisticsData = Field(title="Statistik məlumatlar")
    head: PersonData = Field(title="Təşkilatın rəhbəri")
    seal_keeper: PersonData | None = Field(default=None, title="Möhürü saxlayan şəxs", description="Boş: rəhbər")
    place: Line = Field(title="Sənədin tərtib edildiyi yer")
