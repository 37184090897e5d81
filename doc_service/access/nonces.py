"""Challenges of Web eID, kept with the other log-in challenges so that any process can judge the answer."""

from __future__ import annotations

import hashlib

from doc_service.domain.outside_login import CHALLENGE_LIFE, LoginChallenge
from doc_service.services.base import Workspace
from signing.remote.web_eid import Nonce


class StoredNonces:
    """``signing.remote.web_eid.NonceStore``: one challenge a browser, found by the digest of its secret."""

    def __init__(self, work: Workspace, origin: str) -> None:
        self._work = work
        self._origin = origin

    def put(self, session: str, nonce: Nonce) -> None:
        digest, name = _names(session)
        challenge = LoginChallenge(name, nonce.value, self._origin, digest, nonce.issued_at + CHALLENGE_LIFE)
        with self._work.uow() as uow:
            uow.logins.purge(self._work.clock.now())
            uow.logins.take_challenge(name)
            uow.logins.add_challenge(challenge)
            uow.commit()

    def take(self, session: str) -> Nonce | None:
        with self._work.uow() as uow:
            challenge = uow.logins.take_challenge(_names(session)[1])
            uow.commit()
        return None if challenge is None else Nonce(challenge.nonce, challenge.expires_at - CHALLENGE_LIFE)


def _names(session: str) -> tuple[str, str]:
    digest = hashlib.sha256(session.encode()).hexdigest()
    return digest, f"web-eid:{digest}"
