"""Who may do what to which object: one table (002 §7.1.5, division of duties).

A permission is held by a role on any object, on objects that concern the caller, or not at all. Services gather the
facts of the object; this module alone decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from doc_service.domain.principals import AccountRole, Principal, Scope


class Permission(StrEnum):
    """What can be allowed. Names are those of the API's areas."""

    BODY_READ = "body.read"
    BODY_WRITE = "body.write"
    MEETING_READ = "meeting.read"
    MEETING_WRITE = "meeting.write"
    PERSON_READ = "person.read"
    PERSON_WRITE = "person.write"
    ORGANISATION_READ = "organisation.read"
    ORGANISATION_WRITE = "organisation.write"
    CLUSTER_READ = "cluster.read"
    CLUSTER_WRITE = "cluster.write"
    TEMPLATE_READ = "template.read"
    TEMPLATE_WRITE = "template.write"
    DISPATCH_READ = "dispatch.read"
    DISPATCH_WRITE = "dispatch.write"
    SUBSTITUTION_READ = "substitution.read"
    SUBSTITUTION_WRITE = "substitution.write"
    JOURNAL_READ = "journal.read"
    JOURNAL_WRITE = "journal.write"
    DOCUMENT_READ = "document.read"
    DOCUMENT_WRITE = "document.write"
    DOCUMENT_REGISTER = "document.register"
    VISA_DECIDE = "visa.decide"
    REQUEST_READ = "request.read"
    REQUEST_MANAGE = "request.manage"
    REQUEST_SIGN = "request.sign"
    ARCHIVE_READ = "archive.read"
    COPY_READ = "copy.read"
    COPY_ISSUE = "copy.issue"
    AUDIT_READ = "audit.read"
    ACCOUNT_READ = "account.read"
    ACCOUNT_MANAGE = "account.manage"
    WEBHOOK_MANAGE = "webhook.manage"
    JOB_READ = "job.read"


