"""The data that a functional map is drawn from (003 §5.3, Əlavə 5 and 7–10). Money is in million manat."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Final

from pydantic import Field

from doc_service.domain.clusters.cooperation import Delivery, Production
from doc_service.domain.clusters.kinds import ParticipantKind
from doc_service.instruments.cluster.common import ClusterData, HeadedOrganisationData
from doc_service.instruments.cluster.development_parts import MeetingApprovalData
from doc_service.instruments.fields import Amount, Identifier, Line, OptionalLine, Prose, Strict


class QuestionnaireData(Strict):
    """The lines of a questionnaire that the schemes need (Əlavə 5: 1–6, 11, 12)."""

    volume: Amount = Field(title="1. Göndərilən malların, işlərin və xidmətlərin həcmi, mln. manat")
    used: Amount = Field(title="2. Digər müəssisə-iştirakçılar tərəfindən istifadə edilən həcm, mln. manat")
    export: Amount = Field(title="3. İxracın həcmi, mln. manat")
    added: Amount = Field(title="4. Əlavə edilən dəyər, mln. manat")
    jobs: int = Field(ge=0, le=1_000_000, title="5. İş yerlərinin sayı")
    productive: int = Field(ge=0, le=1_000_000, title="6. Yüksək məhsuldar iş yerlərinin sayı")
    purchases: Amount = Field(title="11. Xammal, material və komplektləşdiricilərin alınmasına xərclər, mln. manat")
    imports: Amount = Field(title="12. O cümlədən idxala çəkilən xərclər, mln. manat")

    def production(self, organisation: str, *, final: bool) -> Production:
        return Production(
            id=organisation,
            volume=Decimal(self.volume),
            used=Decimal(self.used),
            export=Decimal(self.export),
            added=Decimal(self.added),
            purchases=Decimal(self.purchases),
            imports=Decimal(self.imports),
            jobs=self.jobs,
            productive=self.productive,
            final=final,
        )


class MapOrganisationData(Strict):
    """A participant or an organisation of the infrastructure."""

    id: Identifier = Field(title="Təşkilatın identifikatoru")
    name: Line = Field(title="Təşkilatın adı")
    kind: ParticipantKind = Field(title="Təşkilatın növü", description="Əlavə 5-in soraqçasındakı 13 növdən biri")
    role: Line = Field(title="Klasterdəki funksiyası, ixtisaslaşması")
    location: Line = Field(title="Yerləşdiyi məntəqə", description="003 §5.3.1")


class LinkKind(StrEnum):
    """What an arrow of the organisational scheme means (003 §5.3.2)."""

    MANAGEMENT = "management"
    INFORMATION = "information"
    SUPPLY = "supply"
    SUPPORT = "support"


class OrganLevel(StrEnum):
    """Where an organ stands in the organisational scheme."""

    STATE = "state"
    GOVERNING = "governing"
    OPERATING = "operating"
    OUTSIDE = "outside"


class OrganData(Strict):
    """A governing organ, a state body or an outside counterpart."""

    id: Identifier = Field(title="Qurumun identifikatoru")
    level: OrganLevel = Field(title="Sxemdəki səviyyəsi", description="Dövlət, idarəetmə, icra və ya xarici")
    name: Line = Field(title="Qurumun adı")
    role: Line = Field(title="Qurumun funksiyası")


class RelationData(Strict):
    """An arrow of the organisational scheme; its ends are organs, or kinds of organisation by their code."""

    source: Identifier = Field(title="Haradan", description="Qurumun identifikatoru və ya təşkilat növünün kodu")
    target: Identifier = Field(title="Haraya", description="Qurumun identifikatoru və ya təşkilat növünün kodu")
    kind: LinkKind = Field(title="Əlaqənin növü")
    label: OptionalLine = Field(default="", title="Əlaqənin məzmunu")


class ProducerData(Strict):
    """A participant of the production chain: stage, product, questionnaire of the last actual year."""

    organisation_id: Identifier = Field(title="Təşkilatın identifikatoru")
    stage: int = Field(ge=1, le=8, title="İstehsal mərhələsinin nömrəsi")
    product: Line = Field(title="İstehsal edilən məhsul")
    final: bool = Field(title="Sənaye məhsulunun son buraxılışını həyata keçirir (MSB)")
    substitutes_import: bool = Field(
        default=False, title="İdxal (ixrac) əvəzi üzrə sahə planlarının məhsulu", description="Sxemdə * işarəsi"
    )
    figures: QuestionnaireData = Field(title="Anketin göstəriciləri")


class DeliveryData(Strict):
    """A production link between two participants."""

    supplier_id: Identifier = Field(title="Təchizatçı")
    buyer_id: Identifier = Field(title="Alıcı")
    goods: Line = Field(title="Məhsul, iş və ya xidmət")
    value: Amount = Field(title="Həcmi, mln. manat")

    def delivery(self) -> Delivery:
        return Delivery(self.supplier_id, self.buyer_id, Decimal(self.value))


class OutsideData(Strict):
    """What comes from organisations outside the cluster, or from abroad."""

    organisation_id: Identifier = Field(title="Alan iştirakçı")
    goods: Line = Field(title="Məhsul, iş və ya xidmət")
    share: Amount = Field(title="Müəssisənin həcmindəki payı, %")


class MoneyData(Strict):
    """A source or a kind of expenses with its sum."""

    name: Line = Field(title="Adı")
    amount: Amount = Field(title="Məbləği, mln. manat")


class ExpenseKind(StrEnum):
    """The kinds of measure of a joint project (003 §5.3.4)."""

    PROCESS = "process"
    TECHNOLOGY = "technology"
    INFRASTRUCTURE = "infrastructure"


class ExpenseData(MoneyData):
    """Expenses of the initiators."""

    kind: ExpenseKind = Field(title="Tədbirin növü")


class PartyData(Strict):
    """An organisation's part in a joint project: support, or an obligation."""

    organisation_id: Identifier = Field(title="Təşkilatın identifikatoru")
    what: Line = Field(title="Dəstəyin növü və ya öhdəliyin məzmunu")


