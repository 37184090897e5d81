"""What a person agrees to before signing, word for word; the record of the signature keeps it (DESIGN 7)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from doc_service.domain.errors import DomainError

LONGEST = 2000
"""Characters that a page may show and record instead of the text here."""

_TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "az": "SHA-256 nəzarət cəmi {sha256} olan sənədi oxudum və onu gücləndirilmiş elektron imzamla imzalamağa "
        "razılıq verirəm.",
        "en": "I have read the document with the SHA-256 digest {sha256} and agree to sign it with my enhanced "
        "electronic signature.",
    }
)


def consent_text(sha256: str, language: str = "az") -> str:
    """In Azerbaijani, or in English for "en"."""
    return _TEXTS.get(language, _TEXTS["az"]).format(sha256=sha256)


def checked_text(text: str, sha256: str) -> str:
    """``text``, or the standard one when it is blank. Raises ``DomainError`` "consent.text_too_long"."""
    if len(text) > LONGEST:
        raise DomainError("consent.text_too_long", "text", limit=LONGEST)
    return text.strip() or consent_text(sha256)
