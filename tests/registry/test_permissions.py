"""Every endpoint × every role and scope × own institution, own county, another county, and anonymous."""

import uuid
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from services.chassis.identity import PermissionCheck, Reach
from services.registry.main import app
from services.registry.permissions import GRANTS, Permission
from tests.support.callers import ROLES, SCOPES, call_as
from tests.support.permissions import page
from tests.support.records import INSTITUTION, add_territory

ROOT = Path(__file__).parents[2]
EVERYTHING = call_as(scope="registry:write", subject="somebody else", counties=["*"], institution=None)


class Place(StrEnum):
    """Where what is asked for lies, seen from the caller."""

    OWN_INSTITUTION = "own institution"
    OWN_COUNTY = "another institution of the own county"
    OTHER_COUNTY = "another county"


class Target(NamedTuple):
    """What a request is about: an institution, its service and function, somebody's job."""

    county: str
    institution: dict[str, Any]
    service: dict[str, Any]
    function: dict[str, Any]
    job: str

    @property
    def path(self) -> str:
        return f"/institutions/{self.institution['id']}"


class Ask(NamedTuple):
    """A valid request, and what whoever may not do this *here* is told."""

    method: str
    path: str
    json: dict[str, Any] | None = None
    tag: dict[str, Any] | None = None
    file: bytes | None = None
    out_of_reach: str = ""


def _get(path: Callable[[Target], str], out_of_reach: str = "") -> Callable[[Target], Ask]:
    return lambda target: Ask("GET", path(target), out_of_reach=out_of_reach)


OFFER = {"name": "Konsultacje", "kind": "emotional"}
ENDING = {"closed_on": "2026-12-31", "reason": "koniec"}
FILE = b"external_id;name;type;county_terc\r\n"
REQUESTS: dict[str, Callable[[Target], Ask]] = {
    "list_voivodeships": _get(lambda _: "/voivodeships"),
    "list_counties": _get(lambda _: "/counties"),
    "get_county": _get(lambda target: f"/counties/{target.county}"),
    "list_communes": _get(lambda _: "/communes"),
    "get_commune": _get(lambda target: f"/communes/{target.county}011"),
    "import_territories": lambda _: Ask("POST", "/territory-imports", file=b"x"),
    "list_institutions": _get(lambda _: "/institutions"),
    "get_institution": _get(lambda target: target.path),
    "create_institution": lambda target: Ask(
        "POST", "/institutions", INSTITUTION | {"county_terc": target.county}, out_of_reach="outside-scope"
    ),
    "amend_institution": lambda target: Ask(
        "PATCH", target.path, {"phone": "+48 32 111 22 33"}, target.institution, out_of_reach="outside-scope"
    ),
    "close_institution": lambda target: Ask(
        "POST", f"{target.path}/close", ENDING, target.institution, out_of_reach="outside-scope"
    ),
    "list_functions": _get(lambda target: f"{target.path}/functions"),
    "give_function": lambda target: Ask(
        "POST",
        f"{target.path}/functions",
        {"kind": "coordinating_institution", "held_from": "2026-01-01"},
        out_of_reach="outside-scope",
    ),
    "end_function": lambda target: Ask(
        "POST",
        f"{target.path}/functions/{target.function['id']}/end",
        {"held_to": "2027-01-01", "reason": "koniec"},
        target.function,
        out_of_reach="outside-scope",
    ),
    "import_institutions": lambda _: Ask("POST", "/institution-imports?format=generic", file=FILE),
    "list_support_services": _get(lambda _: "/support-services"),
    "list_stale_support_services": _get(lambda _: "/support-services/stale"),
    "create_support_service": lambda target: Ask(
        "POST",
        "/support-services",
        OFFER | {"institution_id": target.institution["id"]},
        out_of_reach="outside-scope",
    ),
    "get_support_service": _get(lambda target: f"/support-services/{target.service['id']}"),
    "amend_support_service": lambda target: Ask(
        "PATCH",
        f"/support-services/{target.service['id']}",
        {"waiting_days": 3},
        target.service,
        out_of_reach="outside-scope",
    ),
    "verify_support_service": lambda target: Ask(
        "POST", f"/support-services/{target.service['id']}/verify", None, target.service, out_of_reach="outside-scope"
    ),
    "get_county_resources": _get(lambda target: f"/counties/{target.county}/resources", "not-found"),
    "read_events": _get(lambda _: "/events"),
    "list_jobs": _get(lambda _: "/jobs"),
    "get_job": _get(lambda target: f"/jobs/{target.job}", "not-found"),
    "cancel_job": lambda target: Ask("POST", f"/jobs/{target.job}/cancel", out_of_reach="not-found"),
    "list_row_problems": _get(lambda target: f"/jobs/{target.job}/problems", "not-found"),
    "watch_job": _get(lambda target: f"/jobs/{target.job}/events", "not-found"),
}
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


