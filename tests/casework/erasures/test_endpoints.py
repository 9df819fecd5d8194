"""Erasure: nothing opens any more, every read says so, and nothing comes back."""

import json
import uuid
from typing import Any

import httpx
import pytest

from tests.casework.access_log.made import GUARDIAN, guarded
from tests.casework.accounts.made import joined
from tests.casework.accounts.test_endpoints import ACCOUNTS
from tests.casework.cases.made import CASES, made, opened
from tests.casework.consents.asks import BASIS
from tests.casework.data_subject_requests.made import REQUESTS, asked, decided, erased
from tests.casework.data_subject_requests.test_exports import _LEADING as LEADING
from tests.casework.guardianships.made import begun, family
from tests.casework.people.made import CHILD, registered, tag
from tests.casework.people.test_endpoints import PEOPLE, rows
from tests.casework.plans.made import HEALTH, case_with_team
from tests.support.problems import assert_problem

SECRETS = ("Zofia", "kiewska", CHILD["pesel"], "2023-02-28", "mowa")


async def known(client: httpx.AsyncClient) -> tuple[dict[str, Any], dict[str, Any]]:
    """A child with a number and a case."""
    child = await registered(client, pesel=CHILD["pesel"])
    case = await opened(client, person_id=child["id"])
    await made(client, "/consents", {**BASIS, "person_id": child["id"]})
    return child, case


async def test_whoever_was_erased_is_gone_from_every_table(casework: httpx.AsyncClient) -> None:
    child, _ = await known(casework)
    await guarded(casework, child)
    [[before]] = await rows(casework, "SELECT subject_ref FROM people")
    await erased(casework, child)
    [row] = await rows(casework, "SELECT * FROM people")
    empty = ("sex", "birth_month", "pesel_index", "mother_id")
    assert [row[name] for name in empty] == [None] * 4
    assert (row["sealed"], row["version"]) == (b"", 2)
    assert row["erased_at"] is not None
    assert row["subject_ref"] != before
    for name in ("person_keys", "person_names", "relations"):
        assert await rows(casework, f"SELECT 1 FROM {name}") == []
    for table in await rows(casework, LEADING):
        kept = await rows(casework, f'SELECT row_to_json(t) FROM casework."{table["name"]}" AS t')
        for [told] in kept:
            sealed = {name: value for name, value in dict(told).items() if name in ("sealed", "digest", "content")}
            assert set(sealed.values()) <= {None, "\\x"}, (table["name"], sealed)


async def test_every_read_and_every_late_change_says_that_it_was_erased(casework: httpx.AsyncClient) -> None:
    child, case = await known(casework)
    request = await asked(casework, child, "access")
    consent = (await casework.get("/v1/casework/consents")).json()["items"][0]
    await erased(casework, child)
    for path in (
        f"{PEOPLE}/{child['id']}",
        f"{CASES}/{case['id']}",
        f"/v1/casework/consents/{consent['id']}",
        f"{REQUESTS}/{request['id']}",
        request["href"],
        f"/v1/casework/access-log?person_id={child['id']}",
    ):
        assert_problem(await casework.get(path), 410, "erased")
    patched = await casework.patch(f"{PEOPLE}/{child['id']}", json={"telephone": None}, headers=tag(child))
    assert_problem(patched, 410, "erased")
    for path, body in (("/cases", {"track": "early", "first_contact_on": "2026-01-02", "reason": "x"}),):
        late = await casework.post(f"/v1/casework{path}", json={**body, "person_id": child["id"]})
        assert_problem(late, 410, "erased")
    listed = await casework.get(PEOPLE, params={"id": child["id"]})
    assert [one["given_name"] for one in listed.json()["items"]] == [None]
    searched = await casework.post(f"{PEOPLE}:search", json={"pesel": CHILD["pesel"], "purpose": "intake"})
    assert (searched.status_code, searched.json()["items"]) == (200, [])
    seen = await casework.get(f"{PEOPLE}/{child['id']}", headers=GUARDIAN)
    assert_problem(seen, 404, "person-not-found")


async def test_the_number_is_free_again(casework: httpx.AsyncClient) -> None:
    child, _ = await known(casework)
    await erased(casework, child)
    again = await registered(casework, pesel=CHILD["pesel"])
    assert again["id"] != child["id"]


