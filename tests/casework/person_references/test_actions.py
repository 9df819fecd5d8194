"""What leads to one record leads to the other, and back: nothing is lost on either way."""

import uuid
from typing import Any

import httpx
import pytest

from services.casework.keys import keyring
from services.chassis.migrating import import_models
from services.chassis.trust.vault import SealBroken, WrappedKey, seal, unseal
from tests.casework.accounts.made import joined
from tests.casework.guardianships.made import GUARDIANSHIPS, PARENT, RULING, begun, family
from tests.casework.households.made import HOUSEHOLDS, made_household
from tests.casework.merges.made import merged_into, proposed, step
from tests.casework.people.made import registered
from tests.casework.people.test_endpoints import PEOPLE, rows
from tests.support.callers import call_as
from tests.support.problems import assert_problem

import_models("services.casework")
_CASE = """
    INSERT INTO cases (id, county_terc, person_id, number, track, state, first_contact_on, opened_on, sealed)
    VALUES ($1, '2469', $2, $3, 'early', 'draft', '2026-01-01', '2026-01-01', $4) RETURNING id
"""
_STEP = """
    INSERT INTO case_steps (case_id, number, county_terc, person_id, verb, state, by, at)
    VALUES ($1, 1, '2469', $2, 'open', 'draft', 'somebody', now()) RETURNING 1
"""
_EVENT = """
    INSERT INTO support_events (county_terc, case_id, person_id, occurred_on, kind, form, minutes, is_early_support,
        present, institution_id, delivered_by, sealed)
    VALUES ('2469', $1, $2, '2026-01-02', 'emotional', 'individual', 60, false, ARRAY[$2, $3]::uuid[],
        gen_random_uuid(), 'somebody', $4) RETURNING id
"""
_TEAM = "INSERT INTO relations VALUES ($1, 'team', $2, now(), NULL, '2469') RETURNING 1"


async def key_of(client: httpx.AsyncClient, person: dict[str, Any]) -> bytes:
    sql = "SELECT keyring_id, wrapped FROM person_keys WHERE person_id = $1"
    [row] = await rows(client, sql, uuid.UUID(person["id"]))
    return keyring().unwrap(WrappedKey(*row), person["id"])


async def with_case(client: httpx.AsyncClient, person: dict[str, Any], present: dict[str, Any]) -> tuple[Any, Any]:
    """A case with its history and a meeting, as other slices write them."""
    key, case_id = await key_of(client, person), uuid.uuid4()
    person_id, other_id = uuid.UUID(person["id"]), uuid.UUID(present["id"])
    reason = seal(key, f"cases|{case_id}", {"reason": "mowa"})
    await rows(client, _CASE, case_id, person_id, f"2469-{case_id}", reason)
    await rows(client, _STEP, case_id, person_id)
    [[event_id]] = await rows(client, _EVENT, case_id, person_id, other_id, b"")
    note = seal(key, f"support_events|{event_id}", {"note": "dobrze"})
    await rows(client, "UPDATE support_events SET sealed = $2 WHERE id = $1 RETURNING 1", event_id, note)
    return case_id, event_id


async def test_everything_leads_to_the_kept_record_and_back(casework: httpx.AsyncClient) -> None:
    kept, parent, _ = await family(casework)
    twin, other = await registered(casework, given_name="Zofja"), await registered(casework, **PARENT)
    home = await made_household(casework, (other, "parent"), (twin, "child"))
    facts = {"kind": "foster_carer", "scopes": ["records"], "ruling": RULING}
    foster = await begun(casework, twin, other, **facts)
    account = await joined(casework, other, "carer")
    case_id, event_id = await with_case(casework, twin, other)
    await rows(casework, _TEAM, "account:therapist", uuid.UUID(twin["id"]))

    async def found(person: dict[str, Any]) -> None:
        """All of it leads to this person and opens with this person's key."""
        key, person_id = await key_of(casework, person), uuid.UUID(person["id"])
        [case] = await rows(casework, "SELECT person_id, sealed, version FROM cases WHERE id = $1", case_id)
        assert (case["person_id"], unseal(key, f"cases|{case_id}", case["sealed"])) == (person_id, {"reason": "mowa"})
        [event] = await rows(casework, "SELECT present, sealed FROM support_events WHERE id = $1", event_id)
        assert event["present"] == [person_id, uuid.UUID(other["id"])]
        assert unseal(key, f"support_events|{event_id}", event["sealed"]) == {"note": "dobrze"}
        assert [row[0] for row in await rows(casework, "SELECT person_id FROM case_steps")] == [person_id]
        one = (await casework.get(f"{GUARDIANSHIPS}/{foster['id']}")).json()
        assert (one["child_id"], one["ruling"]) == (person["id"], RULING)
        homes = (await casework.get(HOUSEHOLDS, params={"person_id": person["id"]})).json()["items"]
        assert [each["id"] for each in homes] == [home["id"]]
        therapist = call_as("specialist", subject="therapist", counties=[])
        for headers in (account, therapist):
            seen = (await casework.get(PEOPLE, headers=headers)).json()["items"]
            assert [each["id"] for each in seen if each["id"] in (kept["id"], twin["id"])] == [person["id"]]

    merge = await merged_into(casework, kept, twin)
    await found(kept)
    read = await casework.get(f"{PEOPLE}/{twin['id']}")
    assert (read.status_code, read.json()["merged_into"]) == (200, kept["id"])
    undone = await step(casework, merge, "undo")
    assert undone.json()["state"] == "undone"
    await found(twin)
    assert (await casework.get(f"{PEOPLE}/{twin['id']}")).json()["merged_into"] is None
    own = (await casework.get(GUARDIANSHIPS, params={"child_id": kept["id"]})).json()["items"]
    assert [one["guardian_id"] for one in own] == [parent["id"]]


