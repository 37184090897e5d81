"""Settings of webhooks, short messages and ASAN İmza: what they open, and what is refused at start."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from doc_service.bootstrap.asan import open_asan
from doc_service.bootstrap.notifying import build_notifying
from doc_service.domain.errors import DomainError
from doc_service.domain.notices import Channel
from doc_service.instruments.registry import default_registry
from doc_service.notify.sms_folder import FolderSms
from doc_service.notify.sms_http import HttpSms
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from doc_service.services.base import Workspace
from doc_service.settings import Settings
from doc_service.system import RandomIds, SystemClock
from signing.remote.asan import AsanSigner


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as made:
        yield made


def settings(directory: Path, **changes: Any) -> Settings:
    return Settings(_env_file=None, data_dir=directory, **changes)  # type: ignore[call-arg]


def work(directory: Path, stack: ExitStack) -> Workspace:
    engine = make_engine(f"sqlite:///{directory / 'main.db'}")
    stack.callback(engine.dispose)
    migrate(engine)
    return Workspace(SqlUnitOfWorkFactory(engine), SystemClock(), RandomIds())


def test_the_embedded_default_writes_files_and_may_call_this_machine(tmp_path: Path, stack: ExitStack) -> None:
    notifying = build_notifying(settings(tmp_path), work(tmp_path, stack), default_registry(), stack)
    assert isinstance(notifying.send_notice.sms, FolderSms)
    assert notifying.announce.channels == frozenset(Channel)
    notifying.add_webhook("http://127.0.0.1:9/", ["document.in_force"], "account:admin")
    with pytest.raises(DomainError, match=r"webhook\.address_refused"):
        notifying.add_webhook("https://10.1.2.3/", ["document.in_force"], "account:admin")


def test_networks_and_a_gateway_of_the_settings(tmp_path: Path, stack: ExitStack) -> None:
    given = settings(tmp_path, webhook_networks=("10.1.0.0/16",), sms_url="https://sms.example/", sms_fixed={"a": "b"})
    notifying = build_notifying(given, work(tmp_path, stack), default_registry(), stack)
    assert isinstance(notifying.send_notice.sms, HttpSms)
    assert notifying.add_webhook("https://10.1.2.3/", ["document.in_force"], "account:admin").secret
    assert [w.url for w in notifying.webhooks()] == ["https://10.1.2.3/"]


@pytest.mark.parametrize("changes", [
    {"webhook_networks": ("10.0.0.0/99",)}, {"webhook_networks": ("x",)}, {"sms_url": "ftp://a.example/"},
    {"sms_url": "https://u:p@a.example/"}, {"sms_number_field": ""}, {"webhook_timeout": 0}, {"webhook_give_up": -1},
])  # fmt: skip
def test_refused(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        settings(tmp_path, **changes)


FILE = """
base_url = "https://asan.example/api/"
secret_file = "secret"
code = "answer"
[paths_and_fields]
phone = "msisdn"
[states]
done = ["SIGNED"]
pending = ["WAIT"]
[fixed]
"client.id" = "7"
"""


def written(directory: Path, text: str) -> Path:
    (directory / "secret").write_text("Bearer x\n", encoding="utf-8")
    file = directory / "asan.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_asan_is_off_without_a_file_and_on_with_one(tmp_path: Path, stack: ExitStack) -> None:
    assert open_asan(settings(tmp_path), SystemClock(), stack) is None
    opened = open_asan(settings(tmp_path, asan_file=written(tmp_path, FILE)), SystemClock(), stack)
    assert isinstance(opened, AsanSigner)


@pytest.mark.parametrize("text", [
    "", "base_url = 1", FILE + "x = 1\n", FILE.replace("msisdn", "a") + '[text]\naz = 1\n',
    FILE.replace("phone =", "telephone ="), FILE.replace('"secret"', '"absent"'), FILE.replace("answer", "guess"),
    FILE.replace("done =", "ready ="), 'client_key = "k"\n' + FILE, "[",
])  # fmt: skip
def test_a_file_that_is_not_understood_is_named(tmp_path: Path, stack: ExitStack, text: str) -> None:
    with pytest.raises(DomainError) as caught:
        open_asan(settings(tmp_path, asan_file=written(tmp_path, text)), SystemClock(), stack)
    assert (caught.value.code, caught.value.faults[0].params["file"]) == ("ways.bad_file", "asan.toml")
    assert "Bearer" not in str(caught.value.faults)
