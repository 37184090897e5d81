"""The signing agent as a way to sign: the person's page brings what the agent on the same computer signed.

The PIN and the person's agreement are the agent's business: it shows documents and digests, and the person agrees
there, once for all of them, before the first document is prepared. So no lease is held while somebody reads, and a
document that changed is prepared and signed again without a question.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from signing.remote.api import (
    Answer,
    Ask,
    Authorised,
    Binding,
    Identified,
    Means,
    Signed,
    Start,
    Terms,
    ToSign,
)
from signing.remote.page_signing import Clock, asked, resume_page, start_session

BATCH = 200
APPROVAL_LIFE = timedelta(minutes=10)
"""As long as the agent keeps an agreement (``doc_service.agent.approvals``)."""
HOLD = timedelta(seconds=30)
"""The agent needs no human any more when it is asked; this is for the page and a slow token."""


class AgentSigner:
    """``HashSigner``. ``Start.certificate`` and ``chain`` are what the agent told the page."""

    means = Means.AGENT

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def begin(self, start: Start) -> Identified:
        """Raises ``signing.bad_certificate``."""
        session = start_session(start.certificate)
        return Identified(session.dump(), session.certificate, start.chain, Terms(Binding.SESSION, BATCH, HOLD))

    def authorise(self, session: bytes, count: int, tasks: Sequence[ToSign]) -> Authorised:
        return Authorised(session, self._clock.now() + APPROVAL_LIFE)

    def sign(self, session: bytes, tasks: Sequence[ToSign], *, again: bool) -> Ask:
        """An answer that was lost is asked for again: what the agent signed and nobody received binds nobody."""
        return asked(session, tasks, self._clock.now() + HOLD, authorises=False)

    def resume(self, session: bytes, answer: Answer | None) -> Ask | Signed:
        return resume_page(session, answer, self._clock.now(), authorises=False)

    def cancel(self, session: bytes) -> None:
        """Nothing to give back: the agent forgets the agreement by itself."""
