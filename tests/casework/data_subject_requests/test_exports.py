"""A copy is whole (as many rows of every table as there are), opened, and tells nothing of others."""

import json
from typing import Any

import httpx

from services.casework.person_records.rules import LEFT_OUT
from tests.casework.access_log.made import guarded
from tests.casework.access_withholdings.asks import PATH as WITHHOLDINGS
from tests.casework.access_withholdings.asks import WITHHOLDING
from tests.casework.break_glass.test_endpoints import broken
from tests.casework.cases.made import consented, made, with_team
from tests.casework.data_subject_requests.made import asked, decided
from tests.casework.legal_holds.asks import PATH as HOLDS
from tests.casework.people.test_endpoints import rows
from tests.support.records import change

_LEADING = """
SELECT DISTINCT c.table_name AS name,
       CASE WHEN c.table_name = 'people' THEN 'id' ELSE c.column_name END AS owner
FROM information_schema.columns AS c
WHERE c.table_schema = 'casework' AND (c.column_name IN ('person_id', 'child_id') OR c.table_name = 'people')
"""


async def whole(client: httpx.AsyncClient) -> dict[str, Any]:
    """A child with rows in many tables."""
    case = await consented(client)
    await with_team(client, case)
    child = {"id": case["person_id"]}
    await guarded(client, child)
    await broken(client, child)
    await made(client, HOLDS, {"person_id": child["id"], "reason": "tajne postępowanie"})
    await made(client, WITHHOLDINGS, {**WITHHOLDING, "person_id": child["id"]})
    return child


async def test_every_table_gives_as_many_rows_as_it_has(casework: httpx.AsyncClient) -> None:
    child = await whole(casework)
    request = await asked(casework, child, "access", details="wszystko")
    export = (await casework.get(request["href"])).json()
    tables = {row["name"]: row["owner"] for row in await rows(casework, _LEADING)}
    assert {"people", "cases", "case_steps", "guardianships", "consents", "attachments"} <= {*tables}
    assert {*export["counts"]} | {*LEFT_OUT} == {*tables}
    for name, owner in tables.items():
        asking = f'SELECT count(*) FROM casework."{name}" WHERE "{owner}" = CAST($1::text AS uuid)'
        [[count]] = await rows(casework, asking, child["id"])
        if name not in LEFT_OUT:
            assert (name, len(export["records"][name]), export["counts"][name]) == (name, count, count)
    assert sum(export["counts"].values()) >= 9


async def test_sealed_fields_are_opened(casework: httpx.AsyncClient) -> None:
    child = await whole(casework)
    request = await asked(casework, child, "access", details="wszystko o dziecku")
    records = (await casework.get(request["href"])).json()["records"]
    assert records["cases"][0]["reason"] == "opóźniona mowa"
    assert records["data_subject_requests"][0]["details"] == "wszystko o dziecku"
    assert records["consents"][0]["evidence"] or records["consents"][0]["act"]
    assert "sealed" not in json.dumps(records)


async def test_nothing_of_others_is_told(casework: httpx.AsyncClient) -> None:
    child = await whole(casework)
    request = await asked(casework, child, "access")
    export = (await casework.get(request["href"])).text
    [[mother]] = await rows(casework, "SELECT mother_id FROM people WHERE mother_id IS NOT NULL")
    references = [str(row[0]) for row in await rows(casework, "SELECT subject_ref FROM people")]
    for told in (
        *references,
        "Anna",
        str(mother),
        "Ktoś",
        "doctor",
        "county_coordinator@",
        "tajne",
        "przemoc",
        "ratunkowym",
    ):
        assert told not in export, told
    assert '"placed_by"' not in export
    assert '"coordinator"' not in export


async def test_a_mother_s_copy_mentions_the_child_and_does_not_name_it(casework: httpx.AsyncClient) -> None:
    child = await whole(casework)
    [[mother]] = await rows(casework, "SELECT mother_id FROM people WHERE mother_id IS NOT NULL")
    request = await asked(casework, {"id": str(mother)}, "access")
    export = (await casework.get(request["href"])).json()
    assert [(one["table"], one["column"]) for one in export["mentions"]] == [("people", "mother_id")]
    assert export["records"]["people"][0]["given_name"] == "Anna"
    assert "mowa" not in json.dumps(export)
    assert child["id"] == export["mentions"][0]["id"]


async def test_the_copy_tells_who_looked_without_what_is_withheld(casework: httpx.AsyncClient) -> None:
    child = await whole(casework)
    request = (await decided(casework, await asked(casework, child, "access"))).json()
    accesses = (await casework.get(request["href"])).json()["accesses"]
    # What was done since the period of the withholding began is not told, and all of it was.
    assert accesses == []
    await change(casework, "UPDATE access_withholdings SET visible_after = '2026-01-01'")
    accesses = (await casework.get(request["href"])).json()["accesses"]
    assert [one["action"] for one in accesses][:2] == ["register_person", "open_case"]
    assert {one["account"] for one in accesses} == {None}


async def test_the_copy_is_in_the_log(casework: httpx.AsyncClient) -> None:
    child = await whole(casework)
    request = await asked(casework, child, "access")
    await casework.get(request["href"])
    [noted] = await rows(casework, "SELECT detail FROM audit_records WHERE action = 'export_person'")
    assert noted["detail"]["people"] == [child["id"]]
