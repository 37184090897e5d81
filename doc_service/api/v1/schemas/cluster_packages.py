"""The application package of a cluster."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from doc_service.api.language import catalog
from doc_service.api.v1.schemas.common import Input, View
from doc_service.domain.errors import Fault
from doc_service.instruments.fields import Identifier, Line
from doc_service.messages.catalog import LANGUAGES
from doc_service.services.packages.gather import PackageContents, PackagePaper
from doc_service.services.packages.prepare import PackageRequest


class PackageInput(Input):
    """``chosen``: by item of the stage table, the document to take instead of the newest one. ``id``: of the inventory;
    give the same one for the copies and for the draft."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"addressee": "Azərbaycan Respublikasının İqtisadiyyat Nazirliyinə"}]}
    )

    id: Identifier | None = None
    addressee: Line
    chosen: Annotated[dict[Identifier, Identifier], Field(max_length=100)] = Field(default_factory=dict)

    def to_request(self, package_id: str, cluster_id: str) -> PackageRequest:
        return PackageRequest(package_id, cluster_id, self.addressee, self.chosen)


class GapView(View):
    """``item``: of the stage table; ``messages`` name the paper and the clause, by language."""

    code: str
    item: str
    title: str
    clause: str
    messages: dict[str, str]


class PaperView(View):
    """``form``: original, copy or file."""

    item: str
    title: str
    clause: str
    form: str
    document_id: str
    number: str
    owner: str
    sha256: str
    size: int


class PackageView(View):
    """What the package would hold now. ``copies_wanted``: originals of which a certified copy has to be issued."""

    complete: bool
    papers: list[PaperView]
    copies_wanted: list[str]
    gaps: list[GapView]


class CopiesIssued(View):
    """The copies' ids; their files follow when the seal is on them."""

    copies: list[str]


def package_view(contents: PackageContents) -> PackageView:
    return PackageView(
        complete=not contents.gaps,
        papers=[_paper(paper, contents) for paper in contents.papers],
        copies_wanted=[wanted.original.id for wanted in contents.wanted],
        gaps=[_gap(gap) for gap in contents.gaps],
    )


def _paper(paper: PackagePaper, contents: PackageContents) -> PaperView:
    return PaperView(
        item=paper.item.id,
        title=paper.item.title,
        clause=paper.item.clause,
        form=paper.form,
        document_id=paper.document_id,
        number=paper.number,
        owner=contents.members.get(paper.owner, ""),
        sha256=paper.sha256,
        size=paper.size,
    )


def _gap(gap: Fault) -> GapView:
    return GapView(
        code=gap.code,
        item=gap.field,
        title=str(gap.params["title"]),
        clause=str(gap.params["clause"]),
        messages={language: catalog(language).text(gap.code, gap.params) for language in LANGUAGES},
    )
