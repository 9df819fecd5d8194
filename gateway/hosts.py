"""Under which names the platform answers, and from which addresses it is called."""

from typing import Any

from services.chassis.ground.problems import MalformedRequest, MisdirectedRequest

HOST_CHARACTERS = (
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_:[]"
)
# A Host header may name any port: the set must not grow with what callers invent.
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
    """Where a request comes from: its peer, or what a trusted proxy in front says."""

    def __init__(self, trusted: list[str]) -> None:
        self._trusted = frozenset(trusted)
        self._found: dict[str, set[str]] = {}

    def trust(self, name: str, addresses: set[str]) -> None:
        """The proxy of that name is at these addresses now, and at none of before."""
        self._trusted = self._trusted - self._found.get(name, set()) | addresses
        self._found[name] = addresses

    def of(self, client: tuple[str, Any] | None, headers: dict[bytes, bytes]) -> bytes:
        """The caller's address. X-Forwarded-For counts only where a trusted proxy sent it."""
        peer = client[0] if client else "unix"
        if peer in self._trusted:
            # The proxy appends: what stands before the last comma is the caller's own claim.
            last = headers.get(b"x-forwarded-for", b"").rpartition(b",")[2].strip()
            if _may_be_address(last):
                return last
        return peer.encode()


def _may_be_address(text: bytes) -> bool:
    # Not parsed: it has to be harmless in a header and as a key, and no more.
    is_plain = not text.translate(None, b"0123456789abcdefABCDEF.:")
    return 0 < len(text) <= LONGEST_ADDRESS and is_plain
