"""What two stores differ in, and how each difference is repaired from the better side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from storage.api import ObjectInfo, ObjectStore, StorageError
from storage.copying import Mendable, Side, copy_object, lasting, named_digest, protect
from storage.keys import PROOFS

BOTH = "both"


class Kind(StrEnum):
    """``LOST``: neither side has a good copy of what somebody refers to or one side names. ``DIFFERS``: sound bytes
    that are not those which the key or the record names. The last two: protection is weaker than on the other side."""

    MISSING = "missing"
    CORRUPT = "corrupt"
    DIFFERS = "differs"
    LOST = "lost"
    RETENTION = "retention"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Difference:
    """``side``: the one at fault, by name, or "both"."""

    kind: Kind
    side: str


@dataclass(frozen=True, slots=True)
class Copy:
    """What a side has of a key. ``info`` None: nothing, or (``sound`` False) records that cannot be read."""

    info: ObjectInfo | None
    sound: bool = True

    def good(self, expected: str | None) -> bool:
        return self.info is not None and self.sound and expected in (None, self.info.sha256)


@runtime_checkable
class NamesKeys(Protocol):
    """A store that can name its keys even where their records are damaged."""

    def keys(self, prefix: str = "") -> Iterator[str]: ...


def walk(store: ObjectStore, prefix: str = "") -> Iterator[tuple[str, Copy]]:
    """Every key with what is recorded of it, in the order of keys; unreadable records do not end it where the store can
    name its keys without them. What is left of trying a store is of that store alone."""
    if not isinstance(store, NamesKeys):
        yield from ((info.key, Copy(info)) for info in store.list(prefix) if not info.key.startswith(f"{PROOFS}/"))
        return
    for key in store.keys(prefix):
        if key.startswith(f"{PROOFS}/"):
            continue
        copy = look(store, key)
        if copy.info is not None or not copy.sound:
            yield key, copy


def look(store: ObjectStore, key: str) -> Copy:
    """What the store records of the key now."""
    try:
        return Copy(store.stat(key))
    except StorageError as error:
        if error.code not in ("storage.not_found", "storage.corrupt"):
            raise
        return Copy(None, sound=error.code == "storage.not_found")


class Comparer:
    """Judges and repairs one key at a time. ``expected`` is the SHA-256 that a record outside the stores names; without
    one the key itself is asked."""

    def __init__(self, primary: Side, reserve: Side) -> None:
        self.primary = primary
        self.reserve = reserve

    def judge(
        self, key: str, primary: Copy, reserve: Copy, now: datetime, expected: str | None = None
    ) -> tuple[Difference, ...]:
        """Pure. An object that is on neither side is missed when somebody expects it."""
        wanted = expected or named_digest(key)
        good = primary.good(wanted), reserve.good(wanted)
        if all(good):
            assert primary.info is not None
            assert reserve.info is not None
            if primary.info.sha256 != reserve.info.sha256:
                return (Difference(Kind.DIFFERS, BOTH),)
            return self._protection(primary.info, reserve.info, now)
        if not any(good):
            empty = primary == reserve == Copy(None)
            return () if empty and expected is None else (Difference(Kind.LOST, BOTH),)
        side, copy = (self.reserve, reserve) if good[0] else (self.primary, primary)
        return (Difference(_fault(copy), side.name),)

    def examine(self, key: str, now: datetime, expected: str | None = None, *, deep: bool) -> tuple[Difference, ...]:
        """Looks at both sides anew. ``deep``: reads all bytes; else only those whose recorded sizes contradict."""
        primary, reserve = self._look(self.primary, key), self._look(self.reserve, key)
        if deep or _doubtful(primary, reserve):
            primary, reserve = self._read(self.primary, primary), self._read(self.reserve, reserve)
        return self.judge(key, primary, reserve, now, expected)

    def repair(self, key: str, difference: Difference, now: datetime) -> None:
        """Raises the ``StorageError`` that stands in the way, e.g. ``storage.retained`` for a damaged version that the
        server neither lets go nor can be given its bytes back, ``storage.corrupt`` when no good copy is left."""
        if difference.side == BOTH:
            raise StorageError("storage.corrupt", key=key, version="*", side=BOTH)
        bad, good = self.reserve, self.primary
        if difference.side == self.primary.name:
            bad, good = good, bad
        with good.errors():
            source = good.store.stat(key)
        match difference.kind:
            case Kind.MISSING:
                copy_object(good, source, bad, now)
            case Kind.CORRUPT | Kind.DIFFERS:
                self._replace(bad, good, source, now)
            case _:
                with bad.errors():
                    copy = bad.store.stat(key)
                protect(bad, copy, lasting(source, now), hold=source.legal_hold or copy.legal_hold)

    @staticmethod
    def _replace(bad: Side, good: Side, source: ObjectInfo, now: datetime) -> None:
        """The good bytes are read to the end before anything is given up."""
        with good.errors():
            if not good.store.verify(source.key, source.version):
                raise StorageError("storage.corrupt", key=source.key, version=source.version)
        with bad.errors():
            copy = bad.store.stat(source.key)
            if copy.sha256 == source.sha256 and isinstance(bad.store, Mendable):
                with good.store.open(source.key, source.version) as reader:
                    bad.store.mend(source.key, copy.version, reader)
                protect(bad, copy, lasting(source, now), hold=source.legal_hold or copy.legal_hold)
                return
            bad.store.delete_version(source.key, copy.version)
        copy_object(good, source, bad, now)

    def _protection(self, primary: ObjectInfo, reserve: ObjectInfo, now: datetime) -> tuple[Difference, ...]:
        found = []
        ends = [lasting(info, now) for info in (primary, reserve)]
        if ends[0] != ends[1]:
            longer = ends[0] if ends[1] is None or (ends[0] is not None and ends[0] > ends[1]) else ends[1]
            found.append(Difference(Kind.RETENTION, (self.reserve if longer == ends[0] else self.primary).name))
        if primary.legal_hold != reserve.legal_hold:
            found.append(Difference(Kind.HOLD, (self.reserve if primary.legal_hold else self.primary).name))
        return tuple(found)

    @staticmethod
    def _look(side: Side, key: str) -> Copy:
        with side.errors():
            return look(side.store, key)

    @staticmethod
    def _read(side: Side, copy: Copy) -> Copy:
        """With the soundness of the bytes. A version that went away meanwhile is gone."""
        if copy.info is None:
            return copy
        with side.errors():
            try:
                return Copy(copy.info, side.store.verify(copy.info.key, copy.info.version))
            except StorageError as error:
                if error.code != "storage.not_found":
                    raise
                return Copy(None)


def _fault(copy: Copy) -> Kind:
    if not copy.sound:
        return Kind.CORRUPT
    return Kind.MISSING if copy.info is None else Kind.DIFFERS


def _doubtful(primary: Copy, reserve: Copy) -> bool:
    one, other = primary.info, reserve.info
    return one is not None and other is not None and one.sha256 == other.sha256 and one.size != other.size
