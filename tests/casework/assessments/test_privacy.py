"""Whoever sees an assessment: what it says is sealed, each look is noted, erasure leaves nothing of it."""

import re

import httpx

from services.chassis.data.relating import relate
from services.chassis.trust.relations import account_holder
from tests.casework.assessments.asks import ASSESSMENT, CONTENT
from tests.casework.assessments.made import ASSESSMENTS, completed, drafted, moved
from tests.casework.cases.made import consented
from tests.casework.documents.made import erase, restrict
from tests.casework.people.test_endpoints import rows
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import EVERYWHERE, app_of


async def test_what_an_assessment_says_is_sealed_and_in_no_list(casework: httpx.AsyncClient) -> None:
    done = await completed(casework, await consented(casework))
    annulled = await moved(casework, done, "annul", body={"reason": "pomyłka: inne dziecko"})
    assert annulled.json()["annulled_because"] == "pomyłka: inne dziecko"
    kept = await rows(casework, "SELECT CAST(a AS text) FROM assessments AS a")
    kept += await rows(casework, "SELECT CAST(a AS text) FROM audit_records AS a")
    kept += await rows(casework, "SELECT CAST(e AS text) FROM events AS e")
    text = "".join(row[0] for row in kept)
    assert done["id"] in text
    # Not within a number in hexadecimal digits, where four of any kind turn up by chance.
    assert re.search(r"(?<![0-9a-f])d330(?![0-9a-f])", text) is None
    for secret in ("piewa", "wiczenia", "inne dziecko"):
        assert secret not in text
        assert secret.encode().hex() not in text
    [listed] = (await casework.get(ASSESSMENTS)).json()["items"]
    assert listed["id"] == done["id"]
    assert not {*CONTENT} & listed.keys()


async def test_a_guardian_reads_what_is_finished_and_no_draft(casework: httpx.AsyncClient) -> None:
    case = await consented(casework)
    draft = await drafted(casework, case)
    done = await completed(casework, case)
    async with app_of(casework).state.database.change(EVERYWHERE) as change:
        await relate(change, account_holder("parent"), "guardian", [case["person_id"]], "2469")
    parent = call_as("guardian", subject="parent", counties=[], institution=None)
    listed = (await casework.get(ASSESSMENTS, headers=parent)).json()["items"]
    assert [one["id"] for one in listed] == [done["id"]]
    read = await casework.get(f"{ASSESSMENTS}/{done['id']}", headers=parent)
    assert read.json()["strengths"] == CONTENT["strengths"]
    assert_problem(await casework.get(f"{ASSESSMENTS}/{draft['id']}", headers=parent), 404, "assessment-not-found")


async def test_an_erased_child_has_no_assessment_left_and_a_restricted_one_gets_none(
    casework: httpx.AsyncClient,
) -> None:
    case = await consented(casework)
    draft = await drafted(casework, case)
    await restrict(casework, case["person_id"])
    body = {**ASSESSMENT, "case_id": case["id"]}
    for answer in (await casework.post(ASSESSMENTS, json=body), await moved(casework, draft, "complete")):
        assert_problem(answer, 423, "processing-restricted")
    await erase(casework, case["person_id"])
    assert_problem(await casework.get(f"{ASSESSMENTS}/{draft['id']}"), 410, "erased")


async def test_a_look_is_noted_with_the_child(casework: httpx.AsyncClient) -> None:
    case = await consented(casework)
    draft = await drafted(casework, case)
    await casework.get(f"{ASSESSMENTS}/{draft['id']}")
    await casework.get(ASSESSMENTS, params={"case_id": case["id"]})
    await casework.get(f"/v1/casework/cases/{case['id']}/assessments/comparison")
    looks = await rows(casework, "SELECT action, detail FROM audit_records WHERE detail ? 'category' ORDER BY id")
    assert [look["action"] for look in looks] == ["get_assessment", "list_assessments", "compare_assessments"]
    for look in looks:
        assert (look["detail"]["category"], look["detail"]["people"]) == ("assessment", [case["person_id"]])
