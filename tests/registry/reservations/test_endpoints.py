"""Places that are held for a referral, through the API."""

from typing import Any

import httpx
import pytest

from tests.registry.reservations.stories import BEGIN, CASEWORK, URL, Places, reference, set_clock
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import add_institution, add_territory, fetch


@pytest.fixture(autouse=True)
async def _beginning(registry: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, BEGIN)
    await add_territory(registry)


async def test_a_place_is_reserved_taken_and_given_back(registry: httpx.AsyncClient) -> None:
    places = await Places.offered(registry, capacity=3, free_places=2)
    made = await places.reserve(1)
    assert (made["state"], made["reserved_by"], made["taken_at"]) == ("reserved", "casework", None)
    assert made["expires_at"] == "2026-03-16T09:00:00+00:00"
    assert await places.free() == 1
    taken = await places.done("take", made)
    assert (taken["state"], taken["taken_at"], taken["version"]) == ("taken", "2026-03-02T09:00:00+00:00", 2)
    assert await places.free() == 1
    released = await places.done("release", taken)
    assert (released["state"], released["released_at"]) == ("released", "2026-03-02T09:00:00+00:00")
    assert await places.free() == 2
    again = await places.do("release", released)
    assert assert_problem(again, 409, "state-conflict")["allowed"] == []
    assert await places.free() == 2


async def test_a_referral_that_holds_a_place_gets_no_second_one(registry: httpx.AsyncClient) -> None:
    places = await Places.offered(registry, capacity=3, free_places=3)
    answer = await places.ask(1)
    repeated = await places.ask(1, expires_at="2026-03-20T09:00:00Z")
    assert (answer.status_code, repeated.status_code) == (201, 200)
    assert repeated.json() == answer.json() == (await registry.get(answer.headers["location"], headers=CASEWORK)).json()
    assert repeated.headers["etag"] == answer.headers["etag"]
    assert await places.free() == 2
    taken = await places.done("take", answer.json())
    assert (await places.ask(1)).json() == taken
    released = await places.done("release", taken)
    assert (await places.reserve(1))["id"] != released["id"]
    assert [held["referral_reference"] for held in await places.held()] == [reference(1)]


async def test_one_referral_may_hold_places_of_two_services(registry: httpx.AsyncClient) -> None:
    first, second = [await Places.offered(registry, capacity=1, free_places=1) for _ in range(2)]
    assert (await first.reserve(1))["id"] != (await second.reserve(1))["id"]
    assert (await first.free(), await second.free()) == (0, 0)


async def test_who_comes_too_late_is_told_how_long_one_waits(registry: httpx.AsyncClient) -> None:
    places = await Places.offered(registry, capacity=5, free_places=1, waiting_days=21)
    await places.reserve(1)
    refused = assert_problem(await places.ask(2), 409, "no-free-places")
    assert refused["waiting_days"] == 21
    assert (await places.ask(2, {**CASEWORK, "accept-language": "pl"})).json()["title"].endswith("wolnych miejsc")


async def test_where_free_places_are_not_known_only_the_capacity_is_a_bound(registry: httpx.AsyncClient) -> None:
    unknown, bounded = await Places.offered(registry), await Places.offered(registry, capacity=2)
    for number in range(3):
        await unknown.reserve(number)
    first, _ = await bounded.reserve(1), await bounded.reserve(2)
    assert_problem(await bounded.ask(3), 409, "no-free-places")
    await bounded.done("release", first)
    await bounded.reserve(3)
    assert await unknown.free() is await bounded.free() is None
    assert (await unknown.read())["version"] == 1


@pytest.mark.parametrize(
    ("asked", "reasons"),
    [
        ({"age_months": 11}, ["too_young"]),
        ({"age_months": 36}, ["too_old"]),
        ({"age_months": 12, "documents": []}, ["lacks_document"]),
        ({"starts_on": "2026-04-01", "documents": ["disability_ruling"]}, ["not_offered_on_day", "lacks_document"]),
    ],
)
async def test_whom_the_service_does_not_fit_is_told_every_reason(
    registry: httpx.AsyncClient, asked: dict[str, Any], reasons: list[str]
) -> None:
    facts = {"age_from_months": 12, "age_to_months": 36, "eligibility_documents": ["early_support_need_opinion"]}
    places = await Places.offered(registry, capacity=1, free_places=1, offered_to="2026-03-31", **facts)
    refused = assert_problem(await places.ask(1, **asked), 409, "service-does-not-fit")
    assert refused["reasons"] == reasons
    assert await places.free() == 1
    fitting = {"age_months": 35, "documents": ["early_support_need_opinion"], "starts_on": "2026-03-31"}
    await places.reserve(1, **fitting)


