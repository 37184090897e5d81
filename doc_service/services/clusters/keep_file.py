"""Keeps a paper of somebody else with a cluster or an accession: written once, locked for its retention."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from doc_service.domain.audit_events import Action
from doc_service.domain.civil_time import baku_date, start_of_day
from doc_service.domain.clusters.accession import ENCLOSURES, QUESTIONNAIRE, AccessionState
from doc_service.domain.clusters.files import ACCESSION, CLUSTER, CaseFile, checked_name, file_key, media_type_of
from doc_service.domain.clusters.stages import stage_item
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.domain.retention import case_of, retain_until
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace
from doc_service.services.clusters.leave_cluster import STATEMENT
from doc_service.services.nomenclature import NomenclatureInForce
from storage.api import ObjectStore
from storage.keys import check_key

CASE_INDEX = "KL-03"
__all__ = ["ACCESSION", "CASE_INDEX", "CLUSTER", "KeepFile", "newest_files"]


@dataclass(frozen=True, slots=True)
class KeepFile:
    """The object is written before the commit that refers to it; the same bytes under the same item are kept once, and
    are locked again should the process have died between the two.

    Raises ``DomainError`` "file.empty", "file.too_large", "file.bad_type", "file.bad_name", "file.unknown_item",
    ``NotFoundError`` of the owner, ``ConflictError`` "accession.enclosures_closed" after the application."""

    work: Workspace
    store: ObjectStore
    nomenclature: NomenclatureInForce = field(default_factory=NomenclatureInForce)

    def __call__(self, owner: str, owner_id: str, item: str, name: str, content: bytes, actor: str) -> CaseFile:
        media_type, plain = media_type_of(content), checked_name(name)
        with self.work.uow.reading() as uow:
            known = self._known(uow, owner, owner_id, item, content)
        if known is not None:
            return self._locked(known)
        sha256 = hashlib.sha256(content).hexdigest()
        file_id = self.work.ids.new()
        key = check_key(file_key(owner, file_id, sha256))
        self.store.put_new(key, content, sha256=sha256)
        now = self.work.clock.now()
        file = CaseFile(
            file_id, owner, owner_id, item, plain, media_type, len(content), sha256, key, now, actor
        )  # fmt: skip
        with self.work.uow() as uow:
            known = self._known(uow, owner, owner_id, item, content)
            if known is None:
                uow.case_files.add(file)
                details = {"file": file.id, "item": item, "sha256": sha256, "size": file.size, "media_type": media_type}
                self.work.record(uow, actor, Action.FILE_KEPT, (owner, owner_id), details)
                uow.commit()
        return self._locked(known or file)

    def _locked(self, file: CaseFile) -> CaseFile:
        """By the nomenclature of the cluster's body as it stood on the day."""
        day = baku_date(file.added_at)
        with self.work.uow.reading() as uow:
            cluster_id = file.owner_id if file.owner == CLUSTER else uow.accessions.get(file.owner_id).cluster_id
            cases = self.nomenclature.of_body(uow, uow.clusters.get(cluster_id).members_body_id, day)
        self.store.retain(file.key, start_of_day(retain_until(day, case_of(CASE_INDEX, cases).retention)))
        return file

    def _known(self, uow: UnitOfWork, owner: str, owner_id: str, item: str, content: bytes) -> CaseFile | None:
        self._may_keep(uow, owner, owner_id, item)
        newest = newest_files(uow, owner, owner_id).get(item)
        same = newest is not None and newest.sha256 == hashlib.sha256(content).hexdigest()
        return newest if same else None

    def _may_keep(self, uow: UnitOfWork, owner: str, owner_id: str, item: str) -> None:
        if owner == CLUSTER:
            uow.clusters.get(owner_id)
            if item != STATEMENT and not stage_item(item).uploaded:
                raise DomainError("file.unknown_item", "item", item=item)
            return
        if owner != ACCESSION or item not in {str(number) for number in ENCLOSURES if number != QUESTIONNAIRE}:
            raise DomainError("file.unknown_item", "item", item=item)
        accession = uow.accessions.get(owner_id)
        if accession.state is not AccessionState.OPENED:
            raise ConflictError("accession.enclosures_closed", "", state=str(accession.state))


def newest_files(uow: UnitOfWork, owner: str, owner_id: str) -> dict[str, CaseFile]:
    """By item, the file that counts: the one added last."""
    return {file.item: file for file in uow.case_files.of_owner(owner, owner_id)}
