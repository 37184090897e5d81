"""What the members' general meeting decides (003 §4.4 a)–ə), §4.5, §4.8–§4.11), as topics of agenda items."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from pydantic import Field

from doc_service.instruments.cluster.common import OrganisationData
from doc_service.instruments.fields import Number, Strict


class Topic(StrEnum):
    """The list of 003 §4.4 first, in its order; then what other clauses give to the meeting."""

    ORGANS = "organs"
    FUNCTIONAL_MAP = "functional_map"
    PROGRAMME = "programme"
    JOINT_PROJECTS = "joint_projects"
    MEASURES = "measures"
    ADMISSION = "admission"
    EXCLUSION = "exclusion"
    CHARTER = "charter"
    REPORT = "report"
    HEAD = "head"
    FEES = "fees"


_FOURTH: Final = "Metodologiyanın 4.4-cü bəndinin {}) yarımbəndi"

CLAUSES: Final[Mapping[Topic, str]] = {
    Topic.ORGANS: _FOURTH.format("a"),
    Topic.FUNCTIONAL_MAP: _FOURTH.format("b"),
    Topic.PROGRAMME: _FOURTH.format("c"),
    Topic.JOINT_PROJECTS: _FOURTH.format("ç"),
    Topic.MEASURES: _FOURTH.format("d"),
    Topic.ADMISSION: _FOURTH.format("e"),
    Topic.EXCLUSION: _FOURTH.format("ə"),
    Topic.CHARTER: "Metodologiyanın 4.5-ci bəndi",
    Topic.REPORT: "Metodologiyanın 4.8-ci bəndi",
    Topic.HEAD: "Metodologiyanın 4.9-cu və 4.10-cu bəndləri",
    Topic.FEES: "Metodologiyanın 4.11-ci bəndi",
}
"""The clause that gives the decision to the meeting, as the protocol cites it."""

MATTERS: Final[Mapping[Topic, str]] = {
    Topic.ORGANS: "sənaye klasterinin idarəetmə orqanları ilə bağlı qaydaların təsdiq edilməsi",
    Topic.FUNCTIONAL_MAP: "sənaye klasterinin funksional xəritəsinin təsdiq edilməsi",
    Topic.PROGRAMME: "sənaye klasterinin inkişaf proqramının təsdiq edilməsi",
    Topic.JOINT_PROJECTS: "sənaye klasteri iştirakçılarının birgə layihələrinin siyahısının təsdiq edilməsi",
    Topic.MEASURES: "sənaye klasterinin ixtisaslaşdırılmış təşkilatının tədbirlər planının təsdiq edilməsi",
    Topic.ADMISSION: "yeni müəssisə və təşkilatın sənaye klasterinin iştirakçıları və infrastrukturu tərkibinə daxil "
    "edilməsi barədə qərar",
    Topic.EXCLUSION: "sənaye klasterinin iştirakçıları və infrastrukturu tərkibindən müəssisə və təşkilatın xaric "
    "edilməsi barədə qərar",
    Topic.CHARTER: "ixtisaslaşdırılmış təşkilatın təsis sənədlərinin təsdiqi və yenilənməsi",
    Topic.REPORT: "ixtisaslaşdırılmış təşkilatın rəhbərinin ötən il üzrə hesabatı",
    Topic.HEAD: "ixtisaslaşdırılmış təşkilatın rəhbərinin təyin edilməsi, səlahiyyətlərinin uzadılması və ya ləğvi",
    Topic.FEES: "üzvlük haqlarının ölçüsünün və ödənilmə müddətinin müəyyən edilməsi",
}
"""What is decided, as 003 words it."""

OF_MEMBERSHIP: Final = frozenset({Topic.ADMISSION, Topic.EXCLUSION})
"""Decisions about one organisation, which the record must name."""


AGREED_BY_HEAD: Final = frozenset({Topic.FUNCTIONAL_MAP, Topic.PROGRAMME})
"""The basic documents, which the head of the specialised organisation agrees before the meeting approves (003 §5.2)."""


class TopicData(Strict):
    """What an item of the agenda decides. ``organisation`` goes with an admission or exclusion, ``agreed_on`` with the
    approval of a basic document."""

    number: Number = Field(title="Məsələnin nömrəsi")
    topic: Topic = Field(title="Qərarın mövzusu", description="003 §4.4 a)–ə), §4.5, §4.8–§4.11")
    organisation: OrganisationData | None = Field(
        default=None, title="Daxil və ya xaric edilən təşkilat", description="003 §4.4 e), ə)"
    )
    agreed_on: date | None = Field(
        default=None,
        title="İxtisaslaşdırılmış təşkilatın rəhbərinin razılaşdırdığı gün",
        description="Funksional xəritə və inkişaf proqramı üçün məcburidir: 003 §5.2",
    )
