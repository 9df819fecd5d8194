"""A look at a plan and its record, in one statement or in two: the same answers, the same trail."""

import asyncpg
import httpx

from services.chassis.migrating import asyncpg_url
from tests.casework.cases.made import consented
from tests.casework.plans.made import HEALTH, PLANS, active, case_with_team, drafted, move, unknown
from tests.support.callers import call_as
from tests.support.looks import looked
from tests.support.problems import assert_problem
from tests.support.records import change

HERE, THERE = call_as("county_coordinator"), call_as("county_coordinator", counties=["2401"])
CASES = "/v1/casework/cases"


async def test_both_ways_show_the_same_and_leave_the_same_on_record(casework: httpx.AsyncClient) -> None:
    case = await case_with_team(casework)
    draft = f"{PLANS}/{(await drafted(casework, await consented(casework)))['id']}"
    path = f"{PLANS}/{(await active(casework, case))['id']}"
    proposed = await drafted(casework, case)
    await move(casework, proposed, "propose")
    asks = [
        *[(path, who) for who in (HERE, THERE, HEALTH, call_as("platform_admin"))],
        *[(draft, who) for who in (HERE, HEALTH)],
        (f"{PLANS}/{proposed['id']}", HERE),
        (path, {**HERE, "if-none-match": "*"}),
        (f"{PLANS}/{unknown()}", HERE),
        *[(f"{PLANS}{query}", HERE) for query in ("", f"?case_id={case['id']}", "?limit=1", "?fields=id")],
        *[(f"{CASES}{query}", HERE) for query in ("", "?county_terc=2469", "?is_open=true")],
        (CASES, THERE),
    ]
    at_once, noted = await looked(casework, asks, apart=False)
    apart, noted_apart = await looked(casework, asks, apart=True)
    assert at_once == apart
    assert noted == noted_apart
    shown, county, people = at_once[0], noted[0][4], noted[0][6]["people"]
    assert (shown[0], county, people) == (200, case["county_terc"], [case["person_id"]])


async def test_of_whom_the_key_is_gone_no_look_is_on_record(casework: httpx.AsyncClient) -> None:
    plan = await drafted(casework, await consented(casework))
    await change(casework, "DELETE FROM person_keys WHERE person_id = CAST(:id AS uuid)", id=plan["person_id"])
    asks = [(f"{PLANS}/{plan['id']}", HERE)]
    at_once, noted = await looked(casework, asks, apart=False)
    assert (at_once, noted) == await looked(casework, asks, apart=True)
    assert (at_once[0][0], [(record[1], record[3]) for record in noted]) == (410, [("read", "refused")])


async def test_what_cannot_be_on_record_is_not_shown(racing_casework: httpx.AsyncClient, admin_url: str) -> None:
    plan = await drafted(racing_casework, await consented(racing_casework))
    admin = await asyncpg.connect(asyncpg_url(admin_url))
    await admin.execute("REVOKE INSERT ON casework.audit_records FROM casework_app")
    try:
        for path in (f"{PLANS}/{plan['id']}", PLANS, CASES):
            answer = await racing_casework.get(path, headers=HERE)
            assert_problem(answer, 503, "audit-unavailable")
            assert plan["person_id"] not in answer.text
    finally:
        await admin.execute("GRANT INSERT ON casework.audit_records TO casework_app")
        await admin.close()
