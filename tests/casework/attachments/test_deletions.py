"""A file that does not belong there is deleted for good; that there was one, and who took it away and why, stays."""

import json
from typing import Any

import httpx
import pytest

from tests.casework.attachments.made import jpeg, png
from tests.casework.attachments.test_endpoints import JPEG, NAME, PNG, sent
from tests.casework.cases.made import opened
from tests.casework.documents.made import DOCUMENTS, recorded, restrict
from tests.casework.legal_holds.asks import PATH as HOLDS
from tests.casework.merges.made import merged_into
from tests.casework.people.made import registered, tag
from tests.casework.people.test_endpoints import rows
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import change

Made = dict[str, Any]
WHY = {"reason": "of_somebody_else", "note": "orzeczenie innego dziecka"}


async def attached(client: httpx.AsyncClient, document: Made) -> Made:
    answer = await sent(client, document, png(), PNG, content_disposition=NAME)
    assert answer.status_code == 201, answer.text
    made: Made = answer.json()
    return made


async def delete(client: httpx.AsyncClient, attachment: Made, body: Made | None = None) -> httpx.Response:
    path = f"{DOCUMENTS}/{attachment['document_id']}/attachments/{attachment['id']}/delete"
    return await client.post(path, json=body or WHY, headers=tag(attachment))


async def test_content_and_name_are_gone_and_the_checksum_stays_with_who_and_why(casework: httpx.AsyncClient) -> None:
    document = await recorded(casework)
    attachment, other = [await attached(casework, document) for _ in range(2)]
    answer = await delete(casework, attachment)
    assert answer.status_code == 200, answer.text
    left = answer.json()
    assert left["deleted_at"] is not None
    changed = {"title": None, "version": 2, "deletion_reason": WHY["reason"], "note": WHY["note"]}
    by = {"deleted_at": left["deleted_at"], "deleted_by": "county_coordinator"}
    assert left == attachment | changed | by
    path = f"{DOCUMENTS}/{document['id']}/attachments"
    assert (await casework.get(path)).json()["items"] == [left, other]
    assert_problem(await casework.get(f"{path}/{attachment['id']}"), 404, "attachment-not-found")
    assert (await casework.get(f"{path}/{other['id']}")).status_code == 200
    contents = [row[0] for row in await rows(casework, "SELECT length(content) FROM attachments ORDER BY id")]
    assert (contents[0], contents[1] > 0) == (0, True)


async def test_it_is_told_by_ids_and_codes_alone(casework: httpx.AsyncClient) -> None:
    document = await recorded(casework)
    await delete(casework, await attached(casework, document))
    of = "WHERE action = 'delete_attachment'"
    [[detail]] = await rows(casework, f"SELECT detail FROM audit_records {of}")
    assert (detail["reason"], detail["people"]) == (WHY["reason"], [document["person_id"]])
    tables = ("attachments", "audit_records", "events")
    found = [await rows(casework, f"SELECT CAST(t AS text) FROM {name} AS t") for name in tables]
    text = json.dumps([row[0] for each in found for row in each], ensure_ascii=False)
    assert "casework.attachment.deleted" in text
    assert "innego dziecka" not in text


async def test_a_file_is_deleted_once_as_it_was_read_and_for_a_known_reason(casework: httpx.AsyncClient) -> None:
    attachment = await attached(casework, await recorded(casework))
    wrong = await delete(casework, attachment, {"reason": "because"})
    assert assert_problem(wrong, 422, "validation-failed")["errors"][0]["pointer"] == "/reason"
    assert_problem(await delete(casework, attachment | {"version": 2}), 412, "version-mismatch")
    left = (await delete(casework, attachment)).json()
    refused = assert_problem(await delete(casework, left), 409, "state-conflict")
    assert (refused["state"], refused["allowed"]) == ("deleted", [])
    assert_problem(await delete(casework, {**left, "id": left["document_id"]}), 404, "attachment-not-found")


@pytest.mark.parametrize("is_of_case", [True, False])
async def test_once_the_case_is_closed_nothing_is_deleted(casework: httpx.AsyncClient, is_of_case: bool) -> None:
    child = await registered(casework)
    case = await opened(casework, person_id=child["id"])
    facts = {"case_id": case["id"]} if is_of_case else {}
    kept, gone = [
        await attached(casework, await recorded(casework, person_id=child["id"], number=number, **facts))
        for number in ("1/26", "2/26")
    ]
    assert (await delete(casework, gone)).status_code == 200
    await change(casework, "UPDATE cases SET state = 'closed', closed_on = CURRENT_DATE")
    assert assert_problem(await delete(casework, kept), 409, "state-conflict")["state"] == "closed"
    path = f"{DOCUMENTS}/{kept['document_id']}/attachments/{kept['id']}"
    assert (await casework.get(path)).status_code == 200


async def test_while_records_are_held_or_restricted_nothing_is_deleted(casework: httpx.AsyncClient) -> None:
    document = await recorded(casework)
    attachment = await attached(casework, document)
    hold = {"person_id": document["person_id"], "reason": "postępowanie"}
    assert (await casework.post(f"/v1/casework{HOLDS}", json=hold)).status_code == 201
    assert_problem(await delete(casework, attachment), 423, "legal-hold-placed")
    other = await recorded(casework)
    attachment = await attached(casework, other)
    await restrict(casework, other["person_id"])
    assert_problem(await delete(casework, attachment), 423, "processing-restricted")


async def test_who_reads_only_deletes_nothing(casework: httpx.AsyncClient) -> None:
    attachment = await attached(casework, await recorded(casework))
    path = f"{DOCUMENTS}/{attachment['document_id']}/attachments/{attachment['id']}/delete"
    reader = call_as(scope="casework:read", institution=None)
    refused = await casework.post(path, json=WHY, headers=tag(attachment) | reader)
    assert assert_problem(refused, 403, "forbidden")["permission"] == "casework:documents:edit"


async def test_a_merge_takes_along_what_is_left_of_a_deleted_file(casework: httpx.AsyncClient) -> None:
    kept, twin = await registered(casework), await registered(casework)
    document = await recorded(casework, person_id=twin["id"])
    await delete(casework, await attached(casework, document))
    assert (await sent(casework, document, jpeg(), JPEG)).status_code == 201
    await merged_into(casework, kept, twin)
    path = f"{DOCUMENTS}/{document['id']}/attachments"
    gone, other = (await casework.get(path)).json()["items"]
    assert (gone["note"], other["deleted_at"]) == (WHY["note"], None)
    assert (await casework.get(f"{path}/{other['id']}")).status_code == 200
