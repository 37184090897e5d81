"""A remote signing service as a way to sign: log-in, credential, authorisation, signatures.

With SCAL2 the authorisation is bound to the hashes (``Binding.HASHES``), else to a number of signatures
(``Binding.SESSION``). signatures/signHash is asked for once: the authorisation may be spent by a call whose answer was
lost, so it is repeated only where enough of the authorisation is left for both calls, or where the service is known to
give the same answer again.
"""

from __future__ import annotations

import base64
import binascii
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from signing.api import SigningError
from signing.remote.api import (
    Answer,
    Ask,
    Binding,
    Entered,
    Identified,
    Means,
    Prompt,
    PromptKind,
    Returned,
    Signed,
    Start,
    Step,
    Terms,
    ToSign,
)
from signing.remote.csc.authorising import Authorising
from signing.remote.csc.calls import Calls, Http, OutcomeUnknownError
from signing.remote.csc.credential import CODE
from signing.remote.csc.dialects import DIALECTS
from signing.remote.csc.finding import FindCredential
from signing.remote.csc.oauth import OAuth, oauth_base
from signing.remote.csc.provider import CscProvider, ServiceAuthorization, Version
from signing.remote.csc.session import CscSession, Stage
from signing.remote.raw import checked_signature

_INFO_FOR = timedelta(minutes=10)
_URL_BATCH = 100
"""Hashes that fit into the address of an authorisation request that is not pushed."""


class Clock(Protocol):
    def now(self) -> datetime:
        """UTC."""
        ...


@dataclass(frozen=True, slots=True)
class _Service:
    """What the service says of itself (clause 11.1), and since when we know."""

    info: Mapping[str, Any]
    at: datetime

    @property
    def methods(self) -> frozenset[str]:
        return frozenset(str(m) for m in self.info.get("methods") or ())


