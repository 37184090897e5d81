"""What each stage of founding a cluster must leave behind, as data: the stage table of 003 §2.

Papers that the service makes are named by their instruments. Papers of others (an extract from the state register, a
notary's specimen of signatures) are files that the secretariat keeps with the cluster (``uploaded``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum, StrEnum
from types import MappingProxyType

from doc_service.domain.errors import NotFoundError


class Stage(IntEnum):
    """The four stages (003 §2.4)."""

    DECISION = 1
    ORGANISATION = 2
    DOCUMENTS = 3
    APPLICATION = 4


class Form(StrEnum):
    """How the application package needs it: the original, or a certified copy of it."""

    ORIGINAL = "original"
    COPY = "copy"


STAGE_TITLES: Mapping[Stage, str] = MappingProxyType(
    {
        Stage.DECISION: "Sənaye klasterinin yaradılması haqqında qərarın qəbul edilməsi",
        Stage.ORGANISATION: "Sənaye klasterinin təşkilati strukturunun yaradılması",
        Stage.DOCUMENTS: "Sənaye klasterinin inkişafını müəyyən edən əsas sənədlərin təsdiqi",
        Stage.APPLICATION: ("Klasterin sənaye klasterlərinin reyestrinə daxil edilməsi üçün ərizənin hazırlanması"),
    }
)
STAGE_TERMS: Mapping[Stage, timedelta] = MappingProxyType(
    {
        Stage.DECISION: timedelta(weeks=6),
        Stage.ORGANISATION: timedelta(weeks=6),
        Stage.DOCUMENTS: timedelta(weeks=10),
        Stage.APPLICATION: timedelta(weeks=4),
    }
)
"""The model terms (003 §2, "Həyata keçirilmə müddəti")."""


@dataclass(frozen=True, slots=True)
class StageItem:
    """One paper of the table. ``instruments``: the instruments that satisfy it, any one of them (empty: a file of
    somebody else, kept under ``id``). ``form``: what the package needs. ``optional``: "varsa". ``each_member``: one for
    every participant. ``in_package``: the application package carries it (the others only show that a step was taken).
    """

    id: str
    stage: Stage
    title: str
    clause: str
    instruments: tuple[str, ...] = ()
    form: Form = Form.ORIGINAL
    optional: bool = False
    each_member: bool = False
    in_package: bool = True

    @property
    def uploaded(self) -> bool:
        """Whether it is a file of somebody else."""
        return not self.instruments


_S = Stage
STAGE_TABLE: tuple[StageItem, ...] = (
    StageItem(
        "yol-xeritesi", _S.DECISION,
        "Sənaye klasterinin yaradılması üzrə tədbirlər planı (“yol xəritəsi”)",
        "003 §2.1, Əlavə 1", ("klaster-yol-xeritesi",), in_package=False,
    ),
    StageItem(
        "tesis-protokolu", _S.DECISION,
        "İxtisaslaşdırılmış təşkilatın idarəetmə orqanının yaradılması haqqında təsisçilərin protokolu",
        "003 §2, mərhələ 1, a); bölmə 3; Əlavə 2", ("klaster-tesis-protokolu",), Form.COPY,
    ),
    StageItem(
        "tesiscilerin-senedleri", _S.DECISION, "Təsisçilərin təsis sənədlərinin surətləri",
        "003 §2, mərhələ 1, a); §3.5", form=Form.COPY,
    ),
    StageItem(
        "dovlet-reyestrinden-cixaris", _S.ORGANISATION,
        "İxtisaslaşdırılmış təşkilat haqqında hüquqi şəxslərin dövlət reyestrindən çıxarış",
        "003 §2, mərhələ 2, a)",
    ),
    StageItem(
        "nizamname", _S.ORGANISATION, "İxtisaslaşdırılmış təşkilatın təsis sənədlərinin surəti",
        "003 §2, mərhələ 2, b); §4.6", ("klaster-nizamname",), Form.COPY,
    ),
    StageItem(
        "imza-numuneleri", _S.ORGANISATION,
        "İcra orqanının notarial qaydada təsdiq edilmiş imza nümunələri və möhürün (varsa) şəkli",
        "003 §2, mərhələ 2, c); bölmə 4",
    ),
    StageItem(
        "istirak-sazisi", _S.ORGANISATION, "Sənaye klasterinin sənaye fəaliyyətində iştirakı haqqında Saziş",
        "003 §2, mərhələ 2; §4.15; Əlavə 4", ("klaster-istirak-sazisi",), Form.COPY,
    ),
    StageItem(
        "reyestr", _S.ORGANISATION, "Sənaye klasteri iştirakçılarının reyestrinin surəti",
        "003 §2, mərhələ 2, ç); §4.16; Əlavə 6", ("klaster-reyestr",), Form.COPY,
    ),
    StageItem(
        "istismar-aktlari", _S.ORGANISATION,
        "İnfrastruktur obyektlərinin istismara verilməsi haqqında aktların surətləri",
        "003 §2, mərhələ 2, d)", form=Form.COPY,
    ),
    StageItem(
        "anketler", _S.ORGANISATION, "Hər bir iştirakçının təsviri ilə soraq məlumatları (anketlər)",
        "003 §2, mərhələ 2, d); Əlavə 5", ("klaster-anket",), each_member=True,
    ),
    StageItem(
        "funksional-xerite", _S.DOCUMENTS, "Sənaye klasterinin funksional xəritəsi",
        "003 §2, mərhələ 3, a); §5.3; Əlavə 7–10", ("klaster-funksional-xerite",),
    ),
    StageItem(
        "inkisaf-proqrami", _S.DOCUMENTS, "Sənaye klasterinin inkişaf proqramının surəti",
        "003 §2, mərhələ 3, b); bölmə 5; Əlavə 6, 12, 13", ("klaster-inkisaf-proqrami",), Form.COPY,
    ),
    StageItem(
        "mehsuldarliq-materiallari", _S.DOCUMENTS,
        "Əmək məhsuldarlığının və yüksək məhsuldar iş yerlərinin Tələblərə uyğunluğu üzrə sorğu materialları",
        "003 §2, mərhələ 3, c); Əlavə 5, 13",
    ),
    StageItem(
        "it-fealiyyeti", _S.DOCUMENTS,
        "İxtisaslaşdırılmış təşkilatın fəaliyyətinin Tələblərə uyğunluğu üzrə sorğu materialları",
        "003 §2, mərhələ 3, ç); bölmə 4; Əlavə 2, 3", ("klaster-tedbirler-plani",),
    ),
    StageItem(
        "umumi-yigincaq-protokolu", _S.DOCUMENTS,
        "Funksional xəritənin və inkişaf proqramının təsdiqi haqqında Ümumi yığıncağın Protokolu",
        "003 §2, mərhələ 3; §5.2", ("klaster-umumi-yigincaq-protokolu",), Form.COPY,
    ),
    StageItem(
        "yaradilma-sazisi", _S.DOCUMENTS, "Sənaye klasterinin yaradılması haqqında Sazişin surəti",
        "003 §2, mərhələ 3, d); §5.8", ("klaster-yaradilmasi-sazisi",), Form.COPY,
    ),
    StageItem(
        "uygunluq-erizesi", _S.APPLICATION, "Tələblərə uyğunluğun yoxlanılması barədə ərizə",
        "003 §2, mərhələ 4, a); §6.4", ("klaster-uygunluq-erizesi",),
    ),
    StageItem(
        "pasport", _S.APPLICATION, "Sənaye klasterinin pasportu", "003 §6.4; Əlavə 14", ("klaster-pasport",),
    ),
    StageItem(
        "icra-orqani-mektubu", _S.APPLICATION, "İcra orqanı rəhbərinin imzası ilə məktub",
        "003 §2, mərhələ 4, b); §6.5", ("icra-orqani-mektubu",),
    ),
    StageItem(
        "portal-materiallari", _S.APPLICATION, "Klasterin informasiya portalının bölmələri üzrə istinad materialları",
        "003 §2, mərhələ 4, c); §6.6", ("portal-istinad-materiallari",),
    ),
)  # fmt: skip

_BY_ID: Mapping[str, StageItem] = MappingProxyType({item.id: item for item in STAGE_TABLE})


def stage_item(item_id: str) -> StageItem:
    """Raises ``NotFoundError`` "cluster.unknown_item", naming the known ones."""
    try:
        return _BY_ID[item_id]
    except KeyError:
        raise NotFoundError("cluster.unknown_item", "item", item=item_id, known=", ".join(_BY_ID)) from None
