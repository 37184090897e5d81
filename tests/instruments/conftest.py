"""The catalogue, copies of the samples that tests may spoil, and real DOCX and PDF files made from them."""

from __future__ import annotations

import copy
import subprocess
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from doc_service.domain.documents import Registration
from doc_service.domain.errors import DomainError, Fault
from doc_service.instruments.base import AnyInstrument
from doc_service.instruments.registry import Registry, default_registry
from doc_service.ports import FieldSpec
from doc_service.rendering.fill import TemplateFiller
from doc_service.rendering.graphviz import GraphvizDiagrams, GraphvizSettings
from doc_service.rendering.pictures import prepare

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "docx"

Data = dict[str, Any]
Judge = Callable[[str, Mapping[str, Any]], dict[str, Fault]]
Fill = Callable[..., bytes]
ToPdf = Callable[[Mapping[str, bytes]], dict[str, Path]]


@pytest.fixture(scope="session")
def registry() -> Registry:
    return default_registry()


@pytest.fixture(scope="session")
def registration() -> Registration:
    return Registration("KQ-P", "3-21-5/KQ-P-12/2026", date(2026, 11, 20))


@pytest.fixture
def sample(registry: Registry) -> Callable[[str], Data]:
    """A deep copy of an instrument's sample."""
    return lambda name: copy.deepcopy(registry.get(name).sample())


@pytest.fixture
def judge(registry: Registry) -> Judge:
    """All faults of some data by field, of the schema or, when that holds, of the rules."""

    def found(name: str, data: Mapping[str, Any]) -> dict[str, Fault]:
        instrument = registry.get(name)
        try:
            faults = instrument.check(instrument.validate(data))
        except DomainError as error:
            faults = error.faults
        return {f.field: f for f in faults}

    return found


@pytest.fixture(scope="session")
def fill() -> Fill:
    """Fills an instrument's committed template in the service's own sandbox."""
    filler = TemplateFiller()
    diagrams = GraphvizDiagrams(GraphvizSettings())

    def filled(instrument: AnyInstrument, data: Mapping[str, Any], registration: Registration | None = None) -> bytes:
        model = instrument.validate(data)
        fields = [FieldSpec(s.field, s.role_label) for s in instrument.signatories(model)]
        return filler.fill(
            (TEMPLATES / f"{instrument.template}.docx").read_bytes(),
            instrument.context(model, registration),
            fields,
            title=instrument.title_az,
            language="az-Latn-AZ",
            issued_at=datetime(2026, 11, 20, tzinfo=UTC),
            pictures=prepare(instrument.pictures(model), diagrams),
        )

    return filled


@pytest.fixture(scope="session")
def to_pdf(tmp_path_factory: pytest.TempPathFactory) -> ToPdf:
    """DOCX files, by name, as PDF files: one run of LibreOffice with a profile of its own."""
    home = tmp_path_factory.mktemp("office")

    def convert(documents: Mapping[str, bytes]) -> dict[str, Path]:
        for name, docx in documents.items():
            (home / f"{name}.docx").write_bytes(docx)
        profile = f"-env:UserInstallation={(home / 'profile').as_uri()}"
        sources = [home / f"{name}.docx" for name in documents]
        command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", home, *sources]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        return {name: home / f"{name}.pdf" for name in documents}

    return convert
