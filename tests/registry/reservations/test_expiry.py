"""What the clock does to reservations, and what people state of places meanwhile."""

from datetime import timedelta
from typing import Any, Literal

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.registry.reservations.stories import BEGIN, CASEWORK, URL, Places, after, reference, set_clock
from tests.support.problems import assert_problem
from tests.support.records import add_institution, add_territory, fetch

LAST_MOMENT = after(days=14) - timedelta(microseconds=1)


@pytest.fixture(autouse=True)
async def _beginning(registry: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, BEGIN)
    await add_territory(registry)


async def test_a_place_is_free_from_the_instant_of_expiry_on(
    registry: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = await Places.offered(registry, capacity=1, free_places=1)
    made = await places.reserve(1)
    set_clock(monkeypatch, LAST_MOMENT)
    assert await places.free() == 0
    assert_problem(await places.ask(2), 409, "no-free-places")
    set_clock(monkeypatch, after(days=14))
    assert await places.free() == 1
    assert [item["state"] for item in await places.listed()] == ["expired"]
    assert await places.held() == []
    for verb in ("take", "release"):
        refused = assert_problem(await places.do(verb, made), 409, "state-conflict")
        assert (refused["state"], refused["allowed"]) == ("expired", [])
    await places.reserve(2)
    assert await places.free() == 0
    assert [item["state"] for item in await places.listed()] == ["reserved", "expired"]


async def test_a_place_that_was_taken_in_time_does_not_expire(
    registry: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = await Places.offered(registry, capacity=1, free_places=1)
    made = await places.reserve(1)
    set_clock(monkeypatch, LAST_MOMENT)
    taken = await places.done("take", made)
    set_clock(monkeypatch, after(days=400))
    assert await places.free() == 0
    assert (await places.done("release", taken))["state"] == "released"
    assert await places.free() == 1


async def test_a_referral_whose_reservation_expired_may_reserve_anew(
    registry: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = await Places.offered(registry, capacity=2, free_places=2)
    first = await places.reserve(1)
    set_clock(monkeypatch, after(days=14))
    second = await places.reserve(1)
    assert second["id"] != first["id"]
    assert await places.free() == 1
    told = "SELECT subject, data FROM events WHERE type = 'registry.reservation.expired'"
    [event] = await fetch(registry, told)
    assert event.subject.endswith(first["id"])
    assert event.data.keys() == {"href", "support_service_id", "institution_id"}


async def test_of_several_that_expire_together_each_place_comes_back_once(
    registry: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = await Places.offered(registry, capacity=6, free_places=4)
    for number in range(3):
        await places.reserve(number)
    set_clock(monkeypatch, after(days=14))
    assert await places.free() == 4
    await places.reserve(4)
    assert await places.free() == 3
    assert await fetch(registry, "SELECT free_places FROM support_services") == [(3,)]


async def test_who_knows_the_newest_version_is_sent_what_the_clock_changed(
    registry: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = await Places.offered(registry, capacity=1, free_places=1)
    made = await places.reserve(1)
    address = f"{places.address}/{made['id']}"
    service, reservation = await registry.get(places.url), await registry.get(address, headers=CASEWORK)
    known_service, known = ({"if-none-match": answer.headers["etag"]} for answer in (service, reservation))
    assert (await registry.get(address, headers=CASEWORK | known)).status_code == 304
    set_clock(monkeypatch, after(days=14))
    assert (await registry.get(places.url, headers=known_service)).json()["free_places"] == 1
    assert (await registry.get(address, headers=CASEWORK | known)).json()["state"] == "expired"


async def test_lists_and_resources_count_an_expired_reservation_as_free(
    registry: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = await add_institution(registry)
    full = await Places.offered(registry, host=host, name="Pełna", capacity=4, free_places=1)
    await Places.offered(registry, host=host, name="Bez miejsc", capacity=4, free_places=0)
    await full.reserve(1)

    async def shown(query: str) -> list[tuple[str, int]]:
        items = (await registry.get(f"{URL}?{query}")).json()["items"]
        return [(item["name"], item["free_places"]) for item in items]

    async def in_county() -> int:
        resources = (await registry.get("/v1/registry/counties/2469/resources")).json()
        places: int = resources["offer"][0]["free_places"]
        return places

    assert await shown("has_free_places=true") == []
    assert await in_county() == 0
    set_clock(monkeypatch, after(days=14))
    assert await shown("has_free_places=true") == [("Pełna", 1)]
    assert await shown("has_free_places=false") == [("Bez miejsc", 0)]
    assert await shown("sort=-free_places") == [("Pełna", 1), ("Bez miejsc", 0)]
    assert await in_county() == 1


async def test_people_state_the_places_that_no_reservation_holds(registry: httpx.AsyncClient) -> None:
    places = await Places.offered(registry, capacity=5, free_places=3)
    made = await places.reserve(1)
    assert (await places.state(free_places=4)).json()["free_places"] == 4
    for wrong in ({"free_places": 5}, {"capacity": 4}):
        [error] = assert_problem(await places.state(**wrong), 422, "validation-failed")["errors"]
        assert (error["pointer"], error["code"]) == ("/free_places", "places_held")
    await places.done("release", made)
    assert await places.free() == 5


async def test_a_capacity_below_what_is_held_is_refused_where_free_places_are_not_known(
    registry: httpx.AsyncClient,
) -> None:
    places = await Places.offered(registry)
    await places.reserve(1)
    [error] = assert_problem(await places.state(capacity=0), 422, "validation-failed")["errors"]
    assert (error["pointer"], error["code"]) == ("/capacity", "places_held")
    assert (await places.state(capacity=3, free_places=2)).json()["free_places"] == 2


async def test_what_expired_before_a_statement_does_not_come_on_top_of_it(
    registry: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = await Places.offered(registry, capacity=2, free_places=2)
    await places.reserve(1)
    set_clock(monkeypatch, after(days=14))
    stated = await places.state(free_places=1)
    assert stated.json()["free_places"] == await places.free() == 1
    await places.reserve(2)
    assert_problem(await places.ask(3), 409, "no-free-places")


Step = tuple[Literal["reserve", "take", "release", "wait", "state"], int]
_VERBS = st.sampled_from(["reserve", "reserve", "take", "release", "wait", "state"])
STEPS = st.lists(st.tuples(_VERBS, st.integers(0, 5)), min_size=4, max_size=16)


class Ledger:
    """What an independent count says: whoever is held, until when, and how many places others occupy."""

    def __init__(self, capacity: int) -> None:
        self.capacity, self.others, self.days = capacity, 0, 0
        self.reserved: dict[int, int] = {}
        self.taken: set[int] = set()

    @property
    def held(self) -> set[int]:
        """The referrals that hold a place today."""
        return self.taken | {number for number, until in self.reserved.items() if until > self.days}

    @property
    def free(self) -> int:
        """What is left."""
        return self.capacity - self.others - len(self.held)

    def take(self, step: Step) -> int:
        """What the step is answered with."""
        verb, number = step
        if verb == "wait":
            self.days += 3 * number
            return 0
        if verb == "state":
            fits = number + len(self.held) <= self.capacity
            self.others = self.capacity - len(self.held) - number if fits else self.others
            return 200 if fits else 422
        if verb == "reserve":
            return self._reserve(number)
        if number not in self.held or (verb == "take" and number in self.taken):
            return 409
        until = self.reserved.pop(number, 0)
        self.taken = self.taken | {number} if verb == "take" else self.taken - {number}
        assert until or verb == "release"
        return 200

    def _reserve(self, number: int) -> int:
        if number in self.held:
            return 200
        if not self.free:
            return 409
        self.reserved[number] = self.days + 14
        return 201


async def carry_out(places: Places, step: Step, known: dict[int, Any]) -> int:
    """The same through the API."""
    verb, number = step
    if verb == "state":
        return (await places.state(free_places=number)).status_code
    if verb == "reserve":
        answer = await places.ask(number)
    elif number in known:
        newest = (await places.listed(f"referral_reference={reference(number)}"))[0]
        answer = await places.do(verb, newest)
    else:
        return 409
    if answer.is_success:
        known[number] = answer.json()
    return answer.status_code


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, capacity=st.integers(1, 4))
async def test_places_are_never_doubled_and_never_lost(
    registry: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, steps: list[Step], capacity: int
) -> None:
    set_clock(monkeypatch, BEGIN)
    places, ledger = await Places.offered(registry, capacity=capacity, free_places=capacity), Ledger(capacity)
    known: dict[int, Any] = {}
    for step in steps:
        expected = ledger.take(step)
        set_clock(monkeypatch, after(days=ledger.days))
        if step[0] != "wait":
            assert await carry_out(places, step, known) == expected, step
        held = await places.held()
        assert {item["referral_reference"] for item in held} == {reference(number) for number in ledger.held}
        assert await places.free() == ledger.free
        assert len(held) + ledger.free <= capacity
