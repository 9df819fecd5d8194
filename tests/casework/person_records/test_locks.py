"""Whatever an endpoint looks at: about whoever is restricted or erased the database takes nothing more."""

import httpx
import pytest

from tests.casework.cases.made import CASES, based, made, opened
from tests.casework.consents.asks import BASIS
from tests.casework.data_subject_requests.made import asked, decided
from tests.casework.people.made import registered, tag
from tests.casework.people.test_endpoints import rows
from tests.support.problems import assert_problem
from tests.support.records import change

_LOCKED = """
SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = $1 AND tgrelid::regclass::text NOT LIKE '%.%'
UNION SELECT relname FROM pg_trigger JOIN pg_class ON tgrelid = pg_class.oid WHERE tgname = $1
"""
_ABOUT_PEOPLE = """
SELECT table_name FROM information_schema.columns
WHERE table_schema = 'casework' AND column_name IN ('person_id', 'child_id')
"""
KEYS_AND_DIGESTS = {"person_keys", "person_names"}
OF_RIGHTS = {
    "accounts",
    "account_codes",
    "access_withholdings",
    "break_glass",
    "data_subject_requests",
    "legal_holds",
}


@pytest.mark.parametrize(
    ("name", "free"), [("keep_erased", KEYS_AND_DIGESTS), ("keep_restricted", KEYS_AND_DIGESTS | OF_RIGHTS)]
)
async def test_every_table_about_people_is_locked(casework: httpx.AsyncClient, name: str, free: set[str]) -> None:
    locked = {row[0] for row in await rows(casework, _LOCKED, name)}
    assert locked == {row[0] for row in await rows(casework, _ABOUT_PEOPLE)} - free


async def test_a_case_of_whoever_is_restricted_is_not_changed_and_what_ends_goes_on(
    casework: httpx.AsyncClient,
) -> None:
    child = await registered(casework)
    case = await opened(casework, person_id=child["id"])
    consent = await made(casework, "/consents", {**BASIS, "person_id": child["id"]})
    await decided(casework, await asked(casework, child, "restriction"))
    patched = await casework.patch(f"{CASES}/{case['id']}", json={"review_due_on": "2027-01-01"}, headers=tag(case))
    assert_problem(patched, 423, "processing-restricted")
    withdrawn = await casework.post(f"/v1/casework/consents/{consent['id']}/withdraw", headers=tag(consent))
    assert withdrawn.status_code == 200
    assert (await casework.get(f"{CASES}/{case['id']}")).json() == case


async def test_a_late_change_of_whoever_was_erased_is_refused_by_the_database(casework: httpx.AsyncClient) -> None:
    case = await based(casework, await opened(casework))
    await change(casework, "UPDATE people SET erased_at = now()")
    path = f"{CASES}/{case['id']}"
    patched = await casework.patch(path, json={"review_due_on": "2027-01-01"}, headers=tag(case))
    assert_problem(patched, 410, "erased")
    member = {"display_name": "Ktoś", "profession": "x", "sector": "health", "subject": "s"}
    member["institution_id"] = "01990000-0000-7000-8000-000000000001"
    assert_problem(await casework.post(f"{path}/members", json=member), 410, "erased")
