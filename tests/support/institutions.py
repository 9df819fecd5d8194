"""The registry as screening asks it, and an identity provider that gives screening's account its tokens."""

from collections.abc import Callable
from urllib.parse import parse_qs

import httpx

from services.chassis.peers import Account, Peer
from services.screening.peers import SCOPE, Institutions
from tests.support.callers import call_as

Forms = list[dict[str, list[str]]]


def provider(asked: Forms | None = None, status: int = 200) -> httpx.MockTransport:
    """Gives a token with the scope that is asked for; what it was asked is kept in `asked`."""

    def answer(request: httpx.Request) -> httpx.Response:
        form = parse_qs(request.content.decode())
        if asked is not None:
            asked.append(form | {"authorization": [request.headers["authorization"]]})
        token = call_as(scope=form["scope"][0], counties=["*"])["authorization"].removeprefix("Bearer ")
        return httpx.Response(status, json={"access_token": token, "expires_in": 600})

    return httpx.MockTransport(answer)


def account(transport: httpx.AsyncBaseTransport | None = None) -> Account:
    """Screening's own account there."""
    given = transport or provider()
    return Account("http://provider.test/token", ("a client", "a secret"), SCOPE, transport=given)


def institutions_by(transport: httpx.AsyncBaseTransport, given: Account | None = None) -> Institutions:
    """The institutions of the registry behind this transport."""
    return Institutions(Peer("http://registry", transport=transport), given or account())


def registry_with(*known: str, asked: list[list[str]] | None = None) -> httpx.MockTransport:
    """A registry of these institutions; the ids of each question are kept in `asked`."""

    def answer(request: httpx.Request) -> httpx.Response:
        ids = request.url.params.get_list("id")
        if asked is not None:
            asked.append(ids)
        return httpx.Response(200, json={"items": [{"id": one} for one in ids if one in known], "next": None})

    return httpx.MockTransport(answer)


def silent_registry(asked: list[int], fault: Callable[[], httpx.Response]) -> httpx.MockTransport:
    """A registry that does not answer as it should; every question is counted."""

    def answer(_: httpx.Request) -> httpx.Response:
        asked.append(1)
        return fault()

    return httpx.MockTransport(answer)
