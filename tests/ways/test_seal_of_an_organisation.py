"""An organisation's seal on a document, applied from afar by whoever keeps it, on every database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from doc_service.domain.body_kinds import BODY_KINDS
from doc_service.domain.documents import DocumentState
from doc_service.domain.errors import DomainError
from doc_service.domain.organisations import Organisation
from doc_service.domain.people import Person, PersonRecord
from doc_service.domain.signatures import RequestState, SignatureRequest, SignerKind
from doc_service.domain.signing_operations import SigningOperation
from doc_service.instruments.base import Signatory
from doc_service.instruments.kq_protokol import KqProtokol, kq_protokol
from doc_service.instruments.registry import Registry
from doc_service.services.render_document import RenderDocument
from doc_service.services.signers import assignments
from doc_service.services.ways.start_operation import StartInput
from signing.keys.pkcs12 import Pkcs12Key
from tests.persistence.engines import ENGINES
from tests.ways.bench import Bench, open_bench
from tests.ways.players import PIN, AgentPlayer

VOEN, OTHER = "1402345671", "9903456781"


class _Sealed(KqProtokol):
    """The protocol with a seal in its first place; nothing else about it is changed."""

    def signatories(self, data: Any) -> tuple[Signatory, ...]:
        first, *others = super().signatories(data)
        return (replace(first, seal_voen=VOEN), *others)


@pytest.fixture(params=sorted(ENGINES))
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path, AgentPlayer(), database_url=ENGINES[request.param](tmp_path)) as opened:
        yield opened


def seal_key(bench: Bench, voen: str) -> Pkcs12Key:
    return Pkcs12Key.load(bench.keys.pki.issue_seal(voen, "“Kür-İnşaat” MMC", PIN).pkcs12, PIN)


def with_key(bench: Bench, request: SignatureRequest, key: Pkcs12Key) -> SigningOperation:
    """The keeper at the own computer, with ``key`` in the agent."""
    player = bench.player
    assert isinstance(player, AgentPlayer)
    player._keys.key = lambda person: key  # type: ignore[method-assign]
    started = bench.start([request], StartInput(certificate=key.certificate, chain=key.chain))
    return bench.finish(started, request.signer)


def organisation(bench: Bench, head: Person) -> None:
    use = bench.service.container.use_cases
    use.record_person(PersonRecord(head), "katiblik")
    record = Organisation("kur", "“Kür-İnşaat”", VOEN, "", "Sumqayıt", "", "", "", "", head.id, legal_form="MMC")
    use.record_organisation(record, "katiblik")


def refused(bench: Bench, document_id: str, keeper: Person, code: str) -> None:
    """Nobody but the recorded keeper is asked for the seal."""
    seal = Signatory("sig_01", 1, keeper.id, "Möhür", seal_voen=VOEN)
    with bench.service.container.work.uow.reading() as uow, pytest.raises(DomainError) as caught:
        assignments(uow, uow.documents.get(document_id), [seal], date(2026, 11, 20))
    assert caught.value.code == code


def sealed_document(bench: Bench) -> SignatureRequest:
    """Rendered, with the request for the seal open."""
    container = bench.service.container
    document_id = bench.service.registered()
    plain = kq_protokol(BODY_KINDS)
    registry = Registry([_Sealed(**{f.name: getattr(plain, f.name) for f in fields(plain)})])
    head = bench.service.scenario.body.members[0].person
    refused(bench, document_id, head, "seal.unknown_organisation")
    organisation(bench, head)
    refused(bench, document_id, bench.service.scenario.body.members[1].person, "seal.not_keeper")
    RenderDocument(container.work, registry, container.parts.renderer, container.store)(document_id)
    return bench.open_requests(document_id)[0]


def test_the_keeper_applies_the_seal(bench: Bench) -> None:
    request = sealed_document(bench)
    assert (request.kind, request.voen) == (SignerKind.SEAL, VOEN)
    agreed = bench.agreed(request)
    for key, code in (
        (bench.service.key(request.signer), "signing.no_voen"),
        (seal_key(bench, OTHER), "signing.wrong_organisation"),
    ):
        assert with_key(bench, agreed, key).code == code
        assert bench.request(request).state is not RequestState.SIGNED
    assert with_key(bench, agreed, seal_key(bench, VOEN)).code == ""
    assert bench.request(request).state is RequestState.SIGNED
    document = bench.document(request.document_id)
    assert document.head is not None
    report = bench.service.container.verify(bench.service.container.store.read(document.head.key)).report
    assert [(s.valid, s.fin) for s in report.signatures] == [(True, None)]
    bench.service.sign_all(request.document_id)
    bench.service.container.runner.run_until_idle(timedelta(seconds=60))
    assert bench.document(request.document_id).state is DocumentState.ARCHIVED
