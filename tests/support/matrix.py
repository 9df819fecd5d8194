"""The matrix of permissions of one service: every endpoint × every role and scope × where what is asked for lies.

Of pairs of a role and a scope, every one is resolved, and those are asked that an endpoint is most likely to confuse.
"""

import uuid
import zlib
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType

import httpx
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from services.chassis.trust.callers import Grants, Reach, Related
from services.chassis.trust.identity import PermissionCheck
from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read
from tests.support.callers import OTHER_INSTITUTION, call_as
from tests.support.holders import ALONE, COVERED, EVERY_SCOPE, PAIRS, STRANGER, Holder, Place, headers_of
from tests.support.records import app_of
from tests.support.sending import send
from tests.support.services import app_called, module_of
from tests.support.undone import relate, start_job, undone

NOBODYS = str(uuid.UUID(int=0))
"""The id of what is not there."""


def _demands(dependant: Dependant) -> Iterator[str]:
    for inner in dependant.dependencies:
        if isinstance(inner.call, PermissionCheck):
            yield str(inner.call.permission)
        yield from _demands(inner)


async def _nothing(_: httpx.AsyncClient) -> None:
    pass


async def make_institution(target: Target, _: Make) -> None:
    """An institution that is known by its id alone, for a service that keeps no more of it."""
    target.made.setdefault("institution", {"id": str(uuid.uuid4())})


