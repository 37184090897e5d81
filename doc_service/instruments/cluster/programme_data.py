"""The data of a cluster's development programme, section by section of 003 §5.4–5.7. Money is in thousand manat."""

from __future__ import annotations

from pydantic import Field

from doc_service.instruments.cluster.common import ClusterData, HeadedOrganisationData
from doc_service.instruments.cluster.development_parts import MeetingApprovalData
from doc_service.instruments.cluster.financing_data import COLUMNS, AmountsData, SourceData
from doc_service.instruments.cluster.project_data import ProjectData
from doc_service.instruments.cluster.registry_data import RowData
from doc_service.instruments.fields import Amount, Line, Prose, Strict

Lines = tuple[Line, ...]


class PeriodStageData(Strict):
    """One stage of carrying out the programme."""

    term: Line = Field(title="Mərhələnin müddəti")
    content: Line = Field(title="Mərhələnin məzmunu")


class ProgrammePassportData(Strict):
    """The passport of the programme (003 §5.7.1); its first row is the programme's name."""

    name: Line = Field(title="Proqramın adı")
    developers: Lines = Field(min_length=1, max_length=30, title="Proqramın əsas hazırlayanları")
    goals: Lines = Field(min_length=1, max_length=20, title="Proqramın məqsədləri")
    tasks: Lines = Field(min_length=1, max_length=30, title="Proqramın vəzifələri")
    stages: tuple[PeriodStageData, ...] = Field(
        min_length=1, max_length=10, title="Proqramın icra mərhələləri və müddəti"
    )
    targets: Lines = Field(min_length=1, max_length=30, title="Proqramın məqsəd göstəriciləri")
    results: Lines = Field(min_length=1, max_length=30, title="Proqramın gözlənilən nəticələri")


class ProductData(Strict):
    """One product: how much is made, and how much of it other participants and the final producers use."""

    participant: Line = Field(title="Sənaye klasterinin iştirakçısı")
    product: Line = Field(title="Məhsulun növü")
    unit: Line = Field(title="Ölçü vahidi")
    volume: Amount = Field(title="İstehsal həcmi")
    used_by_others: Amount = Field(title="Digər iştirakçılar tərəfindən istifadə həcmi")
    used_by_final: Amount = Field(title="Son buraxılışı həyata keçirən iştirakçı tərəfindən istifadə həcmi")


class OrganFunctionData(Strict):
    """A governing organ and what it does."""

    name: Line = Field(title="İdarəetmə qurumu")
    functions: Line = Field(title="Əsas funksiyaları")


class LevelData(Strict):
    """Sections 1 and 3 have the same five blocks: what is, and what is to come (003 §5.7.2, §5.7.4)."""

    potential: Prose = Field(title="Sənaye potensialı")
    infrastructure: Prose = Field(title="Sənaye klasterinin infrastrukturu")
    products: Prose = Field(title="Məhsulların əsas növləri")
    product_table: tuple[ProductData, ...] = Field(min_length=1, max_length=200, title="Məhsulların həcmi")
    markets: Prose = Field(title="Bazarlar və əsas istehlakçılar")
    organisation: Prose = Field(title="Təşkilati inkişaf səviyyəsi")
    organs: tuple[OrganFunctionData, ...] = Field(min_length=1, max_length=20, title="İdarəetmə qurumları")


class GoalsData(Strict):
    """Section 2 (003 §5.7.3)."""

    strengths: Lines = Field(min_length=1, max_length=15, title="Güclü tərəflər")
    weaknesses: Lines = Field(min_length=1, max_length=15, title="Zəif tərəflər")
    opportunities: Lines = Field(min_length=1, max_length=15, title="İnkişaf imkanları")
    threats: Lines = Field(min_length=1, max_length=15, title="Təhlükələr")
    analysis: Prose = Field(title="Məhdudiyyətlərin təhlili")
    goals: Prose = Field(title="Proqramın məqsəd və vəzifələri")


class MeasureData(Strict):
    """A process, technological or infrastructure measure of a joint project (003 §5.7.5 c)."""

    name: Line = Field(title="Tədbirin adı")
    content: Prose = Field(title="Tədbirin məzmununun qısa təsviri")
    responsible: Line = Field(title="Tədbirin məsul icraçısı və iştirakçıları")
    term: Line = Field(title="Tədbirin icra müddəti")
    resources: Line = Field(title="Ehtiyat dəstəyi", description="İllər və mənbələr üzrə: 003 §5.7.5 c)")
    result: Line = Field(title="Gözlənilən nəticə")


