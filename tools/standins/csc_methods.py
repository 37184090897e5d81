"""The methods of the stand-in CSC service, both versions."""

from __future__ import annotations

import base64
import time
from dataclasses import replace
from typing import Any
from urllib.parse import unquote_plus

from tools.standins.csc_keys import Credential, describe, stranger
from tools.standins.csc_state import Grant, Refusal, State

_METHODS = (
    "info", "credentials/list", "credentials/info", "credentials/authorize", "credentials/getChallenge",
    "signatures/signHash", "oauth2/authorize", "oauth2/token", "oauth2/revoke",
)  # fmt: skip
_V2_METHODS = ("credentials/authorizeCheck", "signatures/signPolling")
OTP = "947012"


class Gone(Exception):  # noqa: N818 - no error of this program
    """The connection is closed without an answer."""


class Service:
    """The methods; each takes the parsed body and the bearer token and gives (status, object)."""

    def __init__(self, state: State, origin: str) -> None:
        self.state = state
        self.origin = origin

    def call(self, version: int, method: str, body: dict[str, Any], token: str) -> tuple[int, dict[str, Any]]:
        fault = self.state.fault(method)
        self.state.note(method, version=version, hashes=len(body.get("hashes") or body.get("hash") or ()))
        kind = fault.kind if fault else ""
        if fault is not None and kind == "slow":
            time.sleep(fault.seconds)
        if kind == "dropped":
            raise Gone
        if kind in ("500", "503"):
            return int(kind), {"error": "server_error"}
        answer = self._answer(version, method, body, token, kind)
        if kind == "lost":
            raise Gone
        return answer

    def _answer(
        self, version: int, method: str, body: dict[str, Any], token: str, kind: str
    ) -> tuple[int, dict[str, Any]]:
        if method == "info":
            return 200, self._info(version)
        grant = self.state.grant(token, "access token")
        if method == "credentials/list":
            return 200, self._list(version, body, grant)
        if method == "credentials/info":
            credential = self.state.credential(body.get("credentialID"), self._user(grant, body))
            own = credential.certificates
            other = next((c.certificates for c in self.state.credentials.values() if c.user != credential.user), own)
            return 200, describe(credential, version, other if kind == "wrong_certificate" else own)
        if method in ("credentials/getChallenge", "credentials/sendOTP"):
            return 204, {}
        if method == "credentials/authorize":
            return self._authorize(version, body, grant)
        if method == "credentials/authorizeCheck":
            return self._check(body)
        if method == "credentials/extendTransaction" and self.state.extends:
            return 200, self._extend(body)
        if method == "signatures/signHash":
            return self._sign(version, body, token, grant, kind)
        if method == "signatures/signPolling":
            return self._poll(body)
        return 501, {"error": "invalid_request", "error_description": "not implemented"}

    def _info(self, version: int) -> dict[str, Any]:
        extra = ["credentials/extendTransaction"] if self.state.extends else []
        pushed = ["oauth2/pushed_authorize"] if self.state.pushes and version == 2 else []
        return {
            "specs": self.state.specs[version],
            "name": "Sınaq imza xidməti (stand-in)",
            "logo": "",
            "region": "AZ",
            "lang": "az",
            "description": "stand-in for tests",
            "authType": ["oauth2code", "oauth2client"],
            "oauth2": self.origin,
            "asynchronousOperationMode": self.state.asynchronous,
            "methods": [*_METHODS, *(_V2_METHODS if version == 2 else ("credentials/sendOTP",)), *extra, *pushed],
        }

    def _user(self, grant: Grant, body: dict[str, Any]) -> str:
        """A token of the client itself acts for whom it names."""
        if grant.user:
            return grant.user
        named = body.get("userID") or next(
            (c.user for c in self.state.credentials.values() if c.id == body.get("credentialID")), ""
        )
        return str(named)

    def _list(self, version: int, body: dict[str, Any], grant: Grant) -> dict[str, Any]:
        user = self._user(grant, body)
        names = [c.id for c in self.state.credentials.values() if c.user == user]
        if version == 2 or not self.state.page:
            return {"credentialIDs": names}
        start = int(body.get("pageToken") or 0)
        end = start + self.state.page
        more = {"nextPageToken": str(end)} if end < len(names) else {}
        return {"credentialIDs": names[start:end], **more}

    def _authorize(self, version: int, body: dict[str, Any], grant: Grant) -> tuple[int, dict[str, Any]]:
        credential = self.state.credential(body.get("credentialID"), self._user(grant, body))
        if credential.mode == "oauth2code":
            raise Refusal("invalid_request", "credentials/authorize is not for oauth2code")
        given = body if version == 1 else {o["id"]: o.get("value", "") for o in body.get("authData") or ()}
        if "PIN" in credential.factors and given.get("PIN") != credential.pin:
            raise Refusal("invalid_pin" if version == 1 else "invalid_authentication_data", "The PIN is invalid")
        if "OTP" in credential.factors and given.get("OTP") != OTP:
            raise Refusal("invalid_otp" if version == 1 else "invalid_authentication_data", "The OTP is invalid")
        hashes = [base64.b64decode(h) for h in body.get("hash" if version == 1 else "hashes") or ()]
        sad = self.state.sad(credential, body.get("numSignatures"), hashes)
        if "phone" in credential.factors:
            handle = f"h-{sad}"
            self.state.pending[handle] = [self.state.polls, sad]
            return 202, {"handle": handle}
        return 200, {"SAD": sad, "expiresIn": int(self.state.sad_life)}

    def _check(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        handle = str(body.get("handle"))
        found = self.state.pending.get(handle)
        if found is None:
            raise Refusal("invalid_request", "Invalid parameter handle")
        found[0] -= 1
        return (202, {"handle": handle}) if found[0] > 0 else (200, {"SAD": found[1]})

    def _extend(self, body: dict[str, Any]) -> dict[str, Any]:
        old = self.state.grant(str(body.get("SAD")), "SAD")
        hashes = [base64.b64decode(h) for h in body.get("hashes") or body.get("hash") or ()]
        bound = frozenset(hashes) if hashes else old.hashes
        fresh = replace(old, hashes=bound, until=self.state.now() + self.state.sad_life)
        old.left = 0
        return {"SAD": self.state.give(fresh)}

    def _sign(
        self, version: int, body: dict[str, Any], token: str, grant: Grant, kind: str
    ) -> tuple[int, dict[str, Any]]:
        credential = self.state.credential(body.get("credentialID"), self._user(grant, body))
        digests = [base64.b64decode(h, validate=True) for h in body.get("hash" if version == 1 else "hashes") or ()]
        if not digests:
            raise Refusal("invalid_request", "Empty hash array")
        if body.get("signAlgo") not in credential.algorithms:
            raise Refusal("invalid_request", "Invalid parameter signAlgo")
        right = grant if grant.scope == "credential" and not body.get("SAD") else None
        right = right or self.state.grant(str(body.get("SAD", "")), "SAD")
        self.state.spend(right, credential, digests)
        answer = {"signatures": self._signatures(credential, digests, body, kind)}
        self.state.note("signed", count=len(digests), user=credential.user)
        if body.get("operationMode") == "A" and self.state.asynchronous:
            name = f"r-{len(self.state.pending)}"
            self.state.pending[name] = [self.state.polls, answer]
            return 200, {"responseID": name}
        return 200, answer

    def _signatures(self, credential: Credential, digests: list[bytes], body: dict[str, Any], kind: str) -> list[str]:
        if kind == "garbage":
            return ["%%%"] * len(digests)
        signer = stranger(credential) if kind == "wrong_key" else credential
        hash_algorithm = body.get("hashAlgorithmOID") or body.get("hashAlgo")
        made = [signer.sign(d, body["signAlgo"], hash_algorithm, raw_pair=self.state.raw_pair) for d in digests]
        return [base64.b64encode(s).decode() for s in (made[:-1] if kind == "truncated" else made)]

    def _poll(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        found = self.state.pending.get(str(body.get("requestID")))
        if found is None:
            raise Refusal("invalid_request", "Invalid parameter requestID")
        found[0] -= 1
        return (202, {"error": "accepted_request"}) if found[0] > 0 else (200, found[1])

    def token(self, form: dict[str, str], basic: str) -> dict[str, Any]:
        fault = self.state.fault("oauth2/token")
        self.state.note("oauth2/token", grant=form.get("grant_type"))
        known = (self.state.client_id, self.state.client_secret)
        given = tuple(unquote_plus(part) for part in base64.b64decode(basic).decode().split(":", 1))
        if given != known and form.get("client_secret") != self.state.client_secret:
            raise Refusal("invalid_request", "Client authorization required", 401)
        if fault is not None and fault.kind == "dropped":
            raise Gone
        if form.get("grant_type") == "client_credentials":
            made = self.state.give(Grant("service", "", self.state.now() + self.state.life))
            return {"access_token": made, "token_type": "Bearer", "expires_in": int(self.state.life)}
        made, grant = self.state.redeem(form)
        if fault is not None and fault.kind == "lost":
            raise Gone
        return {"access_token": made, "token_type": "Bearer", "expires_in": int(grant.until - self.state.now())}
