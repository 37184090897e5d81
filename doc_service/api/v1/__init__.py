"""The interface, version 1: one module an area, each with its router."""

from __future__ import annotations

from fastapi import APIRouter

ROUTERS: tuple[APIRouter, ...] = ()
"""In the order of the description."""