class ProgrammeProjectData(Strict):
    """A joint project in section 4, with the subsections a) to ə) of 003 §5.7.5."""

    passport: ProjectData = Field(title="a) Birgə layihənin pasportu")
    effect: Prose = Field(title="b) Layihənin və ondan gələn səmərənin təsviri")
    measures: tuple[MeasureData, ...] = Field(min_length=1, max_length=30, title="c) Tədbirlərin təsviri")
    initiators: Prose = Field(title="ç) Təşəbbüskarların rolu, funksiyaları və xərcləri")
    participants: Prose = Field(title="d) İştirakçıların rol və funksiyaları")
    management: Prose = Field(title="e) İxtisaslaşdırılmış təşkilatın və digər idarəetmə orqanlarının rolu")
    support: Prose = Field(title="ə) İcra orqanlarının dəstəyi")


class ResourcesData(Strict):
    """Section 5 (003 §5.7.6)."""

    off_budget: Prose = Field(title="Büdcədənkənar mənbələrdən ehtiyat təminatı")
    state: Prose = Field(title="Proqramın həyata keçirilməsinin dövlət dəstəyi")


class EfficiencyData(Strict):
    """Section 6 (003 §5.7.7)."""

    planned: Prose = Field(title="Göstəricilərin planlaşdırılmış dəyəri")
    relation: Prose = Field(title="Tədbirlərin qarşılıqlı əlaqəsi")


class ProgrammeFinancingData(Strict):
    """Annex 2, "Sənaye klasterinin inkişaf proqramının ehtiyat təminatı" (003 Əlavə 12, reconstructed from §5.7.6)."""

    off_budget: AmountsData = Field(title="Büdcədənkənar mənbələrin vəsaitləri")
    participants: AmountsData = Field(title="Sənaye klasteri iştirakçılarının və infrastrukturunun vəsaitləri")
    private: AmountsData = Field(title="Şəxsi investisiyalar")
    institutions: AmountsData = Field(title="Maliyyə-kredit təşkilatlarının və inkişaf institutlarının vəsaitləri")
    budget: AmountsData = Field(title="Büdcə vəsaitləri")
    state: AmountsData = Field(title="Dövlət büdcəsinin vəsaitləri")
    regional: AmountsData = Field(title="Regional büdcə vəsaitləri")
    local: AmountsData = Field(title="Yerli büdcə vəsaitləri")
    all_sources: AmountsData = Field(title="Bütün maliyyələşdirmə mənbələri üzrə cəm")
    projects: tuple[SourceData, ...] = Field(
        default=(), max_length=30, title="O cümlədən birgə layihələr üzrə", description="Məlumat üçün sətirlər"
    )


class IndicatorData(Strict):
    """A row of annex 3: the estimate of the base year, then a planned value for each year."""

    name: Line = Field(title="Göstəricinin adı")
    unit: Line = Field(title="Ölçü vahidi")
    base: Amount = Field(title="Baza ilinin dəyəri")
    values: tuple[Amount, ...] = Field(min_length=1, max_length=COLUMNS, title="İllər üzrə planlaşdırılmış dəyərlər")


class ProgrammeData(Strict):
    """The programme: passport, six sections, three annexes."""

    cluster: ClusterData = Field(title="Sənaye klasteri")
    organisation: HeadedOrganisationData = Field(title="Sənaye klasterinin ixtisaslaşdırılmış təşkilatı")
    approval: MeetingApprovalData = Field(title="Təsdiq edilməsi", description="003 §5.2")
    first_year: int = Field(ge=2000, le=2199, title="Proqramın birinci ili")
    last_year: int = Field(ge=2000, le=2199, title="Proqramın sonuncu ili")
    passport: ProgrammePassportData = Field(title="Proqramın pasportu")
    present: LevelData = Field(title="Bölmə 1. İnkişafın mövcud səviyyəsi")
    goals: GoalsData = Field(title="Bölmə 2. Məqsəd və vəzifələr")
    prospects: LevelData = Field(title="Bölmə 3. İnkişaf perspektivləri")
    projects: tuple[ProgrammeProjectData, ...] = Field(min_length=1, max_length=30, title="Bölmə 4. Birgə layihələr")
    resources: ResourcesData = Field(title="Bölmə 5. Ehtiyat təminatı")
    efficiency: EfficiencyData = Field(title="Bölmə 6. Səmərəliliyin əsas göstəriciləri")
    registry: tuple[RowData, ...] = Field(
        min_length=1, max_length=500, title="Əlavə 1. İştirakçıların və infrastrukturun reyestri"
    )
    financing: ProgrammeFinancingData = Field(title="Əlavə 2. Ehtiyat təminatı")
    indicators: tuple[IndicatorData, ...] = Field(
        min_length=1, max_length=60, title="Əlavə 3. Səmərəlilik göstəriciləri"
    )
