"""Opens an account; its owner chooses the password by a one-time enrolment (``GiveEnrolment``)."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.accounts import Account, check_account, fold_login
from doc_service.domain.audit_events import Action
from doc_service.domain.errors import DomainError
from doc_service.domain.principals import AccountRole
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class NewAccount:
    """As ``Account``; the login name in any capitals."""

    login: str
    display_name: str
    roles: frozenset[AccountRole]
    language: str = "az"
    email: str = ""
    phone: str = ""
    person_id: str = ""
    fin: str = ""
    units: frozenset[str] = frozenset()
    document_id: str = ""


@dataclass(frozen=True, slots=True)
class OpenAccount:
    """Raises ``DomainError`` with every fault of ``check_account``, among them duties that one account cannot hold
    together (002 §7.1.5); ``ConflictError`` "account.login_taken", "account.fin_taken", "account.person_taken" (one
    person, one account: two would hold together what one cannot); ``NotFoundError`` "document.not_found"."""

    work: Workspace

    def __call__(self, new: NewAccount, actor: str) -> Account:
        account = Account(
            id=self.work.ids.new(),
            login=fold_login(new.login),
            display_name=new.display_name.strip(),
            roles=new.roles,
            created_at=self.work.clock.now(),
            language=new.language,
            email=new.email,
            phone=new.phone,
            person_id=new.person_id,
            fin=new.fin,
            units=new.units,
            document_id=new.document_id,
        )
        if faults := check_account(account):
            raise DomainError.of(faults)
        with self.work.uow() as uow:
            if account.document_id:
                uow.documents.get(account.document_id)
            uow.accounts.add(account)
            details = {"roles": sorted(account.roles), "person": account.person_id, "document": account.document_id}
            self.work.record(uow, actor, Action.ACCOUNT_OPENED, ("account", account.id), details)
            uow.commit()
        return account
