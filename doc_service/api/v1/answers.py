"""What answers of several routes have in common, for their description."""

from __future__ import annotations

from typing import Any

from doc_service.api.problem_docs import problems

Responses = dict[int | str, dict[str, Any]]

_BYTES = {"schema": {"type": "string", "format": "binary"}}
NOT_MODIFIED: Responses = {304: {"description": "The version named by If-None-Match is the present one"}}
ZIP: Responses = {200: {"description": "A ZIP archive", "content": {"application/zip": _BYTES}}}


def file_answers(*codes: str) -> Responses:
    """Of a PDF that is streamed from the archive, whole or in part."""
    return {
        200: {"description": "The PDF, byte for byte as stored", "content": {"application/pdf": _BYTES}},
        206: {"description": "The range asked for", "content": {"application/pdf": _BYTES}},
        **NOT_MODIFIED,
        **problems("http.range_not_satisfiable", "storage.unavailable", "storage.corrupt", *codes),
    }
