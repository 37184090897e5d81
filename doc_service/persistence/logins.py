"""Log-in attempts, challenges and outside identities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, delete, select

from doc_service.domain.errors import ConflictError
from doc_service.domain.outside_login import LoginChallenge, OidcAttempt, OutsideIdentity
from doc_service.persistence.dialect import insert_new
from doc_service.persistence.tables_login import login_challenges, oidc_attempts, outside_identities


class SqlOutsideLogins:
    """``doc_service.ports_login.OutsideLogins``. Taking is deleting: of two deletions of a row one finds it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_attempt(self, attempt: OidcAttempt) -> None:
        self._connection.execute(oidc_attempts.insert().values(asdict(attempt)))

    def take_attempt(self, state_sha256: str) -> OidcAttempt | None:
        rows = oidc_attempts.c
        found = self._connection.execute(select(oidc_attempts).where(rows.state_sha256 == state_sha256)).mappings()
        row = found.one_or_none()
        if (
            row is None
            or not self._connection.execute(delete(oidc_attempts).where(rows.state_sha256 == state_sha256)).rowcount
        ):
            return None
        return OidcAttempt(**row)

    def add_challenge(self, challenge: LoginChallenge) -> None:
        self._connection.execute(login_challenges.insert().values(asdict(challenge)))

    def take_challenge(self, challenge_id: str) -> LoginChallenge | None:
        rows = login_challenges.c
        found = self._connection.execute(select(login_challenges).where(rows.id == challenge_id)).mappings()
        row = found.one_or_none()
        if (
            row is None
            or not self._connection.execute(delete(login_challenges).where(rows.id == challenge_id)).rowcount
        ):
            return None
        return LoginChallenge(**row)

    def link(self, identity: OutsideIdentity) -> None:
        if insert_new(self._connection, outside_identities, asdict(identity)):
            return
        kept = self.find(identity.issuer, identity.subject)
        if kept is None or kept.account_id != identity.account_id:
            raise ConflictError("identity.taken", "subject", issuer=identity.issuer)

    def unlink(self, issuer: str, subject: str) -> bool:
        rows = outside_identities.c
        done = self._connection.execute(
            delete(outside_identities).where(rows.issuer == issuer, rows.subject == subject)
        )
        return bool(done.rowcount)

    def find(self, issuer: str, subject: str) -> OutsideIdentity | None:
        rows = outside_identities.c
        query = select(outside_identities).where(rows.issuer == issuer, rows.subject == subject)
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else OutsideIdentity(**row)

    def of_account(self, account_id: str) -> Sequence[OutsideIdentity]:
        rows = outside_identities.c
        query = select(outside_identities).where(rows.account_id == account_id).order_by(rows.issuer, rows.subject)
        return [OutsideIdentity(**row) for row in self._connection.execute(query).mappings()]

    def purge(self, before: datetime) -> int:
        """Both kinds; returns how many."""
        tables = (oidc_attempts, login_challenges)
        return sum(self._connection.execute(delete(t).where(t.c.expires_at < before)).rowcount for t in tables)
