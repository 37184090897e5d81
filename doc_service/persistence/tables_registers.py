"""Tables of the registers of persons and organisations."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from doc_service.persistence.tables import Id, metadata

people = Table(
    "people",
    metadata,
    Column("id", Id, primary_key=True),
    Column("search_text", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
)

organisations = Table(
    "organisations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("voen", String(10), nullable=False, unique=True),
    Column("head_id", Id, ForeignKey("people.id"), nullable=False),
    Column("keeper_id", Id, ForeignKey("people.id"), nullable=False),
    Column("search_text", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "head_id"),
    Index(None, "keeper_id"),
)
