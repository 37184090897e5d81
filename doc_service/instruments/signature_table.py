"""The rows of a signature table: whose signature, where, and on what basis somebody else signs (INSTRUMENTS §2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from doc_service.domain.people import Person
from doc_service.instruments.base import Signatory, StandIns


def field_name(place: int) -> str:
    """The signature field at ``place`` (from 1) of the table, e.g. ``sig_01``."""
    return f"sig_{place:02d}"


def signature_rows(
    signatories: Iterable[Signatory], people: Mapping[str, Person], stand_ins: StandIns
) -> list[dict[str, Any]]:
    """One mapping per signatory: ``field role post name in_place_of basis``.

    ``in_place_of`` and ``basis`` are empty unless a delegate or a substitute signs; raises ``KeyError`` for a
    signatory who is not among ``people``.
    """
    return [_row(s, people[s.person_id], stand_ins) for s in signatories]


def _row(signatory: Signatory, person: Person, stand_ins: StandIns) -> dict[str, Any]:
    row = {
        "field": signatory.field,
        "role": signatory.role_label,
        "post": person.post,
        "organisation": person.organisation,
        "name": person.name.full,
        "in_place_of": signatory.in_place_of,
        "basis": signatory.basis,
    }
    stand_in = stand_ins.get(signatory.person_id)
    if stand_in is not None:
        absent = person.name.full
        row |= {"name": stand_in.name, "post": stand_in.post, "in_place_of": absent, "basis": stand_in.basis}
    return row
