"""Which of the service's languages the caller reads (RFC 9110 §12.5.4); Azerbaijani unless another is asked for."""

from __future__ import annotations

import functools

from doc_service.messages.catalog import LANGUAGES, Catalog

DEFAULT = LANGUAGES[0]
_LONGEST = 200


@functools.cache
def catalog(language: str) -> Catalog:
    """The texts of a language, read once in a process."""
    return Catalog(language)


def preferred(accept_language: str) -> str:
    """The language of highest weight that there is; the first of equals. Anything unreadable counts as not asked."""
    best, weight = DEFAULT, 0.0
    for part in accept_language[:_LONGEST].split(","):
        tag, _, parameters = part.strip().partition(";")
        primary = tag.strip().lower().partition("-")[0]
        wanted = _weight(parameters)
        if primary in LANGUAGES and wanted > weight:
            best, weight = primary, wanted
    return best


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if not parameters.strip():
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0) if name.strip().lower() == "q" else 1.0
    except ValueError:
        return 0.0
