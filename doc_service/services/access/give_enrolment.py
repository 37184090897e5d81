"""An administrator vouches once for the person, who then chooses the password."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from doc_service.domain.audit_events import Action
from doc_service.domain.errors import DomainError
from doc_service.domain.sessions import ENROLMENT_PREFIX, secret_sha256, secret_text
from doc_service.ports_access import Secrets
from doc_service.services.base import Workspace

ENROLMENT_LIFE = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """The one-time token; only its digest is kept."""

    until: datetime
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class GiveEnrolment:
    """A token by which the person sets a password; an earlier one stops working, the present password does not.
    ``reset_second_step``: the person lost device and recovery codes; takes effect when the token is used.
    Raises ``NotFoundError`` "account.not_found", ``DomainError`` "account.closed"."""

    work: Workspace
    secrets: Secrets

    def __call__(self, account_id: str, actor: str, *, reset_second_step: bool = False) -> Enrolment:
        until = self.work.clock.now() + ENROLMENT_LIFE
        token = secret_text(ENROLMENT_PREFIX, account_id, self.secrets.token())
        with self.work.uow() as uow:
            if not uow.accounts.get(account_id).active:
                raise DomainError("account.closed")
            current = uow.credentials.get(account_id)
            uow.credentials.save(
                replace(
                    current,
                    enrolment_sha256=secret_sha256(token),
                    enrolment_until=until,
                    enrolment_resets=reset_second_step,
                )
            )
            details = {"reset_second_step": reset_second_step}
            self.work.record(uow, actor, Action.ACCOUNT_ENROLMENT_GIVEN, ("account", account_id), details)
            uow.commit()
        return Enrolment(until, token)
