"""Identifiers of persons and organisations."""

from __future__ import annotations

import re

from doc_service.domain.errors import Fault

_FIN = re.compile(r"[0-9A-HJ-NP-Z]{7}")
_VOEN = re.compile(r"[0-9]{9}[12]")
_SHOWN = 3

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")
_EMAIL_LENGTH = 254
_PHONE = re.compile(r"\+994[0-9]{9}")


def is_fin(text: str) -> bool:
    """FİN: exactly 7 digits and capital Latin letters, without I and O, which would pass for 1 and 0."""
    return _FIN.fullmatch(text) is not None


def is_voen(text: str) -> bool:
    """VÖEN: exactly 10 digits; the last one is 1 for a legal person, 2 for a natural person."""
    return _VOEN.fullmatch(text) is not None


def check_fin(text: str, field: str = "fin") -> tuple[Fault, ...]:
    """ "person.bad_fin", without the value: a FİN is personal data and does not belong into messages (002 §7.1.11)."""
    return () if is_fin(text) else (Fault("person.bad_fin", field),)


def check_voen(text: str, field: str = "voen") -> tuple[Fault, ...]:
    """ "organisation.bad_voen" with the value as given."""
    return () if is_voen(text) else (Fault("organisation.bad_voen", field, {"value": text}),)


def is_email(text: str) -> bool:
    """An address every mail server takes: dot-string at domain (RFC 5321 §4.1.2, lengths §4.5.3.1), in ASCII. Quoted
    local parts, address literals and internationalised addresses (RFC 6531) are not: a domain with other letters goes
    in its A-label form. So no address holds a space, a control character or a separator of lists."""
    return len(text) <= _EMAIL_LENGTH and _EMAIL.fullmatch(text) is not None


def check_email(text: str, field: str = "email") -> tuple[Fault, ...]:
    """ "person.bad_email", without the value, since that is personal data; an unknown address ("") is no fault."""
    return () if not text or is_email(text) else (Fault("person.bad_email", field),)


def is_phone(text: str) -> bool:
    """A number of Azerbaijan as E.164 writes it: "+994" and nine digits."""
    return _PHONE.fullmatch(text) is not None


def check_phone(text: str, field: str = "phone") -> tuple[Fault, ...]:
    """ "person.bad_phone", without the value, since that is personal data; an unknown number ("") is no fault."""
    return () if not text or is_phone(text) else (Fault("person.bad_phone", field),)


def mask_fin(fin: str) -> str:
    """The FİN as shown to others, "5AB****": of 7 characters the first 3; anything shorter than 7 is hidden whole."""
    shown = _SHOWN if len(fin) >= 7 else 0
    return fin[:shown] + "*" * (len(fin) - shown)
