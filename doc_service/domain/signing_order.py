"""The order of signing: requests of one order number are open together, lower numbers first (004 §5.1)."""

from __future__ import annotations

from collections.abc import Sequence

from doc_service.domain.signatures import RequestState, SignatureRequest

_FINISHED = frozenset({RequestState.SIGNED, RequestState.WITHDRAWN})


def open_next(requests: Sequence[SignatureRequest]) -> tuple[SignatureRequest, ...]:
    """The WAITING requests to open now: those of the lowest order whose group is not all signed or withdrawn.

    A declined request holds back the groups after it until it is reopened or withdrawn. Calling it again once its
    result has been opened gives nothing, so a repeated job does no harm.
    """
    unfinished = [r for r in requests if r.state not in _FINISHED]
    if not unfinished:
        return ()
    current = min(r.order for r in unfinished)
    return tuple(r for r in unfinished if r.order == current and r.state is RequestState.WAITING)


def all_signed(requests: Sequence[SignatureRequest]) -> bool:
    """Whether every request that stands is signed, and there is at least one: an unsigned document never passes."""
    standing = [r for r in requests if r.state is not RequestState.WITHDRAWN]
    return bool(standing) and all(r.state is RequestState.SIGNED for r in standing)
