"""The names under which the platform answers, and the addresses of its callers."""

from typing import Any

from services.chassis.ground.problems import MalformedRequest, MisdirectedRequest

HOST_CHARACTERS = (
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_:[]"
)
# A Host header may name any port: the set must not grow with input of callers.
MOST_REMEMBERED = 256
LONGEST_ADDRESS = 45
"""Characters of an IPv6 address that ends in an IPv4 address."""


class Hosts:
    """The allowed names of the Host header."""

    def __init__(self, allowed: list[str]) -> None:
        self._allowed = frozenset(name.lower().encode() for name in allowed)
        self._accepted: set[bytes] = set()

    def check(self, host: bytes | None) -> None:
        """MalformedRequest without one host name, MisdirectedRequest for one not served here."""
        # Nearly every request repeats a host that was checked before.
        if host in self._accepted:
            return
        if not host or host.translate(None, HOST_CHARACTERS):
            raise MalformedRequest
        # The colons of an IPv6 address in brackets begin no port.
        name, _, port = (
            host.rpartition(b":") if not host.endswith(b"]") else (host, b"", b"")
        )
        if not name:
            # Without a colon `rpartition` puts everything last.
            name, port = host, b""
        if port and (not port.isdigit() or len(port) > 5):
            raise MalformedRequest
        if name.lower() not in self._allowed:
            raise MisdirectedRequest
        if len(self._accepted) < MOST_REMEMBERED:
            self._accepted.add(host)


class Addresses:
    """The address of a request's caller: its peer, or as a trusted proxy reports it."""

    def __init__(self, trusted: list[str]) -> None:
        self._trusted = frozenset(trusted)
        self._proxy_addresses: dict[str, set[str]] = {}

    def trust(self, name: str, addresses: set[str]) -> None:
        """Replace the addresses of the proxy of that name by its present ones."""
        self._trusted = (
            self._trusted - self._proxy_addresses.get(name, set()) | addresses
        )
        self._proxy_addresses[name] = addresses

    def of(self, client: tuple[str, Any] | None, headers: dict[bytes, bytes]) -> bytes:
        """The caller's address. X-Forwarded-For counts only where a trusted proxy sent it."""
        peer = client[0] if client else "unix"
        if peer in self._trusted:
            # The proxy appends the address of its peer: all that stands before the last
            # comma is the caller's own claim.
            last = headers.get(b"x-forwarded-for", b"").rpartition(b",")[2].strip()
            if _may_be_address(last):
                return last
        return peer.encode()


def _may_be_address(text: bytes) -> bool:
    # Not parsed: it only has to be harmless in a header and as a key.
    is_plain = not text.translate(None, b"0123456789abcdefABCDEF.:")
    return 0 < len(text) <= LONGEST_ADDRESS and is_plain
