"""Events that were put aside: who sees them, what of them, and how they are carried out after all."""

import asyncio
from typing import Any

import httpx
import pytest

from services.chassis.data.database import Database
from services.chassis.data.work import Change
from services.chassis.following.followers import FollowedEvent, Handler
from services.chassis.ground.problems import StateConflict, UpstreamUnavailable
from tests.chassis import depot
from tests.chassis.conftest import Admin
from tests.chassis.followed import run, taken
from tests.chassis.shop import PLACED, Shop
from tests.support.callers import call_as
from tests.support.problems import assert_problem

URL = "/v1/depot/dead-letters"
OPERATOR = call_as("operator", counties=["*"])
Letter = dict[str, Any]


@pytest.fixture
def handlers(monkeypatch: pytest.MonkeyPatch) -> dict[str, Handler]:
    """What the depot does about an order, for a test to change."""
    known = dict(depot.FOLLOWER.handlers)
    monkeypatch.setitem(vars(depot.FOLLOWER), "handlers", known)
    return known


async def refuse(change: Change, event: FollowedEvent) -> None:
    raise StateConflict(state="closed")


async def put_aside(database: Database, *subjects: str) -> Shop:
    """An order of each subject fails and is put aside."""
    shop = Shop()
    for subject in subjects:
        shop.tell(subject)
    await run(database, shop, refuse, pauses=4 * len(set(subjects)) + 1)
    return shop


async def listed(client: httpx.AsyncClient) -> list[Letter]:
    """The letters, the oldest first."""
    answer = await client.get(URL, params={"sort": "created_at"}, headers=OPERATOR)
    assert answer.status_code == 200, answer.text
    found: list[Letter] = answer.json()["items"]
    return found


async def replay(client: httpx.AsyncClient, letter: Letter | str) -> httpx.Response:
    found = letter if isinstance(letter, str) else letter["id"]
    return await client.post(f"{URL}/{found}/replay", headers=OPERATOR)


async def test_an_operator_sees_that_something_waits_and_not_what_it_is_about(
    idle_depot: httpx.AsyncClient, depot_database: Database
) -> None:
    await put_aside(depot_database, "orders/kanarek", "orders/kanarek")
    first, second = await listed(idle_depot)
    assert (first["feed"], first["problem"], first["attempts"], first["behind"]) == ("shop", "state-conflict", 5, None)
    assert (second["problem"], second["attempts"], second["behind"]) == ("behind_another", 0, first["id"])
    told = f"{first}{second}"
    assert "kanarek" not in told
    assert PLACED not in told
    assert "2469" not in told.replace(first["id"], "").replace(second["id"], "")


@pytest.mark.parametrize("headers", [call_as("registry_editor"), call_as(scope="depot:keep")])
async def test_whoever_does_not_operate_sees_and_replays_nothing(
    idle_depot: httpx.AsyncClient, depot_database: Database, headers: dict[str, str]
) -> None:
    await put_aside(depot_database, "a")
    [letter] = await listed(idle_depot)
    keyed = headers | {"idempotency-key": "k"}
    assert_problem(await idle_depot.get(URL, headers=headers), 403, "forbidden")
    assert_problem(await idle_depot.post(f"{URL}/{letter['id']}/replay", headers=keyed), 403, "forbidden")
    assert_problem(await idle_depot.get(URL, headers={"authorization": ""}), 401, "unauthenticated")


async def test_a_replayed_event_has_its_effect_once_and_is_on_record(
    idle_depot: httpx.AsyncClient, depot_database: Database, admin: Admin
) -> None:
    shop = await put_aside(depot_database, "a")
    [letter] = await listed(idle_depot)
    answer = await replay(idle_depot, letter)
    assert (answer.status_code, answer.json()["id"]) == (200, letter["id"])
    assert answer.json()["replayed_at"] is not None
    refused = assert_problem(await replay(idle_depot, letter), 409, "state-conflict")
    assert (refused["state"], refused["allowed"]) == ("replayed", [])
    assert await taken(admin) == {"a": (1, "1")}
    kept = await admin.fetch("SELECT actor, action FROM audit_records ORDER BY id")
    assert [tuple(row) for row in kept] == [("operator", "replay_dead_letter"), ("feed:shop", "take_order")]
    shop.tell("a")
    await run(depot_database, shop)
    assert await taken(admin) == {"a": (2, "1 2")}


