"""What institutions offer, through the API."""

import math
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import add_institution, add_territory, change

URL = "/v1/registry/support-services"
OFFER = {"name": "Wczesne wspomaganie", "kind": "therapeutic"}


@pytest.fixture(autouse=True)
async def territory(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)


async def offer(client: httpx.AsyncClient, institution: dict[str, Any], **facts: Any) -> dict[str, Any]:
    answer = await client.post(URL, json=OFFER | {"institution_id": institution["id"]} | facts)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def names(client: httpx.AsyncClient, query: str) -> list[str]:
    answer = await client.get(f"{URL}?{query}")
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json()["items"]]


async def test_a_service_takes_county_and_sector_from_its_institution(registry: httpx.AsyncClient) -> None:
    made = await offer(registry, await add_institution(registry))
    assert (made["county_terc"], made["sector"], made["institution_name"]) == ("2469", "education", "Poradnia nr 1")
    assert (await registry.get(f"{URL}/{made['id']}")).json() == made
    assert made["verified_by"] == "registry_editor"


async def test_families_find_what_fits_age_and_papers(registry: httpx.AsyncClient) -> None:
    host = await add_institution(registry)
    await offer(registry, host, name="Dla małych", age_from_months=0, age_to_months=36)
    papers = {"eligibility_documents": ["early_support_need_opinion"]}
    await offer(registry, host, name="Dla starszych", age_from_months=36, age_to_months=84, **papers)
    assert await names(registry, "age_months=35") == ["Dla małych"]
    assert await names(registry, "age_months=36") == ["Dla starszych"]
    assert await names(registry, "eligibility_document=medical_certificate") == ["Dla małych"]
    assert await names(registry, "eligibility_document=early_support_need_opinion") == ["Dla małych", "Dla starszych"]
    assert await names(registry, "q=malych") == ["Dla małych"]


def haversine_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance on a sphere of 6371.0088 km, by the law of cosines: another formula than the service's."""
    (lat1, lon1), (lat2, lon2) = (map(math.radians, point) for point in (a, b))
    cosine = math.sin(lat1) * math.sin(lat2) + math.cos(lat1) * math.cos(lat2) * math.cos(lon2 - lon1)
    return 6371.0088 * math.acos(min(1.0, cosine))


async def test_the_nearest_come_first_and_the_far_ones_not_at_all(registry: httpx.AsyncClient) -> None:
    home = (50.2599, 19.0216)
    places = {"Blisko": (50.27, 19.03), "Dalej": (50.35, 19.10), "Za daleko": (50.70, 19.02)}
    for name, (latitude, longitude) in places.items():
        host = await add_institution(registry, latitude=latitude, longitude=longitude)
        await offer(registry, host, name=name)
    await offer(registry, await add_institution(registry), name="Bez adresu")
    found = (await registry.get(f"{URL}?near={home[0]},{home[1]}&within_km=30")).json()["items"]
    assert [item["name"] for item in found] == ["Blisko", "Dalej"]
    for item in found:
        assert item["distance_km"] == pytest.approx(haversine_km(home, places[item["name"]]), abs=0.001)


@pytest.mark.parametrize("near", ["50.26", "50.26,19.02,1", "x,y", "91,0", "nan,0", "50.26,1e999", "\u0665\u0660,1"])
async def test_a_point_that_is_none_is_refused(registry: httpx.AsyncClient, near: str) -> None:
    answer = await registry.get(URL, params={"near": near})
    assert assert_problem(answer, 422, "validation-failed")["errors"][0]["parameter"] == "near"


@pytest.mark.parametrize(
    ("facts", "pointer", "code"),
    [
        ({"capacity": 5, "free_places": 6}, "/free_places", "more_than_capacity"),
        ({"free_places": 1}, "/capacity", "missing"),
        ({"age_from_months": 36, "age_to_months": 36}, "/age_to_months", "wrong_order"),
        ({"offered_from": "2026-02-01", "offered_to": "2026-01-31"}, "/offered_to", "wrong_order"),
    ],
)
async def test_what_does_not_go_together_is_named(
    registry: httpx.AsyncClient, facts: dict[str, Any], pointer: str, code: str
) -> None:
    host = await add_institution(registry)
    answer = await registry.post(URL, json=OFFER | {"institution_id": host["id"]} | facts)
    [error] = assert_problem(answer, 422, "validation-failed")["errors"]
    assert (error["pointer"], error["code"]) == (pointer, code)


