"""The access log: a guardian sees who looked at the child's data, and not more than may be seen."""

import json
import uuid
from typing import Any

import httpx
import pytest

from services.casework.access_log.queries import list_entries
from services.chassis.data.texts import as_text
from services.chassis.ground import clock
from tests.casework.access_log.made import guarded
from tests.casework.cases.made import made, opened
from tests.casework.consents.asks import BASIS
from tests.casework.merges.made import merged_into
from tests.casework.people.made import registered, tag
from tests.casework.people.test_endpoints import PEOPLE, rows
from tests.support.callers import OWN_INSTITUTION, call_as
from tests.support.problems import assert_problem
from tests.support.records import app_of

LOG = "/v1/casework/access-log"


async def logged(client: httpx.AsyncClient, child: dict[str, Any], **asked: Any) -> list[dict[str, Any]]:
    """The entries of a child's log, as whoever is in `headers` sees them."""
    headers = asked.pop("headers", None)
    answer = await client.get(LOG, params={"person_id": child["id"], **asked}, headers=headers)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_a_guardian_sees_looks_and_changes_without_whose_account_it_was(casework: httpx.AsyncClient) -> None:
    child, other = await registered(casework), await registered(casework)
    guardian = await guarded(casework, child)
    await casework.get(f"{PEOPLE}/{child['id']}")
    await casework.get(f"{PEOPLE}/{other['id']}")
    case = await opened(casework, person_id=child["id"])
    seen = await logged(casework, child, headers=guardian)
    told = [(entry["action"], entry["category"], entry["is_change"]) for entry in seen]
    assert told == [
        ("open_case", "case", True),
        ("get_person", "identity", False),
        ("register_person", "identity", True),
    ]
    for entry in seen:
        assert entry["account"] is None
        assert (entry["institution_id"], entry["roles"]) == (OWN_INSTITUTION, ["county_coordinator"])
    assert case["id"] not in str(seen)


async def test_the_look_at_the_log_is_in_the_log(casework: httpx.AsyncClient) -> None:
    child = await registered(casework)
    guardian = await guarded(casework, child)
    await logged(casework, child, headers=guardian)
    newest, _ = await logged(casework, child)
    assert (newest["action"], newest["category"], newest["is_change"]) == ("read_access_log", None, False)
    assert (newest["account"], newest["roles"], newest["institution_id"]) == ("guardian", ["guardian"], None)


async def test_everybody_on_a_page_has_the_look_in_the_own_log(casework: httpx.AsyncClient) -> None:
    children = [await registered(casework) for _ in range(5)]
    await casework.get(PEOPLE)
    for child in children:
        [entry] = [one for one in await logged(casework, child) if one["action"] == "list_people"]
        assert not {other["id"] for other in children} & set(str(entry).split("'"))


async def test_the_log_is_paged_and_narrowed(casework: httpx.AsyncClient) -> None:
    child = await registered(casework)
    for _ in range(3):
        await casework.get(f"{PEOPLE}/{child['id']}")
    first = await casework.get(LOG, params={"person_id": child["id"], "limit": 2, "fields": "action"})
    assert first.json()["items"] == [{"action": "get_person"}] * 2
    second = await casework.get(first.links["next"]["url"])
    assert second.json()["items"] == [{"action": "get_person"}, {"action": "register_person"}]
    unknown = await casework.get(LOG, params={"person_id": child["id"], "fields": "detail"})
    assert_problem(unknown, 422, "validation-failed")


@pytest.mark.parametrize("role", ["guardian", "specialist", "county_coordinator"])
async def test_a_stranger_sees_no_log(casework: httpx.AsyncClient, role: str) -> None:
    child = await registered(casework)
    stranger = call_as(role, subject="stranger", counties=["2401"])
    answer = await casework.get(LOG, params={"person_id": child["id"]}, headers=stranger)
    if role == "specialist":
        assert_problem(answer, 403, "forbidden")
    else:
        assert_problem(answer, 404, "person-not-found")


async def test_a_refused_look_names_nobody(casework: httpx.AsyncClient) -> None:
    child = await registered(casework)
    stranger = call_as("guardian", subject="stranger", counties=[], institution=None)
    await casework.get(LOG, params={"person_id": child["id"]}, headers=stranger)
    [noted] = await rows(casework, "SELECT subject, detail FROM audit_records WHERE outcome = 'refused'")
    assert (noted["subject"], noted["detail"]) == ("access-log", {})


async def test_the_log_is_found_by_its_index(casework: httpx.AsyncClient) -> None:
    child = await registered(casework)
    asked, parameters = as_text(list_entries([uuid.UUID(child["id"])], clock.now(), for_family=True).rows)
    async with app_of(casework).state.database.change() as work:
        await work.run("SET LOCAL enable_seqscan = off")
        given = [json.dumps(value) if isinstance(value, list) else value for _, value in parameters]
        plan = await work.fetch(f"EXPLAIN {asked}", *given)
    assert "Bitmap Index Scan on ix_audit_records_people" in str(plan)


async def test_a_change_of_consent_is_in_the_log_under_its_category(casework: httpx.AsyncClient) -> None:
    child = await registered(casework)
    consent = await made(casework, "/consents", {**BASIS, "person_id": child["id"]})
    await casework.post(f"/v1/casework/consents/{consent['id']}/withdraw", headers=tag(consent))
    seen = [(one["action"], one["category"], one["is_change"]) for one in await logged(casework, child)]
    assert seen[:2] == [("withdraw_consent", "consents", True), ("record_consent", "consents", True)]


async def test_looks_at_a_record_that_became_part_of_another_stay_in_the_log(casework: httpx.AsyncClient) -> None:
    child, again = await registered(casework), await registered(casework)
    guardian = await guarded(casework, child)
    nurse = call_as("county_coordinator", subject="nurse")
    assert (await casework.get(f"{PEOPLE}/{again['id']}", headers=nurse)).status_code == 200
    assert "nurse" not in {one["account"] for one in await logged(casework, child)}
    await merged_into(casework, child, again)
    for caller in ({}, guardian):
        log = await casework.get(LOG, params={"person_id": child["id"]}, headers=caller)
        looks = [(one["action"], one["category"]) for one in log.json()["items"]]
        assert looks.count(("get_person", "identity")) == 1
    assert "nurse" in {one["account"] for one in await logged(casework, child)}