async def test_those_of_one_subject_are_replayed_in_their_order(
    idle_depot: httpx.AsyncClient, depot_database: Database, admin: Admin
) -> None:
    shop = await put_aside(depot_database, "a", "a", "b")
    first, second, other = await listed(idle_depot)
    refused = assert_problem(await replay(idle_depot, second), 409, "state-conflict")
    assert (refused["state"], refused["missing"]) == ("waiting", [first["id"]])
    assert (await replay(idle_depot, other)).status_code == 200
    assert (await replay(idle_depot, first)).status_code == 200
    shop.tell("a")
    await run(depot_database, shop)
    assert await taken(admin) == {"a": (1, "1"), "b": (1, "3")}, "the second of a still waits, so the third does"
    assert (await replay(idle_depot, second)).status_code == 200
    *_, third = await listed(idle_depot)
    assert (await replay(idle_depot, third)).status_code == 200
    assert await taken(admin) == {"a": (3, "1 2 4"), "b": (1, "3")}


async def test_what_fails_again_stays_and_leaves_nothing(
    idle_depot: httpx.AsyncClient, depot_database: Database, admin: Admin, handlers: dict[str, Handler]
) -> None:
    async def take_half(change: Change, event: FollowedEvent) -> None:
        await depot.take_order(change, event)
        raise StateConflict(state="closed")

    await put_aside(depot_database, "a")
    [letter] = await listed(idle_depot)
    handlers[PLACED] = take_half
    refused = assert_problem(await replay(idle_depot, letter), 409, "replay-failed")
    assert refused["problem"] == "state-conflict"
    assert await listed(idle_depot) == [letter]
    assert await taken(admin) == {}
    handlers[PLACED] = depot.take_order
    assert (await replay(idle_depot, letter)).status_code == 200


async def test_an_outage_at_a_replay_is_told_as_one(
    idle_depot: httpx.AsyncClient, depot_database: Database, handlers: dict[str, Handler]
) -> None:
    async def need_another(change: Change, event: FollowedEvent) -> None:
        raise UpstreamUnavailable

    await put_aside(depot_database, "a")
    [letter] = await listed(idle_depot)
    handlers[PLACED] = need_another
    assert_problem(await replay(idle_depot, letter), 503, "upstream-unavailable")


async def test_an_event_that_nothing_is_done_about_any_more_stays(
    idle_depot: httpx.AsyncClient, depot_database: Database, handlers: dict[str, Handler]
) -> None:
    await put_aside(depot_database, "a")
    [letter] = await listed(idle_depot)
    handlers.clear()
    assert_problem(await replay(idle_depot, letter), 409, "replay-failed")
    assert await listed(idle_depot) == [letter]


async def test_twenty_replays_at_once_have_one_effect(
    idle_depot: httpx.AsyncClient, depot_database: Database, admin: Admin
) -> None:
    await put_aside(depot_database, "a")
    [letter] = await listed(idle_depot)
    answers = await asyncio.gather(*[replay(idle_depot, letter) for _ in range(20)])
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses.count(200) == 1
    assert set(statuses) <= {200, 409, 503}
    assert await taken(admin) == {"a": (1, "1")}


async def test_while_the_follower_is_at_work_a_replay_is_to_be_tried_again(
    idle_depot: httpx.AsyncClient, depot_database: Database
) -> None:
    shop, reached, go_on = await put_aside(depot_database, "a"), asyncio.Event(), asyncio.Event()
    shop.tell("b")

    async def take_slowly(change: Change, event: FollowedEvent) -> None:
        reached.set()
        await go_on.wait()

    following = asyncio.create_task(run(depot_database, shop, take_slowly))
    await reached.wait()
    [letter] = await listed(idle_depot)
    busy = await replay(idle_depot, letter)
    assert_problem(busy, 503, "resource-busy")
    assert int(busy.headers["retry-after"]) >= 1
    go_on.set()
    await following
    assert (await replay(idle_depot, letter)).status_code == 200


@pytest.mark.parametrize("letter", ["01990000-0000-4000-8000-0000000000d1", "x"])
async def test_a_letter_that_there_is_not_is_not_found(idle_depot: httpx.AsyncClient, letter: str) -> None:
    assert_problem(await replay(idle_depot, letter), 404, "not-found")


async def test_a_service_that_follows_nobody_has_no_dead_letters(registry: httpx.AsyncClient) -> None:
    assert_problem(await registry.get("/v1/registry/dead-letters", headers=OPERATOR), 404, "not-found")
