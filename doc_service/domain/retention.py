"""Cases of the nomenclature and how long their documents are kept (004 §5.1.11).

The default nomenclature follows the model list of storage periods approved by the National Archive Department's board
(12 April 2016, No. 3/1). It is a proposal: the secretariat approves its own (instrument ``isler-nomenklaturu``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from doc_service.domain.errors import NotFoundError

PERMANENT_LOCK_YEARS = 100


@dataclass(frozen=True, slots=True)
class RetentionClass:
    """How long a case is kept: ``years`` whole calendar years after the year it was closed in; None: permanently."""

    code: str
    title: str
    years: int | None


PERMANENT = RetentionClass("daimi", "Daimi", None)
TEN_YEARS = RetentionClass("10-il", "10 il", 10)
FIVE_YEARS = RetentionClass("5-il", "5 il", 5)
THREE_YEARS = RetentionClass("3-il", "3 il", 3)


def retention_of(years: int | None) -> RetentionClass:
    """The class of a period in whole years; None: permanently."""
    return PERMANENT if years is None else RetentionClass(f"{years}-il", f"{years} il", years)


@dataclass(frozen=True, slots=True)
class Case:
    """A case (qovluq) of the nomenclature; ``legal_basis`` is printed beside the period."""

    index: str
    title: str
    retention: RetentionClass
    legal_basis: str


_LIST = (
    "Milli Arxiv İdarəsi Kollegiyasının 2016-cı il 12 aprel tarixli 3/1 nömrəli Qərarı ilə təsdiq edilmiş "
    "nümunəvi Siyahı"
)
_STATUTE = "Nazirlər Kabinetinin 2024-cü il 13 yanvar tarixli 21 nömrəli Qərarı ilə təsdiq edilmiş Əsasnamə"


_METHODOLOGY = "Sənaye klasterinin yaradılması üzrə metodologiya"


def _case(number: int, title: str, retention: RetentionClass, clause: str) -> Case:
    return Case(f"KQ-{number:02d}", title, retention, f"{_LIST}; {_STATUTE}, {clause}")


def _cluster_case(number: int, title: str, retention: RetentionClass, clause: str) -> Case:
    return Case(f"KL-{number:02d}", title, retention, f"{_LIST}; {_METHODOLOGY}, {clause}")


DEFAULT_NOMENCLATURE: Mapping[str, Case] = MappingProxyType(
    {
        case.index: case
        for case in (
            _case(1, "Koordinasiya Qrupunun iclaslarının protokolları", PERMANENT, "5.6.7, 5.9.5"),
            _case(2, "Koordinasiya Qrupunun qərarları", PERMANENT, "5.9.4, 5.10"),
            _case(3, "Koordinasiya Qrupunun təklif və tövsiyələri", PERMANENT, "5.9.4, 5.10"),
            _case(4, "İclasların gündəlikləri və iclas barədə bildirişlər", FIVE_YEARS, "5.6.1, 5.6.5, 5.8"),
            _case(5, "Məktublar və dövlət orqanları ilə yazışma", FIVE_YEARS, "5.3.2, 3.1.1"),
            _case(6, "İllik fəaliyyət proqramları", PERMANENT, "5.3.1"),
            _case(7, "İllik hesabatlar", PERMANENT, "5.6.10, 5.7"),
            _case(8, "Protokollardan çıxarışlar və təsdiq edilmiş surətlər", THREE_YEARS, "5.6.8, 5.6.9"),
            _case(9, "Sənədlərin qeydiyyatı jurnalları və göndərilmə reyestrləri", FIVE_YEARS, "5.6.9"),
            _case(10, "Əvəzetmə barədə əmrlərin və etibarnamələrin surətləri", TEN_YEARS, "5.4"),
            _case(11, "İşlərin nomenklaturu", PERMANENT, "5.6.9"),
            _cluster_case(
                1, "Klasterin təsis sənədləri: protokol qərarı, saziş, nizamnamə", PERMANENT, "3.5, 4.6, 5.8"
            ),
            _cluster_case(
                2, "Ümumi yığıncaqların və kollegial orqanın protokolları və qərarları", PERMANENT, "4.4, 5.2"
            ),
            _cluster_case(3, "İştirak sazişləri və sazişə qoşulma ərizələri", PERMANENT, "Əlavə 4"),
            _cluster_case(4, "İştirakçıların və infrastruktur təşkilatlarının anketləri", TEN_YEARS, "Əlavə 5"),
            _cluster_case(5, "İştirakçıların və infrastrukturun reyestri", PERMANENT, "4.16, Əlavə 6"),
            _cluster_case(6, "Yol xəritələri və tədbirlər planları", TEN_YEARS, "2, Əlavə 1, Əlavə 3"),
            _cluster_case(
                7, "Klasterin pasportu, inkişaf proqramı, funksional xəritə, birgə layihələr", PERMANENT, "5"
            ),
            _cluster_case(8, "Uyğunluğun yoxlanılması üçün ərizələr və sənədlər paketləri", PERMANENT, "6"),
            _cluster_case(9, "Portal üzrə istinad materialları", FIVE_YEARS, "6.6"),
        )
    }
)


def case_of(index: str, nomenclature: Mapping[str, Case] = DEFAULT_NOMENCLATURE) -> Case:
    """The case with this index; raises ``NotFoundError`` "case.not_found"."""
    try:
        return nomenclature[index]
    except KeyError:
        raise NotFoundError("case.not_found", "case_index", index=index) from None


def retain_until(registered_on: date, retention: RetentionClass) -> date:
    """The day at whose start retention ends, as an object lock wants it: 1 January after the last storage year.

    Storage years are whole calendar years counted from 1 January after the year of registration, so a 5-year document
    of 2026 is kept through 31 December 2031. A permanent case has no end, but a lock needs a date: it is locked for
    100 years (``PERMANENT_LOCK_YEARS``), to be lengthened before they run out. Raises ``ValueError`` beyond year 9999.
    """
    years = PERMANENT_LOCK_YEARS if retention.years is None else retention.years
    return date(registered_on.year + years + 1, 1, 1)
