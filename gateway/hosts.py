"""Under which names the platform answers, and from which addresses its callers come."""

from typing import Any

from services.chassis.problems import MalformedRequest, MisdirectedRequest

HOST_CHARACTERS = (
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_:[]"
)
MOST_REMEMBERED = 256


class Hosts:
    """The allow-list of Host names."""

    def __init__(self, allowed: list[str]) -> None:
        self._allowed = frozenset(name.lower().encode() for name in allowed)
        self._seen: set[bytes] = set()

    def check(self, host: bytes | None) -> None:
        """Raise unless the request names exactly one host, and one that is served here."""
        if host in self._seen:
            return
        if not host or host.translate(None, HOST_CHARACTERS):
            raise MalformedRequest
        name, _, port = (
            host.rpartition(b":") if not host.endswith(b"]") else (host, b"", b"")
        )
        if not name:
            name, port = host, b""
        if port and (not port.isdigit() or len(port) > 5):
            raise MalformedRequest
        if name.lower() not in self._allowed:
            raise MisdirectedRequest
        if len(self._seen) < MOST_REMEMBERED:
            self._seen.add(host)


class Addresses:
    """Where a request comes from: its peer, or what a trusted front proxy says."""

    def __init__(self, trusted: list[str]) -> None:
        self._trusted = frozenset(trusted)

    def of(self, client: tuple[str, Any] | None, headers: dict[bytes, bytes]) -> bytes:
        """The caller's address; a claim of the caller's own counts for nothing."""
        peer = client[0] if client else "unix"
        if peer in self._trusted:
            claimed = headers.get(b"x-forwarded-for", b"").rpartition(b",")[2].strip()
            if (
                claimed
                and len(claimed) <= 45
                and not claimed.translate(None, b"0123456789abcdefABCDEF.:")
            ):
                return claimed
        return peer.encode()
