"""The whole schema: every module of tables, over one ``metadata``."""

from __future__ import annotations

from doc_service.persistence import tables

ALL = (tables,)
metadata = tables.metadata
