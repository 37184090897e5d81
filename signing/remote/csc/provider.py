"""What is agreed with one remote signing service, and the object identifiers both versions use (clause 7.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

HASH_OIDS: Mapping[str, str] = {
    "sha256": "2.16.840.1.101.3.4.2.1",
    "sha384": "2.16.840.1.101.3.4.2.2",
    "sha512": "2.16.840.1.101.3.4.2.3",
}
RSA = "1.2.840.113549.1.1.1"
_FULL_RSA = {
    "sha256": "1.2.840.113549.1.1.11",
    "sha384": "1.2.840.113549.1.1.12",
    "sha512": "1.2.840.113549.1.1.13",
}
_EC = "1.2.840.10045.2.1"
_ECDSA = {"sha256": "1.2.840.10045.4.3.2", "sha384": "1.2.840.10045.4.3.3", "sha512": "1.2.840.10045.4.3.4"}


def sign_algorithms(algorithm: str) -> tuple[str, ...]:
    """OIDs that ask for e.g. "sha256_ecdsa", the most exact one first."""
    digest, _, kind = algorithm.partition("_")
    return (_ECDSA[digest], _EC) if kind == "ecdsa" else (_FULL_RSA[digest], RSA)


class Version(StrEnum):
    """Of the interface, as agreed; nothing else is ever tried."""

    V1 = "1.0.4"
    V2 = "2"


class ServiceAuthorization(StrEnum):
    """How this service is let in (clause 8.1): the person logs in there, or the service has credentials of its own and
    names the person."""

    CODE = "oauth2code"
    CLIENT = "oauth2client"


@dataclass(frozen=True, slots=True)
class CscProvider:
    """``base_url``: up to "/csc/v2" or "/csc/v1". ``oauth_url``: of the authorization server ("": as ``info`` says).
    ``hold``: how long a person may take to authorise. ``asynchronous``: signatures are fetched later where the service
    can. ``repeatable``: by contract, the same hashes with the same authorisation give the same signatures again, so a
    lost answer may be asked for once more. ``parameters``: sent with every authorisation request."""

    name: str
    base_url: str
    version: Version
    client_id: str
    client_secret: str = field(repr=False)
    title: str = ""
    oauth_url: str = ""
    service_authorization: ServiceAuthorization = ServiceAuthorization.CODE
    hold: timedelta = timedelta(minutes=5)
    asynchronous: bool = False
    repeatable: bool = False
    ca_file: Path | None = None
    timeout: timedelta = timedelta(seconds=10)
    total: timedelta = timedelta(seconds=25)
    parameters: Mapping[str, str] = field(default_factory=dict)
