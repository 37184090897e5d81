"""The person's authorisation at a CSC service: on its own page, by factors typed here, or on a phone (clause 8.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from signing.api import SigningError
from signing.remote.api import Ask, Authorised, Prompt, PromptField, PromptKind, Returned, Step
from signing.remote.csc.calls import Answer, Calls, OutcomeUnknownError
from signing.remote.csc.credential import CODE, Factor
from signing.remote.csc.dialects import Dialect
from signing.remote.csc.oauth import OAuth, life
from signing.remote.csc.session import CscSession, Secret, Stage

_EXTEND = "credentials/extendTransaction"


@dataclass(frozen=True, slots=True)
class Authorising:
    """``methods``: what the service offers. ``now``: the moment of the step. ``hold``: how long the person may take."""

    calls: Calls
    dialect: Dialect
    oauth: OAuth
    methods: frozenset[str]
    now: datetime
    hold: timedelta

    def begin(self, session: CscSession) -> Step:
        """A redirect, fields to fill, or, where there is nothing to fill, the request itself."""
        credential = session.chosen
        if credential.mode == CODE:
            return self._redirect(session)
        if not any(f.entered for f in credential.factors):
            return self.entered(session, {})
        fields = tuple(self._field(session, f) for f in credential.factors if f.entered)
        until = self.now + self.hold
        waiting = replace(session, stage=Stage.ENTER, until=until)
        return Ask(waiting.dump(), Prompt(PromptKind.ENTER, fields=fields), until)

    def _redirect(self, session: CscSession) -> Ask:
        more = self.dialect.authorization_request(session.chosen, session.count, session.digests, session.digest_name)
        waiting = replace(session, stage=Stage.CREDENTIAL)
        return self.oauth.ask(waiting, "credential", more, self.now + self.hold, authorises=True)

    def returned(self, session: CscSession, answer: Returned) -> Step:
        """When the answer with the token is lost, the person is sent again: the code was good for one exchange."""
        try:
            token = self.oauth.code(session, answer, self.now)
        except OutcomeUnknownError:
            return self._redirect(session)
        return self._authorised(session, token)

    def _field(self, session: CscSession, factor: Factor) -> PromptField:
        """A challenge is asked for first; one that is sent to the phone says nothing here."""
        label = factor.label
        if factor.challenge:
            label = self._challenge(session, factor) or label
        return PromptField(factor.id, label, secret=True, numeric=factor.numeric)

    def _challenge(self, session: CscSession, factor: Factor) -> str:
        method = "credentials/getChallenge" if "credentials/getChallenge" in self.methods else "credentials/sendOTP"
        request = {"credentialID": session.chosen.id}
        if method == "credentials/getChallenge":
            request["authObjectID"] = factor.id
        try:
            answer = self.calls.once(method, request, self._service(session))
        except OutcomeUnknownError:
            raise SigningError("signing.remote_unavailable", retryable=True) from None
        return str(answer.content.get("challenge", ""))[:200]

    def entered(self, session: CscSession, values: Mapping[str, str]) -> Step:
        """credentials/authorize. A lost answer is no authorisation: the SAD is gone with it, and the person is asked
        again; "signing.wrong_pin" leaves the question open."""
        credential = session.chosen
        wanted = [f for f in credential.factors if f.entered and not f.optional]
        if any(not values.get(f.id) for f in wanted):
            raise SigningError("signing.wrong_pin")
        body = self.dialect.authorize(credential, session.count, session.digests, session.digest_name, values)
        try:
            answer = self.calls.once("credentials/authorize", body, self._service(session))
        except OutcomeUnknownError:
            raise SigningError("signing.remote_unavailable", retryable=True) from None
        return self._answered(session, answer)

    def check(self, session: CscSession) -> Step:
        """credentials/authorizeCheck (clause 11.7): has the phone confirmed?"""
        return self._answered(
            session, self.calls.read("credentials/authorizeCheck", {"handle": session.pending}, self._service(session))
        )

    def _answered(self, session: CscSession, answer: Answer) -> Step:
        if answer.status == 202:
            until = session.until if session.stage is Stage.CHECK and session.until else self.now + self.hold
            handle = str(answer.content.get("handle") or session.pending)
            waiting = replace(session, stage=Stage.CHECK, pending=handle, until=until)
            return Ask(waiting.dump(), Prompt(PromptKind.WAIT), until)
        return self._authorised(session, self._sad(answer))

    def renewed(self, session: CscSession, digests: Sequence[bytes]) -> CscSession:
        """For a further call within one authorisation (clause 11.9), where the service has that method and works with
        SADs; elsewhere the authorisation is used as it is."""
        credential, current = session.chosen, session.authorisation
        if credential.mode == CODE or _EXTEND not in self.methods or current is None:
            return session
        body: dict[str, object] = {"credentialID": credential.id, "SAD": current.value}
        if credential.bound:
            body |= {
                key: value
                for key, value in self.dialect.authorize(
                    credential, len(digests), digests, session.digest_name, {}
                ).items()
                if key in ("hash", "hashes", "hashAlgorithmOID")
            }
        try:
            answer = self.calls.once(_EXTEND, body, self._service(session))
        except OutcomeUnknownError:
            raise SigningError("signing.remote_outcome_unknown") from None
        return replace(session, authorisation=self._sad(answer))

    def _sad(self, answer: Answer) -> Secret:
        sad = answer.content.get("SAD")
        if not isinstance(sad, str) or not sad:
            raise SigningError("signing.remote_bad_answer", why="no SAD")
        return Secret(sad, self.now + life(answer.content.get("expiresIn")))

    def _authorised(self, session: CscSession, secret: Secret) -> Authorised:
        ready = replace(session, stage=Stage.READY, authorisation=secret, state="", verifier="", pending="", until=None)
        return Authorised(ready.dump(), secret.until)

    def _service(self, session: CscSession) -> str:
        if session.service is None or not session.service.holds(self.now):
            raise SigningError("signing.remote_expired")
        return session.service.value
