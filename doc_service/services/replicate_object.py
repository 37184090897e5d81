"""Brings the reserve centre to the archive's state, one object at a time (002 §7.1.6: originals outlive their medium).

The archive tells of each change (``AnnounceChange``) and a job follows it (``ReplicateObject``). The job looks at the
archive as it is now, not at what was announced: so jobs may run late, twice, in any order and at the same time.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from doc_service.domain.errors import ConflictError, DomainError
from doc_service.domain.jobs import Job, JobKind
from doc_service.services.base import Workspace
from storage.announcing import Announcement, Change
from storage.api import ObjectInfo, ObjectStore, StorageError
from storage.breaker import Breaker
from storage.copying import OUT_OF_REACH, Side, alike, copy_object, lasting, named_digest, protect

MOST_TURNS = 8
"""Looks at one object that changes under the job before it leaves the rest to a later attempt."""
NEARLY_OVER = timedelta(hours=1)
"""Clocks of two servers may differ by less; a retention that ends so soon is waited for."""


def job_key(announcement: Announcement) -> str:
    """The same change asked for twice is one job. Short, whatever the length of the object's key."""
    said = f"{announcement.key}\n{announcement.change}\n{announcement.detail}"
    return f"{JobKind.REPLICATE}:{hashlib.sha256(said.encode()).hexdigest()}"


@dataclass(frozen=True, slots=True)
class AnnounceChange:
    """``storage.announcing.Announce``: keeps the change as a job, in a transaction of its own, so it is never called
    inside a unit of work that writes. ``storage.unavailable`` when the database cannot keep it: the change may be
    repeated."""

    work: Workspace

    def __call__(self, announcement: Announcement) -> None:
        payload = {"key": announcement.key, "change": str(announcement.change)}
        job = Job(self.work.ids.new(), JobKind.REPLICATE, job_key(announcement), self.work.clock.now(), payload)
        try:
            with self.work.uow() as uow:
                uow.jobs.enqueue(job)
                uow.commit()
        except DomainError as error:
            raise StorageError("storage.unavailable", reason=error.code) from error


@dataclass(frozen=True, slots=True)
class References:
    """Which objects the revisions of documents refer to."""

    work: Workspace

    def __call__(self, key: str) -> bool:
        parts = key.split("/")
        if len(parts) < 3 or parts[0] != "documents":
            return False
        with self.work.uow.reading() as uow:
            return any(revision.key == key for revision in uow.documents.revisions(parts[1]))


@dataclass(frozen=True, slots=True)
class ReplicateObject:
    """Job: the reserve gets the object, its retention (never shortened) and its legal hold; it loses what was deleted
    from the archive, if no revision refers to it.

    That an object is not in the archive is no reason to delete it from the reserve: only an announced deletion is. What
    a revision refers to and neither side has raises ``storage.not_found``. While the reserve is out of reach nobody
    waits for its time limit more than once in a while (``breaker``). A store that refuses our credentials or our clock
    is out of reach, too: somebody will put that right. Errors name the side. ``remover``: the reserve again, with
    credentials that may delete, where its own may not.
    """

    primary: Side
    reserve: Side
    work: Workspace
    referred: References
    breaker: Breaker
    remover: ObjectStore | None = None

    def __call__(self, key: str, change: str = Change.PUT) -> None:
        """Raises ``StorageError`` of either side, ``ConflictError`` "archive.object_busy" (to be tried again) and
        "archive.deleted_but_referred"."""
        if not self.breaker.allows():
            raise StorageError("storage.unavailable", reason="no answer a moment ago", side=self.reserve.name)
        try:
            self._follow(key, deleted=change == Change.DELETE)
        except StorageError as error:
            if error.params.get("side") == self.reserve.name:
                self._note(error)
            if error.code in OUT_OF_REACH and change != Change.DELETE:
                raise StorageError("storage.unavailable", **{"reason": error.code, **error.params}) from error
            raise
        self.breaker.answered()

    def _note(self, error: StorageError) -> None:
        if error.code in OUT_OF_REACH:
            self.breaker.failed()
        else:
            self.breaker.answered()

    def _follow(self, key: str, *, deleted: bool) -> None:
        """Ends when the archive, looked at after the last change of the reserve, is still as it was before: so whoever
        of several changes the reserve last leaves it in a state that the archive had afterwards."""
        seen = self.primary.find(key)
        for _ in range(MOST_TURNS):
            try:
                changed = self._bring(seen) if seen is not None else self._gone(key, deleted=deleted)
            except StorageError as error:
                if error.code != "storage.not_found" or error.params.get("side") != self.primary.name:
                    raise
                changed = True
            before, seen = seen, self.primary.find(key)
            if seen == before or not changed:
                return
        raise ConflictError("archive.object_busy", "", key=key)

    def _bring(self, source: ObjectInfo) -> bool:
        """Whether something was to be done."""
        now = self.work.clock.now()
        if named_digest(source.key) not in (None, source.sha256):
            raise StorageError("storage.corrupt", key=source.key, version=source.version, side=self.primary.name)
        copy = self.reserve.find(source.key)
        if copy is None:
            copy_object(self.primary, source, self.reserve, now)
            return True
        if copy.sha256 != source.sha256:
            raise StorageError("storage.exists", key=source.key, side=self.reserve.name)
        protect(self.reserve, copy, lasting(source, now), hold=source.legal_hold)
        return not alike(copy, source, now)

    def _gone(self, key: str, *, deleted: bool) -> bool:
        referred = self.referred(key)
        if not deleted:
            if referred and self.reserve.find(key) is None:
                raise StorageError("storage.not_found", key=key, side="both")
            return False
        if referred:
            raise ConflictError("archive.deleted_but_referred", "", key=key)
        with self.reserve.errors():
            copies = self.reserve.store.versions(key)
        for copy in copies:
            self._delete(copy)
        return bool(copies)

    def _delete(self, copy: ObjectInfo) -> None:
        try:
            with self.reserve.errors():
                (self.remover or self.reserve.store).delete_version(copy.key, copy.version)
        except StorageError as error:
            until = copy.retain_until
            soon = until is not None and until <= self.work.clock.now() + NEARLY_OVER and not copy.legal_hold
            if error.code == "storage.retained" and soon:
                raise ConflictError("archive.object_busy", "", key=copy.key) from error
            if error.code != "storage.not_found":
                raise
