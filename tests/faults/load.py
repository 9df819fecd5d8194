"""Mixed load: lists are read, institutions created, screenings submitted. A write is repeated until it is answered."""

import asyncio
import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import httpx

from onebox.access import Wanted
from onebox.demo.children import answers, children
from tests.faults.ledger import HUNG, NO_ANSWER, Entry, Ledger
from tests.faults.platform import KEEPER, SUBMITTER, TRAINER, WRITER, Platform

CLIENTS_OF_A_ROUTE = 2
PAUSE_SECONDS, REPEAT_SECONDS = 0.02, 0.05
PATIENCE_SECONDS = 5.0
"""How much longer than the deadline a caller waits before the call counts as hung."""

Body = dict[str, Any]


class Route(NamedTuple):
    """What is called: by whom, where, and with which body for a key (None: it is only read)."""

    name: str
    service: str
    caller: Wanted
    path: str
    body: Callable[[str], Body] | None = None


def _institution(key: str) -> Body:
    return {"name": f"Poradnia {key}", "type": "psych_ped_counselling_centre", "county_terc": "2469"}


def _screening(key: str) -> Body:
    child = children()[uuid.UUID(key).int % len(children())]
    return {
        "subject_ref": key,
        "sex": child.sex,
        "county_terc": "2469",
        "instrument_code": "DEMO",
        "instrument_version": 1,
        "informant": "parent",
        "answers": answers(child, "first"),
        "submission": {"born_on": child.born_on.isoformat(), "administered_on": child.screened_on.isoformat()},
    }


def _person(key: str) -> Body:
    return {
        "county_terc": "2469",
        "given_name": "Jan",
        "family_name": f"Przykładowy {key[:8]}",
        "born_on": "2020-03-05",
    }


def _trainee(key: str) -> Body:
    return {
        "county_terc": "2469",
        "given_name": "Jan",
        "family_name": "Przykładowy",
        "sex": "male",
        "organisation_type": "cis",
        "organisation_name": "Centrum Integracji Społecznej",
        "relation": "employee",
        "source": "ledger",
        "external_id": key,
    }


READ = Route("read", "registry", WRITER, "/v1/registry/institutions?limit=20")
CREATE = Route("create", "registry", WRITER, "/v1/registry/institutions", _institution)
SUBMIT = Route("submit", "screening", SUBMITTER, "/v1/screening/screenings", _screening)
KEEP = Route("keep", "casework", KEEPER, "/v1/casework/people", _person)
TRAIN = Route("train", "training", TRAINER, "/v1/training/trainees", _trainee)
ROUTES = (READ, CREATE, SUBMIT, KEEP, TRAIN)


def routes_behind(program: str) -> list[str]:
    """The routes that cannot be answered without a program."""
    return [route.name for route in ROUTES if program in {route.service, "gateway", "postgres"}]


@dataclass
class Load:
    """Clients that call until they are stopped."""

    platform: Platform
    ledger: Ledger
    deadline: float
    seed: int
    is_stopping: bool = False

    async def run(self) -> None:
        """All clients of all routes; ends soon after `is_stopping` is set."""
        async with (
            httpx.AsyncClient(
                base_url=self.platform.url, timeout=self.deadline + PATIENCE_SECONDS, trust_env=False
            ) as client,
            asyncio.TaskGroup() as clients,
        ):
            for number in range(CLIENTS_OF_A_ROUTE):
                for route in ROUTES:
                    chance = random.Random(f"{self.seed} {route.name} {number}")  # noqa: S311 - a plan, no secret
                    clients.create_task(self._call_again_and_again(client, route, chance))

    async def _call_again_and_again(self, client: httpx.AsyncClient, route: Route, chance: random.Random) -> None:
        while not self.is_stopping:
            key = str(uuid.UUID(int=chance.getrandbits(128), version=4))
            while True:
                answered = await self.call(client, route, key)
                await asyncio.sleep(PAUSE_SECONDS if answered.is_success else REPEAT_SECONDS)
                if answered.is_success or self.is_stopping:
                    break

    async def call(self, client: httpx.AsyncClient, route: Route, key: str) -> Entry:
        """One call, written down."""
        headers, started = self.platform.headers(route.caller), time.monotonic()
        status, content = NO_ANSWER, Body()
        try:
            if route.body is None:
                answer = await client.get(route.path, headers=headers)
            else:
                headers = headers | {"Idempotency-Key": key}
                answer = await client.post(route.path, json=route.body(key), headers=headers)
            status, content = answer.status_code, answer.json()
        except httpx.TimeoutException:
            status = HUNG
        except httpx.TransportError:
            pass
        problem = str(content.get("type", "")).rpartition("/")[2] if status >= 400 else ""
        made = str(content.get("id", ""))
        entry = Entry(route.name, key, started, time.monotonic(), status, problem, made)
        self.ledger.add(entry)
        return entry
