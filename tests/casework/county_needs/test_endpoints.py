"""What the children of a county need and wait for."""

from typing import Any

import httpx

from tests.casework.cases.made import consented
from tests.casework.plans.made import active, case_with_team
from tests.casework.referrals.made import case_with_basis, sent
from tests.casework.referrals.registries import FakeRegistry, playing
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import change

URL = "/v1/casework/counties/2469/needs"
WAITED = """
UPDATE referrals SET sent_on = sent_on - CAST(:days AS integer), due_on = due_on - CAST(:days AS integer)
WHERE id = CAST(:id AS uuid)
"""


async def needs(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.get(URL)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_open_referrals_are_counted_by_what_the_service_is_and_how_long_they_wait(
    casework: httpx.AsyncClient,
) -> None:
    case, _ = await case_with_basis(casework)
    registry = FakeRegistry()
    registry.service |= {"sector": "health", "kind": "diagnostic", "free_places": 5}
    async with playing(registry):
        referrals = [await sent(casework, case) for _ in range(3)]
    for referral, days in zip(referrals, (0, 5, 40), strict=True):
        await change(casework, WAITED, days=days, id=referral["id"])
    found = await needs(casework)
    [line] = found["support"]
    assert (line["sector"], line["kind"], line["recommended"]) == ("health", "diagnostic", 0)
    assert (line["open"], line["average_days_waited"], line["longest_days_waited"]) == (3, 15.0, 40)
    assert line["overdue"] >= 1
    assert found["inbound"]["open"] == 0
    ended = "UPDATE referrals SET closed_at = now(), state = 'withdrawn', reason = 'other'"
    await change(casework, ended)
    assert (await needs(casework))["support"] == []


async def test_what_active_plans_recommend_is_needed_until_it_is_done(casework: httpx.AsyncClient) -> None:
    await active(casework, await case_with_team(casework))
    [line] = (await needs(casework))["support"]
    assert (line["sector"], line["recommended"], line["open"], line["average_days_waited"]) == ("education", 1, 0, None)
    # The plan of a case that is over stays active, and nobody waits for it any more.
    ended = "UPDATE cases SET state = 'withdrawn', closed_on = current_date, closing_reason = 'other'"
    await change(casework, ended)
    assert (await needs(casework))["support"] == []


async def test_open_cases_are_counted_by_state_and_another_county_is_not_there(casework: httpx.AsyncClient) -> None:
    await consented(casework)
    await case_with_basis(casework)
    assert (await needs(casework))["cases"] == [{"state": "consented", "cases": 1}, {"state": "draft", "cases": 1}]
    elsewhere = call_as("county_coordinator", counties=["2401"])
    assert_problem(await casework.get(URL, headers=elsewhere), 404, "not-found")
    assert_problem(await casework.get(URL, headers=call_as("specialist")), 404, "not-found")
