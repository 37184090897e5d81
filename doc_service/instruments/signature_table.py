"""The rows of a signature table: whose signature, where, and on what basis somebody else signs (004 §7.7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from doc_service.domain.azerbaijani_cases import genitive
from doc_service.domain.people import Person
from doc_service.instruments.base import Signatory, StandIn, StandIns

SEAL_PLACE: Final = "M.Y."
"""Möhür yeri: where the paper form has the seal."""


def field_name(place: int) -> str:
    """The signature field at ``place`` (from 1) of the table, e.g. ``sig_01``."""
    return f"sig_{place:02d}"


def signature_rows(
    signatories: Iterable[Signatory], people: Mapping[str, Person], stand_ins: StandIns
) -> list[dict[str, str]]:
    """One mapping per signatory: ``field role post organisation name in_place_of basis``.

    ``in_place_of`` ("… əvəzinə") and ``basis`` ("Əsas: …") are empty unless a delegate or a substitute signs. Raises
    ``KeyError`` for a signatory who is not among ``people``.
    """
    return [_row(s, people[s.person_id], stand_ins.get(s.person_id)) for s in signatories]


def _seal_row(signatory: Signatory, keeper: Person) -> dict[str, str]:
    return {
        "field": signatory.field,
        "role": signatory.role_label,
        "post": "",
        "organisation": keeper.organisation,
        "name": SEAL_PLACE,
        "in_place_of": "",
        "basis": "",
    }


def _row(signatory: Signatory, person: Person, stand_in: StandIn | None) -> dict[str, str]:
    if signatory.seal_voen:
        return _seal_row(signatory, person)
    absent = person.name.full if stand_in else signatory.in_place_of
    basis = stand_in.basis if stand_in else signatory.basis
    return {
        "field": signatory.field,
        "role": signatory.role_label,
        "post": stand_in.post if stand_in else person.post,
        "organisation": person.organisation,
        "name": stand_in.name if stand_in else person.name.full,
        "in_place_of": f"{genitive(absent, keep=True)} əvəzinə" if absent else "",
        "basis": f"Əsas: {basis}" if basis else "",
    }
