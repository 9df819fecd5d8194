"""Who acts for a child, and what their account sees because of it."""

from typing import Any

import httpx
import pytest

from services.chassis.trust.callers import Caller
from tests.casework.accounts.made import joined
from tests.casework.consents.test_endpoints import CONSENT, CONSENTS
from tests.casework.guardianships.made import GUARDIANSHIPS, PARENT, RULING, begun, family, guardianship
from tests.casework.people.made import registered, tag
from tests.casework.people.test_endpoints import PEOPLE, rows
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import app_of

PUPIL = {"born_on": "2005-01-01", "given_name": "Jan", "sex": "male"}
"""Of age since 2023."""


async def times(client: httpx.AsyncClient) -> list[tuple[str, str | None, str | None]]:
    """Who acts for whom, from when and until when."""
    found = await rows(
        client,
        "SELECT CAST(object_id AS text), CAST(starts_at AS text), CAST(ends_at AS text) FROM relations"
        " WHERE kind = 'guardian' ORDER BY starts_at",
    )
    return [tuple(row) for row in found]


async def ended(client: httpx.AsyncClient, one: dict[str, Any], **facts: Any) -> httpx.Response:
    body = {"ended_on": "2024-01-01", "reason": "court_decision", **facts}
    return await client.post(f"{GUARDIANSHIPS}/{one['id']}/end", json=body, headers=tag(one))


async def test_a_guardian_sees_the_child_from_the_moment_the_account_is_joined(casework: httpx.AsyncClient) -> None:
    child, parent, _ = await family(casework)
    stranger = await registered(casework, given_name="Obca")
    account = await joined(casework, parent, "anna")
    assert (await casework.get(f"{PEOPLE}/{child['id']}", headers=account)).json()["given_name"] == "Zofia"
    assert_problem(await casework.get(f"{PEOPLE}/{stranger['id']}", headers=account), 404, "person-not-found")
    listed = (await casework.get(GUARDIANSHIPS, headers=account)).json()["items"]
    assert [one["guardian_id"] for one in listed] == [parent["id"]]


async def test_who_is_recorded_later_is_seen_as_well_and_who_is_ended_no_more(casework: httpx.AsyncClient) -> None:
    _, parent, first = await family(casework)
    account = await joined(casework, parent, "anna")
    second = await registered(casework, given_name="Ola")
    await begun(casework, second, parent)
    assert (await casework.get(f"{PEOPLE}/{second['id']}", headers=account)).status_code == 200
    assert (await ended(casework, first)).json()["ending_reason"] == "court_decision"
    left = (await casework.get(PEOPLE, headers=account)).json()["items"]
    assert {person["given_name"] for person in left} == {"Ola", "Anna"}
    again = await ended(casework, first | {"version": 2})
    assert assert_problem(again, 409, "state-conflict")["state"] == "ended"


async def test_parental_access_lasts_until_the_eighteenth_birthday_in_poland(casework: httpx.AsyncClient) -> None:
    child, parent, _ = await family(casework)
    await joined(casework, parent, "anna")
    assert (child["id"], "2023-02-27 23:00:00+00", "2041-02-27 23:00:00+00") in await times(casework)
    born = {"born_on": "2023-07-01"}
    amended = await casework.patch(f"{PEOPLE}/{child['id']}", json=born, headers=tag(child))
    assert amended.status_code == 200
    assert (child["id"], "2023-02-27 23:00:00+00", "2041-06-30 22:00:00+00") in await times(casework)


async def test_a_court_sets_an_earlier_end_and_the_ruling_is_sealed(casework: httpx.AsyncClient) -> None:
    child, carer = await registered(casework), await registered(casework, **PARENT)
    facts = {"kind": "foster_carer", "scopes": ["health", "records"], "ends_on": "2030-06-30", "ruling": RULING}
    one = await begun(casework, child, carer, **facts)
    assert (one["scopes"], one["ruling"]) == (["health", "records"], RULING)
    account = await joined(casework, carer, "carer")
    assert (child["id"], "2023-02-27 23:00:00+00", "2030-06-30 22:00:00+00") in await times(casework)
    [kept] = await rows(casework, "SELECT CAST(g AS text) FROM guardianships AS g")
    assert "Nsm" not in kept[0]
    seen = await casework.get(f"{GUARDIANSHIPS}/{one['id']}", headers=account)
    assert (seen.status_code, seen.json()["ruling"]) == (200, None)


async def test_without_the_scope_of_records_an_account_leads_to_nobody(casework: httpx.AsyncClient) -> None:
    child, carer = await registered(casework), await registered(casework, **PARENT)
    await begun(casework, child, carer, kind="court_guardian", scopes=["health"], ruling=RULING)
    account = await joined(casework, carer, "carer")
    assert_problem(await casework.get(f"{PEOPLE}/{child['id']}", headers=account), 404, "person-not-found")


