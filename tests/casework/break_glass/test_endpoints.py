"""Break-glass: one child for an hour, to read alone, with a reason, reviewed by somebody else."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.casework.access_log.test_endpoints import logged
from tests.casework.break_glass.asks import PATH, REASON, REVIEW, just_logged_in
from tests.casework.case_transfers.made import case_with_plan, decided, proposed
from tests.casework.cases.made import CASES, opened
from tests.casework.data_subject_requests.made import erased
from tests.casework.people.made import registered, tag
from tests.casework.people.test_endpoints import PEOPLE, rows
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import change

GLASS = f"/v1/casework{PATH}"
NOT_JUSTIFIED = {**REVIEW, "verdict": "not_justified"}
AGED = """
UPDATE break_glass SET opened_at = opened_at - CAST(:ago AS interval), ends_at = ends_at - CAST(:ago AS interval)
"""
DOCTOR: dict[str, Any] = {"subject": "doctor", "counties": ["0201"], "institution": None}


async def broken(client: httpx.AsyncClient, child: dict[str, Any], **facts: Any) -> httpx.Response:
    """What a doctor of another county is answered who opens the child's records."""
    caller = just_logged_in("specialist", **{**DOCTOR, **facts.pop("caller", {})})
    body = {**REASON, "person_id": child["id"], **facts}
    return await client.post(GLASS, json=body, headers=caller)


async def aged(client: httpx.AsyncClient, **ago: float) -> None:
    """Let every access have been opened that long ago."""
    moved = {"ago": timedelta(**ago)}
    await change(client, AGED, **moved)
    await change(client, "UPDATE relations SET ends_at = ends_at - CAST(:ago AS interval)", **moved)


async def test_a_child_of_another_county_is_read_for_an_hour(casework: httpx.AsyncClient) -> None:
    case = await opened(casework)
    child = {"id": case["person_id"]}
    doctor = call_as("specialist", **DOCTOR)
    paths = (f"{PEOPLE}/{child['id']}", f"{CASES}/{case['id']}")
    for path in paths:
        assert (await casework.get(path, headers=doctor)).status_code == 404
    answer = await broken(casework, child)
    assert answer.status_code == 201, answer.text
    access = answer.json()
    lasting = datetime.fromisoformat(access["ends_at"]) - datetime.fromisoformat(access["opened_at"])
    due = datetime.fromisoformat(access["review_due_at"]) - datetime.fromisoformat(access["opened_at"])
    assert (lasting, due) == (timedelta(hours=1), timedelta(hours=72))
    for path in paths:
        assert (await casework.get(path, headers=doctor)).status_code == 200
    await aged(casework, minutes=61)
    for path in paths:
        assert (await casework.get(path, headers=doctor)).status_code == 404


async def test_nothing_is_changed_nor_handed_on_through_it(casework: httpx.AsyncClient) -> None:
    case = await opened(casework)
    child = {"id": case["person_id"], "version": 1}
    await broken(casework, child)
    doctor = call_as("specialist", **DOCTOR)
    path = f"{PEOPLE}/{child['id']}"
    patched = await casework.patch(path, json={"telephone": "600 000 000"}, headers=doctor | tag(child))
    assert_problem(patched, 403, "forbidden")
    left = await casework.post(f"{CASES}/{case['id']}/withdraw", json={"reason": "x"}, headers=doctor | tag(case))
    assert_problem(left, 403, "forbidden")
    coordinator = just_logged_in("institution_coordinator", subject="c", counties=["0201"])
    await casework.post(GLASS, json={**REASON, "person_id": child["id"]}, headers=coordinator)
    assert (await casework.get(path, headers=coordinator)).status_code == 200
    patched = await casework.patch(path, json={"telephone": "600 000 000"}, headers=coordinator | tag(child))
    assert_problem(patched, 404, "person-not-found")


@pytest.mark.parametrize("seconds_ago", [301, 3600, -1e12])
async def test_an_old_login_is_not_enough(casework: httpx.AsyncClient, seconds_ago: float) -> None:
    child = await registered(casework)
    refused = await broken(casework, child, caller={"seconds_ago": seconds_ago})
    body = assert_problem(refused, 403, "step-up-required")
    assert body["max_age"] == 300
    assert "max_age=300" in refused.headers["www-authenticate"]


