"""Focus groups: two stages in a county, and nothing that tells of few."""

from typing import Any

import httpx

from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.training.conferences.test_endpoints import codes
from tests.training.focus_groups.asks import REPORT
from tests.training.groups.made import URL, Made, add_programme, post, send

ANYBODY = call_as("screener", counties=["2401"])


async def planned(client: httpx.AsyncClient, programme: Made, **facts: Any) -> Made:
    """A focus group of the first stage, unless another is given."""
    body = {"programme_id": programme["id"], "county_terc": "2469", "stage": 1, "topic": "Współpraca"}
    return await post(client, "/focus-groups", {**body, "planned_on": "2024-03-12", **facts})


async def held(client: httpx.AsyncClient, group: Made, **roles: int) -> Made:
    """A focus group to which so many came in each role."""
    participants = [{"role": role, "number": number} for role, number in roles.items()]
    body = {"held_on": "2024-03-12", "participants": participants}
    return await post(client, f"/focus-groups/{group['id']}/hold", body, group)


async def report(client: httpx.AsyncClient, group: Made) -> Made:
    """A focus group whose findings are published."""
    return await post(client, f"/focus-groups/{group['id']}/report", REPORT, group)


async def seen(client: httpx.AsyncClient, group: Made) -> Made:
    """What anybody sees of it, alone and in a list."""
    alone = (await client.get(f"{URL}/focus-groups/{group['id']}", headers=ANYBODY)).json()
    params = {"programme_id": group["programme_id"], "stage": group["stage"]}
    listed = await client.get(f"{URL}/focus-groups", params=params, headers=ANYBODY)
    assert listed.json()["items"] == [alone]
    found: Made = alone
    return found


async def test_the_second_stage_follows_the_first_in_the_same_county(training: httpx.AsyncClient) -> None:
    programme = await add_programme(training)
    second = {"programme_id": programme["id"], "county_terc": "2469", "stage": 2, "topic": "Wdrożenie"}
    second["planned_on"] = "2024-10-01"
    first = await planned(training, programme)
    first = await held(training, first, teacher=6, psychologist=5)
    refused = assert_problem(await send(training, "/focus-groups", second), 409, "first-stage-missing")
    assert refused["county_terc"] == "2469"
    reported = await report(training, first)
    assert reported["findings_en"] == "Findings."
    assert (await post(training, "/focus-groups", second))["stage"] == 2
    # Another programme has asked nobody in this county yet.
    other = second | {"programme_id": (await add_programme(training))["id"]}
    assert_problem(await send(training, "/focus-groups", other), 409, "first-stage-missing")


async def test_numbers_of_few_are_for_the_staff_of_the_county_and_the_others_public_when_reported(
    training: httpx.AsyncClient,
) -> None:
    programme = await add_programme(training)
    group = await held(training, await planned(training, programme), teacher=6, doctor=1)
    assert group["participants"] == [{"role": "teacher", "number": 6}, {"role": "doctor", "number": 1}]
    assert (await seen(training, group))["participants"] is None
    corrected = await held(training, group, teacher=6, doctor=5)
    assert (await seen(training, group))["participants"] is None
    await report(training, corrected)
    assert [each["number"] for each in (await seen(training, group))["participants"]] == [6, 5]
    elsewhere = await add_programme(training)
    few = await report(training, await held(training, await planned(training, elsewhere), teacher=6, doctor=1))
    assert (await seen(training, few))["participants"] is None


async def test_what_cannot_have_been_is_refused(training: httpx.AsyncClient) -> None:
    group = await planned(training, await add_programme(training))
    at = f"/focus-groups/{group['id']}"
    parts = [{"role": "teacher", "number": 3}, {"role": "teacher", "number": 4}]
    body = {"held_on": "2190-01-01", "participants": parts}
    assert codes(await send(training, f"{at}/hold", body, group)) == [
        ("/held_on", "in_future"),
        ("/participants/1/role", "repeated"),
    ]
    refused = assert_problem(await send(training, f"{at}/report", REPORT, group), 409, "state-conflict")
    assert refused["allowed"] == ["reschedule", "hold", "cancel"]
    moved = await post(training, f"{at}/reschedule", {"planned_on": "2024-04-02"}, group)
    same = await post(training, f"{at}/reschedule", {"planned_on": "2024-04-02"}, moved)
    assert (same["planned_on"], same["version"]) == ("2024-04-02", 2)
    cancelled = await post(training, f"{at}/cancel", {"reason": "Choroba."}, same)
    assert (cancelled["state"], cancelled["cancel_reason"]) == ("cancelled", "Choroba.")