class CscSigner:
    """``HashSigner`` over one provider; safe to share between threads."""

    def __init__(self, provider: CscProvider, http: Http, clock: Clock) -> None:
        self._provider = provider
        self._calls = Calls(provider, http)
        self._clock = clock
        self._dialect = DIALECTS[provider.version]
        self._lock = threading.Lock()
        self._known: _Service | None = None

    @property
    def means(self) -> Means:
        return Means.CSC

    def begin(self, start: Start) -> Step:
        session = CscSession.begun(start)
        service = self._service()
        if self._provider.service_authorization is ServiceAuthorization.CLIENT:
            return self._identify(replace(session, service=self._oauth(service).client(self._clock.now())))
        until = self._clock.now() + self._provider.hold
        return self._oauth(service).ask(session, "service", {}, until, authorises=False)

    def authorise(self, session: bytes, count: int, tasks: Sequence[ToSign]) -> Step:
        known = CscSession.load(session)
        digests = tuple(task.digest for task in tasks)
        return self._authorising().begin(replace(known, count=count, used=0, digests=digests))

    def sign(self, session: bytes, tasks: Sequence[ToSign], *, again: bool) -> Step:
        known = CscSession.load(session)
        authorisation = known.authorisation
        if authorisation is None or not authorisation.holds(self._clock.now()):
            raise SigningError("signing.remote_expired")
        left = known.count - known.used
        if left < len(tasks):
            raise SigningError("signing.remote_expired")
        if again and not self._provider.repeatable and left < 2 * len(tasks):
            raise SigningError("signing.remote_outcome_unknown")
        return self._sign(known, tasks, renew=known.used > 0)

    def resume(self, session: bytes, answer: Answer | None) -> Step:
        known = CscSession.load(session)
        if known.until is not None and self._clock.now() >= known.until:
            raise SigningError("signing.remote_expired")
        if known.stage is Stage.LOGIN and isinstance(answer, Returned):
            return self._logged_in(known, answer)
        if known.stage is Stage.CREDENTIAL and isinstance(answer, Returned):
            return self._authorising().returned(known, answer)
        if known.stage is Stage.ENTER and isinstance(answer, Entered):
            return self._authorising().entered(known, answer.values)
        if answer is None and known.stage is Stage.FIND:
            return self._identify(known)
        if answer is None and known.stage is Stage.CHECK:
            return self._authorising().check(known)
        if answer is None and known.stage is Stage.POLL:
            return self._fetch(known)
        raise SigningError("signing.remote_wrong_answer")

    def cancel(self, session: bytes) -> None:
        """Tokens are revoked; a SAD cannot be."""
        try:
            known = CscSession.load(session)
            oauth = self._oauth(self._service())
        except SigningError:
            return
        by_code = known.credential is not None and known.credential.mode == CODE
        for secret in (known.authorisation if by_code else None, known.service):
            if secret is not None and secret.holds(self._clock.now()):
                oauth.revoke(secret.value)

    def _logged_in(self, session: CscSession, answer: Returned) -> Step:
        oauth = self._oauth(self._service())
        now = self._clock.now()
        try:
            token = oauth.code(session, answer, now)
        except OutcomeUnknownError:
            return oauth.ask(session, "service", {}, now + self._provider.hold, authorises=False)
        known = replace(session, stage=Stage.FIND, service=token, state="", verifier="", until=token.until)
        try:
            return self._identify(known)
        except SigningError as error:
            if not error.retryable:
                raise
        return self._wait(known)

    def _identify(self, session: CscSession) -> Identified:
        assert session.service is not None
        found = FindCredential(self._calls, self._dialect)(session, session.service.value)
        service = self._service()
        batch = found.batch
        if found.bound and found.mode == CODE and not self._pushes(service):
            batch = min(batch, _URL_BATCH)
        ready = replace(session, stage=Stage.READY, credential=found, until=None)
        terms = Terms(Binding.HASHES if found.bound else Binding.SESSION, batch, self._provider.hold)
        return Identified(ready.dump(), found.certificate, found.chain, terms)

    def _sign(self, session: CscSession, tasks: Sequence[ToSign], *, renew: bool) -> Step:
        digests = [task.digest for task in tasks]
        if renew:
            session = self._authorising().renewed(session, digests)
        credential, authorisation = session.chosen, session.authorisation
        assert authorisation is not None
        by_token = credential.mode == CODE and self._provider.version is Version.V2
        bearer = authorisation if by_token or session.service is None else session.service
        sad = "" if by_token else authorisation.value
        body = self._dialect.sign(credential, sad, digests, session.digest_name)
        later = self._provider.asynchronous and bool(self._service().info.get("asynchronousOperationMode"))
        if later:
            body["operationMode"] = "A"
        try:
            content = self._calls.once("signatures/signHash", body, bearer.value).content
        except OutcomeUnknownError as error:
            raise SigningError("signing.remote_outcome_unknown") from error
        if "signatures" not in content and isinstance(content.get("responseID"), str):
            pending = replace(session, stage=Stage.POLL, pending=content["responseID"], tasks=tuple(tasks))
            return self._wait(replace(pending, until=authorisation.until))
        return self._judge(session, tasks, content)

    def _fetch(self, session: CscSession) -> Step:
        """signatures/signPolling (clause 11.12): 202 while it goes on."""
        credential = session.chosen
        by_token = credential.mode == CODE and self._provider.version is Version.V2
        bearer = session.authorisation if by_token or session.service is None else session.service
        assert bearer is not None
        answer = self._calls.read("signatures/signPolling", {"requestID": session.pending}, bearer.value)
        if answer.status == 202 or "signatures" not in answer.content:
            return self._wait(session)
        return self._judge(session, session.tasks, answer.content)

    def _judge(self, session: CscSession, tasks: Sequence[ToSign], content: Mapping[str, Any]) -> Signed:
        """All signatures are good, or none is used."""
        found = content.get("signatures")
        if not isinstance(found, list):
            raise SigningError("signing.remote_bad_answer", why="no signatures")
        if len(found) != len(tasks):
            raise SigningError("csc.signature_count", found=len(found), expected=len(tasks))
        signatures = {}
        for task, text in zip(tasks, found, strict=True):
            try:
                raw = base64.b64decode(str(text), validate=True)
                signatures[task.reference] = checked_signature(session.chosen.certificate, task, raw)
            except (SigningError, binascii.Error, ValueError) as error:
                raise SigningError("csc.bad_signature") from error
        done = replace(session, stage=Stage.READY, used=session.used + len(tasks), pending="", tasks=(), until=None)
        return Signed(done.dump(), signatures)

    def _wait(self, session: CscSession) -> Ask:
        assert session.until is not None
        return Ask(session.dump(), Prompt(PromptKind.WAIT), session.until, authorises=False)

    def _authorising(self) -> Authorising:
        service = self._service()
        return Authorising(
            self._calls, self._dialect, self._oauth(service), service.methods, self._clock.now(), self._provider.hold
        )

    def _oauth(self, service: _Service) -> OAuth:
        return OAuth(self._calls, oauth_base(service.info, self._provider.oauth_url), self._pushes(service))

    def _pushes(self, service: _Service) -> bool:
        return "oauth2/pushed_authorize" in service.methods

    def _service(self) -> _Service:
        """Asked for now and then. Raises "csc.version_mismatch": another version is never spoken instead."""
        now = self._clock.now()
        with self._lock:
            known = self._known
        if known is not None and now - known.at < _INFO_FOR:
            return known
        info = self._calls.read("info", {}, "").content
        specs = str(info.get("specs", ""))
        if not self._dialect.speaks(specs):
            raise SigningError("csc.version_mismatch", found=specs or "?", expected=str(self._provider.version))
        fresh = _Service(info, now)
        with self._lock:
            self._known = fresh
        return fresh
