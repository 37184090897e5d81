"""Who certifies copies here, and where they are checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from doc_service.domain.copy_codes import ENTROPY, new_code
from doc_service.domain.errors import ConflictError
from doc_service.domain.organisations import Organisation
from doc_service.domain.people import Person
from doc_service.ports import UnitOfWork

CHECK_PATH = "yoxla/"


@dataclass(frozen=True, slots=True)
class House:
    """``voen``: of the organisation whose secretariat this is and whose seal certifies (004 §5.1.3). ``address``: of
    the service, as people reach it, with a slash at the end ("": not known). ``random`` gives so many octets."""

    voen: str
    address: str
    random: Callable[[int], bytes]

    def organisation(self, uow: UnitOfWork) -> Organisation:
        """``ConflictError`` "copy.no_seal" when it is not in the register."""
        found = uow.organisations.of_voen(self.voen)
        if found is None:
            raise ConflictError("copy.no_seal", "", voen=self.voen)
        return found

    def certifier(self, uow: UnitOfWork, actor: str) -> tuple[Organisation, Person]:
        """Whoever asks, when that person keeps the seal; else its keeper."""
        organisation = self.organisation(uow)
        person_id = actor if organisation.may_seal(actor) else organisation.keeper_id
        return organisation, uow.people.get(person_id).person

    def code(self) -> str:
        return new_code(self.random(ENTROPY))

    def check_address(self, code: str) -> str:
        """``ConflictError`` "copy.no_address" while nobody has said where people reach the service: what is printed on
        a copy cannot be put right later."""
        if not self.address:
            raise ConflictError("copy.no_address", "")
        return f"{self.address}{CHECK_PATH}{code}"