async def test_rights_pass_to_the_pupil_who_may_let_the_parent_go_on_seeing(casework: httpx.AsyncClient) -> None:
    pupil, parent, _ = await family(casework, **PUPIL)
    account, own = await joined(casework, parent, "anna"), await joined(casework, pupil, "jan")
    path = f"{PEOPLE}/{pupil['id']}"
    assert_problem(await casework.get(path, headers=account), 404, "person-not-found")
    assert (await casework.get(path, headers=own)).status_code == 200
    consent = {"kind": "adult_consent", "scopes": ["records"], "starts_on": "2023-03-01"}
    await begun(casework, pupil, parent, **consent)
    assert (await casework.get(path, headers=account)).status_code == 200
    listed = (await casework.get(GUARDIANSHIPS, params={"child_id": pupil["id"]})).json()["items"]
    assert [(one["kind"], one["ended_on"], one["ending_reason"]) for one in listed] == [
        ("adult_consent", None, None),
        ("parental_full", "2023-01-01", "of_age"),
    ]


async def test_a_pupil_who_is_not_of_age_does_not_act_alone_yet(casework: httpx.AsyncClient) -> None:
    pupil, _, _ = await family(casework, born_on="2012-12-31")
    own = await joined(casework, pupil, "zofia")
    assert_problem(await casework.get(f"{PEOPLE}/{pupil['id']}", headers=own), 404, "person-not-found")
    in_county = call_as("guardian", subject="zofia", counties=["2469"])
    assert_problem(await casework.get(f"{PEOPLE}/{pupil['id']}", headers=in_county), 404, "person-not-found")
    assert await times(casework) == [(pupil["id"], "2030-12-30 23:00:00+00", None)]


@pytest.mark.parametrize(
    ("facts", "pointer", "code"),
    [
        ({"kind": "foster_carer", "scopes": ["health"]}, "/ruling", "missing"),
        ({"scopes": ["health"]}, "/scopes", "not_allowed"),
        ({"kind": "adult_consent", "scopes": ["records"]}, "/starts_on", "before_of_age"),
        ({"ends_on": "2023-02-27"}, "/ends_on", "wrong_order"),
        ({"starts_on": "2041-02-28"}, "/starts_on", "of_age"),
    ],
)
async def test_what_does_not_go_together_is_refused_by_name(
    casework: httpx.AsyncClient, facts: dict[str, Any], pointer: str, code: str
) -> None:
    child, parent = await registered(casework), await registered(casework, **PARENT)
    answer = await casework.post(GUARDIANSHIPS, json=guardianship(child, parent, **facts))
    errors = assert_problem(answer, 422, "validation-failed")["errors"]
    assert [(error["pointer"], error["code"]) for error in errors] == [(pointer, code)]


async def test_nobody_is_their_own_guardian_and_one_runs_at_a_time(casework: httpx.AsyncClient) -> None:
    child, parent, _ = await family(casework)
    again = await casework.post(GUARDIANSHIPS, json=guardianship(child, parent))
    assert_problem(again, 409, "guardianship-runs")
    own = await casework.post(GUARDIANSHIPS, json=guardianship(child, child))
    assert_problem(own, 422, "validation-failed")
    nobody = {"id": "01990000-0000-7000-8000-000000000009"}
    assert_problem(await casework.post(GUARDIANSHIPS, json=guardianship(child, nobody)), 422, "unknown-reference")


async def test_what_was_recorded_by_mistake_is_ended_before_it_began(casework: httpx.AsyncClient) -> None:
    _, _, one = await family(casework)
    early = {"ended_on": "2020-01-01"}
    assert_problem(await ended(casework, one, **early), 422, "validation-failed")
    assert (await ended(casework, one, **early, reason="mistake")).status_code == 200


async def test_fields_narrow_an_opened_list(casework: httpx.AsyncClient) -> None:
    child, _, _ = await family(casework)
    for path in (GUARDIANSHIPS, PEOPLE):
        narrow = await casework.get(path, params={"fields": "id", "limit": 1})
        assert [*narrow.json()["items"][0]] == ["id"]
        sealed = await casework.get(path, params={"fields": "id,sealed"})
        assert_problem(sealed, 422, "validation-failed")
    noted = await rows(casework, "SELECT detail FROM audit_records WHERE action = 'list_guardianships'")
    assert child["id"] in noted[0][0]["people"]


async def test_the_database_itself_hides_what_has_not_begun(casework: httpx.AsyncClient) -> None:
    pupil, _, _ = await family(casework, born_on="2012-12-31")
    await joined(casework, pupil, "zofia")
    caller = Caller("zofia", relations={"casework:people:read": frozenset({"guardian"})})
    database = app_of(casework).state.database

    async def visible() -> list[str]:
        async with database.reading(caller) as reading:
            return [str(row["id"]) for row in await reading.fetch("SELECT id FROM people")]

    assert await visible() == []
    begun_now = "UPDATE relations SET starts_at = now() WHERE holder = 'account:zofia' RETURNING 1"
    assert len(await rows(casework, begun_now)) == 1
    assert await visible() == [pupil["id"]]


async def test_a_parent_acts_until_the_pupil_is_of_age_and_seeing_is_not_acting(casework: httpx.AsyncClient) -> None:
    pupil, parent, _ = await family(casework, **PUPIL)
    await begun(casework, pupil, parent, kind="adult_consent", scopes=["records"], starts_on="2023-01-01")
    given = {**CONSENT, "person_id": pupil["id"], "given_by_id": parent["id"]}
    before = await casework.post(CONSENTS, json={**given, "valid_from": "2022-12-31"})
    assert before.status_code == 201, before.text
    after = await casework.post(CONSENTS, json={**given, "valid_from": "2023-01-01"})
    assert assert_problem(after, 422, "validation-failed")["errors"][0]["code"] == "may_not_act"
