"""The whole path through the real HTTP service: an operation is started, a stand-in phone answers over a real socket,
the document gets its signature, and judges that we did not write agree."""

from __future__ import annotations

import hashlib
import socket
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
import uvicorn
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doc_service.api.app import create_app
from doc_service.cli.serve import listening
from doc_service.domain.documents import DocumentState
from doc_service.domain.signatures import RequestState, SignatureRequest
from doc_service.domain.signing_operations import OperationState, SigningOperation
from signing.keys.pkcs12 import Pkcs12Key
from tests.api.conftest import free_port
from tests.services.conftest import Service, running_service
from tests.signing.conftest import pdfsig_valid, qpdf_clean
from tests.sima.conftest import MASTER_KEY
from tools.standins.sima_phone import Fault, SimaPhone

pytestmark = pytest.mark.xdist_group("sima")


@dataclass
class Served:
    """The service with its sockets open."""

    service: Service
    http: httpx.Client

    def start(self, request: SignatureRequest) -> SigningOperation:
        """Reads, agrees and starts, as the person's page does."""
        use = self.service.container.use_cases
        shown = use.show_document(request.id, request.signer.id)
        if request.state is not RequestState.CONSENTED:
            use.consent_to_sign(request.id, shown.revision.sha256, request.signer.id)
        return self.service.container.signing.start([request.id], "sima", "", request.signer.id)

    def poll(self, operation: SigningOperation) -> SigningOperation:
        return self.service.container.signing.resume(operation.id, operation.signer_id)

    def phone(self, request: SignatureRequest, *faults: Fault, key: Pkcs12Key | None = None) -> SimaPhone:
        key = key or self.service.key(request.signer)
        return SimaPhone(key, MASTER_KEY, self.http, request.field, frozenset(faults))

    def open_requests(self, document: str) -> list[SignatureRequest]:
        return [r for r in self.service.requests(document) if r.state in (RequestState.OPEN, RequestState.CONSENTED)]

    def head(self, document: str) -> bytes:
        head = self.service.document(document).head
        assert head is not None
        return self.service.container.store.read(head.key)

    def refusals(self, document: str, operation: SigningOperation) -> list[str]:
        with self.service.container.work.uow.reading() as uow:
            events = [
                *uow.audit.of_subject("document", document),
                *uow.audit.of_subject("signing_operation", operation.id),
            ]
        return [str(e.details["code"]) for e in events if "code" in e.details]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    port = free_port()
    sima = {"sima_client_id": 1082, "sima_client_name": "KOBIA (sinaq)", "sima_master_key": MASTER_KEY.decode()}
    opened = running_service(tmp_path_factory.mktemp("sima"), port=port, rate_phones=0, rate_per_address=0, **sima)
    service = next(opened)
    with listening("127.0.0.1", port) as listener, httpx.Client(timeout=60) as http:
        server = uvicorn.Server(uvicorn.Config(create_app(service.container), log_config=None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        deadline = time.monotonic() + 20
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.05)
        yield Served(service, http)
        server.should_exit = True
        thread.join(20)
    next(opened, None)


def test_everybody_signs_on_the_phone_and_the_document_reaches_the_archive(served: Served, tmp_path: Path) -> None:
    document = served.service.signing()
    signed = 0
    while requests := served.open_requests(document):
        before = served.head(document)
        operation = served.start(requests[0])
        assert operation.state is OperationState.WAITING_DEVICE
        phone = served.phone(requests[0])
        answer = phone.run("sima://web-to-app?data=" + str(operation.prompt["url"]))
        assert answer.json() == {"status": "success"}
        assert list(phone.seen.values()) == [before]
        assert served.poll(operation).state is OperationState.DONE
        signed += 1
        after = served.head(document)
        assert after.startswith(before)
        assert pdfsig_valid(after, tmp_path) == signed
    assert signed == len(served.service.requests(document))
    served.service.container.runner.run_until_idle(timedelta(seconds=60))
    assert served.service.document(document).state is DocumentState.ARCHIVED
    final = served.head(document)
    verdict = served.service.container.verify(final)
    assert verdict.report.valid
    assert str(verdict.report.level) == "B-LTA"
    assert pdfsig_valid(final, tmp_path) == signed
    qpdf_clean(final, tmp_path)


@pytest.mark.parametrize(
    ("fault", "code", "live"),
    [
        (Fault.ALTERED_CONTAINER, "sima.bad_seal", True),
        (Fault.OTHER_PATH, "sima.bad_request_signature", True),
        (Fault.OTHER_BODY, "sima.bad_request_signature", True),
        (Fault.WRONG_HASH, "sima.signed_hash", True),
        (Fault.OTHER_BYTES, "sima.other_bytes", False),
        (Fault.NO_SIGNATURE, "sima.no_signature", False),
        (Fault.TWO_SIGNATURES, "sima.two_signatures", False),
        (Fault.NEW_FIELD, "sima.new_field", False),
        (Fault.ANNOTATED, "sima.changed", False),
        (Fault.RETITLED, "sima.changed", False),
        (Fault.BROKEN_PDF_SIGNATURE, "sima.bad_pdf_signature", False),
    ],
)
def test_a_refused_phone_is_told_and_recorded_and_the_document_stays_as_it_was(
    served: Served, one_document: str, fault: Fault, code: str, live: bool
) -> None:
    request = served.open_requests(one_document)[0]
    before = served.head(one_document)
    operation = served.start(request)
    answer = served.phone(request, fault).run(str(operation.prompt["url"]))
    assert answer.status_code in (400, 409, 422)
    assert answer.json()["code"] == code
    assert "errormessage" in answer.json()
    assert code in served.refusals(one_document, operation)
    assert served.head(one_document) == before
    now = served.poll(operation)
    assert now.live is live
    assert live or now.code == code
    if live:
        served.service.container.signing.cancel(operation.id, operation.signer_id)


@pytest.fixture(scope="module")
def one_document(served: Served) -> str:
    return served.service.signing()


def test_after_every_refusal_the_person_still_signs(served: Served, one_document: str) -> None:
    """Runs after the table above, on the same document."""
    request = served.open_requests(one_document)[0]
    operation = served.start(request)
    assert served.phone(request, Fault.OTHER_BODY).run(str(operation.prompt["url"])).status_code == 422
    assert served.phone(request).run(str(operation.prompt["url"])).json() == {"status": "success"}


def test_a_repeated_callback_changes_nothing(served: Served) -> None:
    document = served.service.signing()
    request = served.open_requests(document)[0]
    operation = served.start(request)
    phone = served.phone(request)
    link = str(operation.prompt["url"])
    content = phone.open(link)
    result = phone.result(content, phone.show(phone.fetch(link)))
    assert phone.call_back(content, result).is_success
    after, events = served.head(document), len(served.service.actions(document))
    for _ in range(3):
        assert phone.call_back(content, result).json() == {"status": "success"}
    assert served.head(document) == after
    assert len(served.service.actions(document)) == events
    assert phone.fetch(link).json()["code"] == "sima.finished"


def test_a_second_person_neither_reads_nor_signs(served: Served) -> None:
    document = served.service.signing()
    first, *others = served.service.requests(document)
    operation = served.start(first)
    link = str(operation.prompt["url"])
    thief = served.phone(first, key=served.service.key(others[0].signer))
    assert thief.run(link).json()["code"] == "sima.foreign_fin"
    assert not thief.seen
    content = thief.open(link)
    signed = served.phone(first).sign_pdf(served.head(document))
    result = {**_result(content, served.head(document)), "DataSignature": b64encode(signed).decode()}
    assert thief.call_back(content, result).json()["code"] == "sima.foreign_fin"
    assert "sima.foreign_fin" in served.refusals(document, operation)
    assert served.poll(operation).live
    assert served.phone(first).run(link).is_success


def _result(content, data: bytes) -> dict[str, str]:
    return {
        "Type": "Sign",
        "OperationId": content["OperationInfo"]["OperationId"],
        "DataSignature": "",
        "SignedDataHash": b64encode(hashlib.sha256(data).digest()).decode(),
        "AlgName": "ECDSA_SHA256",
    }


def test_a_callback_after_the_time_or_the_end_is_refused(served: Served) -> None:
    document = served.service.signing()
    request = served.open_requests(document)[0]
    operation = served.start(request)
    phone = served.phone(request)
    link = str(operation.prompt["url"])
    content = phone.open(link)
    result = phone.result(content, phone.show(phone.fetch(link)))
    served.service.container.signing.cancel(operation.id, operation.signer_id)
    assert phone.call_back(content, result).status_code == 409
    assert phone.fetch(link).json()["code"] == "sima.finished"
    assert served.service.requests(document)[0].state is RequestState.CONSENTED


def test_two_documents_are_two_operations_and_their_answers_are_not_mixed(served: Served) -> None:
    documents = [served.service.signing(), served.service.signing()]
    requests = [served.open_requests(d)[0] for d in documents]
    operations = [served.start(r) for r in requests]
    phones = [served.phone(r) for r in requests]
    contents = [p.open(str(o.prompt["url"])) for p, o in zip(phones, operations, strict=True)]
    results = [
        p.result(c, p.show(p.fetch(str(o.prompt["url"])))) for p, c, o in zip(phones, contents, operations, strict=True)
    ]
    assert phones[0].call_back(contents[0], results[1]).json()["code"] == "sima.other_operation"
    mixed = {**results[0], "DataSignature": results[1]["DataSignature"]}
    assert phones[0].call_back(contents[0], mixed).json()["code"] == "sima.other_bytes"
    assert phones[1].call_back(contents[1], results[1]).is_success


def test_a_withdrawn_document_takes_no_signature(served: Served) -> None:
    document = served.service.signing()
    request = served.open_requests(document)[0]
    operation = served.start(request)
    phone = served.phone(request)
    link = str(operation.prompt["url"])
    content = phone.open(link)
    result = phone.result(content, phone.show(phone.fetch(link)))
    before = served.head(document)
    served.service.container.use_cases.withdraw_document(document, "Səhvdir", "katiblik")
    answer = phone.call_back(content, result)
    assert answer.status_code in (404, 409)
    assert answer.json()["code"] in ("signature_request.withdrawn", "state.not_allowed", "sima.finished")
    assert served.head(document) == before


def test_a_login_over_http(served: Served) -> None:
    cases = served.service.container.sima
    assert cases is not None
    begun = cases.authentication.begin()
    document = served.service.signing()
    request = served.service.requests(document)[0]
    assert served.phone(request).run(begun.links.app_link).json() == {"status": "success"}
    identity = cases.authentication.claim(begun.browser)
    assert identity is not None
    assert identity.fin == request.signer.fin


@pytest.mark.parametrize("path", ["/sima/yoxdur/", "/sima/" + "a" * 300 + "/", "/sima/yoxdur/callback"])
def test_unknown_operations(served: Served, path: str) -> None:
    url = served.service.container.settings.service_url.rstrip("/") + path
    answer = served.http.post(url, content=b"{}") if path.endswith("callback") else served.http.get(url)
    assert answer.status_code == 404
    assert "errormessage" in answer.json()


def test_bodies_are_limited_before_they_are_read(served: Served) -> None:
    port = served.service.container.settings.port
    with socket.create_connection(("127.0.0.1", port), timeout=20) as raw:
        head = f"POST /sima/x/callback HTTP/1.1\r\nHost: x\r\nContent-Length: {49 * 1024 * 1024}\r\n\r\n"
        raw.sendall(head.encode())
        assert raw.recv(200).startswith(b"HTTP/1.1 413 ")


def test_calls_of_one_address_are_limited(served: Served) -> None:
    container = served.service.container
    few = replace(container, settings=container.settings.model_copy(update={"rate_phones": 2}))
    phone = TestClient(create_app(few))
    answers = [phone.get("/sima/yoxdur/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [404, 404, 429]
    assert int(answers[2].headers["retry-after"]) > 0
    assert answers[2].json()["code"] == "request.too_many"


def test_a_service_without_sima_says_so(served: Served) -> None:
    phone = TestClient(create_app(replace(served.service.container, sima=None)))
    assert phone.get("/sima/x/").json()["code"] == "sima.disabled"


def test_the_next_person_waits_for_the_phone_and_signs_on_what_it_left(served: Served) -> None:
    document = served.service.signing(6)
    while len(served.open_requests(document)) < 2:
        served.service.sign(served.open_requests(document)[0])
    first, second = served.open_requests(document)[:2]
    before = served.head(document).count(b"/ETSI.CAdES.detached")
    ahead, behind = served.start(first), served.start(second)
    assert behind.prompt["kind"] == "wait"
    assert served.poll(behind).prompt["kind"] == "wait"
    assert served.phone(first).run(str(ahead.prompt["url"])).is_success
    behind = served.poll(behind)
    assert behind.prompt["kind"] == "open"
    phone = served.phone(second)
    assert phone.run(str(behind.prompt["url"])).is_success
    assert next(iter(phone.seen.values())).count(b"/ETSI.CAdES.detached") == before + 1
    assert served.poll(behind).asked == 1


def test_an_overdue_operation_takes_no_callback_and_frees_the_document(served: Served) -> None:
    document = served.service.signing()
    request = served.open_requests(document)[0]
    operation = served.start(request)
    phone = served.phone(request)
    link = str(operation.prompt["url"])
    content = phone.open(link)
    result = phone.result(content, phone.show(phone.fetch(link)))
    with served.service.container.work.uow() as uow:
        stored = uow.operations.get(operation.id)
        uow.operations.save(replace(stored, expires_at=stored.created_at))
        uow.commit()
    assert phone.call_back(content, result).json()["code"] == "sima.expired"
    assert served.poll(operation).state is OperationState.EXPIRED
    again = served.start(served.open_requests(document)[0])
    assert again.id != operation.id
    assert phone.run(str(again.prompt["url"])).is_success


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    path=st.text("abc/%?=.-_ 0123456789é", max_size=60),
    query=st.binary(max_size=60),
    headers=st.dictionaries(st.sampled_from(["ts-cert", "ts-sign", "ts-sign-alg"]), st.text("AB+/=", max_size=40)),
    body=st.binary(max_size=200),
    live=st.booleans(),
)
def test_no_request_is_a_fault_of_the_service(
    bare: TestClient, asked: str, path: str, query: bytes, headers: dict[str, str], body: bytes, live: bool
) -> None:
    """Neither of unknown operations nor of one that a person is asked in."""
    way = f"/sima/{asked}/" if live else f"/sima/{quote(path)}"
    target = f"{way}?tsquery={quote(query)}"
    answers = [bare.get(target, headers=headers), bare.post(f"{way}callback", headers=headers, content=body)]
    assert all(300 <= answer.status_code < 500 for answer in answers)


@pytest.fixture(scope="module")
def asked(served: Served) -> str:
    document = served.service.signing()
    operation = served.start(served.open_requests(document)[0])
    return str(operation.prompt["url"]).partition("/sima/")[2].partition("/")[0]


@pytest.fixture(scope="module")
def bare(served: Served) -> TestClient:
    return TestClient(create_app(served.service.container), raise_server_exceptions=False, follow_redirects=False)
