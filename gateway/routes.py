"""The routing table: which path goes to which service, who may ask, and what the request may cost."""

from enum import StrEnum
from typing import NamedTuple


class Traffic(StrEnum):
    """What kind of request it is; its deadline, body limit and share of the capacity follow from that."""

    CALL = "call"
    TRANSFER = "transfer"
    STREAM = "stream"


class Route(NamedTuple):
    """One prefix of the public address space."""

    prefix: bytes
    upstream: str
    needs_token: bool = True
    reference_data: frozenset[bytes] = frozenset()
    """Collections whose answer depends on address and roles alone, so that identical reads can be joined."""


ROUTES = (
    Route(
        b"/v1/registry/",
        "registry",
        reference_data=frozenset({b"voivodeships", b"counties", b"communes"}),
    ),
    Route(b"/v1/screening/", "screening"),
    Route(b"/v1/casework/", "casework"),
    Route(b"/v1/training/", "training"),
    Route(b"/issuer/", "issuer", needs_token=False),
)

TRANSFER_ENDINGS = (b"-imports", b"-exports", b"-packages", b":batch")
EXPORT_FORMATS = (b"csv", b"spreadsheetml", b"ndjson", b"x-spss")
ORDINARY_FORMATS = frozenset({b"", b"*/*", b"application/json"})
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class RoutingTable:
    """The routes of the services that are deployed."""

    def __init__(self, deployed: set[str]) -> None:
        self._by_prefix = {
            route.prefix: route for route in ROUTES if route.upstream in deployed
        }

    def find(self, path: bytes) -> Route | None:
        """The route of a path, None where there is nothing."""
        end = path.find(b"/", 4 if path.startswith(b"/v1/") else 1)
        return self._by_prefix.get(path[: end + 1]) if end > 0 else None


def traffic_of(method: str, path: bytes, query: bytes, accept: bytes) -> Traffic:
    """Uploads and exports take long and hold much; event streams stay open; the rest is a call."""
    if method == "GET":
        if path.endswith(b"/events"):
            return Traffic.STREAM
        if accept in ORDINARY_FORMATS and b"format=" not in query:
            return Traffic.CALL
        exports = b"format=" in query or any(kind in accept for kind in EXPORT_FORMATS)
    else:
        exports = method == "POST" and path.endswith(TRANSFER_ENDINGS)
    return Traffic.TRANSFER if exports else Traffic.CALL


def is_reference_data(route: Route, method: str, path: bytes) -> bool:
    """Whether this reads a collection of reference data or one entry of it, and nothing below."""
    if not route.reference_data or method != "GET":
        return False
    collection, _, entry = path[len(route.prefix) :].partition(b"/")
    return collection in route.reference_data and b"/" not in entry
