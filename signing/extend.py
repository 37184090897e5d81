"""From B-B or B-T to B-LT and B-LTA (ETSI EN 319 142-1, 6): revocation data in one revision, then one time stamp.
Signatures without a time stamp of their own (a phone's) get one for the document first: it proves their time.

One time stamp for the whole document, at the end: validating a file in which every signer added one takes 200 times
longer. The chain of the stamping authority goes into the DSS before the stamp, so that the stamp is judged without the
network as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Protocol

from asn1crypto import cms, x509
from pyhanko.sign.fields import SigFieldSpec
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp, PdfSignedData
from pyhanko.sign.validation.dss import DocumentSecurityStore

from signing.api import Level, SignedRevision, SigningError, TimeStampAuthority
from signing.cms_container import imprint
from signing.evidence import EvidenceCollector, Subject
from signing.field_access import signature_fields
from signing.loop import run
from signing.prepare import write_gap
from signing.revision import RevisionWriter, open_reader
from signing.revocation_check import RevocationCheck
from signing.signed_document import Material, Signed, SignedDocument

_document_time_stamp: Any = DocumentTimestamp  # its constructor is not annotated
_ATTEMPTS = 2
Bearer = tuple[x509.Certificate, tuple[x509.Certificate, ...]]


class Clock(Protocol):
    def now(self) -> datetime: ...


class Extender:
    """Adds what is missing up to a level. Every revision is appended; an extension that fails returns nothing."""

    def __init__(
        self,
        authority: TimeStampAuthority | None,
        source: RevocationCheck | None,
        roots: Sequence[x509.Certificate],
        others: Sequence[x509.Certificate],
        clock: Clock,
        time_stamp_room: int,
    ) -> None:
        self._authority = authority
        self._source = source
        self._roots = tuple(roots)
        self._others = tuple(others)
        self._clock = clock
        self._room = time_stamp_room

    def extend(self, pdf: bytes, target: Level) -> SignedRevision:
        """As ``SigningEngine.extend``; also ``signing.no_signatures``, ``signing.untrusted_certificate``,
        ``signing.certificate_expired``, ``signing.tsa_bad_token``, ``signing.tsa_refused``,
        ``signing.broken_signature``."""
        document = SignedDocument.read(pdf)
        if not document.signatures:
            raise SigningError("signing.no_signatures")
        return run(self._extend(document, target))

    async def _extend(self, document: SignedDocument, target: Level) -> SignedRevision:
        proven = all(document.proven_time(entry) is not None for entry in document.signatures)
        if target is Level.B_B:
            return SignedRevision(document.pdf, Level.B_T if proven else Level.B_B)
        if target is Level.B_T:
            return SignedRevision(document.pdf if proven else self._stamped(document.pdf), Level.B_T)
        if await self._archived(document):
            return SignedRevision(document.pdf, Level.B_LTA)
        if not proven:
            await self._collector().require_paths(self._subjects(document), document.material)
            document = SignedDocument.read(self._stamped(document.pdf))
        if target is Level.B_LT:
            material = await self._collector().collect(self._subjects(document), document.material)
            return SignedRevision(_with_material(document.pdf, material), Level.B_LT)
        return SignedRevision(await self._archive(document), Level.B_LTA)

    async def _archived(self, document: SignedDocument) -> bool:
        """A document time stamp after every signature, with all the evidence already in the file that it covers: also
        that about the stamp which proves a signature's time, so that this is never the last stamp itself."""
        last = document.entries[-1]
        if last.document_stamp is None:
            return False
        earlier = [e.end for e in document.entries[:-1] if e.document_stamp is not None]
        if any(e.stamp is None and not any(end > e.end for end in earlier) for e in document.signatures):
            return False
        before = SignedDocument.read(document.pdf[: last.end])
        return await self._collector().covered(self._subjects(document), before.material)

    async def _archive(self, document: SignedDocument) -> bytes:
        """DSS, then the stamp. Only the stamp itself shows for sure which certificate the authority uses: the first
        guess is what stamped the signatures, or a probe; a stamp by another certificate is made again."""
        stamps = [entry.stamp or entry.document_stamp for entry in document.entries]
        bearers = [(stamp.certificate, stamp.others) for stamp in stamps if stamp is not None][-1:]
        bearers = bearers or [_bearer_of(self._authority_stamp(imprint(document.pdf)))]
        now = self._clock.now()
        for _ in range(_ATTEMPTS):
            subjects = [*self._subjects(document), *(Subject(c, others, now, now) for c, others in bearers)]
            material = await self._collector().collect(subjects, document.material)
            pdf, bearer = self._stamp_document(_with_material(document.pdf, material))
            if any(bearer[0].dump() == known.dump() for known, _ in bearers):
                return pdf
            bearers.append(bearer)
        raise SigningError("signing.tsa_unavailable", retryable=True)

    def _collector(self) -> EvidenceCollector:
        return EvidenceCollector(self._roots, self._others, self._source)

    def _subjects(self, document: SignedDocument) -> list[Subject]:
        """Signers and authorities, each at the earliest time proven for what it signed, or now; the same certificate at
        the same time once, with the latest use, which asks most of stored answers."""
        now = self._clock.now()
        found = {(s.certificate.sha256, s.at): s for entry in document.entries for s in _of_entry(document, entry, now)}
        return list(found.values())

    def _authority_stamp(self, digest: bytes) -> bytes:
        if self._authority is None:
            raise SigningError("signing.tsa_unavailable", retryable=True)
        return self._authority.stamp(digest)

    def _stamped(self, pdf: bytes) -> bytes:
        return self._stamp_document(pdf)[0]

    def _stamp_document(self, pdf: bytes) -> tuple[bytes, Bearer]:
        """One more revision with a document time stamp over all of ``pdf`` (ETSI EN 319 142-1, 5.4.3)."""
        reader = open_reader(pdf)
        writer = RevisionWriter(pdf, reader)
        taken = {entry.name for entry in signature_fields(reader)}
        name = next(n for n in (f"DocTimeStamp{i}" for i in range(1, len(taken) + 2)) if n not in taken)
        placeholder: PdfSignedData = _document_time_stamp(bytes_reserved=2 * self._room)
        embedder: Any = PdfCMSEmbedder(new_field_spec=SigFieldSpec(sig_field_name=name)).write_cms(name, writer)
        next(embedder)
        embedder.send(SigObjSetup(sig_placeholder=placeholder))
        embedder.close()
        gap = write_gap(writer, placeholder, len(pdf))
        token = self._authority_stamp(gap.digest(pdf, "sha256"))
        return pdf + gap.filled(token), _bearer_of(token)


def _of_entry(document: SignedDocument, entry: Signed, now: datetime) -> Iterator[Subject]:
    later = [e.document_stamp.time for e in document.entries if e.document_stamp is not None and e.end > entry.end]
    stamp = entry.stamp or entry.document_stamp
    if stamp is not None:
        at = min(later, default=now)
        yield Subject(stamp.certificate, stamp.others, at, min(at, stamp.time))
    if entry.document_stamp is None:
        at = document.proven_time(entry) or now
        yield Subject(entry.certificate, entry.others, at, at)


def _bearer_of(token: bytes) -> Bearer:
    info = extract_certificate_info(cms.ContentInfo.load(token)["content"])
    return info.signer_cert, tuple(info.other_certs)


def _with_material(pdf: bytes, material: Material) -> bytes:
    """``pdf`` with one more revision that adds ``material`` to the DSS, or ``pdf`` itself when all of it is there."""
    writer = RevisionWriter(pdf, open_reader(pdf))
    store: Any = DocumentSecurityStore.supply_dss_in_writer(
        writer, None, certs=material.certificates, ocsps=material.responses, crls=material.lists
    )
    return pdf + writer.appended().getvalue() if store.modified else pdf
