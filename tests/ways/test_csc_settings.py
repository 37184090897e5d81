"""The file of remote signing services."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from doc_service.bootstrap.csc import open_csc
from doc_service.domain.errors import DomainError
from doc_service.settings import Environment, Settings
from tests.pki_fixtures import SystemClock

GOOD = """
[[provider]]
name = "milli"
title = "Milli imza xidməti"
base_url = "https://imza.example.az/csc/v2"
client_id = "doc-service"
client_secret_file = "secret"
hold_seconds = 120
"""


def opened(directory: Path, text: str, *, production: bool = False) -> dict:
    (directory / "secret").write_text("s3cret\n")
    file = directory / "csc.toml"
    file.write_text(text, encoding="utf-8")
    settings = Settings(data_dir=directory, csc_providers_file=file)
    if production:
        settings = settings.model_copy(update={"environment": Environment.PRODUCTION})
    with ExitStack() as stack:
        return open_csc(settings, SystemClock(), stack)


def test_a_provider_is_read_with_its_secret_from_a_file(tmp_path: Path) -> None:
    provider, _ = opened(tmp_path, GOOD, production=True)["milli"]
    assert (provider.client_secret, provider.hold.total_seconds(), provider.title) == (
        "s3cret", 120, "Milli imza xidməti",
    )  # fmt: skip
    assert "s3cret" not in repr(provider)


def test_without_a_file_there_is_none(tmp_path: Path) -> None:
    with ExitStack() as stack:
        assert open_csc(Settings(data_dir=tmp_path), SystemClock(), stack) == {}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x = 1", "x: Extra inputs"),
        ("[[provider]]", "provider.0.name"),
        (GOOD.replace('"milli"', '"Milli Xidmət"'), "provider.0.name"),
        (GOOD + 'client_secret = "x"\n', "either client_secret or client_secret_file"),
        (GOOD.replace('client_secret_file = "secret"', ""), "either client_secret or client_secret_file"),
        (GOOD.replace('"secret"', '"missing"'), "missing"),
        (GOOD + GOOD, "a name is there twice"),
        (GOOD + 'version = "3"\n', "version"),
        (GOOD.replace("https://", "http://"), "addresses must be https://"),
        ("[[provider]", "Expected"),
    ],
)
def test_a_file_that_is_not_usable(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(DomainError) as caught:
        opened(tmp_path, text, production=True)
    assert caught.value.code == "ways.bad_file"
    assert why in str(caught.value.faults[0].params["why"])
    assert "s3cret" not in str(caught.value.faults[0].params)
