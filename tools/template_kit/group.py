"""Templates of the Coordination Group's own instruments."""

from __future__ import annotations

from template_kit import (
    isler_nomenklaturu,
    kq_cixaris,
    kq_derc,
    kq_fealiyyet_proqrami,
    kq_illik_hesabat,
    kq_mektub,
)
from template_kit.manifest import Template


def group_templates() -> tuple[Template, ...]:
    """Letter, programme, report, extract and public summary."""
    return (
        kq_mektub.build(),
        kq_fealiyyet_proqrami.build(),
        kq_illik_hesabat.build(),
        kq_cixaris.build(),
        kq_derc.build(),
    )


def nomenclature_templates() -> tuple[Template, ...]:
    """The nomenclature of cases."""
    return (isler_nomenklaturu.build(),)
