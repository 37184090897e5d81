"""A person who wants to sign sees the place in the queue, live (DESIGN 6)."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.signing_queue import QueuePlace
from doc_service.services.base import Workspace
from doc_service.services.policy import SigningPolicy
from doc_service.services.refusals import recorded
from doc_service.services.signing_steps import own_request
from doc_service.services.signing_turns import Turns


@dataclass(frozen=True, slots=True)
class PlaceInQueue:
    """Asking keeps the place; ask more often than ``policy.queue.unseen``. It gives none: preparing does, when somebody
    else holds the document. "signature_request.not_yours" for anybody but the signer."""

    work: Workspace
    policy: SigningPolicy

    def __call__(self, request_id: str, actor: str) -> QueuePlace:
        with recorded(self.work, request_id, actor, "queue"):
            return self._ask(request_id, actor)

    def _ask(self, request_id: str, actor: str) -> QueuePlace:
        turns = Turns(self.policy.queue, self.work.clock.now())
        with self.work.uow.reading() as uow:
            request = uow.signatures.get(request_id)
            own_request(request, actor)
            place, to_write = turns.look(uow, request)
        if not to_write:
            return place
        with self.work.uow() as uow:
            place = turns.ask(uow, uow.signatures.get(request_id))
            uow.commit()
        return place
