"""Whose turn it is: the lease goes to the first in the queue, and everybody keeps a place by asking (DESIGN 6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from doc_service.domain.errors import ConflictError
from doc_service.domain.signatures import SignatureRequest, SigningLease
from doc_service.domain.signing_queue import QueuePatience, QueuePlace, Waiter, kept, position
from doc_service.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class Turns:
    """``now`` is the moment of the whole step."""

    patience: QueuePatience
    now: datetime

    def take(self, uow: UnitOfWork, request: SignatureRequest, length: timedelta) -> SigningLease | QueuePlace:
        """The lease, when it is this request's turn; else its place, which it has from now on. Commit either way.

        A lease that is taken again while others wait is not prolonged, so that nobody keeps a document for ever."""
        taken = self.take_all(uow, (request,), length)
        return taken if isinstance(taken, QueuePlace) else taken[0]

    def take_all(
        self, uow: UnitOfWork, requests: Sequence[SignatureRequest], length: timedelta
    ) -> tuple[SigningLease, ...] | QueuePlace:
        """The leases of several documents, all or none; ``requests`` by ascending document, one a document. When one
        of them is somebody else's, the requests wait at those that are not free, and hold up nobody at the others; the
        place is the first one's. Commit either way."""
        waiting = [r for r in requests if self._is_anothers(uow, r)]
        if waiting:
            places = [self._wait(uow, r) for r in waiting]
            uow.signing.leave({r.id for r in requests} - {r.id for r in waiting})
            return places[0]
        return tuple(self._lease(uow, r, length) for r in requests)

    def _is_anothers(self, uow: UnitOfWork, request: SignatureRequest) -> bool:
        lease = self._held(uow, request.document_id)
        if lease is not None:
            return lease.request_id != request.id
        waiters = self._kept(uow, request.document_id)
        return bool(waiters) and waiters[0].request_id != request.id

    def _wait(self, uow: UnitOfWork, request: SignatureRequest) -> QueuePlace:
        lease = self._held(uow, request.document_id)
        waiters = self._seen(uow, request, self._kept(uow, request.document_id))
        return self._place(waiters if lease else self._called(uow, waiters), request.id, lease)

    def _lease(self, uow: UnitOfWork, request: SignatureRequest, length: timedelta) -> SigningLease:
        newest = uow.signatures.lease(request.document_id)
        held = newest if newest is not None and newest.holds(self.now) else None
        until = self.now + length
        if held is not None and self._kept(uow, request.document_id):
            until = min(until, held.expires_at)
        taken = SigningLease(request.document_id, 1 + (newest.token if newest else 0), request.id, until)
        uow.signatures.take_lease(taken)
        uow.signing.leave([request.id])
        return taken

    def ask(self, uow: UnitOfWork, request: SignatureRequest) -> QueuePlace:
        """The request's place, kept by asking; a place that was lost is gone until prepare is asked for again."""
        waiters = self._kept(uow, request.document_id)
        lease = self._held(uow, request.document_id)
        if position(waiters, request.id):
            waiters = self._seen(uow, request, waiters)
        return self._place(waiters if lease else self._called(uow, waiters), request.id, lease)

    def look(self, uow: UnitOfWork, request: SignatureRequest) -> tuple[QueuePlace, bool]:
        """The place as it stands, in a unit that only reads; and whether asking would have to write something."""
        waiters = uow.signing.queue(request.document_id)
        standing = kept(waiters, self.now, self.patience)
        lease = self._held(uow, request.document_id)
        stale = any(w.request_id == request.id and self.patience.refresh_due(w, self.now) for w in standing)
        call = lease is None and bool(standing) and standing[0].called_at is None
        return self._place(standing, request.id, lease), stale or call or len(standing) < len(waiters)

    def _held(self, uow: UnitOfWork, document_id: str) -> SigningLease | None:
        lease = uow.signatures.lease(document_id)
        return lease if lease is not None and lease.holds(self.now) else None

    def _kept(self, uow: UnitOfWork, document_id: str) -> tuple[Waiter, ...]:
        waiters = uow.signing.queue(document_id)
        standing = kept(waiters, self.now, self.patience)
        uow.signing.leave({w.request_id for w in waiters} - {w.request_id for w in standing})
        return standing

    def _seen(self, uow: UnitOfWork, request: SignatureRequest, waiters: Sequence[Waiter]) -> tuple[Waiter, ...]:
        """A new place is behind all others, also those of the same moment."""
        last = waiters[-1].joined_at if waiters else self.now
        after = self.now if self.now > last or not waiters else last + timedelta(microseconds=1)
        new = Waiter(request.document_id, request.id, after, self.now)
        known = next((w for w in waiters if w.request_id == request.id), None)
        own = replace(known, seen_at=self.now) if known else new
        uow.signing.put_place(own)
        return tuple(own if w is known else w for w in waiters) + (() if known else (own,))

    def _called(self, uow: UnitOfWork, waiters: tuple[Waiter, ...]) -> tuple[Waiter, ...]:
        """The first is told that the document is free, whoever happens to ask."""
        if not waiters or waiters[0].called_at is not None:
            return waiters
        first = replace(waiters[0], called_at=self.now)
        uow.signing.put_place(first)
        return (first, *waiters[1:])

    def _place(self, waiters: Sequence[Waiter], request_id: str, lease: SigningLease | None) -> QueuePlace:
        own = position(waiters, request_id)
        if lease is not None:
            mine = lease.request_id == request_id
            return QueuePlace(own, len(waiters), holds_lease=mine, until=lease.expires_at)
        first = waiters[0] if waiters else None
        until = first.called_at + self.patience.turn if first is not None and first.called_at is not None else None
        return QueuePlace(own, len(waiters), your_turn=own == 1 or not waiters, until=until)


def busy(place: QueuePlace) -> ConflictError:
    """The refusal that names the place: "lease.busy"."""
    until = place.until.isoformat() if place.until else ""
    return ConflictError("lease.busy", "", until=until, position=place.position, waiting=place.waiting)