async def test_a_token_without_the_time_of_login_is_not_enough(casework: httpx.AsyncClient) -> None:
    child = await registered(casework)
    body = {**REASON, "person_id": child["id"]}
    refused = await casework.post(GLASS, json=body, headers=call_as("specialist", **DOCTOR))
    assert_problem(refused, 403, "step-up-required")


async def test_no_refusal_tells_whether_there_is_such_a_child(casework: httpx.AsyncClient) -> None:
    child, nobody = await registered(casework), {"id": str(uuid.uuid4())}
    old = {"caller": {"seconds_ago": 900}}
    told = [(await broken(casework, one, **old)).json() for one in (child, nobody)]
    for body in told:
        body.pop("trace_id")
    assert told[0] == told[1]
    await change(casework, "UPDATE people SET erased_at = now()")
    gone, unknown = await broken(casework, child), await broken(casework, nobody)
    told = [assert_problem(answer, 404, "nobody-to-open") for answer in (gone, unknown)]
    for body in told:
        body.pop("trace_id")
    assert told[0] == told[1]


@pytest.mark.parametrize(
    ("facts", "pointer"),
    [({"reason": "x" * 19}, "/reason"), ({"reason_code": "curiosity"}, "/reason_code"), ({"reason": None}, "/reason")],
)
async def test_a_reason_is_given(casework: httpx.AsyncClient, facts: dict[str, Any], pointer: str) -> None:
    refused = await broken(casework, await registered(casework), **facts)
    assert pointer in {error["pointer"] for error in assert_problem(refused, 422, "validation-failed")["errors"]}


async def test_the_reason_is_sealed_and_the_event_has_ids_alone(casework: httpx.AsyncClient) -> None:
    child = await registered(casework)
    access = (await broken(casework, child)).json()
    [kept] = await rows(casework, "SELECT CAST(b AS text) FROM break_glass AS b")
    assert "ratunkowym" not in kept[0]
    assert b"ratunkowym".hex() not in kept[0]
    [event] = await rows(casework, "SELECT type, data, county_terc FROM events WHERE type LIKE '%break-glass%'")
    assert event["type"] == "casework.break-glass.opened"
    assert event["data"] == {
        "href": f"/v1/casework/break-glass/{access['id']}",
        "people": [child["id"]],
        "reason_code": "threat_to_health",
        "verdict": None,
    }
    assert event["county_terc"] == "2469"


async def test_the_hour_is_not_prolonged(casework: httpx.AsyncClient) -> None:
    child = await registered(casework)
    access = (await broken(casework, child)).json()
    refused = assert_problem(await broken(casework, child), 409, "break-glass-already-open")
    assert datetime.fromisoformat(refused["ends_at"]) == datetime.fromisoformat(access["ends_at"])
    await aged(casework, minutes=61)
    assert (await broken(casework, child)).status_code == 201


async def test_three_are_opened_a_day(casework: httpx.AsyncClient) -> None:
    children = [await registered(casework) for _ in range(4)]
    answers = [await broken(casework, child) for child in children]
    assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
    colleague = {"subject": "colleague"}
    assert (await broken(casework, children[3], caller=colleague)).status_code == 201
    await aged(casework, hours=25)
    assert (await broken(casework, children[3])).status_code == 201


async def test_none_is_opened_while_one_waits_too_long_for_its_review(casework: httpx.AsyncClient) -> None:
    child, other = await registered(casework), await registered(casework)
    access = (await broken(casework, child)).json()
    await aged(casework, hours=73)
    assert_problem(await broken(casework, other), 409, "break-glass-unreviewed")
    reviewed = await casework.post(f"{GLASS}/{access['id']}/review", json=REVIEW, headers=tag(access))
    assert reviewed.status_code == 200
    assert (await broken(casework, other)).status_code == 201


