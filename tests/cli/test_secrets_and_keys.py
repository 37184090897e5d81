"""Secrets from files, and the demonstration with keys that somebody else issued."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from doc_service.bootstrap import pkcs12_directory
from doc_service.demo.scenario import build_scenario
from doc_service.domain.body_kinds import BODY_KINDS
from doc_service.domain.civil_time import baku_date
from doc_service.domain.errors import NotFoundError
from doc_service.instruments.kq_protokol import kq_protokol
from doc_service.settings import SECRETS_DIR, Settings
from doc_service.system import SystemClock


def test_secrets_come_from_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "doc_service_broker_url").write_text("amqp://svc:s3cret@queue/")
    (tmp_path / "doc_service_archive_secret_key").write_text("from-file\n")
    monkeypatch.setenv(SECRETS_DIR, str(tmp_path))
    settings = Settings()
    assert settings.broker_url.get_secret_value() == "amqp://svc:s3cret@queue/"
    assert settings.archive_secret_key.get_secret_value() == "from-file"
    assert "s3cret" not in repr(settings)
    monkeypatch.setenv("DOC_SERVICE_BROKER_URL", "amqp://env/")
    assert Settings().broker_url.get_secret_value() == "amqp://env/"


def test_production_names_everything_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOC_SERVICE_ENVIRONMENT", "production")
    monkeypatch.setenv("DOC_SERVICE_JOBS", "celery")
    with pytest.raises(ValidationError) as caught:
        Settings()
    needed = ("PKI", "TRUST_DIR", "TSA_URL", "DATABASE_URL", "ARCHIVE_URL", "BROKER_URL")
    for name in (*needed, "AUDIT_KEY_FILE", "SECRET_KEY_FILE"):
        assert f"DOC_SERVICE_{name}" in str(caught.value)


def test_a_missing_key_file_is_named(tmp_path: Path) -> None:
    scenario = build_scenario(kq_protokol(BODY_KINDS), baku_date(SystemClock().now()))
    person = scenario.body.members[0].person
    with pytest.raises(NotFoundError, match=r"pki\.key_file_missing") as caught:
        pkcs12_directory(tmp_path, "1234")(person)
    assert caught.value.faults[0].params["file"] == f"{person.fin}.p12"
