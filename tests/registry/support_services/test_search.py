"""How families find support services: by age, papers, words and distance."""

import math
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.registry.support_services.made import URL, names, offer
from tests.support.problems import assert_problem
from tests.support.records import add_institution, add_territory, change


@pytest.fixture(autouse=True)
async def territory(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)


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
