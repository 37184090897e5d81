"""The thirteen kinds of organisation of a cluster, in the two parts of its registry (003 Əlavə 5, field 3; Əlavə 6).

The questionnaire names a kind in the singular, the registry its group in the plural; both wordings are the forms'.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

LARGE_FROM, MEDIUM_FROM = 251, 101
"""Least numbers of employees of a large and of a medium producer (003 Əlavə 5, field 3)."""


class RegistryPart(StrEnum):
    """The two parts of the registry."""

    PARTICIPANTS = "participants"
    INFRASTRUCTURE = "infrastructure"


class ParticipantKind(StrEnum):
    """In the order of the forms."""

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
        """Producers are participants, all others infrastructure."""
        return RegistryPart.PARTICIPANTS if self in PRODUCERS else RegistryPart.INFRASTRUCTURE


PRODUCERS = frozenset({ParticipantKind.LARGE, ParticipantKind.MEDIUM, ParticipantKind.SMALL})

PART_TITLES: Mapping[RegistryPart, str] = MappingProxyType(
    {
        RegistryPart.PARTICIPANTS: "Sənaye klasterinin iştirakçıları",
        RegistryPart.INFRASTRUCTURE: "Sənaye klasterinin infrastrukturu",
    }
)

GROUP_TITLES: Mapping[ParticipantKind, str] = MappingProxyType(
    {
        ParticipantKind.LARGE: "İri istehsal müəssisələri (işçilərin sayı 250-dən çox)",
        ParticipantKind.MEDIUM: "Orta istehsal müəssisələri (işçilərin sayı 101-dən 250-dək)",
        ParticipantKind.SMALL: "Kiçik istehsal müəssisələri (işçilərin sayı 100-dək)",
        ParticipantKind.UNIVERSITY: "Ali təhsil müəssisələri",
        ParticipantKind.COLLEGE: (
            "Orta ixtisas təhsili müəssisələri və digər təhsil müəssisələri (ali təhsil müəssisələri olmayan)"
        ),
        ParticipantKind.RESEARCH: (
            "Elmi-tədqiqat institutları, layihə təşkilatları, təcrübi-konstruktor büroları (tədqiqat və işləmələr "
            "sahəsində digər təşkilat formaları)"
        ),
        ParticipantKind.DEVELOPMENT: "Regional inkişaf institutları (inkişaf korporasiyaları, agentliklər və s.)",
        ParticipantKind.TECHNOLOGY: (
            "Texnoloji² və sənaye³ infrastrukturunu təmsil edən təşkilatlar, sənaye parkları və texnoparklar"
        ),
        ParticipantKind.MARKETING: "Marketinq və ya satış təşkilatları",
        ParticipantKind.FINANCE: "Maliyyə-kredit təşkilatları",
        ParticipantKind.NGO: "Qeyri-kommersiya təşkilatları",
        ParticipantKind.GOVERNMENT: "Regional hakimiyyət orqanları və ya yerli özünüidarəetmə orqanları",
        ParticipantKind.OTHER: "Digər təşkilatlar (o cümlədən startaplar-klaster iştirakçıları)",
    }
)
"""The groups of the registry; ² and ³ lead to its footnotes."""

QUESTIONNAIRE_TITLES: Mapping[ParticipantKind, str] = MappingProxyType(
    {
        ParticipantKind.LARGE: "İri istehsal müəssisəsi (İşçilərin sayı 250-dən çox)",
        ParticipantKind.MEDIUM: "Orta istehsal müəssisəsi (İşçilərin sayı 101-dən 250-ə qədər)",
        ParticipantKind.SMALL: "Kiçik istehsal müəssisəsi (İşçilərin sayı 100-ə qədər)",
        ParticipantKind.UNIVERSITY: "Ali təhsil müəssisələri",
        ParticipantKind.COLLEGE: (
            "Orta ixtisas təhsili müəssisələri və ya digər təhsil müəssisələri (ali təhsil müəssisələri deyil)"
        ),
        ParticipantKind.RESEARCH: (
            "Elmi-tədqiqat institutu, layihə təşkilatı, təcrübi-konstruktor bürosu (və ya tədqiqat və işləmə "
            "sektorunun digər təşkilat forması)"
        ),
        ParticipantKind.DEVELOPMENT: "Regional inkişaf institutu (inkişaf korporasiyası, agentlik və s.)",
        ParticipantKind.TECHNOLOGY: (
            "Texnoloji və ya sənaye infrastrukturunu, sənaye parkını, texnoparkı təmsil edən təşkilat"
        ),
        ParticipantKind.MARKETING: "Marketinq və ya satış təşkilatı",
        ParticipantKind.FINANCE: "Maliyyə-kredit təşkilatı",
        ParticipantKind.NGO: "Qeyri-kommersiya təşkilatı",
        ParticipantKind.GOVERNMENT: "Regional hökumət və ya yerli idarəetmə orqanı",
        ParticipantKind.OTHER: "Təşkilatın digər bir növü (o cümlədən startap)",
    }
)
"""The choices of the questionnaire."""


def kind_of_size(employees: int) -> ParticipantKind:
    """The kind of a producer with so many employees: over 250 large, 101 to 250 medium, up to 100 small."""
    if employees >= LARGE_FROM:
        return ParticipantKind.LARGE
    return ParticipantKind.MEDIUM if employees >= MEDIUM_FROM else ParticipantKind.SMALL
