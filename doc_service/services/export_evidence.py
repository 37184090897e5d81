"""The evidence package of one document: all that is needed to prove it without this service (002 §2.1.1, §7.1.6)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from doc_service.domain.documents import Document, Revision, RevisionKind
from doc_service.domain.errors import ConflictError
from doc_service.domain.signing_record import SigningRecord
from doc_service.ports import AuditProver, EmbeddedReader, UnitOfWork
from doc_service.services.base import Workspace
from doc_service.services.final_copy import require_final
from doc_service.services.verification_view import verification_view
from doc_service.services.verify_file import VerifyFile
from storage.api import ObjectStore

README = """\
Sübut paketi / Evidence package

{title}
№ {number}

final.pdf            {final}, byte for byte as archived
revisions/           saxlanılan hər mərhələ; sonuncu imzasız nüsxədən başlayaraq hər biri növbətisinin əvvəlidir
                     / each stored stage; from the last unsigned one on, every one is the beginning of the next
signing_records.json hər imza üzrə: göstərilən, razılıq verilən, hazırlanan və imzalanan; audit jurnalı bunun xülasəsini
                     saxlayır / of each signature: shown, agreed to, prepared, signed; the audit log has its digest
identity/            imza edənlərin sertifikatları, zəncirləri və yoxlama cavabları (DER); <id>.json faylının xülasəsi
                     onun adıdır və audit jurnalında göstərilir / the signers' certificates, chains and answers about
                     revocation as seen when checked; the digest of <id>.json is its name and stands in the audit log
report.json          yoxlama hesabatı / the verification report at the time of export
embedded/            məlumatlar, şablondan alınmış DOCX, mənşə / data, filled DOCX, provenance, as found inside the PDF
trust/               etimad sertifikatları / trust anchors used (PEM)
audit/               bu sənədin hadisələri, audit jurnalında olmalarının sübutu və müstəqil yoxlayıcı
                     / the events of this document, proofs that they are in the audit log, and an offline verifier
SHA256SUMS           bütün faylların xülasəsi / digests of all files: sha256sum -c SHA256SUMS

Yoxlamaq üçün / To check:
  doc-service verify final.pdf --trust trust/anchors.pem
  pdfsig final.pdf
  python3 audit/verify_audit.py audit        (audit/README.txt)
"""
_SIGNED = "imzalanmış əsl nüsxə / the signed original"
_UNSIGNED = "əsl nüsxə; bu növ sənəd imzalanmır / the original; documents of this kind are not signed"


@dataclass(frozen=True, slots=True)
class ExportEvidence:
    """Writes the package into ``directory``, which must not exist yet or be empty (the caller moves it into place).
    "document.not_final" for a document that is not in force: what is signed in part is no evidence of an instrument."""

    work: Workspace
    store: ObjectStore
    verify: VerifyFile
    embedded: EmbeddedReader
    audit: AuditProver
    anchors_pem: bytes

    def __call__(self, document_id: str, directory: Path) -> None:
        with self.work.uow.reading() as uow:
            document = uow.documents.get(document_id)
            revisions = uow.documents.revisions(document_id)
            records = uow.signing.records(document_id)
            identities = _identities(uow, {r.identity_proof for r in records})
        if document.head is None or document.registration is None:
            raise ConflictError(
                "state.not_allowed", "", aggregate="document", state=str(document.state), action="export"
            )
        require_final(document)
        final = self.store.read(document.head.key)
        _write(directory, self._files(document, final))
        _write(directory, {"signing_records.json": _records(records)})
        _write(directory, identities)
        self._revisions(directory, revisions)
        self.audit(directory / "audit", ("document", document_id))
        _write(directory, {"SHA256SUMS": _sums(directory)})

    def _files(self, document: Document, final: bytes) -> dict[str, bytes]:
        assert document.registration is not None
        report = verification_view(self.verify(final)).model_dump_json(indent=2).encode()
        readme = README.format(
            title=document.title,
            number=document.registration.number,
            final=_UNSIGNED if document.head and document.head.kind is RevisionKind.UNSIGNED else _SIGNED,
        ).encode()
        inside = {f"embedded/{Path(name).name}": data for name, data in self.embedded(final).items()}
        return {
            "final.pdf": final,
            "report.json": report,
            "README.txt": readme,
            "trust/anchors.pem": self.anchors_pem,
            **inside,
        }

    def _revisions(self, directory: Path, revisions: Sequence[Revision]) -> None:
        for revision in revisions:
            name = f"revisions/{revision.number:03d}-{revision.kind}.pdf"
            _write(directory, {name: self.store.read(revision.key)})


def _records(records: Sequence[SigningRecord]) -> bytes:
    return json.dumps([r.as_json() for r in records], ensure_ascii=False, indent=2).encode()


def _identities(uow: UnitOfWork, ids: Set[str]) -> dict[str, bytes]:
    """The proofs that the signatures rest on, and their objects by digest."""
    files: dict[str, bytes] = {}
    for proof in (uow.identity.find(proof_id) for proof_id in sorted(ids - {""})):
        if proof is None:
            continue
        files[f"identity/{proof.id}.json"] = proof.canonical
        contents = uow.identity.contents([*proof.chain, *proof.responses, *proof.lists])
        files |= {f"identity/objects/{digest}.der": der for digest, der in contents.items()}
    return files


def _write(directory: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _sums(directory: Path) -> bytes:
    rows = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(directory)}"
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    ]
    return ("\n".join(rows) + "\n").encode()
