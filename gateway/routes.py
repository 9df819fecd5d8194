"""The routing table: which service a path leads to, and what kind of traffic it is."""

from enum import StrEnum
from typing import NamedTuple

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
READ_ONLY = frozenset({"GET", "HEAD"})
"""The methods of the addresses that the gateway answers itself."""


class Traffic(StrEnum):
    """The kind of a request, on which its deadline, body limit and place depend."""

    CALL = "call"
    TRANSFER = "transfer"
    STREAM = "stream"


class Route(NamedTuple):
    """One prefix of the public address space."""

    prefix: bytes
    upstream: str
    needs_token: bool = True
    reference_data: frozenset[bytes] = frozenset()
    """Collections whose identical reads are joined: an answer depends on address and rights."""
    without_token: frozenset[bytes] = frozenset()
    """Collections that are read without a token: a secret in the address opens them."""
    posted_without_token: frozenset[bytes] = frozenset()
    """Those collections that also take a POST without a token."""
    read_without_token: frozenset[bytes] = frozenset()
    """Single addresses below the prefix that anybody may read."""

    def demands_token(self, method: str, path: bytes) -> bool:
        """Whether a request to this address needs a token."""
        rest = path[len(self.prefix) :]
        collection = rest.partition(b"/")[0]
        if method in SAFE_METHODS:
            is_open = collection in self.without_token or (
                rest in self.read_without_token
            )
        else:
            is_open = method == "POST" and collection in self.posted_without_token
        return self.needs_token and not is_open


# A client of FHIR reads the server's capabilities before it has a token (R4).
_METADATA = frozenset({b"fhir/metadata"})
# Shared reads are for data that is public and the same for everybody: the territory.
ROUTES = (
    Route(
        b"/v1/registry/",
        "registry",
        reference_data=frozenset({b"voivodeships", b"counties", b"communes"}),
    ),
    Route(b"/v1/screening/", "screening", read_without_token=_METADATA),
    # Programs that read calendars have no token.
    Route(
        b"/v1/casework/",
        "casework",
        without_token=frozenset({b"calendars"}),
        read_without_token=_METADATA,
    ),
    # Whoever verifies a certificate has no token either. A typed name is posted: it
    # must not be part of an address.
    Route(
        b"/v1/training/",
        "training",
        without_token=frozenset({b"calendars", b"credentials", b"verify"}),
        posted_without_token=frozenset({b"verify"}),
    ),
    # Clients of the token endpoint have no token yet.
    Route(b"/issuer/", "issuer", needs_token=False),
)

TRANSFER_ENDINGS = (
    *(b"-imports", b"-exports", b"-packages", b":batch"),
    # For a document or a material; each service sets its own limit.
    *(b"/attachments", b"/file"),
)
EXPORT_FORMATS = (b"csv", b"spreadsheetml", b"ndjson", b"x-spss")
ORDINARY_FORMATS = frozenset({b"", b"*/*", b"application/json"})
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RoutingTable:
    """The routes of the services that are deployed."""

    def __init__(self, deployed: set[str]) -> None:
        self._by_prefix = {
            route.prefix: route for route in ROUTES if route.upstream in deployed
        }

    def find(self, path: bytes) -> Route | None:
        """The route of a path; None where no service is deployed."""
        # Prefixes end with the second slash, behind /v1/ with the third.
        end = path.find(b"/", 4 if path.startswith(b"/v1/") else 1)
        return self._by_prefix.get(path[: end + 1]) if end > 0 else None


def traffic_of(method: str, path: bytes, query: bytes, accept: bytes) -> Traffic:
    """TRANSFER for uploads and exports, STREAM for event feeds, CALL for the rest."""
    if method == "GET":
        if path.endswith(b"/events"):
            return Traffic.STREAM
        # Nearly every request: it is spared the search below.
        wants_format = b"format=" in query and _names_format(query)
        if accept in ORDINARY_FORMATS and not wants_format:
            return Traffic.CALL
        is_transfer = wants_format or any(kind in accept for kind in EXPORT_FORMATS)
    else:
        is_transfer = method == "POST" and path.endswith(TRANSFER_ENDINGS)
    return Traffic.TRANSFER if is_transfer else Traffic.CALL


def _names_format(query: bytes) -> bool:
    # FHIR's `_format` is the form of a resource, and no file.
    return any(part.startswith(b"format=") for part in query.split(b"&"))


def is_reference_data(route: Route, method: str, path: bytes) -> bool:
    """Whether this reads a collection of reference data, or one entry of it."""
    if not route.reference_data or method != "GET":
        return False
    collection, _, entry = path[len(route.prefix) :].partition(b"/")
    # Resources below an entry, such as those of a county, are not for everybody.
    return collection in route.reference_data and b"/" not in entry
