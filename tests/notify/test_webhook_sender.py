"""The one request of a delivery: whom it may reach, how long it may take, and whose certificate it believes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc_service.domain.errors import DomainError
from doc_service.notify.addresses import AddressPolicy, networks
from doc_service.notify.webhook_http import HttpWebhookSender
from tests.notify.certificates import Certificates
from tests.notify.receiver import Answer, Receiver, dripping, hang_up, silent, status

LOOPBACK = networks(["127.0.0.0/8"])


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as made:
        yield made


def sender(policy: AddressPolicy | None = None, seconds: float = 5, **more: object) -> HttpWebhookSender:
    return HttpWebhookSender(policy or AddressPolicy(LOOPBACK), timeout=timedelta(seconds=seconds), **more)  # type: ignore[arg-type]


def refused(code: str, step: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as caught:
        step()
    assert caught.value.code == code
    return str(caught.value.faults[0].params.get("reason", ""))


# Addresses


def leads_to(*addresses: str) -> AddressPolicy:
    return AddressPolicy(lookup=lambda host, port: list(addresses))


PRIVATE = [
    "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "192.0.2.1", "198.18.0.1", "203.0.113.7", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1",
    "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "2002:7f00:1::",
    "2002:a00:1::", "::7f00:1", "::808:808", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
]  # fmt: skip
PUBLIC = ["8.8.8.8", "185.18.244.1", "2a00:1450:4001::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]


@pytest.mark.parametrize("address", PRIVATE)
def test_no_address_of_ours_is_called(address: str) -> None:
    refused("webhook.address_refused", lambda: leads_to(address).resolve("a.example", 443))
    refused("webhook.address_refused", lambda: leads_to("8.8.8.8", address).resolve("a.example", 443))


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_called(address: str) -> None:
    assert leads_to(address).resolve("a.example", 443) == str(networks([address])[0].network_address)


def test_networks_of_the_settings_are_called() -> None:
    policy = AddressPolicy(networks(["10.20.0.0/16"]), lambda host, port: [host])
    assert policy.resolve("10.20.3.4", 443) == "10.20.3.4"
    refused("webhook.address_refused", lambda: policy.resolve("10.21.3.4", 443))
    assert policy.resolve("::ffff:10.20.3.4", 443)


@given(
    st.ip_addresses(network="10.0.0.0/8") | st.ip_addresses(network="127.0.0.0/8") | st.ip_addresses(network="fd00::/8")
)
def test_nothing_of_an_internal_network_passes(address: object) -> None:
    refused("webhook.address_refused", lambda: leads_to(str(address)).resolve("a.example", 443))


def test_a_name_without_address() -> None:
    refused("webhook.unresolvable", lambda: leads_to().resolve("a.example", 443))
    refused("webhook.unresolvable", lambda: AddressPolicy().resolve("does-not-exist.invalid", 443))


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f.1", "[::1]"])
def test_other_ways_to_write_this_machine(host: str, receiver: Receiver) -> None:
    """The system's resolver understands them all, and what it says is judged."""
    url = f"http://{host}:{receiver.port}/"
    with pytest.raises(DomainError, match=r"webhook\.(address_refused|unresolvable)"):
        sender(AddressPolicy()).post(url, {}, b"")
    assert not receiver.got


def test_the_connection_goes_to_the_address_that_was_judged(receiver: Receiver) -> None:
    """A name that means another address a moment later (DNS rebinding) is looked up once."""
    answers = iter([["127.0.0.1"], ["169.254.169.254"]])
    asked: list[str] = []

    def lookup(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return next(answers)

    url = receiver.url(host="hooks.example")
    assert sender(AddressPolicy(LOOPBACK, lookup)).post(url, {"webhook-id": "m"}, b"{}").status == 204
    assert asked == ["hooks.example"]
    assert receiver.got[0].headers["host"] == f"hooks.example:{receiver.port}"


def test_a_redirect_is_an_answer_and_no_order(receiver: Receiver) -> None:
    receiver.then.append(status(302, Location=f"http://127.0.0.1:{receiver.port}/metadata"))
    assert sender().post(receiver.url(), {}, b"").status == 302
    assert [got.path for got in receiver.got] == ["/hook"]


# Time


@pytest.mark.parametrize("answer", [silent(3), dripping(3)], ids=["silent", "dripping"])
def test_a_slow_receiver_is_left(receiver: Receiver, answer: Answer) -> None:
    receiver.then.append(answer)
    start = time.monotonic()
    reason = refused("webhook.no_answer", lambda: sender(seconds=0.5).post(receiver.url(), {}, b"{}"))
    assert reason == "ReadTimeout"
    assert time.monotonic() - start < 2


def test_a_receiver_that_hangs_up_or_is_not_there(receiver: Receiver) -> None:
    receiver.then.append(hang_up)
    refused("webhook.no_answer", lambda: sender().post(receiver.url(), {}, b"{}"))
    refused("webhook.no_answer", lambda: sender().post("http://127.0.0.1:1/", {}, b"{}"))


# TLS


def test_a_receiver_with_a_ca_of_its_own(certificates: Certificates) -> None:
    with Receiver(certificates.server) as receiver:
        assert sender(ca_file=certificates.ca).post(receiver.url(), {}, b"{}").status == 204
        assert refused("webhook.no_answer", lambda: sender().post(receiver.url(), {}, b"{}")) == "certificate"


def test_the_certificate_must_be_of_the_host_that_the_url_names(certificates: Certificates) -> None:
    policy = AddressPolicy(LOOPBACK, lambda host, port: ["127.0.0.1"])
    with Receiver(certificates.elsewhere) as receiver:
        trusting = sender(policy, ca_file=certificates.ca)
        assert trusting.post(receiver.url(host="mail.elsewhere.example"), {}, b"{}").status == 204
        assert refused("webhook.no_answer", lambda: trusting.post(receiver.url(), {}, b"{}")) == "certificate"
