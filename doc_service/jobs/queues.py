"""Which queue the work of a kind waits in. A queue is what an operator gives machines to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from doc_service.domain.jobs import JobKind


class Queue(StrEnum):
    """``convert``: LibreOffice, processor and memory. ``sign``: seals with keys held by the server; only machines that
    reach the hardware module take it. ``extend``: waits for time-stamping and revocation services. ``archive``: reads
    and writes the stores. ``notify``: mail and webhooks, slow peers."""

    CONVERT = "convert"
    SIGN = "sign"
    EXTEND = "extend"
    ARCHIVE = "archive"
    NOTIFY = "notify"


QUEUE_OF: Mapping[JobKind, Queue] = {
    JobKind.RENDER: Queue.CONVERT,
    JobKind.EXTEND: Queue.EXTEND,
    JobKind.ARCHIVE: Queue.ARCHIVE,
    JobKind.CHECKPOINT: Queue.ARCHIVE,
    JobKind.REPLICATE: Queue.ARCHIVE,
    JobKind.SWEEP: Queue.ARCHIVE,
    JobKind.REMIND: Queue.NOTIFY,
    JobKind.ANNOUNCE: Queue.NOTIFY,
    JobKind.NOTICE: Queue.NOTIFY,
    JobKind.WEBHOOK: Queue.NOTIFY,
    JobKind.SUBSTITUTE: Queue.CONVERT,
    JobKind.TEND: Queue.EXTEND,
    JobKind.DUTY: Queue.NOTIFY,
    JobKind.SEAL: Queue.SIGN,
    JobKind.DISPATCH: Queue.NOTIFY,
}


def kinds_of(queue: Queue) -> Sequence[JobKind]:
    """The kinds whose work waits in ``queue``."""
    return [kind for kind, place in QUEUE_OF.items() if place is queue]
