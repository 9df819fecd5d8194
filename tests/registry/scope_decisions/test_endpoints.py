"""What is decided to be tested at a site."""

import httpx
import pytest

from tests.registry.sites.moves import Facts, decide, sign, stand, step
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import add_territory

URL = "/v1/registry"
MANAGER = call_as("programme_manager")
COORDINATOR = call_as("county_coordinator")


@pytest.fixture(autouse=True)
async def territory(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)
    registry.headers.update(MANAGER)


async def test_one_person_does_not_sign_for_both_parties(registry: httpx.AsyncClient) -> None:
    made = (await decide(registry, await stand(registry, "TMW"))).json()
    both = call_as(scope="registry:write", subject="one person")
    assert (await sign(registry, made, "project", both | {"idempotency-key": "1"})).status_code == 200
    answer = await sign(registry, made, "coalition", both | {"idempotency-key": "2"})
    refused = assert_problem(answer, 409, "same-person-signed")
    assert (refused["state"], refused["missing"]) == ("without_coalition", ["coalition"])
    again = assert_problem(await sign(registry, made, "project", MANAGER), 409, "state-conflict")
    assert (again["state"], again["allowed"]) == ("without_coalition", ["sign-for-coalition"])
    assert (await sign(registry, made, "coalition", COORDINATOR)).json()["is_valid"] is True


async def test_a_new_decision_supersedes_the_one_before_which_stays(registry: httpx.AsyncClient) -> None:
    site = await stand(registry, "TMW")
    await step(registry, site, "diagnosis")
    first = (await decide(registry, site)).json()
    await sign(registry, first, "project", MANAGER)
    await sign(registry, first, "coalition", COORDINATOR)
    early = await decide(registry, site, spheres=[2], decided_on="2026-01-09")
    assert assert_problem(early, 422, "validation-failed")["errors"][0]["code"] == "wrong_order"
    await decide(registry, site, spheres=[2], decided_on="2026-01-20")
    later = await step(registry, site, "scope_decision", done_on="2026-01-20")
    assert assert_problem(later, 409, "scope-not-decided")["missing"] == ["coalition", "project"]
    # By the decision of its day: signed then, and superseded only later.
    known = await step(registry, site, "scope_decision", done_on="2026-01-19")
    tied = {each["code"]: each["stands_for"] for each in known.json()["steps"]}
    assert tied["scope_decision"] == f"sites/{site['id']}/scope-decisions/{first['id']}"
    rows = (await registry.get(f"{URL}/sites/{site['id']}/scope-decisions")).json()["items"]
    assert [(row["spheres"], row["is_valid"], row["superseded_at"] is None) for row in rows] == [
        ([2], False, True),
        ([1, 3], False, False),
    ]
    refused = assert_problem(await sign(registry, first, "project", MANAGER), 409, "state-conflict")
    assert (refused["state"], refused["allowed"]) == ("superseded", [])


@pytest.mark.parametrize(
    ("programme", "facts", "pointer", "code"),
    [
        ("TMW", {"spheres": [1, 4]}, "/spheres", "not_listed"),
        ("TMW", {"spheres": [1, 1]}, "/spheres", "repeated"),
        ("TMW", {"spheres": []}, "/spheres", "too_short"),
        ("TMW", {"decided_on": "2099-01-01"}, "/decided_on", "in_future"),
        ("MWM", {}, "/spheres", "not_allowed"),
    ],
)
async def test_a_decision_chooses_from_the_programmes_spheres(
    registry: httpx.AsyncClient, programme: str, facts: Facts, pointer: str, code: str
) -> None:
    answer = await decide(registry, await stand(registry, programme), **facts)
    [error] = assert_problem(answer, 422, "validation-failed")["errors"]
    assert (error["pointer"], error["code"]) == (pointer, code)
