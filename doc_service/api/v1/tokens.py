"""Service tokens: a machine acts for its owner's account, within scopes, until a day."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import Path, Response

from doc_service.api.context import TheApi
from doc_service.api.idempotency import Repeat, repeated
from doc_service.api.principal import Caller
from doc_service.api.problem_docs import problems
from doc_service.api.routing import guarded_router
from doc_service.api.v1.schemas.access import IssuedView, TokenInput, TokensView, token_view
from doc_service.services.access.own import require_session

router = guarded_router("/v1/tokens", "tokens", ("access.session_needed",))


@router.get("", summary="My tokens, the newest first")
def list_tokens(api: TheApi, caller: Caller) -> TokensView:
    require_session(caller)
    return TokensView(items=[token_view(t) for t in api.service.access.list_tokens(caller.account_id)])


@router.post(
    "", status_code=201, summary="Issue a token; its secret is shown once", responses=problems("token.bad_name")
)
@repeated(Repeat.SECRET)
def issue(given: TokenInput, api: TheApi, caller: Caller, response: Response) -> IssuedView:
    """Only the account's own session issues its tokens: nobody gets to act for another."""
    life = timedelta(days=given.days)
    issued = api.service.access.issue_token(caller, given.name, frozenset(given.scopes), life)
    response.headers["cache-control"] = "no-store"
    return IssuedView(token=token_view(issued.token), secret=issued.secret)


@router.delete("/{token_id}", status_code=204, summary="Revoke a token of mine", responses=problems("token.not_found"))
def revoke(token_id: Annotated[str, Path(max_length=200)], api: TheApi, caller: Caller) -> None:
    require_session(caller)
    api.service.access.revoke_token(caller.account_id, token_id, caller.actor)
