"""The life of sites, through the API."""

from typing import Any

import httpx
import pytest

from tests.registry.agreements.asks import AGREEMENT, PARTIES, TEXT
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import add_institution, add_territory, change, fetch

URL = "/v1/registry"
MANAGER = call_as("programme_manager")
EDITOR = call_as("registry_editor")
START, END = {"started_on": "2026-01-10"}, {"ended_on": "2026-02-10"}


@pytest.fixture(autouse=True)
async def territory(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)
    registry.headers.update(MANAGER)


async def stand(client: httpx.AsyncClient, programme: str = "MWM", **facts: Any) -> str:
    """The address of a candidate."""
    body = {"name": "Miejsce", "county_terc": "2469"} | facts
    answer = await client.post(f"{URL}/programmes/{programme}/sites", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


async def move(client: httpx.AsyncClient, path: str, verb: str, body: dict[str, Any]) -> httpx.Response:
    """A change of a site by somebody who has read its newest version."""
    tag = {"if-match": (await client.get(path)).headers["etag"]}
    return await client.post(f"{path}/{verb}", json=body, headers=tag)


async def agree(client: httpx.AsyncClient, *, sign: bool = True, signed_on: str = "2026-01-01", **facts: Any) -> str:
    """The id of an agreement of county 2469."""
    writer = EDITOR if facts.get("county_terc", "2469") == "2469" else call_as("registry_editor", counties=["2401"])
    made = await client.post(f"{URL}/agreements", json=AGREEMENT | {"county_terc": "2469"} | facts, headers=writer)
    path = made.headers["location"]
    for party in PARTIES:
        await client.post(f"{path}/signatories", json=party, headers=writer)
    text = TEXT | {"valid_from": facts.get("valid_from", TEXT["valid_from"])}
    await client.post(f"{path}/versions", json=text, headers=writer)
    if sign:
        tag = {"if-match": f'"{made.json()["id"]}:4"'}
        signed = await client.post(f"{path}/sign", json={"signed_on": signed_on}, headers=writer | tag)
        assert signed.status_code == 200, signed.text
    return str(made.json()["id"])


@pytest.mark.parametrize(
    ("programme", "facts", "pointer", "code"),
    [
        ("MWM", {"commune_terc": "2469011"}, "/commune_terc", "not_allowed"),
        ("MLW", {}, "/commune_terc", "missing"),
        ("MLW", {"commune_terc": "2401011"}, "/commune_terc", "outside_county"),
        ("MLW", {"commune_terc": "2469999"}, "/commune_terc", "not_found"),
        ("MWM", {"county_terc": "9999"}, "/county_terc", "not_found"),
    ],
)
async def test_a_site_lies_in_a_known_place_of_its_programmes_level(
    registry: httpx.AsyncClient, programme: str, facts: dict[str, Any], pointer: str, code: str
) -> None:
    body = {"name": "Miejsce", "county_terc": "2469"} | facts
    answer = await registry.post(f"{URL}/programmes/{programme}/sites", json=body)
    slug = "unknown-reference" if code == "not_found" else "validation-failed"
    [error] = assert_problem(answer, 422, slug)["errors"]
    assert (error["pointer"], error["code"]) == (pointer, code)


async def test_a_county_takes_part_once_with_each_implementer_until_it_leaves(registry: httpx.AsyncClient) -> None:
    path = await stand(registry)
    body = {"name": "Miejsce", "county_terc": "2469"}
    assert_problem(await registry.post(f"{URL}/programmes/MWM/sites", json=body), 409, "site-already-open")
    await stand(registry, implementer="nursery_association")
    await stand(registry, "WOKRO")
    left = await move(registry, path, "withdraw", {"ended_on": "2026-01-01", "reason": "brak kadry"})
    assert (left.json()["status"], left.json()["reason"]) == ("withdrawn", "brak kadry")
    await stand(registry)


async def test_a_commune_takes_part_once_and_a_county_has_many_locations(registry: httpx.AsyncClient) -> None:
    commune = {"name": "Gmina", "county_terc": "2469", "commune_terc": "2469011"}
    assert (await registry.post(f"{URL}/programmes/MLW/sites", json=commune)).status_code == 201
    assert_problem(await registry.post(f"{URL}/programmes/MLW/sites", json=commune), 409, "commune-already-open")
    for _ in range(2):
        await stand(registry, "TMW", commune_terc="2469011")


async def test_a_site_is_carried_by_an_agreement_where_its_programme_needs_one(registry: httpx.AsyncClient) -> None:
    path = await stand(registry)
    refused = assert_problem(await move(registry, path, "activate", START), 409, "state-conflict")
    assert (refused["state"], refused["allowed"], refused["missing"]) == (
        "candidate",
        ["sign", "withdraw"],
        ["agreement"],
    )
    signed = await move(registry, path, "sign", {"agreement_id": await agree(registry)})
    assert signed.json()["status"] == "agreement_signed"
    active = await move(registry, path, "activate", START)
    assert (active.json()["status"], active.json()["started_on"]) == ("active", "2026-01-10")
    again = assert_problem(
        await move(registry, path, "sign", {"agreement_id": active.json()["id"]}), 409, "state-conflict"
    )
    assert again["allowed"] == ["complete", "withdraw"]
    done = await move(registry, path, "complete", END)
    assert (done.json()["status"], done.json()["version"]) == ("completed", 4)
    for verb, body in {"complete": END, "withdraw": END | {"reason": "x"}, "activate": START}.items():
        assert assert_problem(await move(registry, path, verb, body), 409, "state-conflict")["allowed"] == []
    told = [row.type for row in await fetch(registry, "SELECT type FROM events WHERE type LIKE 'registry.site.%'")]
    kinds = ["created", "agreement-signed", "active", "completed"]
    assert sorted(told) == sorted(f"registry.site.{kind}" for kind in kinds)


async def test_an_agreement_that_cannot_carry_a_site_says_why(registry: httpx.AsyncClient) -> None:
    path = await stand(registry)
    for facts, missing in (
        ({"sign": False}, ["signed"]),
        ({"county_terc": "2401"}, ["same_county"]),
        ({"valid_to": "2026-01-31"}, ["valid_on_day"]),
        ({"county_terc": "2401", "sign": False}, ["signed", "same_county"]),
    ):
        answer = await move(registry, path, "sign", {"agreement_id": await agree(registry, **facts)})
        assert assert_problem(answer, 409, "agreement-not-usable")["missing"] == missing
    unknown = {"agreement_id": "01990000-0000-7000-8000-0000000000ff"}
    answer = await move(registry, path, "sign", unknown)
    assert assert_problem(answer, 422, "unknown-reference")["errors"][0]["pointer"] == "/agreement_id"


async def test_an_agreement_that_ended_by_then_carries_nobody_into_activity(registry: httpx.AsyncClient) -> None:
    path = await stand(registry)
    agreement = await agree(registry)
    await move(registry, path, "sign", {"agreement_id": agreement})
    end, tag = {"terminated_on": "2026-03-01", "reason": "x"}, {"if-match": f'"{agreement}:5"'}
    ended = await registry.post(f"{URL}/agreements/{agreement}/terminate", json=end, headers=EDITOR | tag)
    assert ended.status_code == 200
    answer = await move(registry, path, "activate", {"started_on": "2026-03-01"})
    assert assert_problem(answer, 409, "agreement-not-usable")["missing"] == ["valid_on_day"]
    assert (await move(registry, path, "activate", {"started_on": "2026-02-28"})).status_code == 200


async def test_days_of_a_site_are_in_order_and_not_to_come(registry: httpx.AsyncClient) -> None:
    path = await stand(registry, "WOKRO")
    future = await move(registry, path, "activate", {"started_on": "2099-01-01"})
    assert assert_problem(future, 422, "validation-failed")["errors"][0]["code"] == "in_future"
    assert (await move(registry, path, "activate", START)).status_code == 200
    for day, code in {"2026-01-09": "wrong_order", "2099-01-01": "in_future"}.items():
        answer = await move(registry, path, "complete", {"ended_on": day})
        assert assert_problem(answer, 422, "validation-failed")["errors"][0]["code"] == code


async def test_a_site_shows_what_its_county_is_like_source_000(registry: httpx.AsyncClient) -> None:
    people = "UPDATE territorial_units SET population = 280000, urban_population = 210000 WHERE terc = '2469'"
    await change(registry, people)
    path = await stand(registry)
    host = await add_institution_of(registry, type="kindergarten")
    await add_institution_of(registry, type="hospital")
    offer = {"institution_id": host["id"], "name": "Grupa", "kind": "social"}
    for name in ("Grupa", "Konsultacje"):
        offer |= {"name": name}
        assert (await registry.post(f"{URL}/support-services", json=offer, headers=EDITOR)).status_code == 201
    county = (await registry.get(path)).json()["county"]
    assert county == {
        "name": "Katowice",
        "population": 280000,
        "urbanisation": 0.75,
        "population_on": None,
        "education_institutions": 1,
        "support_providers": 1,
    }


async def add_institution_of(client: httpx.AsyncClient, **facts: Any) -> dict[str, Any]:
    """An institution of county 2469, registered by its editor."""
    client.headers.update(EDITOR)
    made = await add_institution(client, **facts)
    client.headers.update(MANAGER)
    return made


async def test_a_site_is_described_anew_by_who_has_read_it(registry: httpx.AsyncClient) -> None:
    path = await stand(registry, "MLW", commune_terc="2469011")
    tag = {"if-match": (await registry.get(path)).headers["etag"]}
    without = await registry.patch(path, json={"commune_terc": None}, headers=tag)
    assert assert_problem(without, 422, "validation-failed")["errors"][0]["code"] == "missing"
    named = await registry.patch(path, json={"name": "Inna nazwa"}, headers=tag)
    assert (named.json()["name"], named.json()["commune_terc"], named.json()["version"]) == ("Inna nazwa", "2469011", 2)
    assert_problem(await registry.patch(path, json={"name": "x"}, headers=tag), 412, "version-mismatch")


async def test_sites_are_found_by_county_status_and_implementer(registry: httpx.AsyncClient) -> None:
    await stand(registry, name="A")
    await stand(registry, name="B", implementer="nursery_association")
    path = await stand(registry, name="C", county_terc="2401")
    await move(registry, path, "withdraw", END | {"reason": "x"})

    async def names(query: str) -> list[str]:
        answer = await registry.get(f"{URL}/programmes/MWM/sites?{query}")
        assert answer.status_code == 200, answer.text
        return [item["name"] for item in answer.json()["items"]]

    assert await names("") == ["A", "B", "C"]
    assert await names("county_terc=2469") == ["A", "B"]
    assert await names("status=withdrawn") == ["C"]
    assert await names("implementer=nursery_association") == ["B"]
    assert await names("sort=-name&limit=2") == ["C", "B"]
    assert_problem(await registry.get(f"{URL}/programmes/NONE/sites"), 404, "programme-not-found")