async def test_a_change_or_a_verification_needs_the_version_that_was_read(registry: httpx.AsyncClient) -> None:
    made = await offer(registry, await add_institution(registry), capacity=10, free_places=2)
    path = f"{URL}/{made['id']}"
    assert_problem(await registry.post(f"{path}/verify"), 428, "precondition-required")
    tag = {"if-match": f'"{made["id"]}:1"'}
    changed = await registry.patch(path, json={"free_places": 1}, headers=tag)
    assert (changed.json()["free_places"], changed.headers["etag"]) == (1, f'"{made["id"]}:2"')
    assert_problem(await registry.post(f"{path}/verify", headers=tag), 412, "version-mismatch")
    assert_problem(
        await registry.patch(path, json={"free_places": 11}, headers={"if-match": changed.headers["etag"]}),
        422,
        "validation-failed",
    )


async def test_a_provider_vouches_for_the_own_institution_only(registry: httpx.AsyncClient) -> None:
    own, other = await add_institution(registry), await add_institution(registry)
    provider = call_as("service_provider", subject="provider", institution=own["id"])
    mine, theirs = await offer(registry, own), await offer(registry, other)
    tag = {"if-match": f'"{mine["id"]}:1"'}
    verified = await registry.post(f"{URL}/{mine['id']}/verify", headers=provider | tag)
    assert verified.json()["verified_by"] == "provider"
    tag = {"if-match": f'"{theirs["id"]}:1"'}
    refused = await registry.post(f"{URL}/{theirs['id']}/verify", headers=provider | tag)
    assert assert_problem(refused, 403, "outside-scope")["relation"] == "own_institution"


async def test_what_nobody_verified_for_long_is_listed_for_its_county_alone(registry: httpx.AsyncClient) -> None:
    old = await offer(registry, await add_institution(registry), name="Dawno")
    await offer(registry, await add_institution(registry), name="Świeżo")
    everywhere = call_as("registry_editor", counties=["2401"])
    long_ago = "UPDATE support_services SET verified_at = now() - interval '91 days' WHERE id = :id"
    await change(registry, long_ago, id=old["id"])
    assert await names(registry, "include_ended=true") == ["Dawno", "Świeżo"]
    stale = (await registry.get(f"{URL}/stale")).json()["items"]
    assert [item["name"] for item in stale] == ["Dawno"]
    assert (await registry.get(f"{URL}/stale", headers=everywhere)).json()["items"] == []
    assert (await registry.get(f"{URL}/stale?older_than_days=92")).json()["items"] == []


async def test_a_closed_institution_offers_nothing(registry: httpx.AsyncClient) -> None:
    host = await add_institution(registry)
    service = await offer(registry, host)
    tag = {"if-match": f'"{host["id"]}:1"'}
    end = {"closed_on": "2026-01-01", "reason": "likwidacja"}
    assert (await registry.post(f"/v1/registry/institutions/{host['id']}/close", json=end, headers=tag)).is_success
    assert await names(registry, "") == []
    assert await names(registry, "as_of=2025-12-31") == ["Wczesne wspomaganie"]
    refused = await registry.post(URL, json=OFFER | {"institution_id": host["id"]})
    assert assert_problem(refused, 409, "institution-closed")["state"] == "closed"
    path, seen = f"{URL}/{service['id']}", {"if-match": f'"{service["id"]}:1"'}
    assert_problem(await registry.patch(path, json={"free_places": 1}, headers=seen), 409, "institution-closed")
    assert_problem(await registry.post(f"{path}/verify", headers=seen), 409, "institution-closed")
    assert (await registry.get(path)).json()["version"] == 1


