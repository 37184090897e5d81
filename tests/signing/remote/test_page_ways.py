"""The ways in which the person's page brings the signatures: Web eID and the agent, with the real engine."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from signing.api import Appearance, Level, PreparedSignature, SigningError
from signing.devpki import Holder, KeyType, Profile
from signing.remote.agent import AgentSigner
from signing.remote.api import (
    Ask,
    Authorised,
    Binding,
    ClientSigned,
    Entered,
    Identified,
    PromptKind,
    Returned,
    Signed,
    Start,
    ToSign,
)
from signing.remote.web_eid import OFFERED, WebEidSigner
from tests.pki_fixtures import HOLDER, PIN, refused
from tools.standins.web_eid_extension import CardKey, Extension

PARTS = ("cryptoAlgorithm", "hashFunction", "paddingScheme")
OTHER = Holder("7KLM2N3", "Həsənov", "Rauf", "Elçin oğlu")


@dataclass
class MovableClock:
    moved: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.moved


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


def card(workshop: Any, name: str = "", holder: Holder = HOLDER) -> CardKey:
    kinds = {"": KeyType.P256, "p384": KeyType.P384, "rsa": KeyType.RSA2048}
    return CardKey.from_pkcs12(workshop.pki.issue(holder, Profile(name, key_type=kinds[name])).pkcs12, PIN)


def prepared(workshop: Any, base: bytes, certificate: bytes, field: str = "imza0") -> PreparedSignature:
    made: PreparedSignature = workshop.engine.prepare(
        base,
        field=field,
        certificate=certificate,
        chain=workshop.pki.pki.chain,
        appearance=Appearance("İmza", ()),
        signing_time=datetime.now(UTC),
    )
    return made


def task(one: PreparedSignature, reference: str = "r1") -> ToSign:
    digest = one.algorithm.partition("_")[0]
    hashed = hashlib.new(digest, one.to_be_signed).digest()
    return ToSign(reference, "Protokol № 5", one.to_be_signed, hashed, digest, one.algorithm)


def start(extension: Extension) -> Start:
    """As the page begins after ``getSigningCertificate``."""
    given = extension.get_signing_certificate()
    offered = given["supportedSignatureAlgorithms"]
    return Start(
        "op-1",
        HOLDER.fin,
        1,
        parameters={OFFERED: " ".join("/".join(one[part] for part in PARTS) for one in offered)},
        certificate=base64.b64decode(given["certificate"]),
        chain=(),
    )


def page(extension: Extension, ask: Ask) -> ClientSigned:
    """As ``web_eid.js`` answers a SIGN prompt."""
    functions = {"sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}
    certificate = extension.get_signing_certificate()["certificate"]
    return ClientSigned(
        {
            one.reference: base64.b64decode(
                extension.sign(certificate, base64.b64encode(one.digest).decode(), functions[one.digest_algorithm])[
                    "signature"
                ]
            )
            for one in ask.prompt.tasks
        }
    )


@pytest.mark.parametrize(("name", "algorithm"), [("", "sha256_ecdsa"), ("p384", "sha384_ecdsa"), ("rsa", "sha256_rsa")])
def test_card_signs_a_document(
    workshop: Any, placed: bytes, judges: Any, clock: MovableClock, name: str, algorithm: str
) -> None:
    key = card(workshop, name)
    extension = Extension("https://senedler.example.az", key, key)
    way = WebEidSigner(clock)
    begun = way.begin(start(extension))
    assert isinstance(begun, Identified)
    assert begun.certificate == key.der
    assert (begun.terms.binding, begun.terms.batch) == (Binding.HASHES, 1)
    one = prepared(workshop, placed, begun.certificate)
    assert one.algorithm == algorithm
    ask = way.authorise(begun.session, 1, [task(one)])
    assert ask.prompt.kind is PromptKind.SIGN
    assert ask.authorises
    signed = way.resume(ask.session, page(extension, ask))
    assert isinstance(signed, Signed)
    revision = workshop.engine.complete(placed, one, signed.signatures["r1"], level=Level.B_B)
    assert judges.valid_signatures(revision.pdf) == 1
    assert extension.pins_asked == 1


def test_card_that_cannot_sign_so_is_refused_before_the_pin(workshop: Any, clock: MovableClock) -> None:
    p384 = card(workshop, "p384")
    rsa = card(workshop, "rsa")
    way = WebEidSigner(clock)
    for extension in (
        Extension("https://a.az", p384, p384, hash_functions=("SHA-256",)),
        Extension("https://a.az", p384, p384, hash_functions=()),
        Extension("https://a.az", rsa, rsa, pss=True),
    ):
        with refused("signing.web_eid_card_algorithm"):
            way.begin(start(extension))
        assert extension.pins_asked == 0


@pytest.mark.parametrize("offered", ["", "ECC", "ecc/sha-256/none", "ECC/SHA-256/NONE,", "[{}]", "ECC/SHA-2560/NONE"])
def test_offers_that_do_not_name_the_algorithm(workshop: Any, clock: MovableClock, offered: str) -> None:
    begun = Start("op", HOLDER.fin, 1, parameters={OFFERED: offered}, certificate=card(workshop).der)
    with refused("signing.web_eid_card_algorithm"):
        WebEidSigner(clock).begin(begun)


@pytest.mark.parametrize("certificate", [b"", b"junk"])
def test_page_without_a_certificate(clock: MovableClock, certificate: bytes) -> None:
    for way in (WebEidSigner(clock), AgentSigner(clock)):
        with refused("signing.bad_certificate"):
            way.begin(Start("op", HOLDER.fin, 1, parameters={OFFERED: "[]"}, certificate=certificate))


def test_card_of_another_person_does_not_get_into_the_document(
    workshop: Any, placed: bytes, clock: MovableClock
) -> None:
    mine, other = card(workshop), card(workshop, holder=OTHER)
    way = WebEidSigner(clock)
    begun = way.begin(start(Extension("https://a.az", mine, mine)))
    ask = way.authorise(begun.session, 1, [task(prepared(workshop, placed, begun.certificate))])
    with refused("signing.bad_signature"):
        way.resume(ask.session, page(Extension("https://a.az", other, other), ask))


def test_signature_over_another_document_or_by_another_hash(workshop: Any, placed: bytes, clock: MovableClock) -> None:
    key = card(workshop)
    extension = Extension("https://a.az", key, key)
    way = WebEidSigner(clock)
    begun = way.begin(start(extension))
    one = prepared(workshop, placed, begun.certificate)
    two = prepared(workshop, placed, begun.certificate, "imza1")
    ask = way.authorise(begun.session, 1, [task(one)])
    other = way.authorise(begun.session, 1, [task(two)])
    with refused("signing.bad_signature"):
        way.resume(ask.session, page(extension, other))
    wide = base64.b64encode(hashlib.sha384(one.to_be_signed).digest()).decode()
    answer = extension.sign(base64.b64encode(key.der).decode(), wide, "SHA-384")
    with refused("signing.bad_signature"):
        way.resume(ask.session, ClientSigned({"r1": base64.b64decode(answer["signature"])}))


def test_answers_to_something_else(workshop: Any, placed: bytes, clock: MovableClock) -> None:
    key = card(workshop)
    extension = Extension("https://a.az", key, key)
    way = WebEidSigner(clock)
    begun = way.begin(start(extension))
    ask = way.authorise(begun.session, 1, [task(prepared(workshop, placed, begun.certificate))])
    good = page(extension, ask).signatures["r1"]
    for answer in (
        ClientSigned({}),
        ClientSigned({"r2": good}),
        ClientSigned({"r1": good, "r2": good}),
        Returned({}),
        Entered({"pin": "1"}),
    ):
        with refused("signing.remote_wrong_answer"):
            way.resume(ask.session, answer)
    with refused("signing.remote_wrong_answer"):
        way.resume(begun.session, ClientSigned({"r1": good}))
    with refused("signing.remote_wrong_answer"):
        way.resume(b"junk", ClientSigned({"r1": good}))


def test_answer_after_the_time_out(workshop: Any, placed: bytes, clock: MovableClock) -> None:
    key = card(workshop)
    extension = Extension("https://a.az", key, key)
    way = WebEidSigner(clock)
    begun = way.begin(start(extension))
    ask = way.authorise(begun.session, 1, [task(prepared(workshop, placed, begun.certificate))])
    answer = page(extension, ask)
    clock.moved = begun.terms.hold + timedelta(seconds=1)
    with refused("signing.remote_expired"):
        way.resume(ask.session, answer)


def test_prompt_is_the_same_after_a_lost_answer(workshop: Any, placed: bytes, clock: MovableClock) -> None:
    key = card(workshop)
    way = WebEidSigner(clock)
    begun = way.begin(start(Extension("https://a.az", key, key)))
    ask = way.authorise(begun.session, 1, [task(prepared(workshop, placed, begun.certificate))])
    assert way.resume(ask.session, None) == ask


def test_agent_signs_several_documents_with_one_agreement(
    workshop: Any, placed: bytes, judges: Any, clock: MovableClock
) -> None:
    key = workshop.pki.person()
    way = AgentSigner(clock)
    begun = way.begin(Start("op", HOLDER.fin, 2, certificate=key.certificate, chain=key.chain))
    assert begun.chain == key.chain
    assert begun.terms.binding is Binding.SESSION
    authorised = way.authorise(begun.session, 2, [])
    assert isinstance(authorised, Authorised)
    session = authorised.session
    for again in (False, True):
        documents = [prepared(workshop, placed, key.certificate, f"imza{n}") for n in range(2)]
        ask = way.sign(session, [task(one, f"r{n}") for n, one in enumerate(documents)], again=again)
        assert not ask.authorises
        answer = ClientSigned({t.reference: key.sign(t.data, t.algorithm) for t in ask.prompt.tasks})
        signed = way.resume(ask.session, answer)
        assert isinstance(signed, Signed)
        for number, one in enumerate(documents):
            revision = workshop.engine.complete(placed, one, signed.signatures[f"r{number}"], level=Level.B_B)
            assert judges.valid_signatures(revision.pdf) == 1
        session = signed.session


def test_agent_is_not_asked_for_nothing_or_for_one_thing_twice(
    workshop: Any, placed: bytes, clock: MovableClock
) -> None:
    key = workshop.pki.person()
    way = AgentSigner(clock)
    begun = way.begin(Start("op", HOLDER.fin, 1, certificate=key.certificate))
    one = task(prepared(workshop, placed, key.certificate))
    for tasks in ([], [one, one]):
        with pytest.raises(SigningError, match="wrong_answer"):
            way.sign(begun.session, tasks, again=False)
