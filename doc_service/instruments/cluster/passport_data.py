"""The data of a cluster's passport. The form of 003 Əlavə 14 is lost: its rows follow what 003 §4, §5 and Əlavə 13 §4
say a cluster must have and show."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from doc_service.domain.clusters.kinds import ParticipantKind
from doc_service.instruments.cluster.common import ClusterData, HeadedOrganisationData
from doc_service.instruments.fields import Amount, Line, Strict
from doc_service.instruments.people_data import NameData

MOST_YEARS = 3


class KindCountData(Strict):
    """How many organisations of one kind the cluster has."""

    kind: ParticipantKind = Field(title="Təşkilatın növü", description="003 Əlavə 6-nın qrupu")
    count: int = Field(ge=1, le=5_000, title="Təşkilatların sayı")


class CitedPaperData(Strict):
    """A document of the cluster, as it was registered."""

    title: Line = Field(title="Sənədin adı")
    number: Line = Field(title="Sənədin nömrəsi")
    on: date = Field(title="Sənədin tarixi")


class CollegialOrganData(Strict):
    """The collegial organ (003 Əlavə 13, 7.1)."""

    name: Line = Field(title="Kollegial idarəetmə orqanının adı")
    seats: int = Field(ge=1, le=500, title="Üzvlərin sayı")
    participant_seats: int = Field(ge=0, le=500, title="O cümlədən iştirakçı təşkilatların nümayəndələri")
    participants_sitting: int = Field(ge=0, le=5_000, title="Tərkibdə təmsil olunan iştirakçı təşkilatların sayı")


class ProjectLineData(Strict):
    """A joint project in short."""

    name: Line = Field(title="Birgə layihənin adı")
    initiators: Line = Field(title="Təşəbbüskarlar")
    term: Line = Field(title="İcra müddəti")
    cost: Amount = Field(title="Ümumi dəyəri, min manat")


Series = tuple[Amount, ...]


class FiguresData(Strict):
    """The cluster's figures year by year, the sums of the questionnaires (003 Əlavə 5); the last year is the newest."""

    first_year: int = Field(ge=2000, le=2199, title="Birinci il")
    volume: Series = Field(min_length=1, max_length=MOST_YEARS, title="Göndərilən məhsulun həcmi, mln. manat")
    used: Series = Field(min_length=1, max_length=MOST_YEARS, title="Klaster daxilində istifadə həcmi, mln. manat")
    export: Series = Field(min_length=1, max_length=MOST_YEARS, title="İxracın həcmi, mln. manat")
    added_value: Series = Field(min_length=1, max_length=MOST_YEARS, title="Əlavə edilən dəyər, mln. manat")
    jobs: Series = Field(min_length=1, max_length=MOST_YEARS, title="İş yerlərinin sayı, ədəd")
    productive_jobs: Series = Field(min_length=1, max_length=MOST_YEARS, title="Yüksək məhsuldar iş yerləri, ədəd")
    taxes: Series = Field(min_length=1, max_length=MOST_YEARS, title="Vergi və gömrük ödənişləri, mln. manat")
    investments: Series = Field(min_length=1, max_length=MOST_YEARS, title="Əsas kapitala investisiyalar, mln. manat")


class EfficiencyCountData(Strict):
    """How many participants are above the average efficiency."""

    above: int = Field(ge=0, le=5_000, title="Göstəricisi ortalamadan yuxarı olan iştirakçıların sayı")
    measure: Line = Field(title="Müqayisə olunan göstərici və onun mənbəyi")


class PassportData(Strict):
    """The cluster's passport."""

    cluster: ClusterData = Field(title="Sənaye klasteri")
    organisation: HeadedOrganisationData = Field(title="Sənaye klasterinin ixtisaslaşdırılmış təşkilatı")
    founded: CitedPaperData = Field(title="Klasterin yaradılması haqqında protokol qərarı", description="003 §3.5")
    portal: Line = Field(title="Klasterin informasiya portalı", description="003 §6.6")
    contact_person: NameData = Field(title="Əlaqələndirici şəxs")
    contact_phone: Line = Field(title="Əlaqə telefonu")
    contact_email: Line = Field(title="Elektron poçt ünvanı")
    kinds: tuple[KindCountData, ...] = Field(min_length=1, max_length=13, title="Təşkilatların növlər üzrə sayı")
    participation_agreements: int = Field(ge=0, le=5_000, title="İştirakçılarla bağlanmış sazişlərin sayı")
    organ: CollegialOrganData = Field(title="Kollegial idarəetmə orqanı")
    documents: tuple[CitedPaperData, ...] = Field(
        min_length=1, max_length=20, title="Klasterin əsas sənədləri", description="003 §5.1, Əlavə 13 §8"
    )
    state_agreements: tuple[CitedPaperData, ...] = Field(
        default=(), max_length=20, title="İcra orqanları ilə sazişlər", description="003 §5.8"
    )
    projects: tuple[ProjectLineData, ...] = Field(default=(), max_length=30, title="Birgə layihələr")
    figures: FiguresData = Field(title="Əsas göstəricilər")
    efficiency: EfficiencyCountData = Field(title="İqtisadi səmərəlilik")
