"""The registry as training asks it for locations."""

import httpx

from services.chassis.peers import Account, Peer
from services.training.peers import SCOPE, Sites
from tests.support.institutions import provider


def sites_by(transport: httpx.AsyncBaseTransport) -> Sites:
    """The sites of the registry behind this transport."""
    account = Account("http://provider.test/token", ("a client", "a secret"), SCOPE, transport=provider())
    return Sites(Peer("http://registry", transport=transport), account)


def sites_of(known: dict[str, tuple[str, str]], every: str | None = None) -> Sites:
    """A registry of these sites, each with programme and status; others are of the programme `every`."""

    def answer(request: httpx.Request) -> httpx.Response:
        *_, kind, name = request.url.path.split("/")
        if name == "sites":
            found = [one for one, (code, status) in known.items() if code == kind and status != "withdrawn"]
            return httpx.Response(200, json={"items": [{"id": one} for one in found], "next_cursor": None})
        if name not in known and every is None:
            return httpx.Response(404, json={"code": "site_not_found"})
        code, status = known.get(name, (every, "active"))
        return httpx.Response(200, json={"programme_code": code, "status": status})

    return sites_by(httpx.MockTransport(answer))


def silent_sites() -> Sites:
    """A registry that cannot be reached."""

    def answer(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nobody there")

    return sites_by(httpx.MockTransport(answer))
