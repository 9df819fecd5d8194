"""The team of a case: what its members see begins and ends with it."""

import httpx

from tests.casework.case_members.asks import MEMBER
from tests.casework.cases.made import CASES, based, moved, opened, with_team
from tests.casework.people.made import tag
from tests.support.callers import call_as
from tests.support.problems import assert_problem

HEALTH = call_as("specialist", subject="health", counties=[], institution=None)


async def seen(client: httpx.AsyncClient, case: dict[str, str]) -> tuple[int, int, int]:
    """Of a specialist: the statuses of the case and the child, and how many cases are listed."""
    one = await client.get(f"{CASES}/{case['id']}", headers=HEALTH)
    child = await client.get(f"/v1/casework/people/{case['person_id']}", headers=HEALTH)
    listed = (await client.get(CASES, headers=HEALTH)).json()["items"]
    return one.status_code, child.status_code, len(listed)


async def test_a_member_sees_the_case_and_the_child_until_leaving(casework: httpx.AsyncClient) -> None:
    case = await based(casework, await opened(casework))
    await opened(casework)
    assert await seen(casework, case) == (404, 404, 0)
    health, *_ = await with_team(casework, case)
    assert await seen(casework, case) == (200, 200, 1)
    path = f"{CASES}/{case['id']}/members/{health['id']}/remove"
    assert (await casework.post(path, headers=tag(health))).status_code == 200
    assert await seen(casework, case) == (404, 404, 0)
    assert_problem(await casework.post(path, headers={"if-match": f'"{health["id"]}:2"'}), 409, "state-conflict")


async def test_a_team_says_which_sectors_it_needs(casework: httpx.AsyncClient) -> None:
    case = await based(casework, await opened(casework))
    path = f"{CASES}/{case['id']}/members"
    assert (await casework.get(path)).json()["missing_sectors"] == ["health", "education", "social_assistance"]
    members = await with_team(casework, case)
    assert (await casework.get(path)).json() == {"items": members, "missing_sectors": []}


async def test_nobody_is_in_a_team_twice(casework: httpx.AsyncClient) -> None:
    case = await based(casework, await opened(casework))
    health, *_ = await with_team(casework, case)
    again = {name: health[name] for name in ("subject", "display_name", "profession", "sector", "institution_id")}
    assert_problem(await casework.post(f"{CASES}/{case['id']}/members", json=again), 409, "already-in-team")


async def test_a_case_that_is_over_is_seen_by_its_team_no_more(casework: httpx.AsyncClient) -> None:
    case = await based(casework, await opened(casework))
    await with_team(casework, case)
    await moved(casework, case, "withdraw", reason="family_declined")
    assert await seen(casework, case) == (404, 404, 0)


async def test_nobody_is_taken_into_a_team_without_a_basis(casework: httpx.AsyncClient) -> None:
    case = await opened(casework)
    path = f"{CASES}/{case['id']}/members"
    refused = await casework.post(path, json=MEMBER)
    assert assert_problem(refused, 409, "case-not-ready")["missing"] == ["legal_basis"]
    await based(casework, case)
    await with_team(casework, case)
    [consent] = (await casework.get("/v1/casework/consents")).json()["items"]
    await casework.post(f"/v1/casework/consents/{consent['id']}/withdraw", headers=tag(consent))
    # What was shared before the withdrawal was shared; nobody new sees it (GDPR, art. 7(3)).
    assert await seen(casework, case) == (200, 200, 1)
    refused = await casework.post(path, json=MEMBER)
    assert assert_problem(refused, 409, "case-not-ready")["missing"] == ["legal_basis"]
