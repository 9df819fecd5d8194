"""A document's number leads to the child in its issuer's books: it is sealed, and known again by a digest."""

import json

import httpx

from services.casework.rotating import recompute_digests
from tests.casework.data_subject_requests.made import erased
from tests.casework.documents.asks import RULING
from tests.casework.documents.made import DOCUMENTS, recorded
from tests.casework.merges.made import proposed, step
from tests.casework.people.made import registered, tag
from tests.casework.people.test_endpoints import rows
from tests.casework.test_rotating import Rings, database_of, rings
from tests.support.problems import assert_problem

__all__ = ["rings"]
NUMBER = "PPP.4410.77.2026"
KEPT = "SELECT CAST(d AS text) FROM documents AS d"


async def test_a_number_stands_nowhere_in_the_open_and_is_shown(casework: httpx.AsyncClient) -> None:
    document = await recorded(casework, number=NUMBER)
    tables = ("documents", "events", "audit_records", "idempotency_keys")
    found = [await rows(casework, f"SELECT CAST(t AS text) FROM {name} AS t") for name in tables]
    text = json.dumps([row[0] for each in found for row in each])
    assert (NUMBER in text, NUMBER.encode().hex() in text) == (False, False)
    [listed] = (await casework.get(DOCUMENTS)).json()["items"]
    read = (await casework.get(f"{DOCUMENTS}/{document['id']}")).json()
    assert (listed["number"], read["number"]) == (NUMBER, NUMBER)
    assert "remarks" not in listed


async def test_the_same_document_is_recorded_once(casework: httpx.AsyncClient) -> None:
    document = await recorded(casework, number=NUMBER)
    same = {**RULING, "number": NUMBER, "person_id": document["person_id"]}
    assert_problem(await casework.post(DOCUMENTS, json=same), 409, "document-already-recorded")
    other = await recorded(casework, number="78", person_id=document["person_id"])
    amended = await casework.patch(f"{DOCUMENTS}/{other['id']}", json={"number": NUMBER}, headers=tag(other))
    assert_problem(amended, 409, "document-already-recorded")
    free = await casework.patch(f"{DOCUMENTS}/{other['id']}", json={"number": "79"}, headers=tag(other))
    assert free.json()["number"] == "79"
    assert (await recorded(casework, number="78", person_id=document["person_id"]))["number"] == "78"
    assert (await recorded(casework, number=NUMBER))["person_id"] != document["person_id"]


async def test_two_records_of_one_document_are_in_the_way_of_a_merge(casework: httpx.AsyncClient) -> None:
    kept, twin = await registered(casework), await registered(casework)
    for child in (kept, twin):
        await recorded(casework, number=NUMBER, person_id=child["id"])
    merge = await proposed(casework, kept, twin)
    assert assert_problem(await step(casework, merge, "accept"), 409, "merge-blocked")["in_the_way"] == ["documents"]


async def test_of_whoever_was_erased_no_number_is_left(casework: httpx.AsyncClient) -> None:
    document = await recorded(casework, number=NUMBER)
    [[before]] = await rows(casework, "SELECT number_index FROM documents")
    await erased(casework, {"id": document["person_id"]})
    [[after]] = await rows(casework, "SELECT number_index FROM documents")
    assert (len(before), after) == (32, None)
    assert [each["number"] for each in (await casework.get(DOCUMENTS)).json()["items"]] == [None]


async def test_a_new_index_key_knows_the_same_documents(racing_casework: httpx.AsyncClient, rings: Rings) -> None:
    client = racing_casework
    document = await recorded(client, number=NUMBER)
    same = {**RULING, "number": NUMBER, "person_id": document["person_id"]}
    with rings.open(rings.old, rings.other_index):
        await recompute_digests(database_of(client))
        assert_problem(await client.post(DOCUMENTS, json=same), 409, "document-already-recorded")
    assert (await client.post(DOCUMENTS, json=same)).status_code == 201