async def test_nothing_of_the_child_is_kept_or_told(registry: httpx.AsyncClient) -> None:
    places = await Places.offered(registry, age_from_months=12, age_to_months=36)
    made = await places.reserve(1, age_months=17, documents=["disability_ruling"])
    assert not made.keys() & {"age_months", "documents", "starts_on"}
    await places.done("release", await places.done("take", made))
    events = await fetch(registry, "SELECT type, data FROM events WHERE type LIKE '%.reservation.%' ORDER BY position")
    verbs = ["reserved", "taken", "released"]
    assert [event.type for event in events] == [f"registry.reservation.{verb}" for verb in verbs]
    for event in events:
        assert event.data.keys() == {"href", "support_service_id", "institution_id"}
        assert event.data["href"] == f"{places.address}/{made['id']}"
    audit = await fetch(registry, "SELECT action, detail FROM audit_records WHERE subject LIKE '%/reservations/%'")
    assert sorted((record.action, record.detail) for record in audit) == [
        ("release_place", {}),
        ("reserve_place", {}),
        ("take_reserved_place", {}),
    ]


async def test_a_closed_institution_gives_no_place_and_takes_one_back(registry: httpx.AsyncClient) -> None:
    host = await add_institution(registry)
    places = await Places.offered(registry, host=host, capacity=2, free_places=2)
    made = await places.reserve(1)
    end, seen = {"closed_on": "2026-03-01", "reason": "likwidacja"}, {"if-match": f'"{host["id"]}:1"'}
    assert (await registry.post(f"/v1/registry/institutions/{host['id']}/close", json=end, headers=seen)).is_success
    assert_problem(await places.ask(2), 409, "institution-closed")
    await places.done("release", made)
    assert await places.free() == 2


@pytest.mark.parametrize(
    ("expires_at", "code"), [("2026-03-02T09:00:00Z", "in_past"), ("2026-05-01T09:00:01Z", "too_far_ahead")]
)
async def test_a_place_is_held_for_a_time_within_bounds(
    registry: httpx.AsyncClient, expires_at: str, code: str
) -> None:
    places = await Places.offered(registry)
    [error] = assert_problem(await places.ask(1, expires_at=expires_at), 422, "validation-failed")["errors"]
    assert (error["pointer"], error["code"]) == ("/expires_at", code)
    assert (await places.reserve(1, expires_at="2026-05-01T09:00:00Z"))["expires_at"] == "2026-05-01T09:00:00+00:00"


async def test_a_place_is_taken_or_given_back_by_whoever_has_read_the_reservation(registry: httpx.AsyncClient) -> None:
    places = await Places.offered(registry, capacity=1, free_places=1)
    made = await places.reserve(1)
    url = f"{places.address}/{made['id']}/take"
    assert_problem(await registry.post(url, headers=CASEWORK | {"idempotency-key": "1"}), 428, "precondition-required")
    await places.done("take", made)
    assert_problem(await places.do("release", made), 412, "version-mismatch")
    assert await places.free() == 0


async def test_a_reservation_is_found_at_its_own_service_only(registry: httpx.AsyncClient) -> None:
    mine, other = await Places.offered(registry), await Places.offered(registry)
    made = await mine.reserve(1)
    answer = await registry.get(f"{other.address}/{made['id']}", headers=CASEWORK)
    assert_problem(answer, 404, "reservation-not-found")
    assert_problem(await other.do("take", made), 404, "reservation-not-found")
    assert await mine.listed(f"referral_reference={reference(1)}") == [made]
    assert await mine.listed(f"referral_reference={reference(2)}") == await other.listed() == []
    nothing = f"{URL}/01990000-0000-7000-8000-0000000000ff/reservations"
    assert_problem(await registry.get(nothing, headers=CASEWORK), 404, "support-service-not-found")


async def test_a_coordinator_holds_places_of_the_own_institution_only(registry: httpx.AsyncClient) -> None:
    own, other = await add_institution(registry), await add_institution(registry)
    coordinator = call_as("institution_coordinator", institution=own["id"])
    mine, theirs = await Places.offered(registry, host=own), await Places.offered(registry, host=other)
    made = (await mine.ask(1, coordinator)).json()
    assert (await mine.do("take", made, coordinator)).json()["state"] == "taken"
    refused = assert_problem(await theirs.ask(1, coordinator), 403, "outside-scope")
    assert refused["relation"] == "own_institution"
    hidden = await theirs.reserve(2)
    assert_problem(await theirs.do("take", hidden, coordinator), 404, "reservation-not-found")
    assert (await registry.get(theirs.address, headers=coordinator)).json()["items"] == []


async def test_who_knows_the_service_is_sent_its_new_number_of_places(registry: httpx.AsyncClient) -> None:
    places = await Places.offered(registry, capacity=2, free_places=2)
    before = await registry.get(places.url)
    known = {"if-none-match": before.headers["etag"]}
    assert (await registry.get(places.url, headers=known)).status_code == 304
    await places.reserve(1)
    now = await registry.get(places.url, headers=known)
    assert (now.status_code, now.json()["free_places"]) == (200, 1)
    stale = await registry.patch(places.url, json={"free_places": 2}, headers={"if-match": before.headers["etag"]})
    assert_problem(stale, 412, "version-mismatch")
