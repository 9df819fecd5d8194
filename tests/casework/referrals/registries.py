"""A registry of one support service, played by a transport; and the account that asks it."""

import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from services.casework.peers import REGISTRY_SCOPE, Registry, asking
from services.chassis.peers import Account, Peer
from tests.support.callers import OTHER_INSTITUTION
from tests.support.institutions import provider

SERVICE_ID = "01990000-0000-7000-8000-0000000000e1"
SERVICE: dict[str, Any] = {
    "id": SERVICE_ID,
    "institution_id": OTHER_INSTITUTION,
    "county_terc": "2401",
    "target_groups": ["child", "expecting_family"],
    "age_from_months": 0,
    "age_to_months": 84,
    "eligibility_documents": [],
    "free_places": 1,
    "offered_from": None,
    "offered_to": None,
}


def account(scope: str = REGISTRY_SCOPE) -> Account:
    """Casework's own account."""
    return Account("http://provider.test/token", ("casework", "a secret"), scope, transport=provider())


def registry_by(transport: httpx.AsyncBaseTransport) -> Registry:
    """The registry behind this transport."""
    return Registry(Peer("http://registry", transport=transport), account())


@dataclass
class FakeRegistry:
    """What there is of the service, who holds a place, and how it fails where a test wants it."""

    service: dict[str, Any] = field(default_factory=lambda: {**SERVICE})
    held: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    centres: list[str] = field(default_factory=list)
    is_silent: bool = False

    @property
    def free(self) -> int:
        """How many places nobody holds."""
        holding = [one for one in self.held.values() if one["state"] in {"reserved", "taken"}]
        return int(self.service["free_places"]) - len(holding)

    @property
    def states(self) -> list[str]:
        """Of every reservation, in order."""
        return [one["state"] for one in self.held.values()]

    def answer(self, request: httpx.Request) -> httpx.Response:
        """One answer, or none."""
        if self.is_silent:
            raise httpx.ConnectError("silent")
        path = request.url.path.removeprefix("/v1/registry/")
        self.asked.append((request.method, path))
        parts = path.split("/")
        if parts[0] == "institutions":
            return self._answer_of_institutions(parts)
        if parts[1] != self.service["id"]:
            return refused(404, "support_service_not_found")
        if len(parts) == 2:
            return httpx.Response(200, json=self.service)
        if len(parts) == 3:
            return self._reserve(request) if request.method == "POST" else self._list(request)
        return self._move(request, parts[3], parts[4])

    def _answer_of_institutions(self, parts: list[str]) -> httpx.Response:
        items = [{"id": str(uuid.uuid4())}] if len(parts) == 1 else [{"county_terc": one} for one in self.centres]
        return httpx.Response(200, json={"items": items, "next_cursor": None})

    def _reserve(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        self.bodies.append(body)
        if self.free < 1:
            return refused(409, "no_free_places")
        made = {"id": str(uuid.uuid4()), "version": 1, "state": "reserved", "of": body["referral_reference"]}
        self.held[made["id"]] = made
        return httpx.Response(201, json=made)

    def _list(self, request: httpx.Request) -> httpx.Response:
        reference, states = request.url.params["referral_reference"], request.url.params.get_list("state")
        found = [one for one in self.held.values() if one["of"] == reference and one["state"] in states]
        return httpx.Response(200, json={"items": found, "next_cursor": None})

    def _move(self, request: httpx.Request, reservation_id: str, verb: str) -> httpx.Response:
        one = self.held[reservation_id]
        if request.headers["if-match"] != f'"{one["id"]}:{one["version"]}"':
            return refused(412, "version_mismatch")
        one |= {"state": {"take": "taken", "release": "released"}[verb], "version": one["version"] + 1}
        return httpx.Response(200, json=one)

    def let_expire(self) -> None:
        """The time of every reservation is over."""
        for one in self.held.values():
            one["state"] = "expired"


def refused(status: int, code: str) -> httpx.Response:
    """A refusal of the registry."""
    return httpx.Response(status, json={"code": code})


@asynccontextmanager
async def playing(registry: FakeRegistry) -> AsyncIterator[FakeRegistry]:
    """In here, this is the registry."""
    with asking(registry_by(httpx.MockTransport(registry.answer))):
        yield registry