async def test_the_county_reviews_what_was_opened_and_nobody_the_own(casework: httpx.AsyncClient) -> None:
    child = await registered(casework)
    access = (await broken(casework, child, caller={"subject": "county_coordinator"})).json()
    path = f"{GLASS}/{access['id']}/review"
    assert_problem(await casework.post(path, json=REVIEW, headers=tag(access)), 403, "own-decision")
    second = call_as("county_coordinator", subject="second")
    elsewhere = call_as("county_coordinator", subject="third", counties=["2401"])
    waiting = (await casework.get(GLASS, params={"is_reviewed": "false"}, headers=second)).json()["items"]
    assert [(one["id"], one["reason"]) for one in waiting] == [(access["id"], REASON["reason"])]
    assert (await casework.get(GLASS, headers=elsewhere)).json()["items"] == []
    answer = await casework.post(path, json=REVIEW, headers=second | tag(access))
    after = answer.json()
    assert (after["verdict"], after["reviewed_by"], after["note"]) == ("justified", "second", REVIEW["note"])
    assert (await casework.get(f"{GLASS}/{access['id']}", headers=second)).json() == after
    assert (await casework.get(GLASS, params={"is_reviewed": "false"})).json()["items"] == []
    assert_problem(await casework.post(path, json=REVIEW, headers=second | tag(after)), 409, "state-conflict")


async def test_one_that_was_not_justified_ends_at_once(casework: httpx.AsyncClient) -> None:
    child = await registered(casework)
    access = (await broken(casework, child)).json()
    reviewed = await casework.post(f"{GLASS}/{access['id']}/review", json=NOT_JUSTIFIED, headers=tag(access))
    assert reviewed.json()["ends_at"] == reviewed.json()["reviewed_at"] < access["ends_at"]
    read = await casework.get(f"{PEOPLE}/{child['id']}", headers=call_as("specialist", **DOCTOR))
    assert_problem(read, 404, "person-not-found")


async def test_after_one_that_was_not_justified_another_may_be_opened_within_the_hour(
    casework: httpx.AsyncClient,
) -> None:
    child = await registered(casework)
    access = (await broken(casework, child)).json()
    await casework.post(f"{GLASS}/{access['id']}/review", json=NOT_JUSTIFIED, headers=tag(access))
    assert (await broken(casework, child)).status_code == 201
    read = await casework.get(f"{PEOPLE}/{child['id']}", headers=call_as("specialist", **DOCTOR))
    assert read.status_code == 200


async def test_a_verdict_on_an_hour_that_is_over_does_not_end_the_next(casework: httpx.AsyncClient) -> None:
    child = await registered(casework)
    over = (await broken(casework, child)).json()
    await aged(casework, minutes=61)
    assert (await broken(casework, child)).status_code == 201
    path = f"{GLASS}/{over['id']}"
    ended_at = (await casework.get(path)).json()["ends_at"]
    reviewed = await casework.post(f"{path}/review", json=NOT_JUSTIFIED, headers=tag(over))
    assert reviewed.json()["ends_at"] == ended_at
    read = await casework.get(f"{PEOPLE}/{child['id']}", headers=call_as("specialist", **DOCTOR))
    assert read.status_code == 200


async def test_whoever_was_erased_within_the_hour_is_nobody(casework: httpx.AsyncClient) -> None:
    child = await registered(casework)
    await broken(casework, child)
    await erased(casework, child)
    assert_problem(await broken(casework, child), 404, "nobody-to-open")


async def test_it_stands_in_the_child_s_access_log(casework: httpx.AsyncClient) -> None:
    child = await registered(casework)
    await broken(casework, child)
    await casework.get(f"{PEOPLE}/{child['id']}", headers=call_as("specialist", **DOCTOR))
    seen = [(one["action"], one["account"], one["roles"]) for one in await logged(casework, child)]
    assert seen[:2] == [("get_person", "doctor", ["specialist"]), ("open_break_glass", "doctor", ["specialist"])]


async def test_an_access_ends_with_the_move_of_the_child_and_can_be_opened_again(casework: httpx.AsyncClient) -> None:
    case = await case_with_plan(casework)
    child = {"id": case["person_id"]}
    assert (await broken(casework, child)).status_code == 201
    await decided(casework, await proposed(casework, case), "accept")
    doctor = call_as("specialist", **DOCTOR)
    assert_problem(await casework.get(f"{PEOPLE}/{child['id']}", headers=doctor), 404, "person-not-found")
    again = await broken(casework, child)
    assert again.status_code == 201, again.text
    assert (await casework.get(f"{PEOPLE}/{child['id']}", headers=doctor)).status_code == 200
