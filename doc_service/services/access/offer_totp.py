"""The second step of log-in: a secret for the device that makes one-time passwords."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from doc_service.domain.principals import Principal
from doc_service.ports_access import OneTimePasswords
from doc_service.services.access.prove_password import ProvePassword
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class TotpOffer:
    """A fresh secret for the person's device: as text and as ``otpauth://`` address for a QR code."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OfferTotp:
    """Makes a secret that counts once a code of it was given (``ConfirmTotp``); the present one goes on until then.
    Raises what ``ProvePassword`` does."""

    work: Workspace
    otp: OneTimePasswords
    prove: ProvePassword

    def __call__(self, principal: Principal, password: str) -> TotpOffer:
        account, _ = self.prove(principal, password)
        sealed, secret = self.otp.new(account.id)
        with self.work.uow() as uow:
            uow.credentials.save(replace(uow.credentials.get(account.id), totp_pending=sealed))
            uow.commit()
        return TotpOffer(secret, self.otp.uri(secret, account.login))
