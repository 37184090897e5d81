"""The Coordination Group's own instruments, in the order of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping

from doc_service.domain.bodies import BodyRules
from doc_service.instruments.base import AnyInstrument
from doc_service.instruments.group.isler_nomenklaturu import isler_nomenklaturu
from doc_service.instruments.group.kq_cixaris import kq_cixaris
from doc_service.instruments.group.kq_derc import kq_derc
from doc_service.instruments.group.kq_fealiyyet_proqrami import kq_fealiyyet_proqrami
from doc_service.instruments.group.kq_illik_hesabat import kq_illik_hesabat
from doc_service.instruments.group.kq_mektub import kq_mektub


def group_instruments(rules: Mapping[str, BodyRules]) -> tuple[AnyInstrument, ...]:
    """Letter, programme, report, extract and public summary (5–9)."""
    return (kq_mektub(rules), kq_fealiyyet_proqrami(rules), kq_illik_hesabat(rules), kq_cixaris(rules), kq_derc(rules))


def nomenclature_instruments() -> tuple[AnyInstrument, ...]:
    """The nomenclature of cases (31): the last of the catalogue."""
    return (isler_nomenklaturu(),)
