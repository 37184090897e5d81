"""``DocumentSigner`` for SİMA: one file an operation, signed whole on the phone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from signing.api import SigningError
from signing.remote.api import (
    Answer,
    Ask,
    Binding,
    Called,
    DocumentSigner,
    FileToSign,
    Means,
    Prompt,
    PromptKind,
    SignedFile,
    Start,
    Terms,
)
from signing.remote.sima.callback import require_hash
from signing.remote.sima.calls import Issued, PhoneCalls
from signing.remote.sima.container import Operation, OperationType

_POLL = timedelta(seconds=2)


class SimaSigner(DocumentSigner):
    """``clock`` gives the present moment, ``new_id`` operation ids that nobody can guess, ``hold`` how long a person
    has. Holds no state between calls."""

    def __init__(
        self, calls: PhoneCalls, clock: Callable[[], datetime], new_id: Callable[[], str], hold: timedelta
    ) -> None:
        self._calls = calls
        self._clock = clock
        self._new_id = new_id
        self._hold = hold

    @property
    def means(self) -> Means:
        return Means.SIMA

    @property
    def terms(self) -> Terms:
        return Terms(Binding.HASHES, 1, self._hold)

    def offer(self, start: Start, files: Sequence[FileToSign]) -> Ask:
        """Raises ``sima.one_document`` (the app takes one file an operation), ``sima.no_fin``, and as ``container``.

        The seconds of the container are whole: it begins at the one that has begun."""
        if len(files) != 1:
            raise SigningError("sima.one_document", count=len(files))
        if not start.fin:
            raise SigningError("sima.no_fin")
        now = self._clock().replace(microsecond=0)
        operation = Operation(
            OperationType.SIGN, self._new_id(), now, now + self._hold, (start.fin,),
            bytes.fromhex(files[0].sha256), start.return_url,
        )  # fmt: skip
        issued, _ = self._calls.issue(operation, files[0].reference)
        return self._ask(issued)

    def _ask(self, issued: Issued) -> Ask:
        prompt = Prompt(PromptKind.OPEN, url=self._calls.links(issued).content_url, poll_after=_POLL)
        return Ask(issued.dump(), prompt, issued.window.expires_at, correlation=issued.operation)

    def fetch(self, session: bytes, call: Called) -> str:
        """Raises as ``PhoneCalls.fetched``."""
        issued = Issued.load(session)
        self._calls.fetched(issued, call, self._clock())
        return issued.subject

    def resume(self, session: bytes, answer: Answer | None) -> Ask | SignedFile:
        """Raises as ``PhoneCalls.brought``; ``sima.signed_hash``; "signing.remote_expired" for a poll too late;
        "signing.remote_wrong_answer"."""
        issued = Issued.load(session)
        if answer is None:
            if self._clock() >= issued.window.expires_at:
                raise SigningError("signing.remote_expired")
            return self._ask(issued)
        if not isinstance(answer, Called):
            raise SigningError("signing.remote_wrong_answer")
        callback, _ = self._calls.brought(issued, answer, self._clock())
        signed = callback.signature
        require_hash(callback, bytes.fromhex(issued.sha256), hashlib.sha256(signed).digest())
        return SignedFile(session, issued.subject, signed)

    def cancel(self, session: bytes) -> None:
        """Nothing to give back: the phone finds the operation ended."""
