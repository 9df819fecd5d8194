"""What became of a recommendation, and what it has brought."""

from typing import Any

import httpx

from tests.casework.cases.made import made
from tests.casework.people.made import tag
from tests.casework.people.test_endpoints import rows
from tests.casework.plans.made import (
    PLANS,
    RECOMMENDATION,
    active,
    approved,
    case_with_team,
    drafted,
    move,
    whole,
)
from tests.support.problems import assert_problem


async def _ask(
    client: httpx.AsyncClient, plan: dict[str, Any], one: dict[str, Any], verb: str, **body: str
) -> httpx.Response:
    path = f"{PLANS}/{plan['id']}/recommendations/{one['id']}/{verb}"
    return await client.post(path, json=body, headers=tag(one))


async def _done(client: httpx.AsyncClient, plan: dict[str, Any], **end: str) -> dict[str, Any]:
    [one] = plan["recommendations"]
    for verb, body in (("accept", {}), ("start", {}), ("complete", end)):
        answer = await _ask(client, plan, one, verb, **body)
        assert answer.status_code == 200, answer.text
        one = answer.json()
    done: dict[str, Any] = one
    return done


async def test_an_effect_is_told_after_the_version_has_ended_and_told_anew(casework: httpx.AsyncClient) -> None:
    case = await case_with_team(casework)
    plan = await active(casework, case)
    done = await _done(casework, plan, note="dwadzieścia spotkań")
    assert (done["state"], done["effect"], done["allowed"]) == ("done", None, ["tell-effect"])
    draft = await drafted(casework, case)
    await made(casework, f"/plans/{draft['id']}/recommendations", RECOMMENDATION)
    later = await approved(casework, draft, case["mother_id"])
    await move(casework, later, "activate")
    first = (await _ask(casework, plan, done, "tell-effect", effect="not_assessable")).json()
    assert (first["effect"], first["note"]) == ("not_assessable", "dwadzieścia spotkań")
    # The day on which it was done stays the one by which reports count it.
    assert (first["state"], first["ended_at"], first["version"]) == ("done", done["ended_at"], done["version"] + 1)
    second = (await _ask(casework, plan, first, "tell-effect", effect="full", note="mówi zdaniami")).json()
    assert (second["effect"], second["note"]) == ("full", "mówi zdaniami")
    [shown] = (await whole(casework, plan))["recommendations"]
    assert {name: shown[name] for name in second} == second
    noted = await rows(
        casework,
        "SELECT detail FROM audit_records WHERE action = 'tell_recommendation_effect' ORDER BY recorded_at",
    )
    assert [(each["detail"]["earlier_effect"], each["detail"]["effect"]) for each in noted] == [
        (None, "not_assessable"),
        ("not_assessable", "full"),
    ]
    assert "mówi" not in str(noted)


async def test_an_effect_is_told_of_what_was_done_alone(casework: httpx.AsyncClient) -> None:
    plan = await active(casework, await case_with_team(casework))
    [one] = plan["recommendations"]
    refused = assert_problem(await _ask(casework, plan, one, "tell-effect", effect="full"), 409, "state-conflict")
    assert (refused["state"], refused["allowed"]) == ("proposed", ["accept", "give-up"])
    done = await _done(casework, plan)
    assert_problem(await _ask(casework, plan, done, "tell-effect"), 422, "validation-failed")
    assert (await _ask(casework, plan, done, "tell-effect", effect="partial")).status_code == 200
    stale = await _ask(casework, plan, done, "tell-effect", effect="none")
    assert_problem(stale, 412, "version-mismatch")
