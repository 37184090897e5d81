"""The person's credential at the service: found by the certificate, chosen when there are several."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from signing.api import SigningError
from signing.certificates import inspect_certificate
from signing.remote.csc.calls import Calls
from signing.remote.csc.credential import Credential
from signing.remote.csc.dialects import Dialect
from signing.remote.csc.session import CscSession

_MOST = 20
_PAGES = 10


@dataclass(frozen=True, slots=True)
class FindCredential:
    calls: Calls
    dialect: Dialect

    def __call__(self, session: CscSession, token: str) -> Credential:
        """The credential named at the start, else the only usable one whose certificate is the person's. Raises
        "csc.no_credential", "csc.unknown_credential", "csc.several_credentials"; what is wrong with the only one there
        is comes out as it is."""
        names = list(self._names(session, token))
        if session.credential_id:
            if session.credential_id not in names:
                raise SigningError("csc.unknown_credential")
            return self._read(session.credential_id, session, token)
        if len(names) == 1:
            return self._read(names[0], session, token)
        usable = [c for name in names[:_MOST] if (c := self._usable(name, session, token)) is not None]
        if not usable:
            raise SigningError("csc.no_credential")
        if len(usable) > 1:
            raise SigningError("csc.several_credentials", credentials=", ".join(c.id for c in usable))
        return usable[0]

    def _names(self, session: CscSession, token: str) -> Iterator[str]:
        """Version 1.0.4 gives them in pages."""
        request: dict[str, Any] = {"userID": session.user_id} if session.user_id else {}
        for _ in range(_PAGES):
            content = self.calls.read("credentials/list", request, token).content
            found = content.get("credentialIDs")
            if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
                raise SigningError("signing.remote_bad_answer", why="no credentialIDs")
            yield from found
            if not content.get("nextPageToken"):
                return
            request = {**request, "pageToken": str(content["nextPageToken"])}

    def _usable(self, name: str, session: CscSession, token: str) -> Credential | None:
        try:
            credential = self._read(name, session, token)
        except SigningError as error:
            if error.retryable:
                raise
            return None
        info = inspect_certificate(credential.certificate)
        mine = info.organisation_id == session.voen if session.voen else info.fin == session.fin
        return credential if mine else None

    def _read(self, name: str, session: CscSession, token: str) -> Credential:
        request = {"credentialID": name, "certificates": "chain", "certInfo": True, "authInfo": True}
        return self.dialect.credential(name, self.calls.read("credentials/info", request, token).content)