def expected(name: str, holder: str, place: Place, out_of_reach: str) -> str:
    """What the rules say: `done`, or the slug of the refusal."""
    permission = ENDPOINTS[name] or (str(Permission.OPERATE_JOBS) if name in OTHERS_JOBS else None)
    if permission is None:
        return "done"
    reach = GRANTS.get(holder, {}).get(permission)
    if reach is None:
        return "not-found" if name in OTHERS_JOBS else "forbidden"
    if reach is Reach.EVERYWHERE or not out_of_reach:
        return "done"
    own = place is Place.OWN_INSTITUTION if reach is Reach.OWN_INSTITUTION else place is not Place.OTHER_COUNTY
    return "done" if own else out_of_reach


async def make_target(client: httpx.AsyncClient, place: Place) -> Target:
    """Everything that a request may be about, in that place, made by somebody who may do everything."""
    county = "2401" if place is Place.OTHER_COUNTY else "2469"

    async def make(path: str, body: dict[str, Any]) -> dict[str, Any]:
        headers = EVERYTHING | {"idempotency-key": str(uuid.uuid4())}
        made = await client.post(f"/v1/registry{path}", json=body, headers=headers)
        assert made.status_code == 201, made.text
        found: dict[str, Any] = made.json()
        return found

    institution = await make("/institutions", INSTITUTION | {"county_terc": county})
    service = await make("/support-services", OFFER | {"institution_id": institution["id"]})
    held = {"kind": "coordinating_institution", "held_from": "2026-02-01"}
    function = await make(f"/institutions/{institution['id']}/functions", held)
    headers = EVERYTHING | {"idempotency-key": str(uuid.uuid4()), "content-type": "text/csv"}
    url = "/v1/registry/institution-imports?format=generic"
    job = await client.post(url, content=FILE, headers=headers)
    return Target(county, institution, service, function, job.json()["id"])


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
    other = await make_target(registry, Place.OWN_COUNTY)
    wrong = {}
    target = await make_target(registry, place)
    if name == "watch_job":  # the stream of a job that has ended ends
        await registry.post(f"/v1/registry/jobs/{target.job}/cancel", headers=EVERYTHING | {"idempotency-key": "end"})
    for holder in (*ROLES, *SCOPES):
        ask = REQUESTS[name](target)
        mine = target.institution["id"] if place is Place.OWN_INSTITUTION else other.institution["id"]
        answered = await send(registry, ask, caller(holder, mine))
        if answered != (said := expected(name, holder, place, ask.out_of_reach)):
            wrong[holder] = f"{answered}, by the rules {said}"
        if answered == "done" and ask.method != "GET":
            target = await make_target(registry, place)
    assert not wrong


@pytest.mark.parametrize("name", sorted(ENDPOINTS))
async def test_nobody_does_anything_without_a_token(registry: httpx.AsyncClient, name: str) -> None:
    await add_territory(registry)
    ask = REQUESTS[name](await make_target(registry, Place.OWN_COUNTY))
    assert await send(registry, ask, {"authorization": ""}) == "unauthenticated"


def test_the_page_of_permissions_says_what_the_code_says() -> None:
    assert (ROOT / "docs/permissions.md").read_text(encoding="utf-8") == page()