class Reach(StrEnum):
    """On which objects a role holds a permission."""

    ANY = "any"
    CONCERNED = "concerned"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the object asked for. ``concerned``: persons and accounts whom it concerns (members of the body,
    signers, an external party's account). ``owner``: the account or person it belongs to. ``unit``: whose visa is asked
    for, ``units``: every unit that was asked for one. ``document_id``: the document it is or belongs to.
    ``restricted``: it holds what 001 §5.6.3 restricts."""

    concerned: frozenset[str] = frozenset()
    owner: str = ""
    unit: str = ""
    units: frozenset[str] = frozenset()
    document_id: str = ""
    restricted: bool = False


_P, _R = Permission, AccountRole
_ANY, _OWN = Reach.ANY, Reach.CONCERNED

GRANTS: Mapping[AccountRole, Mapping[Permission, Reach]] = {
    _R.SECRETARIAT: {
        **dict.fromkeys(
            (
                _P.COPY_READ, _P.COPY_ISSUE,
                _P.BODY_READ, _P.BODY_WRITE, _P.MEETING_READ, _P.MEETING_WRITE, _P.SUBSTITUTION_READ,
                _P.SUBSTITUTION_WRITE, _P.JOURNAL_READ, _P.JOURNAL_WRITE, _P.DOCUMENT_READ, _P.DOCUMENT_WRITE,
                _P.DOCUMENT_REGISTER, _P.REQUEST_READ, _P.REQUEST_MANAGE, _P.ARCHIVE_READ, _P.JOB_READ,
                _P.PERSON_READ, _P.PERSON_WRITE, _P.ORGANISATION_READ, _P.ORGANISATION_WRITE, _P.CLUSTER_READ,
                _P.CLUSTER_WRITE, _P.DISPATCH_READ, _P.DISPATCH_WRITE,
                _P.TEMPLATE_READ, _P.TEMPLATE_WRITE,
            ),
            _ANY,
        ),
        **dict.fromkeys((_P.VISA_DECIDE, _P.REQUEST_SIGN, _P.ACCOUNT_READ), _OWN),
    },
    _R.MEMBER: dict.fromkeys(
        (
            _P.BODY_READ, _P.MEETING_READ, _P.SUBSTITUTION_READ, _P.DOCUMENT_READ, _P.VISA_DECIDE, _P.REQUEST_READ,
            _P.REQUEST_SIGN, _P.ACCOUNT_READ, _P.JOB_READ, _P.PERSON_READ, _P.ORGANISATION_READ, _P.CLUSTER_READ,
        ),
        _OWN,
    ),
    _R.SIGNATORY: dict.fromkeys(
        (
            _P.DOCUMENT_READ, _P.SUBSTITUTION_READ, _P.VISA_DECIDE, _P.REQUEST_READ, _P.REQUEST_SIGN, _P.ACCOUNT_READ,
            _P.JOB_READ, _P.PERSON_READ, _P.ORGANISATION_READ, _P.CLUSTER_READ,
        ),
        _OWN,
    ),
    _R.EXTERNAL: dict.fromkeys((_P.DOCUMENT_READ, _P.REQUEST_READ, _P.REQUEST_SIGN, _P.ACCOUNT_READ), _OWN),
    _R.AUDITOR: {
        **dict.fromkeys(
            (
                _P.COPY_READ,
                _P.BODY_READ, _P.MEETING_READ, _P.SUBSTITUTION_READ, _P.JOURNAL_READ, _P.DOCUMENT_READ, _P.REQUEST_READ,
                _P.ARCHIVE_READ, _P.AUDIT_READ, _P.JOB_READ, _P.PERSON_READ, _P.ORGANISATION_READ,
                _P.CLUSTER_READ, _P.DISPATCH_READ, _P.TEMPLATE_READ,
            ),
            _ANY,
        ),
        _P.ACCOUNT_READ: _OWN,
    },
    _R.ADMINISTRATOR: dict.fromkeys((_P.ACCOUNT_READ, _P.ACCOUNT_MANAGE, _P.WEBHOOK_MANAGE), _ANY),
}  # fmt: skip

_READING = frozenset(p for p in Permission if p.value.endswith(".read"))

SCOPED: Mapping[Scope, frozenset[Permission]] = {
    Scope.READ: _READING - {_P.AUDIT_READ, _P.ARCHIVE_READ, _P.ACCOUNT_READ, _P.COPY_READ},
    Scope.DRAFT: frozenset({_P.DOCUMENT_WRITE, _P.MEETING_WRITE}),
    Scope.REGISTER: frozenset({_P.DOCUMENT_REGISTER, _P.JOURNAL_WRITE, _P.DISPATCH_WRITE}),
    Scope.REQUESTS: frozenset({_P.REQUEST_READ, _P.REQUEST_MANAGE}),
    Scope.ARCHIVE: frozenset({_P.ARCHIVE_READ}),
    Scope.AUDIT: frozenset({_P.AUDIT_READ}),
    Scope.METRICS: frozenset(),
}

INCOMPATIBLE = (
    frozenset({_R.AUDITOR, _R.SECRETARIAT}),
    frozenset({_R.AUDITOR, _R.ADMINISTRATOR}),
    frozenset({_R.ADMINISTRATOR, _R.SECRETARIAT}),
    frozenset({_R.ADMINISTRATOR, _R.MEMBER}),
    frozenset({_R.ADMINISTRATOR, _R.SIGNATORY}),
    frozenset({_R.AUDITOR, _R.MEMBER}),
    frozenset({_R.AUDITOR, _R.SIGNATORY}),
    *(frozenset({_R.EXTERNAL, r}) for r in AccountRole if r is not _R.EXTERNAL),
)
"""Duties that one account cannot hold together (002 §7.1.5)."""


def concerns(principal: Principal, facts: Facts) -> bool:
    """Whether the object is the caller's own. An external party has its one document and nothing else."""
    if principal.document_id and facts.document_id != principal.document_id:
        return False
    who = {principal.account_id, principal.person_id, principal.actor} - {""}
    units = (facts.units | {facts.unit}) - {""}
    return bool(who & facts.concerned) or facts.owner in who or bool(units & principal.units)


def allowed(principal: Principal, permission: Permission, facts: Facts | None = None) -> bool:
    """The decision. ``facts`` None: asked of the whole area (a list), which needs the permission on any object. An
    administrator has no part in restricted content, whatever else the account may do."""
    if facts is not None and facts.restricted and AccountRole.ADMINISTRATOR in principal.roles:
        return False
    if principal.scopes is not None and not any(permission in SCOPED[s] for s in principal.scopes):
        return False
    reaches = {GRANTS[role].get(permission) for role in principal.roles}
    if Reach.ANY in reaches:
        return True
    return Reach.CONCERNED in reaches and facts is not None and concerns(principal, facts)


def holds(principal: Principal, permission: Permission) -> Reach | None:
    """The widest reach in which the caller has the permission; None when no object at all would be allowed."""
    if principal.scopes is not None and not any(permission in SCOPED[s] for s in principal.scopes):
        return None
    reaches = {GRANTS[role].get(permission) for role in principal.roles}
    return Reach.ANY if Reach.ANY in reaches else Reach.CONCERNED if Reach.CONCERNED in reaches else None
