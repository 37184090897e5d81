"""Mail servers that run for the session, emptied for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.notify.certificates import Certificates, make
from tools.servers.smtp import SmtpServer

USERS = {"xidmet": "açar söz"}


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def plain_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmtpServer]:
    with SmtpServer(tmp_path_factory.mktemp("smtp")) as server:
        yield server


@pytest.fixture(scope="session")
def starttls_server(tmp_path_factory: pytest.TempPathFactory, certificates: Certificates) -> Iterator[SmtpServer]:
    directory = tmp_path_factory.mktemp("smtp-starttls")
    with SmtpServer(directory, certificate=certificates.server, users=USERS) as server:
        yield server


@pytest.fixture(scope="session")
def tls_server(tmp_path_factory: pytest.TempPathFactory, certificates: Certificates) -> Iterator[SmtpServer]:
    directory = tmp_path_factory.mktemp("smtp-tls")
    with SmtpServer(directory, certificate=certificates.server, implicit=True, users=USERS) as server:
        yield server


@pytest.fixture
def mail_server(plain_server: SmtpServer) -> SmtpServer:
    plain_server.forget()
    return plain_server


@pytest.fixture
def secured_server(starttls_server: SmtpServer) -> SmtpServer:
    starttls_server.forget()
    return starttls_server
