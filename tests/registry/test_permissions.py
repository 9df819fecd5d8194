"""Every endpoint × every role and scope × own institution, own county, another county, and anonymous."""

import uuid
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import httpx
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from services.chassis.identity import PermissionCheck, Reach
from services.registry.main import app
from services.registry.permissions import GRANTS, Permission
from tests.registry.agreements import asks as agreements
from tests.registry.appointments import asks as appointments
from tests.registry.bodies import asks as bodies
from tests.registry.institutions import asks as institutions
from tests.registry.networks import asks as networks
from tests.registry.processes import asks as processes
from tests.registry.programmes import asks as programmes
from tests.registry.register_reports import asks as register_reports
from tests.registry.support_services import asks as support_services
from tests.registry.territories import asks as territories
from tests.support.asks import Ask, Asks, Made, Target, asks_to_read
from tests.support.callers import ROLES, SCOPES, call_as
from tests.support.permissions import page
from tests.support.records import add_territory

ROOT = Path(__file__).parents[2]
EVERYTHING = call_as(scope="registry:write", subject="somebody else", counties=["*"], institution=None)


class Place(StrEnum):
    """Where what is asked for lies, seen from the caller."""

    OWN_INSTITUTION = "own institution"
    OWN_COUNTY = "another institution of the own county"
    OTHER_COUNTY = "another county"


SLICES = (
    territories,
    institutions,
    support_services,
    processes,
    agreements,
    networks,
    programmes,
    bodies,
    register_reports,
    appointments,
)
"""Each has ASKS, and `prepare` when its requests are about more than an institution."""

OF_EVERY_SERVICE: Asks = {
    "read_events": asks_to_read("/events"),
    "list_jobs": asks_to_read("/jobs"),
    "get_job": asks_to_read(lambda target: f"/jobs/{target.job}", "not-found"),
    "cancel_job": lambda target: Ask("POST", f"/jobs/{target.job}/cancel", out_of_reach="not-found"),
    "list_row_problems": asks_to_read(lambda target: f"/jobs/{target.job}/problems", "not-found"),
    "watch_job": asks_to_read(lambda target: f"/jobs/{target.job}/events", "not-found"),
}
ASKED_OF = {name: slice_ for slice_ in SLICES for name in slice_.ASKS}
REQUESTS: Asks = OF_EVERY_SERVICE | {name: slice_.ASKS[name] for name, slice_ in ASKED_OF.items()}
OTHERS_JOBS = {"get_job", "cancel_job", "list_row_problems", "watch_job"}


def _demands(dependant: Dependant) -> Iterator[str]:
    for inner in dependant.dependencies:
        if isinstance(inner.call, PermissionCheck):
            yield str(inner.call.permission)
        yield from _demands(inner)


ENDPOINTS = {
    str(route.name): next(iter(_demands(route.dependant)), None)
    for route in iter_route_contexts(app.routes)
    if isinstance(route.original_route, APIRoute)
}


def expected(name: str, holder: str, place: Place, ask: Ask) -> str:
    """What the rules say: `done`, or the slug of the refusal."""
    permission = ENDPOINTS[name] or (str(Permission.OPERATE_JOBS) if name in OTHERS_JOBS else None)
    if permission is None:
        return "done"
    reach = GRANTS.get(holder, {}).get(permission)
    if reach is None:
        return "not-found" if name in OTHERS_JOBS else "forbidden"
    if reach is Reach.EVERYWHERE or not ask.out_of_reach:
        return "done"
    if ask.only_everywhere:
        return ask.out_of_reach
    own = place is Place.OWN_INSTITUTION if reach is Reach.OWN_INSTITUTION else place is not Place.OTHER_COUNTY
    return "done" if own else ask.out_of_reach


async def make_target(client: httpx.AsyncClient, place: Place, name: str) -> Target:
    """What the request of that name is about, in that place, made by somebody who may do everything."""
    target = Target("2401" if place is Place.OTHER_COUNTY else "2469", client=client, asked=name)

    async def make(path: str, body: Made, tag: Made | None = None) -> Made:
        headers = EVERYTHING | {"idempotency-key": str(uuid.uuid4())}
        if tag is not None:
            headers["if-match"] = f'"{tag["id"]}:{tag["version"]}"'
        answer = await client.post(f"/v1/registry{path}", json=body, headers=headers)
        assert answer.status_code == (201 if tag is None else 200), answer.text
        made: Made = answer.json()
        return made

    prepare = getattr(ASKED_OF.get(name), "prepare", institutions.prepare)
    await prepare(target, make)
    if name in OF_EVERY_SERVICE:
        headers = EVERYTHING | {"idempotency-key": str(uuid.uuid4()), "content-type": "text/csv"}
        url = "/v1/registry/institution-imports?format=generic"
        target.job = (await client.post(url, content=institutions.FILE, headers=headers)).json()["id"]
    return target


async def send(client: httpx.AsyncClient, ask: Ask, caller: dict[str, str]) -> str:
    """`done`, or the slug of the problem that was answered."""
    headers = caller | ({"idempotency-key": str(uuid.uuid4())} if ask.method == "POST" else {})
    if ask.tag is not None:
        headers["if-match"] = f'"{ask.tag["id"]}:{ask.tag["version"]}"'
    if ask.file is not None:
        headers["content-type"] = "text/csv"
    url = f"/v1/registry{ask.path}"
    async with client.stream(ask.method, url, json=ask.json, content=ask.file, headers=headers) as answer:
        if answer.is_success:
            return "done"
        await answer.aread()
        return str(answer.json()["type"]).removeprefix("/problems/")


def caller(holder: str, own_institution: str) -> dict[str, str]:
    """Somebody of that role or scope, in county 2469, with that institution as their own."""
    return call_as(
        holder if holder in ROLES else None,
        scope=holder if holder in SCOPES else None,
        institution=own_institution,
    )


def test_every_endpoint_has_a_request_here() -> None:
    assert {*REQUESTS} == {*ENDPOINTS}


@pytest.mark.parametrize("place", list(Place))
@pytest.mark.parametrize("name", sorted(ENDPOINTS))
async def test_everybody_may_do_what_the_rules_say_and_nothing_else(
    registry: httpx.AsyncClient, name: str, place: Place
) -> None:
    await add_territory(registry)
    other = await make_target(registry, Place.OWN_COUNTY, name)
    wrong = {}
    target = await make_target(registry, place, name)
    if name == "watch_job":  # the stream of a job that has ended ends
        await registry.post(f"/v1/registry/jobs/{target.job}/cancel", headers=EVERYTHING | {"idempotency-key": "end"})
    for holder in (*ROLES, *SCOPES):
        ask = REQUESTS[name](target)
        mine = target["institution"]["id"] if place is Place.OWN_INSTITUTION else other["institution"]["id"]
        answered = await send(registry, ask, caller(holder, mine))
        if answered != (said := expected(name, holder, place, ask)):
            wrong[holder] = f"{answered}, by the rules {said}"
        if answered == "done" and ask.method != "GET":
            target = await make_target(registry, place, name)
    assert not wrong


@pytest.mark.parametrize("name", sorted(ENDPOINTS))
async def test_nobody_does_anything_without_a_token(registry: httpx.AsyncClient, name: str) -> None:
    await add_territory(registry)
    ask = REQUESTS[name](await make_target(registry, Place.OWN_COUNTY, name))
    assert await send(registry, ask, {"authorization": ""}) == "unauthenticated"


def test_the_page_of_permissions_says_what_the_code_says() -> None:
    assert (ROOT / "docs/permissions.md").read_text(encoding="utf-8") == page()
