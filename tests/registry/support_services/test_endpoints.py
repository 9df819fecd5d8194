"""What institutions offer, through the API."""

from typing import Any

import httpx
import pytest

from tests.registry.support_services.made import OFFER, URL, names, offer
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import add_institution, add_territory, change


@pytest.fixture(autouse=True)
async def territory(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)


async def test_a_service_takes_county_and_sector_from_its_institution(registry: httpx.AsyncClient) -> None:
    made = await offer(registry, await add_institution(registry))
    assert (made["county_terc"], made["sector"], made["institution_name"]) == ("2469", "education", "Poradnia nr 1")
    assert (await registry.get(f"{URL}/{made['id']}")).json() == made
    assert made["verified_by"] == "registry_editor"


@pytest.mark.parametrize(
    ("facts", "pointer", "code"),
    [
        ({"capacity": 5, "free_places": 6}, "/free_places", "more_than_capacity"),
        ({"free_places": 1}, "/capacity", "missing"),
        ({"age_from_months": 36, "age_to_months": 36}, "/age_to_months", "wrong_order"),
        ({"offered_from": "2026-02-01", "offered_to": "2026-01-31"}, "/offered_to", "wrong_order"),
        ({"contracting_instrument": "public_benefit_act"}, "/ordered_by_institution_id", "both_or_neither"),
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
    past = OFFER | {"institution_id": host["id"], "offered_from": "2022-09-01", "offered_to": "2025-12-31"}
    assert (await registry.post(URL, json=past)).status_code == 201
    path, seen = f"{URL}/{service['id']}", {"if-match": f'"{service["id"]}:1"'}
    assert_problem(await registry.patch(path, json={"free_places": 1}, headers=seen), 409, "institution-closed")
    assert_problem(await registry.post(f"{path}/verify", headers=seen), 409, "institution-closed")
    assert (await registry.get(path)).json()["version"] == 1


async def test_an_unknown_institution_is_a_wrong_reference(registry: httpx.AsyncClient) -> None:
    unknown = "01990000-0000-7000-8000-0000000000ff"
    answer = await registry.post(URL, json=OFFER | {"institution_id": unknown})
    assert_problem(answer, 422, "unknown-reference")


async def test_who_edits_a_description_has_not_verified_it(registry: httpx.AsyncClient) -> None:
    made = await offer(registry, await add_institution(registry), capacity=5)
    await change(registry, "UPDATE support_services SET verified_at = '2020-01-01'")
    seen = {"if-match": f'"{made["id"]}:1"'} | call_as("county_coordinator")
    changed = (await registry.patch(f"{URL}/{made['id']}", json={"free_places": 2}, headers=seen)).json()
    assert (changed["verified_by"], changed["verified_at"][:10]) == ("registry_editor", "2020-01-01")
    assert (changed["capacity"], changed["free_places"], changed["version"]) == (5, 2, 2)
    assert [item["id"] for item in (await registry.get(f"{URL}/stale")).json()["items"]] == [made["id"]]
    seen = {"if-match": f'"{made["id"]}:2"'} | call_as("county_coordinator")
    verified = (await registry.post(f"{URL}/{made['id']}/verify", headers=seen)).json()
    assert (verified["verified_by"], verified["version"]) == ("county_coordinator", 3)
    assert verified["verified_at"] >= made["verified_at"]


async def test_every_verification_is_kept_with_its_day_and_who_entered_it(registry: httpx.AsyncClient) -> None:
    made = await offer(registry, await add_institution(registry))
    path = f"{URL}/{made['id']}/verifications"
    for day, status in {"2022-10-08": 201, "2023-01-31": 201, "2099-01-01": 422}.items():
        assert (await registry.post(path, json={"verified_on": day})).status_code == status
    kept = (await registry.get(path)).json()["items"]
    assert [each["verified_on"] for each in kept[1:]] == ["2023-01-31", "2022-10-08"]
    assert kept[0]["verified_on"] >= made["verified_at"][:10], "by who described it"
    assert {each["recorded_by"] for each in kept} == {"registry_editor"}
    assert all(each["recorded_at"] > "2024" for each in kept), "long after the days"
    shown = (await registry.get(f"{URL}/{made['id']}")).json()
    assert (shown["verified_at"], shown["version"]) == (made["verified_at"], 3), "the latest day is shown"
    await change(registry, "UPDATE support_services SET verified_at = '2022-12-01'")
    await registry.post(path, json={"verified_on": "2023-01-30"})
    assert (await registry.get(f"{URL}/{made['id']}")).json()["verified_at"] == "2023-01-29T23:00:00+00:00"


async def test_no_service_is_offered_by_who_is_closed(registry: httpx.AsyncClient) -> None:
    host = await add_institution(registry)
    end = {"closed_on": "2030-01-01", "reason": "koniec"}
    path = f"/v1/registry/institutions/{host['id']}/close"
    assert (await registry.post(path, json=end, headers={"if-match": f'"{host["id"]}:1"'})).status_code == 200
    answer = await registry.post(URL, json=OFFER | {"institution_id": host["id"]})
    assert_problem(answer, 409, "institution-closed")


async def test_a_local_authority_orders_a_service_by_one_of_three_acts(registry: httpx.AsyncClient) -> None:
    """Source 002, module 6: public procurement, public benefit and volunteering, social assistance."""
    authority = await add_institution(registry, type="local_authority", sector="social_assistance", name="Miasto")
    ngo = await add_institution(registry, type="ngo", sector="civic", name="Stowarzyszenie")
    for instrument in ("public_procurement_act", "public_benefit_act", "social_assistance_act"):
        order = {"ordered_by_institution_id": authority["id"], "contracting_instrument": instrument}
        await offer(registry, ngo, name=instrument, **order)
    ordered = f"ordered_by_institution_id={authority['id']}"
    assert await names(registry, f"{ordered}&contracting_instrument=public_benefit_act") == ["public_benefit_act"]
    assert len(await names(registry, ordered)) == 3
    orders = {"ordered_by_institution_id": ngo["id"], "contracting_instrument": "public_benefit_act"}
    answer = await registry.post(URL, json=OFFER | {"institution_id": ngo["id"]} | orders)
    [error] = assert_problem(answer, 422, "validation-failed")["errors"]
    assert (error["pointer"], error["code"]) == ("/ordered_by_institution_id", "not_local_authority")


async def test_what_has_no_body_is_done_once_as_well(registry: httpx.AsyncClient) -> None:
    made = await offer(registry, await add_institution(registry))
    headers = {"idempotency-key": "once", "if-match": f'"{made["id"]}:{made["version"]}"'}
    first, again = [await registry.post(f"{URL}/{made['id']}/verify", headers=headers) for _ in range(2)]
    # The version was that of before; the answer got lost, and whoever asks again is told it.
    assert (first.status_code, again.status_code, again.json()) == (200, 200, first.json())
    assert (again.headers["idempotency-replayed"], again.headers["etag"]) == ("true", first.headers["etag"])
    headers["idempotency-key"] = "another"
    assert_problem(await registry.post(f"{URL}/{made['id']}/verify", headers=headers), 412, "version-mismatch")
