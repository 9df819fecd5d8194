"""Mixed load: what is read, and writes, each repeated until it is answered. What was written is written on."""

import asyncio
import hashlib
import random
import time
import uuid
from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.faults.ledger import HUNG, NO_ANSWER, Entry, Ledger
from tests.faults.platform import Platform
from tests.faults.routes import FAMILY_NAME, ROUTES, Route

PAUSE_SECONDS, REPEAT_SECONDS = 0.02, 0.05
PATIENCE_SECONDS = 5.0
"""How much longer than the deadline a caller waits before the call counts as hung."""
MOST_WAITING = 50
"""Of ids that a route which comes after another one has not been called about; the oldest are left out."""


@dataclass
class Load:
    """Clients that call until they are stopped."""

    platform: Platform
    ledger: Ledger
    deadline: float
    seed: int
    known: Mapping[str, str] = field(default_factory=dict)
    """What stands in addresses beside keys."""
    is_stopping: bool = False
    _under_way: int = 0
    _may_call: asyncio.Event = field(default_factory=asyncio.Event)
    _has_ended: asyncio.Event = field(default_factory=asyncio.Event)
    _made: dict[str, deque[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._may_call.set()
        self._made = {route.after: deque(maxlen=MOST_WAITING) for route in ROUTES if route.after}

    def client(self) -> httpx.AsyncClient:
        """Somebody who calls, with the patience of a caller."""
        patience = self.deadline + PATIENCE_SECONDS
        return httpx.AsyncClient(base_url=self.platform.url, timeout=patience, trust_env=False)

    async def run(self) -> None:
        """All clients of all routes; ends soon after `is_stopping` is set."""
        try:
            async with self.client() as client, asyncio.TaskGroup() as clients:
                for route in ROUTES:
                    for number in range(route.clients):
                        chance = random.Random(f"{self.seed} {route.name} {number}")  # noqa: S311 - a plan, no secret
                        clients.create_task(self._call_again_and_again(client, route, chance))
        finally:
            self._has_ended.set()

    async def end(self) -> None:
        """Stop all clients, and wait for their last calls."""
        self.is_stopping = True
        await self._has_ended.wait()

    @asynccontextmanager
    async def standing_still(self) -> AsyncIterator[None]:
        """Nobody calls within the block: what was asked is answered, and no count moves."""
        self._may_call.clear()
        try:
            while self._under_way:
                await asyncio.sleep(PAUSE_SECONDS)
            yield
        finally:
            self._may_call.set()

    async def _call_again_and_again(self, client: httpx.AsyncClient, route: Route, chance: random.Random) -> None:
        while not self.is_stopping:
            key = self._key(route, chance)
            while key:
                await self._may_call.wait()
                answered = await self.call(client, route, key)
                await asyncio.sleep(PAUSE_SECONDS if answered.is_success else REPEAT_SECONDS)
                if answered.is_success or self.is_stopping:
                    break
            if not key:
                await asyncio.sleep(REPEAT_SECONDS)

    def _key(self, route: Route, chance: random.Random) -> str:
        """A new key; of a route after another one the oldest id that waits, or nothing."""
        if not route.after:
            return str(uuid.UUID(int=chance.getrandbits(128), version=4))
        waiting = self._made[route.after]
        return waiting.popleft() if waiting else ""

    async def call(self, client: httpx.AsyncClient, route: Route, key: str) -> Entry:
        """One call, written down."""
        headers, started = self.platform.headers(route.caller), time.monotonic()
        path = route.path.format(key=key, **self.known)
        answer, status = None, NO_ANSWER
        self._under_way += 1
        try:
            if route.body is None:
                answer = await client.get(path, headers=headers)
            else:
                headers = headers | {"Idempotency-Key": key}
                if route.changes:
                    headers["If-Match"] = f'"{key}:1"'
                answer = await client.post(path, json=route.body(key), headers=headers)
        except httpx.TimeoutException:
            status = HUNG
        except httpx.TransportError:
            pass
        finally:
            self._under_way -= 1
        entry = Entry(route.name, key, started, time.monotonic(), status, "", "")
        if answer is not None:
            entry = entry_of(entry, route, answer)
        self.ledger.add(entry)
        if entry.is_success and route.name in self._made:
            self._made[route.name].append(entry.id)
        return entry


def entry_of(call: Entry, route: Route, answer: httpx.Response) -> Entry:
    """The call with what is read off its answer."""
    try:
        content = answer.json()
    except ValueError:
        content = {}
    return call._replace(
        status=answer.status_code,
        problem=str(content.get("type", "")).rpartition("/")[2] if answer.status_code >= 400 else "",
        id=str(content.get("id", "")),
        missing=tuple(sorted({str(part["service"]) for part in content.get("partial", ())})),
        digest=hashlib.sha256(answer.content).hexdigest()[:16] if route.body is not None else "",
        flaw=_flaw(route, answer, content),
    )


def _flaw(route: Route, answer: httpx.Response, content: Any) -> str:
    """What must be in no answer, whatever is broken, in words; nothing when it is sound."""
    if answer.status_code in {429, 503} and "retry-after" not in answer.headers:
        return "I8: it does not say when to try again"
    if answer.status_code >= 400 and FAMILY_NAME in answer.text:
        return "I11: a refusal tells of a person"
    counties = route.caller.counties
    if counties is not None and not set(_counties_in(content)) <= set(counties):
        return "I6: it shows another county"
    return ""


def _counties_in(content: Any) -> Iterator[str]:
    """Every county of which there is something in an answer."""
    if isinstance(content, list):
        for item in content:
            yield from _counties_in(item)
    elif isinstance(content, dict):
        for name, value in content.items():
            if name == "county_terc" and value is not None:
                yield str(value)
            else:
                yield from _counties_in(value)
