"""Legal holds: placed with a reason, released once."""

import httpx

from tests.casework.cases.made import made
from tests.casework.legal_holds.asks import PATH
from tests.casework.people.made import registered, tag
from tests.casework.people.test_endpoints import rows
from tests.support.problems import assert_problem

HOLDS = f"/v1/casework{PATH}"


async def test_a_hold_is_placed_and_released_once(casework: httpx.AsyncClient) -> None:
    child = await registered(casework)
    hold = await made(casework, PATH, {"person_id": child["id"], "reason": "postępowanie"})
    assert (hold["placed_by"], hold["released_at"], hold["reason"]) == ("county_coordinator", None, "postępowanie")
    listed = await casework.get(HOLDS, params={"person_id": child["id"], "is_released": "false"})
    assert [one["reason"] for one in listed.json()["items"]] == ["postępowanie"]
    path = f"{HOLDS}/{hold['id']}/release"
    released = (await casework.post(path, headers=tag(hold))).json()
    assert (released["released_by"], released["version"]) == ("county_coordinator", 2)
    assert_problem(await casework.post(path, headers=tag(released)), 409, "state-conflict")
    assert (await casework.get(HOLDS, params={"is_released": "false"})).json()["items"] == []


async def test_the_reason_is_sealed(casework: httpx.AsyncClient) -> None:
    child = await registered(casework)
    await made(casework, PATH, {"person_id": child["id"], "reason": "rozprawa"})
    [kept] = await rows(casework, "SELECT CAST(h AS text) FROM legal_holds AS h")
    assert "rozprawa" not in kept[0]
    assert b"rozprawa".hex() not in kept[0]
