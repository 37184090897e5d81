"""Editions of a cluster's registry, and papers that are kept with it."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import ConfigDict

from doc_service.api.v1.schemas.common import Input, View
from doc_service.domain.clusters.files import CaseFile
from doc_service.domain.clusters.registry import Change, Difference, Edition, RegistryEntry
from doc_service.instruments.fields import Line


class RenewalInput(Input):
    """Why the registry is renewed, as printed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"basis": "illik yenilənmə"}]})

    basis: Line


class EntryRowView(View):
    """A row as the form shows it."""

    kind: str
    name: str
    legal_form: str
    voen: str
    state_registration: str
    legal_address: str
    actual_address: str
    products: str
    head: str
    phone: str
    email: str
    agreement_number: str
    agreement_date: date | None
    marks: list[str]


class ChangeView(View):
    before: EntryRowView
    after: EntryRowView
    columns: list[str]


class EditionView(View):
    """An edition with its difference to the one before."""

    cluster_id: str
    number: int
    made_on: date
    basis: str
    rows: list[EntryRowView]
    added: list[EntryRowView]
    removed: list[EntryRowView]
    changed: list[ChangeView]


class EditionsView(View):
    items: list[int]


def _row(entry: RegistryEntry) -> EntryRowView:
    own = {"kind", "marks"}
    plain = {n: getattr(entry, n) for n in EntryRowView.model_fields if n not in own}
    return EntryRowView(**plain, kind=str(entry.kind), marks=list(entry.marks))


def edition_view(edition: Edition, change: Difference) -> EditionView:
    return EditionView(
        cluster_id=edition.cluster_id, number=edition.number, made_on=edition.made_on, basis=edition.basis,
        rows=[_row(r) for r in edition.rows], added=[_row(r) for r in change.added],
        removed=[_row(r) for r in change.removed], changed=[_change(c) for c in change.changed],
    )  # fmt: skip


def _change(change: Change) -> ChangeView:
    return ChangeView(before=_row(change.before), after=_row(change.after), columns=list(change.fields))


class FileView(View):
    id: str
    owner: str
    owner_id: str
    item: str
    name: str
    media_type: str
    size: int
    sha256: str
    added_at: datetime
    added_by: str


def file_view(file: CaseFile) -> FileView:
    return FileView(**{n: getattr(file, n) for n in FileView.model_fields})
