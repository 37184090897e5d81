"""Where versions 2 and 1.0.4 differ: names of parameters, how factors are described, where an authorisation travels."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from signing.api import SigningError
from signing.remote.csc.credential import CODE, EXPLICIT, Credential, Factor, parse
from signing.remote.csc.provider import HASH_OIDS, RSA, Version

Json = Mapping[str, Any]
_PIN, _OTP = "PIN", "OTP"


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Dialect(Protocol):
    """One version. ``digests`` are raw; ``digest``: their algorithm, e.g. "sha256"."""

    def speaks(self, specs: str) -> bool: ...
    def credential(self, credential_id: str, content: Json) -> Credential: ...
    def authorization_request(
        self, credential: Credential, count: int, digests: Sequence[bytes], digest: str
    ) -> dict[str, str]:
        """Parameters of oauth2/authorize with scope "credential" (clause 8.4.2)."""
        ...

    def authorize(
        self, credential: Credential, count: int, digests: Sequence[bytes], digest: str, values: Mapping[str, str]
    ) -> dict[str, Any]:
        """Body of credentials/authorize (clause 11.6)."""
        ...

    def sign(self, credential: Credential, sad: str, digests: Sequence[bytes], digest: str) -> dict[str, Any]:
        """Body of signatures/signHash (clause 11.10)."""
        ...


class Version2:
    """Clauses 8.3 to 11.10 of 2.0.0.2."""

    def speaks(self, specs: str) -> bool:
        return specs.startswith("2.")

    def credential(self, credential_id: str, content: Json) -> Credential:
        auth = content.get("auth")
        if not isinstance(auth, Mapping):
            raise SigningError("signing.remote_bad_answer", why="no auth")
        either = any(word in str(auth.get("expression", "")).split() for word in ("OR", "XOR"))
        objects = auth.get("objects") or ()
        return parse(credential_id, content, str(auth.get("mode", "")), list(_factors(objects, either)))

    def authorization_request(
        self, credential: Credential, count: int, digests: Sequence[bytes], digest: str
    ) -> dict[str, str]:
        wanted = {"credentialID": credential.id, "numSignatures": str(count)}
        if digests:
            wanted["hashes"] = ",".join(b64url(d) for d in digests)
            wanted["hashAlgorithmOID"] = HASH_OIDS[digest]
        return wanted

    def authorize(
        self, credential: Credential, count: int, digests: Sequence[bytes], digest: str, values: Mapping[str, str]
    ) -> dict[str, Any]:
        body: dict[str, Any] = {"credentialID": credential.id, "numSignatures": count}
        if digests:
            body |= {"hashes": [b64(d) for d in digests], "hashAlgorithmOID": HASH_OIDS[digest]}
        given = [{"id": f.id, "value": values[f.id]} for f in credential.factors if f.entered and values.get(f.id)]
        return {**body, "authData": given + [{"id": f.id} for f in credential.factors if not f.entered]}

    def sign(self, credential: Credential, sad: str, digests: Sequence[bytes], digest: str) -> dict[str, Any]:
        body: dict[str, Any] = {
            "credentialID": credential.id,
            "hashes": [b64(d) for d in digests],
            "hashAlgorithmOID": HASH_OIDS[digest],
            "signAlgo": credential.sign_algorithm,
        }
        return {**body, "SAD": sad} if sad else body


class Version1:
    """1.0.4: ``hash`` for ``hashes``, PIN and OTP by name, and a credential's access token travels as the SAD."""

    def speaks(self, specs: str) -> bool:
        return specs.startswith("1.")

    def credential(self, credential_id: str, content: Json) -> Credential:
        mode = str(content.get("authMode", ""))
        factors = [
            Factor(
                id=name,
                kind="ChallengeResponse" if _described(content, name).get("type") == "online" else "Password",
                label=str(_described(content, name).get("label", name)),
                numeric=_described(content, name).get("format") == "N",
                optional=_described(content, name).get("presence") == "optional",
            )
            for name in (_PIN, _OTP)
            if str(_described(content, name).get("presence", "false")).lower() in ("true", "optional")
        ]
        return parse(credential_id, content, EXPLICIT if mode == "implicit" else mode, [] if mode == CODE else factors)

    def authorization_request(
        self, credential: Credential, count: int, digests: Sequence[bytes], digest: str
    ) -> dict[str, str]:
        wanted = {"credentialID": credential.id, "numSignatures": str(count)}
        return {**wanted, "hash": ",".join(b64url(d) for d in digests)} if digests else wanted

    def authorize(
        self, credential: Credential, count: int, digests: Sequence[bytes], digest: str, values: Mapping[str, str]
    ) -> dict[str, Any]:
        body: dict[str, Any] = {"credentialID": credential.id, "numSignatures": count}
        if digests:
            body["hash"] = [b64(d) for d in digests]
        return {**body, **{f.id: values[f.id] for f in credential.factors if values.get(f.id)}}

    def sign(self, credential: Credential, sad: str, digests: Sequence[bytes], digest: str) -> dict[str, Any]:
        body: dict[str, Any] = {
            "credentialID": credential.id,
            "SAD": sad,
            "hash": [b64(d) for d in digests],
            "signAlgo": credential.sign_algorithm,
        }
        return {**body, "hashAlgo": HASH_OIDS[digest]} if credential.sign_algorithm == RSA else body


def _factors(objects: Sequence[Any], either: bool) -> Iterator[Factor]:
    for found in objects:
        if not isinstance(found, Mapping) or not isinstance(found.get("id"), str):
            raise SigningError("signing.remote_bad_answer", why="auth objects")
        kind = str(found.get("type", ""))
        if kind not in ("Password", "PasswordOOB", "ChallengeResponse", "ChallengeResponseOOB"):
            raise SigningError("csc.unsupported_mode", mode=kind)
        label = str(found.get("label") or found["id"])
        yield Factor(found["id"], kind, label, numeric=found.get("format") == "N", optional=either)


def _described(content: Json, name: str) -> Mapping[str, Any]:
    found = content.get(name)
    return found if isinstance(found, Mapping) else {}


DIALECTS: Mapping[Version, Dialect] = {Version.V1: Version1(), Version.V2: Version2()}
