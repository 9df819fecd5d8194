"""The schedule of a body, through the API."""

from typing import Any

import httpx
import pytest

from services.chassis.ground import clock
from tests.registry.bodies.stories import PLATFORM, URL, found, plan, tag_of
from tests.support.problems import assert_problem
from tests.support.records import add_territory


@pytest.fixture
async def platform(registry: httpx.AsyncClient) -> dict[str, Any]:
    await add_territory(registry)
    return await found(registry, PLATFORM)


async def listed(client: httpx.AsyncClient, body: dict[str, Any], query: str = "") -> list[dict[str, Any]]:
    answer = await client.get(f"{URL}/{body['id']}/meetings{query}")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def settle(
    client: httpx.AsyncClient, meeting: dict[str, Any], verb: str, body: dict[str, Any], **headers: str
) -> httpx.Response:
    path = f"{URL}/{meeting['body_id']}/meetings/{meeting['id']}/{verb}"
    return await client.post(path, json=body, headers=headers or tag_of(meeting))


async def test_a_series_is_planned_at_once(registry: httpx.AsyncClient, platform: dict[str, Any]) -> None:
    made = await plan(registry, platform, every_months=3, times=4)
    days = ["2024-03-31", "2024-06-30", "2024-09-30", "2024-12-31"]
    assert [meeting["planned_on"] for meeting in made] == days
    assert await listed(registry, platform) == made
    assert [meeting["planned_on"] for meeting in await listed(registry, platform, "?sort=-planned_on")] == days[::-1]


@pytest.mark.parametrize(
    ("facts", "pointer", "code"),
    [
        ({"times": 3}, "/every_months", "both_or_neither"),
        ({"every_months": 3}, "/times", "both_or_neither"),
        ({"every_months": 3, "times": 25}, "/times", "too_large"),
        ({"every_months": 0, "times": 2}, "/every_months", "too_small"),
        ({"first_on": "2023-12-31"}, "/first_on", "wrong_order"),
    ],
)
async def test_what_is_wrong_with_a_plan_is_named(
    registry: httpx.AsyncClient, platform: dict[str, Any], facts: dict[str, Any], pointer: str, code: str
) -> None:
    asked = {"first_on": "2024-03-31", "topic": "Ocena", **facts}
    answer = await registry.post(f"{URL}/{platform['id']}/meetings", json=asked)
    errors = assert_problem(answer, 422, "validation-failed")["errors"]
    assert [(error["pointer"], error["code"]) for error in errors] == [(pointer, code)]
    assert await listed(registry, platform) == []


async def test_a_meeting_is_held_or_cancelled_once(registry: httpx.AsyncClient, platform: dict[str, Any]) -> None:
    one, other = await plan(registry, platform, every_months=1, times=2)
    held = await settle(registry, one, "hold", {"held_on": "2024-04-02"})
    assert (held.json()["state"], held.json()["held_on"]) == ("held", "2024-04-02")
    off = await settle(registry, other, "cancel", {"reason": "brak kworum"})
    assert (off.json()["state"], off.json()["cancelling_reason"], off.json()["version"]) == (
        "cancelled",
        "brak kworum",
        2,
    )
    for meeting, state in ((held.json(), "held"), (off.json(), "cancelled")):
        for verb, body in (("hold", {"held_on": "2024-04-02"}), ("cancel", {"reason": "nie"})):
            problem = assert_problem(await settle(registry, meeting, verb, body), 409, "state-conflict")
            assert (problem["state"], problem["allowed"]) == (state, [])


async def test_a_meeting_was_held_between_the_founding_and_today(
    registry: httpx.AsyncClient, platform: dict[str, Any]
) -> None:
    [meeting] = await plan(registry, platform)
    for day, code in (("2023-12-31", "wrong_order"), ("2199-01-01", "in_future")):
        answer = await settle(registry, meeting, "hold", {"held_on": day})
        assert [error["code"] for error in answer.json()["errors"]] == [code]
    assert (await listed(registry, platform))[0]["version"] == 1


async def test_a_change_of_a_meeting_needs_the_version_that_was_read(
    registry: httpx.AsyncClient, platform: dict[str, Any]
) -> None:
    [meeting] = await plan(registry, platform)
    stale = {"if-match": f'"{meeting["id"]}:9"'}
    assert_problem(await settle(registry, meeting, "cancel", {"reason": "x"}, **stale), 412, "version-mismatch")
    assert_problem(
        await settle(registry, meeting, "cancel", {"reason": "x"}, accept="*/*"), 428, "precondition-required"
    )
    strange = meeting | {"id": platform["id"]}
    assert_problem(await settle(registry, strange, "cancel", {"reason": "x"}), 404, "meeting-not-found")


async def test_meetings_of_which_nobody_said_a_word_are_overdue_after_their_day(
    registry: httpx.AsyncClient, platform: dict[str, Any]
) -> None:
    today = clock.today().isoformat()
    past, held = await plan(registry, platform, every_months=1, times=2)
    [now] = await plan(registry, platform, first_on=today)
    await plan(registry, platform, first_on="2199-01-01")
    await settle(registry, held, "hold", {"held_on": "2024-04-30"})
    assert (past["is_overdue"], now["is_overdue"]) == (True, False)
    assert [meeting["is_overdue"] for meeting in await listed(registry, platform)] == [True, False, False, False]
    assert [meeting["id"] for meeting in await listed(registry, platform, "?overdue=true")] == [past["id"]]
    assert len(await listed(registry, platform, "?overdue=false&state=planned")) == 2
    assert len(await listed(registry, platform, "?state=held&state=cancelled")) == 1
