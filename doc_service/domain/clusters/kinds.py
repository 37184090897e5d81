"""The thirteen kinds of organisation of a cluster: three sizes of producer and ten of infrastructure (003 Əlavə 5,
Əlavə 6). Titles are those of the registry form, in its order."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from doc_service.domain.errors import Fault


class RegistryPart(StrEnum):
    """The two parts of the registry (003 Əlavə 6)."""

    PARTICIPANTS = "participants"
    INFRASTRUCTURE = "infrastructure"


class ParticipantKind(StrEnum):
    """In the order of the form."""

    LARGE = "large"
    MEDIUM = "medium"
    SMALL = "small"
    UNIVERSITY = "university"
    COLLEGE = "college"
    RESEARCH = "research"
    DEVELOPMENT = "development"
    TECHNOLOGY = "technology"
    MARKETING = "marketing"
    FINANCE = "finance"
    NGO = "ngo"
    GOVERNMENT = "government"
    OTHER = "other"

    @property
    def part(self) -> RegistryPart:
        return RegistryPart.PARTICIPANTS if self in PRODUCERS else RegistryPart.INFRASTRUCTURE

    @property
    def place(self) -> int:
        """From 1 to 13, as the groups follow each other in the registry."""
        return tuple(ParticipantKind).index(self) + 1


_K = ParticipantKind
PRODUCERS = frozenset({_K.LARGE, _K.MEDIUM, _K.SMALL})

PART_TITLES: Mapping[RegistryPart, str] = MappingProxyType(
    {
        RegistryPart.PARTICIPANTS: "Sənaye klasterinin iştirakçıları",
        RegistryPart.INFRASTRUCTURE: "Sənaye klasterinin infrastrukturu",
    }
)
GROUP_TITLES: Mapping[ParticipantKind, str] = MappingProxyType(
    {
        _K.LARGE: "İri istehsal müəssisələri (işçilərin sayı 250-dən çox)",
        _K.MEDIUM: "Orta istehsal müəssisələri (işçilərin sayı 101-dən 250-dək)",
        _K.SMALL: "Kiçik istehsal müəssisələri (işçilərin sayı 100-dək)",
        _K.UNIVERSITY: "Ali təhsil müəssisələri",
        _K.COLLEGE: (
            "Orta ixtisas təhsili müəssisələri və digər təhsil müəssisələri (ali təhsil müəssisələri olmayan)"
        ),
        _K.RESEARCH: (
            "Elmi-tədqiqat institutları, layihə təşkilatları, təcrübi-konstruktor büroları (tədqiqat və işləmələr "
            "sahəsində digər təşkilat formaları)"
        ),
        _K.DEVELOPMENT: "Regional inkişaf institutları (inkişaf korporasiyaları, agentliklər və s.)",
        _K.TECHNOLOGY: (
            "Texnoloji və sənaye infrastrukturunu təmsil edən təşkilatlar, sənaye parkları və texnoparklar"
        ),
        _K.MARKETING: "Marketinq və ya satış təşkilatları",
        _K.FINANCE: "Maliyyə-kredit təşkilatları",
        _K.NGO: "Qeyri-kommersiya təşkilatları",
        _K.GOVERNMENT: "Regional hakimiyyət orqanları və ya yerli özünüidarəetmə orqanları",
        _K.OTHER: "Digər təşkilatlar (o cümlədən startaplar-klaster iştirakçıları)",
    }
)
"""Without the footnote marks 3 and 4, which the form sets after "Texnoloji" and "sənaye"."""

_MOST_MEDIUM, _MOST_SMALL = 250, 100


def kind_of_size(employees: int) -> ParticipantKind:
    """The producer's kind by its staff: over 250, 101 to 250, up to 100 (003 Əlavə 5). ``ValueError`` below 0."""
    if employees < 0:
        raise ValueError("a staff is not negative")
    if employees > _MOST_MEDIUM:
        return _K.LARGE
    return _K.MEDIUM if employees > _MOST_SMALL else _K.SMALL


def kind_faults(kind: ParticipantKind, employees: int | None, field: str = "kind") -> tuple[Fault, ...]:
    """ "cluster.wrong_size" when a producer's kind contradicts its staff; infrastructure has no size (003 Əlavə 5)."""
    if employees is None or kind not in PRODUCERS or kind_of_size(employees) is kind:
        return ()
    return (
        Fault("cluster.wrong_size", field, {"employees": employees, "group": GROUP_TITLES[kind_of_size(employees)]}),
    )