async def test_an_unknown_institution_is_a_wrong_reference(registry: httpx.AsyncClient) -> None:
    unknown = "01990000-0000-7000-8000-0000000000ff"
    answer = await registry.post(URL, json=OFFER | {"institution_id": unknown})
    assert_problem(answer, 422, "unknown-reference")


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    home=st.tuples(st.floats(49.1, 54.8), st.floats(14.1, 24.1)),
    places=st.lists(st.tuples(st.floats(49.1, 54.8), st.floats(14.1, 24.1)), min_size=1, max_size=4),
    within_km=st.integers(1, 500),
)
async def test_near_is_what_an_independent_calculation_says(
    registry: httpx.AsyncClient, home: tuple[float, float], places: list[tuple[float, float]], within_km: int
) -> None:
    await change(registry, "DELETE FROM support_services")
    for number, (latitude, longitude) in enumerate(places):
        host = await add_institution(registry, latitude=latitude, longitude=longitude)
        await offer(registry, host, name=f"Nr {number}")
    distances = {f"Nr {number}": haversine_km(home, place) for number, place in enumerate(places)}
    clear = {name: far for name, far in distances.items() if abs(far - within_km) > 0.01}
    expected = {name for name, far in clear.items() if far < within_km}
    query = f"near={home[0]:.12f},{home[1]:.12f}&within_km={within_km}&limit=2"
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await registry.get(f"{URL}?{query}" + (f"&cursor={cursor}" if cursor else ""))).json()
        found, cursor = found + page["items"], page["next_cursor"]
    assert {item["name"] for item in found} & clear.keys() == expected
    assert [item["distance_km"] for item in found] == sorted(item["distance_km"] for item in found)
    for item in found:
        assert item["distance_km"] == pytest.approx(distances[item["name"]], abs=0.01)


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("as_of=2025-12-31", False),
        ("as_of=2026-01-01", True),
        ("as_of=2026-01-31", True),
        ("as_of=2026-02-01", False),
        ("as_of=2026-02-01&include_ended=true", True),
        ("as_of=2026-01-15&age_months=11", False),
        ("as_of=2026-01-15&age_months=12", True),
        ("as_of=2026-01-15&age_months=35", True),
        ("as_of=2026-01-15&age_months=36", False),
        ("as_of=2026-01-15&has_free_places=true", False),
        ("as_of=2026-01-15&has_free_places=false", True),
        ("as_of=2026-01-15&accessibility=lift", True),
        ("as_of=2026-01-15&accessibility=lift&accessibility=remote", False),
        ("as_of=2026-01-15&target_group=child&target_group=pupil", True),
        ("as_of=2026-01-15&target_group=pupil", False),
        ("as_of=2026-01-15&q=wspomag", True),
        ("as_of=2026-01-15&sector=health", False),
    ],
)
async def test_filters_hold_to_their_edges(registry: httpx.AsyncClient, query: str, there: bool) -> None:
    facts = {"offered_from": "2026-01-01", "offered_to": "2026-01-31", "age_from_months": 12, "age_to_months": 36}
    facts |= {"target_groups": ["child"], "accessibility": ["lift"], "capacity": 5, "free_places": 0}
    await offer(registry, await add_institution(registry), **facts)
    assert bool(await names(registry, query)) == there


async def test_whoever_changes_a_description_vouches_for_it(registry: httpx.AsyncClient) -> None:
    made = await offer(registry, await add_institution(registry), capacity=5)
    await change(registry, "UPDATE support_services SET verified_at = '2020-01-01'")
    seen = {"if-match": f'"{made["id"]}:1"'} | call_as("county_coordinator")
    changed = (await registry.patch(f"{URL}/{made['id']}", json={"free_places": 2}, headers=seen)).json()
    assert changed["verified_by"] == "county_coordinator"
    assert changed["verified_at"] > made["verified_at"]
    assert (changed["capacity"], changed["free_places"], changed["version"]) == (5, 2, 2)


async def test_no_service_is_offered_by_who_is_closed(registry: httpx.AsyncClient) -> None:
    host = await add_institution(registry)
    end = {"closed_on": "2030-01-01", "reason": "koniec"}
    path = f"/v1/registry/institutions/{host['id']}/close"
    assert (await registry.post(path, json=end, headers={"if-match": f'"{host["id"]}:1"'})).status_code == 200
    answer = await registry.post(URL, json=OFFER | {"institution_id": host["id"]})
    assert_problem(answer, 409, "institution-closed")