async def test_what_was_added_meanwhile_stays_with_the_kept_record(casework: httpx.AsyncClient) -> None:
    kept, _, _ = await family(casework)
    twin, other = await registered(casework), await registered(casework, **PARENT)
    merge = await merged_into(casework, kept, twin)
    await begun(casework, kept, other)
    assert (await step(casework, merge, "undo")).status_code == 200
    own = (await casework.get(GUARDIANSHIPS, params={"child_id": kept["id"]})).json()["items"]
    assert len(own) == 2


async def test_a_merge_into_a_third_is_undone_from_the_last_to_the_first(casework: httpx.AsyncClient) -> None:
    first, second, third = [await registered(casework) for _ in range(3)]
    parent = await registered(casework, **PARENT)
    one = await begun(casework, first, parent)
    inner = await merged_into(casework, second, first)
    outer = await merged_into(casework, third, second)
    assert (await casework.get(f"{PEOPLE}/{first['id']}")).json()["merged_into"] == third["id"]
    assert_problem(await step(casework, inner, "undo"), 409, "state-conflict")
    assert (await step(casework, outer, "undo")).status_code == 200
    assert (await casework.get(f"{PEOPLE}/{first['id']}")).json()["merged_into"] == second["id"]
    assert (await step(casework, inner, "undo")).status_code == 200
    assert (await casework.get(f"{GUARDIANSHIPS}/{one['id']}")).json()["child_id"] == first["id"]


async def test_what_cannot_stand_together_is_named_and_nothing_moves(casework: httpx.AsyncClient) -> None:
    kept, parent, _ = await family(casework)
    twin = await registered(casework)
    one = await begun(casework, twin, parent)
    await with_case(casework, kept, parent)
    case_id, _ = await with_case(casework, twin, parent)
    home = await made_household(casework, (kept, "child"), (twin, "child"))
    merge = await proposed(casework, kept, twin)
    body = assert_problem(await step(casework, merge, "accept"), 409, "merge-blocked")
    assert body["in_the_way"] == ["cases", "guardianships", "household_members"]
    assert (await casework.get(f"{GUARDIANSHIPS}/{one['id']}")).json()["child_id"] == twin["id"]
    [case] = await rows(casework, "SELECT person_id FROM cases WHERE id = $1", case_id)
    assert str(case[0]) == twin["id"]
    assert (await casework.get(f"{HOUSEHOLDS}/{home['id']}")).json() == home
    relatives = await proposed(casework, parent, kept)
    assert (
        "guardianships" in assert_problem(await step(casework, relatives, "accept"), 409, "merge-blocked")["in_the_way"]
    )


async def test_a_blob_of_the_merged_record_does_not_open_with_its_old_key(casework: httpx.AsyncClient) -> None:
    kept, twin = await registered(casework), await registered(casework)
    case_id, _ = await with_case(casework, twin, kept)
    await merged_into(casework, kept, twin)
    [case] = await rows(casework, "SELECT sealed FROM cases WHERE id = $1", case_id)
    with pytest.raises(SealBroken):
        unseal(await key_of(casework, twin), f"cases|{case_id}", case[0])
