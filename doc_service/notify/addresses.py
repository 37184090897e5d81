"""Which addresses the service may call for a subscriber: none of its own networks.

A subscriber names a URL and so could make the service call what only it can reach: its own ports, the cloud's metadata
service, machines behind the firewall. The name is resolved here, every address it has is judged, and the connection
goes to an address that was judged, not to what the name means a moment later.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from doc_service.domain.errors import DomainError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Lookup = Callable[[str, int], Sequence[str]]
"""Addresses of a host; raises ``OSError`` when it has none."""

_NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
_COMPATIBLE = ipaddress.IPv6Network("::/96")


def system_lookup(host: str, port: int) -> Sequence[str]:
    """By the system's resolver."""
    found: list[Any] = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """Networks in CIDR notation; raises ``ValueError`` for what is none."""
    return tuple(ipaddress.ip_network(text) for text in texts)


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """Public addresses, and those of ``allowed`` networks (an organisation's own receivers)."""

    allowed: tuple[Network, ...] = ()
    lookup: Lookup = system_lookup

    def resolve(self, host: str, port: int) -> str:
        """An address that may be called. All that the name has must be permitted: one that points to a public and to a
        private address is no honest name.

        Raises ``DomainError`` "webhook.unresolvable", "webhook.address_refused"."""
        try:
            found = [ipaddress.ip_address(text.partition("%")[0]) for text in self.lookup(host, port)]
        except (OSError, UnicodeError, ValueError):
            found = []
        if not found:
            raise DomainError("webhook.unresolvable", "url")
        if not all(self.permits(address) for address in found):
            raise DomainError("webhook.address_refused", "url")
        return str(found[0])

    def permits(self, address: Address) -> bool:
        if any(address.version == net.version and address in net for net in self.allowed):
            return True
        inner = _inner(address)
        if inner is not None:
            return self.permits(inner) and (address.version == 4 or _is_carrier(address))
        return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _inner(address: Address) -> Address | None:
    """The IPv4 address that an IPv6 address stands for (mapped, 6to4, NAT64)."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if any(address in net for net in _NAT64) or address in _COMPATIBLE:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _is_carrier(address: Address) -> bool:
    """Forms of IPv6 that lead to the IPv4 address they hold; Teredo and the old compatible form do not."""
    return isinstance(address, ipaddress.IPv6Address) and (
        address.ipv4_mapped is not None or address.sixtofour is not None or address in _NAT64[0]
    )
