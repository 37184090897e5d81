"""What the application package would hold now, and every gap with the clause that asks for the paper (003 §2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from doc_service.domain.clusters.clusters import Cluster
from doc_service.domain.clusters.files import PDF, CaseFile
from doc_service.domain.clusters.road_map import Paper
from doc_service.domain.clusters.stages import STAGE_TABLE, Form, StageItem
from doc_service.domain.copies import CopyForm, CopyIssue, SuccessionKind
from doc_service.domain.documents import Document, DocumentState
from doc_service.domain.errors import Fault, Param
from doc_service.ports import UnitOfWork
from doc_service.ports_queries import Slice
from doc_service.services.base import Workspace
from doc_service.services.clusters.show_road_map import papers_by_item
from storage.api import ObjectStore

_COPIES = Slice(limit=100)


@dataclass(frozen=True, slots=True)
class PackagePaper:
    """One paper that is ready: its bytes lie in the archive under ``key``. ``original``: of a certified copy, the
    document that it was made of. ``owner``: of a participant's paper, the organisation's id."""

    item: StageItem
    form: str
    document_id: str
    number: str
    day: str | None
    owner: str
    key: str
    sha256: str
    size: int
    media_type: str = PDF
    original: str = ""


@dataclass(frozen=True, slots=True)
class CopyWanted:
    """An original of which a certified copy has to be issued first."""

    item: StageItem
    original: Document


@dataclass(frozen=True, slots=True)
class PackageContents:
    """``gaps`` is empty when the package is complete. ``members``: the participants' organisations by id."""

    cluster: Cluster
    papers: tuple[PackagePaper, ...]
    wanted: tuple[CopyWanted, ...]
    gaps: tuple[Fault, ...]
    members: Mapping[str, str]


@dataclass(slots=True)
class _Found:
    papers: list[PackagePaper] = field(default_factory=list)
    wanted: list[CopyWanted] = field(default_factory=list)
    gaps: list[Fault] = field(default_factory=list)

    def lacks(self, code: str, item: StageItem, **params: Param) -> None:
        self.gaps.append(Fault(code, item.id, {"title": item.title, "clause": item.clause, **params}))


@dataclass(frozen=True, slots=True)
class GatherPackage:
    """For each item of the table the newest archived document, or the one that ``chosen`` names for it; of what the
    table wants as a copy, the newest certified copy of exactly these bytes; files of others as they were kept.

    Gaps: "package.missing", "package.not_archived", "package.copy_missing", "package.member_lacks",
    "package.other_choice". ``NotFoundError`` "cluster.not_found"."""

    work: Workspace

    def __call__(self, cluster_id: str, chosen: Mapping[str, str] | None = None) -> PackageContents:
        with self.work.uow.reading() as uow:
            cluster = uow.clusters.get(cluster_id)
            ids = [p.organisation_id for p in uow.clusters.participations(cluster_id, active=True)]
            known = uow.organisations.of_ids(ids)
            members = {i: known[i].full_name for i in ids if i in known}
            papers, found = papers_by_item(uow, cluster), _Found()
            files = {f.id: f for f in uow.case_files.of_owner("cluster", cluster.id)}
            for item in STAGE_TABLE:
                if item.in_package:
                    reading = _Reading(uow, item, papers.get(item.id, ()), files, members, found)
                    reading.collect((chosen or {}).get(item.id, ""))
        return PackageContents(cluster, tuple(found.papers), tuple(found.wanted), tuple(found.gaps), members)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One item of the table."""

    uow: UnitOfWork
    item: StageItem
    there: Sequence[Paper]
    files: Mapping[str, CaseFile]
    members: Mapping[str, str]
    found: _Found

    def collect(self, chosen: str) -> None:
        if self.item.each_member:
            for organisation, name in self.members.items():
                own = [p for p in self.there if p.organisation_id == organisation]
                if not self._document(own, "", organisation):
                    self.found.lacks("package.member_lacks", self.item, organisation=name)
            return
        documents = [p for p in self.there if p.kind == "document"]
        given = [self.files[p.id] for p in self.there if p.kind == "file"]
        if chosen and chosen not in {p.id for p in documents}:
            self.found.lacks("package.other_choice", self.item, document=chosen)
            return
        for file in given:
            self._file(file)
        if not self._document(documents, chosen, "") and not given and not self.item.optional:
            self.found.lacks("package.missing", self.item)

    def _document(self, papers: Sequence[Paper], chosen: str, owner: str) -> bool:
        """False when there is none at all; one that is not ready is a gap of its own."""
        documents = [self.uow.documents.get(p.id) for p in papers if p.done and chosen in ("", p.id)]
        ready = [d for d in documents if d.state is DocumentState.ARCHIVED and not self._superseded(d)]
        if not documents:
            return False
        if not ready:
            newest = max(documents, key=_day)
            self.found.lacks("package.not_archived", self.item, number=_number(newest))
            return True
        document = max(ready, key=_day)
        if self.item.form is Form.COPY:
            self._copy(document, owner)
        else:
            self.found.papers.append(_paper(self.item, "original", document, owner))
        return True

    def _copy(self, original: Document, owner: str) -> None:
        for issue in self.uow.copies.page(_COPIES, original_id=original.id).rows:
            copy = self.uow.documents.get(issue.id)
            if _serves(issue, original) and copy.state is DocumentState.ARCHIVED:
                self.found.papers.append(_paper(self.item, "copy", copy, owner, original.id))
                return
        self.found.wanted.append(CopyWanted(self.item, original))
        self.found.lacks("package.copy_missing", self.item, number=_number(original))

    def _file(self, file: CaseFile) -> None:
        self.found.papers.append(
            PackagePaper(self.item, "file", file.id, "", None, "", file.key, file.sha256, file.size, file.media_type)
        )

    def _superseded(self, document: Document) -> bool:
        return any(s.kind is SuccessionKind.SUPERSEDES for s in self.uow.successions.after(document.id))


def _serves(issue: CopyIssue, original: Document) -> bool:
    same = original.head is not None and issue.original_sha256 == original.head.sha256
    return same and issue.form is CopyForm.ELECTRONIC and not issue.items


def _paper(item: StageItem, form: str, document: Document, owner: str, original: str = "") -> PackagePaper:
    assert document.head is not None
    assert document.registration is not None
    day = document.registration.registered_on.isoformat()
    head = document.head
    return PackagePaper(
        item, form, document.id, document.registration.number, day, owner, head.key, head.sha256, head.size,
        original=original,
    )  # fmt: skip


def _day(document: Document) -> tuple[str, str]:
    registered = document.registration.registered_on.isoformat() if document.registration else ""
    return registered, document.created_at.isoformat()


def _number(document: Document) -> str:
    return document.registration.number if document.registration else document.id


def pages_of(
    store: ObjectStore, papers: Sequence[PackagePaper], count: Callable[[bytes], int]
) -> Iterator[tuple[PackagePaper, int]]:
    """Each paper with its pages; a picture is one."""
    for paper in papers:
        yield paper, count(store.read(paper.key)) if paper.media_type == PDF else 1