async def test_an_answer_kept_for_repeats_is_erased_too_and_others_stay(casework: httpx.AsyncClient) -> None:
    keys = [{"idempotency-key": str(uuid.uuid4())} for _ in range(2)]
    bodies = [CHILD, {**CHILD, "pesel": None, "given_name": "Inna"}]
    asked_ = zip(bodies, keys, strict=True)
    child, other = [(await casework.post(PEOPLE, json=body, headers=key)).json() for body, key in asked_]
    await erased(casework, child)
    assert_problem(await casework.post(PEOPLE, json=bodies[0], headers=keys[0]), 410, "erased")
    assert (await casework.post(PEOPLE, json=bodies[1], headers=keys[1])).json() == other
    assert len(await rows(casework, "SELECT 1 FROM people")) == 2


async def test_an_erasure_leaves_a_tombstone_and_an_event_with_the_id_alone(casework: httpx.AsyncClient) -> None:
    child, _ = await known(casework)
    await erased(casework, child)
    [stone] = await rows(casework, "SELECT * FROM tombstones")
    assert (stone["basis"], stone["approved_by"], len(stone["digest"])) == ("GDPR art. 17", "second", 32)
    [event] = await rows(casework, "SELECT data FROM events WHERE type = 'casework.person.erased'")
    assert event["data"] == {"href": f"{PEOPLE}/{child['id']}", "people": [child["id"]]}
    text = json.dumps([str(row[0]) for row in await rows(casework, "SELECT CAST(a AS text) FROM audit_records AS a")])
    assert not [secret for secret in SECRETS if secret in text]


async def test_nobody_erases_alone(casework: httpx.AsyncClient) -> None:
    child, _ = await known(casework)
    request = await asked(casework, child, "erasure")
    alone = await casework.post(f"{REQUESTS}/{request['id']}/fulfil", headers=tag(request))
    assert_problem(alone, 403, "own-decision")
    assert (await casework.get(f"{PEOPLE}/{child['id']}")).status_code == 200


async def test_a_legal_hold_stops_an_erasure_until_it_is_released(casework: httpx.AsyncClient) -> None:
    child, _ = await known(casework)
    hold = await made(casework, "/legal-holds", {"person_id": child["id"], "reason": "sąd"})
    request = await asked(casework, child, "erasure")
    assert_problem(await decided(casework, request), 423, "legal-hold-placed")
    assert (await casework.get(f"{PEOPLE}/{child['id']}")).status_code == 200
    await casework.post(f"/v1/casework/legal-holds/{hold['id']}/release", headers=tag(hold))
    assert (await decided(casework, request)).status_code == 200


@pytest.mark.parametrize("kind", ["restriction", "access"])
async def test_who_is_restricted_can_be_erased(casework: httpx.AsyncClient, kind: str) -> None:
    child, _ = await known(casework)
    await decided(casework, await asked(casework, child, kind))
    await erased(casework, child)
    assert_problem(await casework.get(f"{PEOPLE}/{child['id']}"), 410, "erased")


async def test_records_that_became_part_of_somebody_go_with_them(casework: httpx.AsyncClient) -> None:
    child, _ = await known(casework)
    part, other = await registered(casework, given_name="Część"), await registered(casework, given_name="Inna")
    await rows(
        casework,
        "UPDATE people SET merged_into = CAST($1::text AS uuid) WHERE id = CAST($2::text AS uuid) RETURNING 1",
        child["id"],
        part["id"],
    )
    await erased(casework, child)
    assert_problem(await casework.get(f"{PEOPLE}/{part['id']}"), 410, "erased")
    assert (await casework.get(f"{PEOPLE}/{other['id']}")).status_code == 200


async def test_an_account_goes_on_leading_to_whatever_was_not_erased(casework: httpx.AsyncClient) -> None:
    case = await case_with_team(casework)
    child, parent, _ = await family(casework)
    mistaken = await registered(casework, given_name="Inna", born_on="1980-01-01")
    await begun(casework, child, mistaken)
    account = await joined(casework, mistaken, "health")
    [wrong] = (await casework.get(ACCOUNTS)).json()["items"]
    assert (await casework.post(f"{ACCOUNTS}/{wrong['id']}/end", headers=tag(wrong))).status_code == 200
    await joined(casework, parent, "health")
    await erased(casework, mistaken)
    own = f"{PEOPLE}/{child['id']}"
    assert (await casework.get(own, headers=account)).status_code == 200
    await erased(casework, parent)
    assert_problem(await casework.get(own, headers=account), 404, "person-not-found")
    # Of the team she is by her work, which has nothing to do with her own record.
    assert (await casework.get(f"{CASES}/{case['id']}", headers=HEALTH)).status_code == 200
