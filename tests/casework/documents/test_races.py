"""Many at once: one recording of a document, one noting of its delivery."""

import asyncio

import httpx

from tests.casework.documents.asks import RULING
from tests.casework.documents.made import DOCUMENTS, noted, recorded
from tests.casework.people.made import registered


async def test_of_ten_who_record_one_document_one_succeeds(racing_casework: httpx.AsyncClient) -> None:
    body = {**RULING, "person_id": (await registered(racing_casework))["id"]}
    answers = await asyncio.gather(*[racing_casework.post(DOCUMENTS, json=body) for _ in range(10)])
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 9


async def test_of_ten_who_note_a_delivery_at_once_one_succeeds(racing_casework: httpx.AsyncClient) -> None:
    ruling = await recorded(racing_casework)
    asked = [noted(racing_casework, ruling, "deliver", on=f"2025-10-{day:02}") for day in range(2, 12)]
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 9
    [after] = [answer.json() for answer in answers if answer.status_code == 200]
    read = (await racing_casework.get(f"{DOCUMENTS}/{ruling['id']}")).json()
    assert (read["delivered_on"], read["version"]) == (after["delivered_on"], 2)
