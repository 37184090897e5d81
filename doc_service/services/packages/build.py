"""The package itself, from its signed inventory: one sealed container, or a folder (003 §2, §6)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from doc_service.domain.documents import DocumentState
from doc_service.domain.errors import ConflictError, NotFoundError
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace
from doc_service.services.final_copy import require_final
from doc_service.services.packages.prepare import INSTRUMENT
from doc_service.services.ways.apply_seal import SealKeys
from signing.api import CertificateChecker, SigningKey
from storage.api import ObjectStore

INVENTORY = "000_siyahi.pdf"
_MIMES = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg"}


class ContainerSealer(Protocol):
    def __call__(self, files: Mapping[str, tuple[bytes, str]], root: str, key: SigningKey) -> bytes:
        """One container of the files (content and media type by name), sealed with ``key`` and time-stamped; ``root``
        says what the others are."""
        ...


@dataclass(frozen=True, slots=True)
class ReadPackage:
    """Every file of the package by name, the inventory first, each compared with the digest that the inventory names.

    ``ConflictError`` "package.not_a_package", "document.not_final" (it lacks a signature or was annulled),
    "package.file_changed", "package.file_missing"."""

    work: Workspace
    store: ObjectStore

    def __call__(self, package_id: str) -> dict[str, bytes]:
        with self.work.uow.reading() as uow:
            document = uow.documents.get(package_id)
            if document.instrument != INSTRUMENT:
                raise ConflictError("package.not_a_package", "id")
            require_final(document)
            if document.state is DocumentState.ANNULLED:
                raise ConflictError("document.not_final", "id", state=str(document.state))
            entries = document.data["entries"]
            keys = {e["name"]: _key(uow, e) for e in entries}
        assert document.head is not None
        files = {INVENTORY: self.store.read(document.head.key)}
        for entry in entries:
            content = self.store.read(keys[entry["name"]])
            if hashlib.sha256(content).hexdigest() != entry["sha256"]:
                raise ConflictError("package.file_changed", "entries", name=entry["name"])
            files[entry["name"]] = content
        return files


def _key(uow: UnitOfWork, entry: Mapping[str, Any]) -> str:
    """Where the bytes lie that the inventory means, whatever came after them."""
    if entry["form"] == "file":
        try:
            return uow.case_files.get(entry["document_id"]).key
        except NotFoundError:
            raise ConflictError("package.file_missing", "entries", name=entry["name"]) from None
    revisions = uow.documents.revisions(entry["document_id"])
    found = next((r.key for r in revisions if r.sha256 == entry["sha256"]), None)
    if found is None:
        raise ConflictError("package.file_missing", "entries", name=entry["name"])
    return found


@dataclass(frozen=True, slots=True)
class BuildContainer:
    """ASiC-E, sealed by the secretariat (``voen``). ``NotFoundError`` "seal.unknown" where its seal is not held;
    ``SigningError`` of token and time-stamping authority, and of a certificate that is not the organisation's, is not
    trusted, is not valid now or was revoked."""

    read: ReadPackage
    keys: SealKeys
    voen: str
    seal: ContainerSealer
    checker: CertificateChecker

    def __call__(self, package_id: str) -> bytes:
        files = self.read(package_id)
        told = {name: (content, _MIMES[name.rpartition(".")[2]]) for name, content in files.items()}
        now = self.read.work.clock.now()
        with self.keys.using(self.voen) as key:
            self.checker.check(key.certificate, key.chain, at=now, expected_fin=None, expected_organisation=self.voen)
            return self.seal(told, INVENTORY, key)


@dataclass(frozen=True, slots=True)
class WriteFolder:
    """The same files in a directory that is empty or not there yet, with ``SHA256SUMS``."""

    read: ReadPackage

    def __call__(self, package_id: str, directory: Path) -> None:
        files = self.read(package_id)
        directory.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (directory / name).write_bytes(content)
        sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items())
        (directory / "SHA256SUMS").write_text(sums, encoding="utf-8")
