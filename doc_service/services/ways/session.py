"""What an operation keeps of its adapter between two calls: sealed, and opened for the length of one call."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace

from doc_service.domain.signing_operations import SigningOperation
from doc_service.ports_operations import SealedBox
from signing.remote.api import Prompt, Start


@dataclass(frozen=True, slots=True)
class Sessions:
    """Seals and opens ``SigningOperation.session``: how the operation was started, and the adapter's own state."""

    box: SealedBox

    def put(self, operation: SigningOperation, start: Start, state: bytes) -> SigningOperation:
        content = {
            "operation_id": start.operation_id,
            "fin": start.fin,
            "voen": start.voen,
            "count": start.count,
            "language": start.language,
            "return_url": start.return_url,
            "parameters": dict(start.parameters),
            "certificate": b64encode(start.certificate).decode(),
            "chain": [b64encode(c).decode() for c in start.chain],
            "state": b64encode(state).decode(),
        }
        sealed = self.box.seal(json.dumps(content).encode(), _context(operation.id))
        return replace(operation, session=b64encode(sealed).decode())

    def get(self, operation: SigningOperation) -> tuple[Start, bytes]:
        """Raises ``DomainError`` "sealed.unreadable"."""
        content = json.loads(self.box.open(b64decode(operation.session), _context(operation.id)))
        state = b64decode(content.pop("state"))
        certificate = b64decode(content.pop("certificate"))
        chain = tuple(b64decode(c) for c in content.pop("chain"))
        return Start(certificate=certificate, chain=chain, **content), state


def _context(operation_id: str) -> str:
    return f"signing-operation:{operation_id}"


def prompt_json(prompt: Prompt) -> dict[str, object]:
    """As it is stored and as the interface gives it: bytes in Base64, ``poll_after`` in seconds."""
    return {
        "kind": str(prompt.kind),
        "url": prompt.url,
        "code": prompt.code,
        "poll_after": prompt.poll_after.total_seconds(),
        "fields": [{"name": f.name, "label": f.label, "secret": f.secret, "numeric": f.numeric} for f in prompt.fields],
        "tasks": [
            {
                "reference": t.reference,
                "label": t.label,
                "data": b64encode(t.data).decode(),
                "digest": b64encode(t.digest).decode(),
                "digest_algorithm": t.digest_algorithm,
                "algorithm": t.algorithm,
            }
            for t in prompt.tasks
        ],
    }
