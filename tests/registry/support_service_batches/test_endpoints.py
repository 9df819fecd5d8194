"""A coordinator verifies a list of offers at once, and each is judged by itself."""

import httpx

from tests.registry.support_services.made import URL, offer
from tests.support.callers import call_as
from tests.support.records import add_institution, add_territory, fetch

COORDINATOR = call_as("county_coordinator", subject="coordinator")


async def test_of_many_offers_each_is_verified_or_refused_alone(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)
    host = await add_institution(registry)
    first, second, third = [await offer(registry, host, name=name) for name in ("A", "B", "C")]
    current = [{"id": made["id"], "version": made["version"]} for made in (third, first)]
    stale, unknown = {"id": second["id"], "version": 7}, {"id": host["id"], "version": 1}
    batch = {"items": [current[0], stale, unknown, {"id": first["id"]}, current[1], current[1]]}
    key = COORDINATOR | {"idempotency-key": "monday", "accept-language": "en"}
    answer = await registry.post(f"{URL}:verify", json=batch, headers=key)
    told = answer.json()["items"]
    assert [(item["status"], item["version"]) for item in told] == [
        ("done", 2),
        *[("refused", None)] * 3,
        ("done", 2),
        ("refused", None),
    ]
    problems = [(item["problem"]["code"], item["problem"]["instance"]) for item in told if item["problem"]]
    assert problems == [
        ("version_mismatch", "/items/1"),
        ("support_service_not_found", "/items/2"),
        ("validation_failed", "/items/3"),
        ("version_mismatch", "/items/5"),
    ]
    by = [(await registry.get(f"{URL}/{made['id']}")).json()["verified_by"] for made in (first, second, third)]
    assert by == ["coordinator", "registry_editor", "coordinator"]
    again = await registry.post(f"{URL}:verify", json=batch, headers=key)
    assert (again.json(), again.headers["idempotency-replayed"]) == (answer.json(), "true")
    verified = await fetch(registry, "SELECT subject FROM audit_records WHERE action = 'verify_support_service'")
    assert sorted(row[0] for row in verified) == sorted(f"support-services/{made['id']}" for made in (first, third))
