"""A client process of ``bench_workers``: what the interface and the signatories do, over the same use cases."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from doc_service.bootstrap import Container, open_container, pkcs12_directory
from doc_service.domain.documents import DocumentState
from doc_service.domain.signatures import RequestState
from doc_service.settings import Settings
from signing.api import SigningKey
from tools.chaos.flock import EVERY_PROTOCOL, Entering, Seen
from tools.dataset.papers import Papers
from tools.servers.provider import PIN

_POLL = 0.1
_PATIENCE = 600.0
_OPEN = (RequestState.OPEN, RequestState.CONSENTED)


@dataclass(frozen=True, slots=True)
class Share:
    """Documents ``numbers`` of ``kind`` ("protocol", "notice"), ``threads`` of them at a time."""

    environment: Mapping[str, str]
    data_dir: Path
    kind: str
    numbers: Sequence[int]
    keys: Path
    threads: int


def carry(share: Share) -> list[str]:
    """Each from data to the archive; their ids."""
    os.environ.update(share.environment)
    share.data_dir.mkdir(exist_ok=True)
    settings = Settings(data_dir=share.data_dir)
    with open_container(settings, services=False) as service, ThreadPoolExecutor(share.threads) as threads:
        clerk = _Clerk(service, share)
        clerk.entering.begin()
        return list(threads.map(clerk.carry, share.numbers))


class _Clerk:
    def __init__(self, service: Container, share: Share) -> None:
        self._service = service
        papers = Papers(service, datetime.now().astimezone().date())
        self.entering = Entering(service, papers, Seen())
        self._enter: Callable[[int], str] = _protocols(self.entering) if share.kind == "protocol" else papers.enter
        key_of = pkcs12_directory(share.keys, PIN)
        self._keys: dict[str, SigningKey] = {}
        self._key_of, self._lock = key_of, threading.Lock()

    def carry(self, number: int) -> str:
        name = self._enter(number)
        self._wait(name, DocumentState.SIGNING)
        while waiting := self._waiting(name):
            request = waiting[0]
            self._service.use_cases.sign_with_key(request.id, self._key(request.signer), request.signer.id)
        self._wait(name, DocumentState.ARCHIVED)
        return name

    def _key(self, person: Any) -> SigningKey:
        with self._lock:
            if person.id not in self._keys:
                self._keys[person.id] = self._key_of(person)
            return self._keys[person.id]

    def _waiting(self, name: str) -> list[Any]:
        with self._service.work.uow.reading() as uow:
            return [r for r in uow.signatures.of_document(name) if r.state in _OPEN]

    def _wait(self, name: str, state: DocumentState) -> None:
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            with self._service.work.uow.reading() as uow:
                if uow.documents.get(name).state is state:
                    return
            time.sleep(_POLL)
        raise TimeoutError(f"{name} is not {state}")


def _protocols(entering: Entering) -> Callable[[int], str]:
    """Of a flock's numbers those that are protocols."""
    return lambda number: entering.enter(number * EVERY_PROTOCOL + EVERY_PROTOCOL - 1)
