"""The whole schema: every module of tables, over one ``metadata``."""

from __future__ import annotations

from doc_service.persistence import (
    tables,
    tables_access,
    tables_clusters,
    tables_copies,
    tables_dispatch,
    tables_group,
    tables_identity,
    tables_interface,
    tables_login,
    tables_notify,
    tables_operations,
    tables_registers,
    tables_signing,
    tables_sima,
    tables_templates,
)

ALL = (
    tables,
    tables_access,
    tables_login,
    tables_identity,
    tables_notify,
    tables_interface,
    tables_operations,
    tables_signing,
    tables_sima,
    tables_templates,
    tables_registers,
    tables_clusters,
    tables_copies,
    tables_dispatch,
    tables_group,
)
metadata = tables.metadata
