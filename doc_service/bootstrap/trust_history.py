"""The service trusts what the trust file says now, and remembers what it said before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from doc_service.bootstrap.pki import TrustSource
from doc_service.domain.identity import AnchorRecord
from doc_service.services.base import Workspace
from doc_service.services.record_trust import FormerAnchor, RecordTrust, former_anchors
from signing.trust import TrustAnchor


def with_history(work: Workspace, source: TrustSource, *, record: bool) -> TrustSource:
    """``source`` with the anchors that earlier trust files named, trusted until they were dropped. ``record``: this
    process serves, and records what has changed since the last start. A development anchor is forgotten once it is
    gone: nothing that rests on it is ever official."""
    former = RecordTrust(work)(_records(source)) if record else former_anchors(work)
    return replace(source, trust=source.trust.with_anchors(_anchors(former)))


def _records(source: TrustSource) -> dict[AnchorRecord, bytes]:
    return {
        AnchorRecord(
            a.sha256, a.label, a.added, a.withdrawn, a.source, a.reason,
            development=source.trust.is_development(a.certificate),
        ): a.certificate
        for a in source.trust.anchors
    }  # fmt: skip


def _anchors(former: Sequence[FormerAnchor]) -> list[TrustAnchor]:
    return [
        TrustAnchor(
            f.record.label, f.certificate, added=f.record.added, withdrawn=f.withdrawn, source=f.record.source,
            reason=f.record.reason or "dropped from the trust file",
        )
        for f in former
        if not f.record.development
    ]  # fmt: skip