class ResultData(Strict):
    """A main indicator of a joint project."""

    name: Line = Field(title="Göstərici")
    unit: Line = Field(title="Ölçü vahidi")
    start: Amount = Field(title="Başlanğıcda")
    end: Amount = Field(title="Sonunda")


class EffectData(Strict):
    """An enterprise's questionnaire before and after the project (Əlavə 10)."""

    organisation_id: Identifier = Field(title="Təşkilatın identifikatoru")
    before: QuestionnaireData = Field(title="Layihədən əvvəl")
    after: QuestionnaireData = Field(title="Layihədən sonra")


class MapProjectData(Strict):
    """A joint project: its management scheme and its effect (003 §5.3.4, §5.3.5)."""

    name: Line = Field(title="Birgə layihənin adı")
    product: Line = Field(title="Layihənin sənaye məhsulu")
    initiators: tuple[Identifier, ...] = Field(min_length=1, max_length=8, title="Təşəbbüskarlar")
    sources: tuple[MoneyData, ...] = Field(min_length=1, max_length=12, title="Maliyyələşdirmə mənbələri")
    expenses: tuple[ExpenseData, ...] = Field(min_length=1, max_length=15, title="Xərc növləri")
    support: tuple[PartyData, ...] = Field(default=(), max_length=12, title="İnfrastruktur dəstəyi")
    participants: tuple[PartyData, ...] = Field(default=(), max_length=20, title="İştirakçıların öhdəlikləri")
    results: tuple[ResultData, ...] = Field(min_length=1, max_length=12, title="Səmərəliliyin əsas göstəriciləri")
    effects: tuple[EffectData, ...] = Field(min_length=1, max_length=60, title="Kooperasiyaya təsir")
    new_links: tuple[DeliveryData, ...] = Field(default=(), max_length=100, title="Layihənin yaratdığı yeni əlaqələr")


class NoteSectionData(Strict):
    """A part of the explanatory note."""

    title: Line = Field(title="Bölmənin adı")
    text: Prose = Field(title="Bölmənin mətni")


class FunctionalMapData(Strict):
    """The functional map with its explanatory note."""

    cluster: ClusterData = Field(title="Sənaye klasteri")
    organisation: HeadedOrganisationData = Field(title="Sənaye klasterinin ixtisaslaşdırılmış təşkilatı")
    approval: MeetingApprovalData = Field(title="Təsdiq edilməsi", description="003 §5.2")
    year: int = Field(ge=2000, le=2199, title="Göstəricilərin ili", description="Son faktiki il")
    organisations: tuple[MapOrganisationData, ...] = Field(min_length=1, max_length=200, title="Təşkilatlar")
    organs: tuple[OrganData, ...] = Field(min_length=1, max_length=20, title="İdarəetmə qurumları və xarici tərəflər")
    relations: tuple[RelationData, ...] = Field(default=(), max_length=100, title="Təşkilati əlaqələr")
    stages: tuple[Line, ...] = Field(min_length=1, max_length=8, title="İstehsalın yenidən bölüşdürülməsi mərhələləri")
    producers: tuple[ProducerData, ...] = Field(min_length=1, max_length=200, title="İstehsal zəncirinin iştirakçıları")
    deliveries: tuple[DeliveryData, ...] = Field(default=(), max_length=1000, title="İstehsal əlaqələri")
    outside: tuple[OutsideData, ...] = Field(default=(), max_length=300, title="Xaricdən çatdırılma və idxal")
    final_composition: tuple[Line, ...] = Field(default=(), max_length=60, title="Son məhsulun tərkibi")
    projects: tuple[MapProjectData, ...] = Field(min_length=1, max_length=30, title="Birgə layihələr")
    note: tuple[NoteSectionData, ...] = Field(min_length=1, max_length=60, title="İzahlı qeyd")

    def names(self) -> dict[str, str]:
        """Names of the organisations by id."""
        return {o.id: o.name for o in self.organisations}


EXPENSES: Final = {
    ExpenseKind.PROCESS: "Proses tədbirləri",
    ExpenseKind.TECHNOLOGY: "Texnoloji tədbirlər",
    ExpenseKind.INFRASTRUCTURE: "İnfrastruktur tədbirləri",
}