@dataclass
class Matrix:
    """A service, the slices with their ASKS, and what is there before anything is asked.

    A slice has `prepare` when its requests are about more than an institution.
    """

    service: str
    slices: Sequence[ModuleType]
    begin: Callable[[httpx.AsyncClient], Awaitable[None]] = _nothing
    prepare: Callable[[Target, Make], Awaitable[None]] = make_institution
    public: frozenset[str] = frozenset()
    """Endpoints that need no token."""

    @property
    def everything(self) -> dict[str, str]:
        """The headers of somebody who may do everything everywhere."""
        return call_as(scope=f"{self.service}:write", subject="somebody else", counties=["*"], institution=None)

    @cached_property
    def of_one_job(self) -> Asks:
        """What is asked about a job of somebody else."""
        name = self.service
        return {
            f"get_{name}_job": asks_to_read(lambda target: f"/jobs/{target.job}", "not-found"),
            f"cancel_{name}_job": lambda target: Ask("POST", f"/jobs/{target.job}/cancel", out_of_reach="not-found"),
            f"list_{name}_row_problems": asks_to_read(lambda target: f"/jobs/{target.job}/problems", "not-found"),
            f"watch_{name}_job": asks_to_read(lambda target: f"/jobs/{target.job}/events", "not-found"),
        }

    @cached_property
    def of_dead_letters(self) -> Asks:
        """What is asked about events that were put aside, of a service that follows others. There are none."""
        name = self.service
        asks: Asks = {
            f"list_{name}_dead_letters": asks_to_read("/dead-letters"),
            f"replay_{name}_dead_letter": lambda _: Ask("POST", f"/dead-letters/{NOBODYS}/replay", lacks="not-found"),
        }
        return {} if self.endpoints.keys().isdisjoint(asks) else asks

    @cached_property
    def of_webhooks(self) -> Asks:
        """What is asked about webhooks. There are none: another's is as unknown as none, to whoever may ask."""
        name, one = self.service, f"/webhooks/{NOBODYS}"
        sent, tag = f"{one}/deliveries/{NOBODYS}", {"id": NOBODYS, "version": 1}

        def asked(method: str, path: str, json: Made | None = None, tag: Made | None = None) -> Callable[..., Ask]:
            return lambda _: Ask(method, path, json, tag, lacks="not-found")

        return {
            f"create_{name}_webhook": lambda _: Ask("POST", "/webhooks", {"url": "http://127.0.0.1:9/"}),
            f"list_{name}_webhooks": asks_to_read("/webhooks"),
            f"get_{name}_webhook": asked("GET", one),
            f"update_{name}_webhook": asked("PATCH", one, {"types": []}, tag),
            f"renew_{name}_webhook": asked("POST", f"{one}/renew"),
            f"rotate_{name}_webhook_secret": asked("POST", f"{one}/rotate-secret", {"keep_hours": 0}, tag),
            f"replay_{name}_webhook": asked("POST", f"{one}/replay", {"after": "0"}, tag),
            **{
                f"{verb}_{name}_webhook": asked("POST", f"{one}/{verb}", tag=tag)
                for verb in ("enable", "disable", "revoke")
            },
            f"test_{name}_webhook": asked("POST", f"{one}/test"),
            f"list_{name}_webhook_deliveries": asked("GET", f"{one}/deliveries"),
            f"get_{name}_webhook_delivery": asked("GET", sent),
            f"replay_{name}_webhook_delivery": asked("POST", f"{sent}/replay"),
            f"put_{name}_webhook_delivery_aside": asked("POST", f"{sent}/put-aside"),
        }

    @cached_property
    def requests(self) -> Asks:
        """A valid request to every endpoint."""
        own = {name: ask for slice_ in self.slices for name, ask in slice_.ASKS.items()}
        lists = {
            f"read_{self.service}_events": asks_to_read("/events"),
            f"list_{self.service}_jobs": asks_to_read("/jobs"),
            f"list_{self.service}_audit_records": asks_to_read("/audit-records"),
            f"list_{self.service}_audit_checkpoints": asks_to_read("/audit-checkpoints"),
            f"export_{self.service}_audit_log": lambda _: Ask(
                "GET", "/audit-log", out_of_reach="outside-scope", only_everywhere=True
            ),
        }
        return lists | self.of_one_job | self.of_dead_letters | self.of_webhooks | own

    @cached_property
    def endpoints(self) -> Mapping[str, str | None]:
        """Every endpoint of the service with the permission it demands."""
        return {
            str(route.name): next(iter(_demands(route.dependant)), None)
            for route in iter_route_contexts(app_called(self.service).routes)
            if isinstance(route.original_route, APIRoute)
        }

    @cached_property
    def grants(self) -> Grants:
        """Which role may do what how far."""
        grants: Grants = module_of(self.service, "permissions").GRANTS
        return grants

    def granted(self, holder: Holder, permission: str) -> set[Reach]:
        """All that has to hold for the holder to use the permission; empty when they may not."""
        sides = [names.split() for names in holder if names]
        granted = [[self.grants.get(name, {}).get(permission) for name in side] for side in sides]
        allowed = [[one.beside if isinstance(one, Related) else one for one in side] for side in granted]
        widest = [max((reach for reach in side if reach is not None), default=None) for side in allowed]
        return {reach for reach in widest if reach is not None} if None not in widest else set()

    def leads(self, holder: Holder, permission: str, ask: Ask) -> bool:
        """Whether a relation of the holder leads to what is asked for."""
        given = self.grants.get(str(holder.role), {}).get(permission)
        return isinstance(given, Related) and not ask.related.keys().isdisjoint(given.kinds)

    def holders(self, name: str) -> Sequence[Holder]:
        """Who asks for an endpoint: each role and each scope, a guardian through an application with every scope, and
        of the pairs one of which both allow it and one of which only the role does.
        """
        permission = self.endpoints[name]
        drawn = zlib.crc32(name.encode())
        role_may = [pair for pair in PAIRS if permission in self.grants.get(str(pair.role), {})]
        both_may = [pair for pair in role_may if permission in self.grants.get(str(pair.scope), {})]
        only_role = [pair for pair in role_may if pair not in both_may]
        pairs = [some[drawn % len(some)] for some in (both_may, only_role) if some]
        return (*ALONE, Holder("guardian", EVERY_SCOPE), *pairs)

    def expected(self, name: str, holder: Holder, place: Place, ask: Ask) -> str:
        """What the rules say: `done`, or the slug of the refusal."""
        if holder == STRANGER:
            return "done" if name in self.public else "unauthenticated"
        of_a_job = name in self.of_one_job
        permission = self.endpoints[name] or (f"{self.service}:jobs:operate" if of_a_job else None)
        if permission is None:
            return "done"
        reaches = self.granted(holder, permission)
        if not reaches:
            return "not-found" if of_a_job else "forbidden"
        if name == f"list_{self.service}_row_problems":
            return "for-requester-only"
        if reaches == {Reach.EVERYWHERE} or not ask.out_of_reach:
            return "done"
        if ask.only_everywhere:
            return ask.out_of_reach
        if place is Place.RELATED and self.leads(holder, permission, ask):
            return "done"
        return "done" if all(place in COVERED[reach] for reach in reaches) else ask.out_of_reach

    async def make_target(self, client: httpx.AsyncClient, place: Place, name: str) -> Target:
        """What the request of that name is about, in that place, made by somebody who may do everything."""
        target = Target("2401" if place is Place.OTHER_COUNTY else "2469", client=client, asked=name)

        async def make(path: str, body: Made, tag: Made | None = None) -> Made:
            headers = self.everything | {"idempotency-key": str(uuid.uuid4())}
            if tag is not None:
                headers["if-match"] = f'"{tag["id"]}:{tag["version"]}"'
            answer = await client.post(f"/v1/{self.service}{path}", json=body, headers=headers)
            assert answer.status_code == (201 if tag is None else 200), answer.text
            made: Made = answer.json()
            return made

        asked_of = next((slice_ for slice_ in self.slices if name in slice_.ASKS), None)
        await getattr(asked_of, "prepare", self.prepare)(target, make)
        if asked_of is None:
            target.job = await start_job(client)
        return target

    async def send(self, client: httpx.AsyncClient, ask: Ask, caller: dict[str, str]) -> str:
        """`done`, or the slug of the problem that was answered."""
        return await send(app_of(client), self.service, ask, caller)

    @cached_property
    def parts(self) -> Mapping[str, Sequence[str]]:
        """Every endpoint, by the slice that makes what it is asked about; by the service where none does."""
        slices = {name: slice_.__name__.split(".")[-2] for slice_ in self.slices for name in slice_.ASKS}
        found: dict[str, list[str]] = {}
        for name in sorted(self.endpoints):
            found.setdefault(slices.get(name, self.service), []).append(name)
        return found

    async def contradictions(self, client: httpx.AsyncClient, part: str) -> dict[str, str]:
        """Who is answered by an endpoint of this part in another way than the rules say; empty when nobody is."""
        await self.begin(client)
        wrong: dict[str, str] = {}
        for places in ((Place.OWN_INSTITUTION, Place.OWN_COUNTY), (Place.OTHER_COUNTY,)):
            left = self.parts[part]
            while left:
                async with undone(client):  # between the first two differs who asks, and not what is asked for
                    target = await self.make_target(client, places[0], left[0])
                    for name in filter(target.serves, left):
                        wrong |= await self._contradictions_of(name, places, client, target)
                left = [name for name in left if not target.serves(name)]
        return wrong

    async def _contradictions_of(
        self, name: str, places: Sequence[Place], client: httpx.AsyncClient, target: Target
    ) -> dict[str, str]:
        wrong: dict[str, str] = {}
        async with undone(client):
            if name == f"watch_{self.service}_job":  # the stream of a job that has ended ends
                cancelled = self.of_one_job[f"cancel_{self.service}_job"](target)
                assert await self.send(client, cancelled, call_as("operator")) == "done"
            wrong |= await self._unread(name, client, target)
            for place in places:
                wrong |= await self._contradictions_in(place, client, name, target)
            if places[0] is Place.OTHER_COUNTY and self.requests[name](target).related:
                wrong |= await self._contradictions_in(Place.RELATED, client, name, target)
        return wrong

    async def _unread(self, name: str, client: httpx.AsyncClient, target: Target) -> dict[str, str]:
        """What is changed by its ETag is read alone at its own address, which gives that ETag."""
        ask = self.requests[name](target)
        before, key, _ = ask.path.partition(str(ask.tag["id"])) if ask.tag else ("", "", "")
        if ask.tag is None or not key or key == NOBODYS:
            return {}
        answer = await client.get(f"/v1/{self.service}{before}{key}", headers=self.everything)
        tag = f'"{key}:{ask.tag["version"]}"'
        told = answer.headers.get("etag", answer.status_code)
        return {} if told == tag else {f"{name}, before": f"its own address tells {told}, not {tag}"}

    async def _contradictions_in(
        self, place: Place, client: httpx.AsyncClient, name: str, target: Target
    ) -> dict[str, str]:
        own = target["institution"]["id"] if place is Place.OWN_INSTITUTION else OTHER_INSTITUTION
        wrong: dict[str, str] = {}
        ask = self.requests[name](target)
        for holder in self.holders(name):
            said = self.expected(name, holder, place, ask)
            # A look leaves what is looked at as it was: the next one finds everything as this one did.
            changes = (said == "done" and ask.method != "GET") or place is Place.RELATED
            async with undone(client) if changes else nullcontext():
                if place is Place.RELATED:
                    await relate(client, holder, ask)
                answered = await self.send(client, ask, headers_of(holder, own))
            answered = "done" if answered == ask.lacks else answered
            if answered != said:
                wrong[f"{name}, {holder}, {place}"] = f"{answered}, by the rules {said}"
        return wrong
