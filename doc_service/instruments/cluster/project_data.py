"""The data of a joint project's passport, row by row of the form (003 Əlavə 11)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from pydantic import Field

from doc_service.instruments.cluster.common import ClusterData, HeadedOrganisationData
from doc_service.instruments.cluster.financing_data import AmountsData, SourceData
from doc_service.instruments.fields import Amount, Line, OptionalLine, Prose, Strict
from doc_service.instruments.people_data import NameData

MAX_DESCRIPTION: Final = 1500
"""Characters of row 2."""


class CreditKind(StrEnum):
    """Row 9: what is asked of credit institutions."""

    INVESTMENT_CREDIT = "investment_credit"
    GUARANTEE = "guarantee"
    LEASING = "leasing"


CREDIT_KINDS: Final = {
    CreditKind.INVESTMENT_CREDIT: "İnvestisiya krediti/kredit xətti",
    CreditKind.GUARANTEE: "Zəmanətin təqdim edilməsi",
    CreditKind.LEASING: "Lizinq",
}


class Readiness(StrEnum):
    """Row 12: what there is."""

    BUSINESS_PLAN = "business_plan"
    FINANCIAL_MODEL = "financial_model"
    ESTIMATE = "estimate"
    EXPERTISE = "expertise"
    MINISTRY = "ministry"
    CONTRACTS = "contracts"


READINESS: Final = {
    Readiness.BUSINESS_PLAN: "Biznes plan",
    Readiness.FINANCIAL_MODEL: "Maliyyə modeli",
    Readiness.ESTIMATE: "Layihə-smeta sənədi",
    Readiness.EXPERTISE: "Dövlət ekspertizasının nəticəsi",
    Readiness.MINISTRY: "Müvafiq nazirliyin qərarı",
    Readiness.CONTRACTS: "Təchizatçılar/alıcılarla sərt müqavilə şərtləri",
}


class StageData(Strict):
    """One stage of row 10, e.g. "2027-ci il, mart – … – 500 min manat"."""

    term: Line = Field(title="Təqvim dövrü", description="Məsələn: 2027-ci il, mart")
    content: Line = Field(title="Mərhələnin məzmunu")
    amount: Amount = Field(title="Maliyyələşdirmə, min manat")


class ContactData(Strict):
    """Row 13."""

    name: NameData = Field(title="Soyadı, adı, atasının adı")
    post: Line = Field(title="Vəzifəsi")
    workplace: Line = Field(title="İş yeri")
    phone: Line = Field(title="Telefonu")
    email: Line = Field(title="Elektron poçt ünvanı")


class ProjectFinancingData(Strict):
    """The table "Birgə layihənin ehtiyat təminatı": years, and sources 1, 1.1 …, 2, 3, 4."""

    first_year: int = Field(ge=2000, le=2199, title="Maliyyələşdirmənin birinci ili")
    off_budget: AmountsData = Field(title="Büdcədənkənar mənbələrin vəsaitləri")
    initiators: tuple[SourceData, ...] = Field(min_length=1, max_length=20, title="Təşəbbüskarların vəsaitləri")
    others: AmountsData = Field(
        title="Klaster iştirakçısı olmayan, lakin layihənin həyata keçirilməsində iştirak edən digər təşkilatların "
        "vəsaitləri"
    )
    regional: AmountsData = Field(title="Regional büdcə vəsaitləri")
    local: AmountsData = Field(title="Yerli büdcə vəsaitləri")
    all_sources: AmountsData = Field(title="Bütün maliyyələşdirmə mənbələri üzrə cəm")


class TargetData(Strict):
    """One target indicator at the start and at the end of the project."""

    start: Amount = Field(title="Birgə layihənin həyata keçirilməsinə başlandığı anda")
    end: Amount = Field(title="Birgə layihənin həyata keçirilməsinin sonunda")


class TargetsData(Strict):
    """The six target indicators of the form."""

    workers: TargetData = Field(title="Birgə layihənin müəssisə(lər)-təşəbbüskar(lar)ında işçilərin orta sayı")
    productive_jobs: TargetData = Field(
        title="Birgə layihənin müəssisə(lər)-təşəbbüskar(lar)da yüksək istehsallı iş yerlərinin sayı"
    )
    outside_purchases: TargetData = Field(
        title="Sənaye klasteri iştirakçısı olmayan təşkilatlardan komponentlərinin satın alınması üçün birgə layihənin "
        "təşəbbüskar(lar)ının xərclərinin məbləği"
    )
    inside_purchases: TargetData = Field(
        title="Birgə layihənin təşəbbüskarı(ları) tərəfindən istehsal edilən komponentlərinin satın alınmasına birgə "
        "layihənin bütün iştirakçılarının xərclərinin məbləği"
    )
    added_value: TargetData = Field(
        title="Birgə layihənin müəssisə(lər)-təşəbbüskar(lar)ı tərəfindən yaradılan sənaye məhsuluna əlavə dəyərin "
        "həcmi"
    )
    outside_income: TargetData = Field(
        title="Sənaye klasterinin iştirakçısı olmayan təşkilatlara sənaye klasterinin sənaye məhsulunun satışından "
        "birgə layihənin iştirakçı(lar)sının əldə etdiyi gəlir"
    )


COUNTED: Final = frozenset({"workers", "productive_jobs"})
"""Indicators in pieces; the others are in thousand manat."""


class ProjectData(Strict):
    """The passport itself: 13 rows, the financing table, the six indicators. Amounts are in thousand manat."""

    name: Line = Field(title="Layihənin adı")
    description: Prose = Field(title="Layihənin qısa təsviri", description="Ən çoxu 1500 simvol")
    initiators: tuple[Line, ...] = Field(min_length=1, max_length=20, title="Layihənin təşəbbüskarı(ları)")
    participants: tuple[Line, ...] = Field(min_length=1, max_length=60, title="Layihənin iştirakçıları")
    recipient: Line = Field(title="Vəsait alan")
    total_cost: Amount = Field(title="Layihənin ümumi dəyəri, min manat")
    own_funds: Amount = Field(title="Layihənin təşəbbüskarlarının şəxsi vəsaitləri, min manat")
    credit_expected: Amount = Field(title="Maliyyə-kredit təşkilatlarının gözlənilən iştirakı, min manat")
    credit_kinds: tuple[CreditKind, ...] = Field(
        default=(), max_length=3, title="Maliyyə-kredit təşkilatlarından tələb olunan maliyyələşdirmə növü"
    )
    credit_other: OptionalLine = Field(default="", title="Digər maliyyələşdirmə növü")
    term: Line = Field(title="Layihənin icra və maliyyələşdirilmə müddəti", description="Məsələn: 2027–2030")
    stages: tuple[StageData, ...] = Field(min_length=1, max_length=30, title="Layihənin mərhələləri")
    payback: Line = Field(title="Layihənin özünü ödəmə müddəti")
    readiness: tuple[Readiness, ...] = Field(default=(), max_length=6, title="Layihənin işlənmə səviyyəsi")
    readiness_other: OptionalLine = Field(default="", title="Digər mövcud sənəd")
    contact: ContactData = Field(title="Layihənin icrasına məsul olan şəxsin əlaqə məlumatları")
    financing: ProjectFinancingData = Field(title="Birgə layihənin ehtiyat təminatı")
    targets: TargetsData = Field(title="Birgə layihənin icrasının səmərəliliyinin məqsəd göstəriciləri")


class ProjectPassportData(Strict):
    """A joint project's passport as a document of its own."""

    cluster: ClusterData = Field(title="Sənaye klasteri")
    organisation: HeadedOrganisationData = Field(title="Sənaye klasterinin ixtisaslaşdırılmış təşkilatı")
    project: ProjectData = Field(title="Birgə layihə")
