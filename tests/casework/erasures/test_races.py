"""Erasing while somebody writes: every write comes wholly before, and is erased, or is refused."""

import asyncio

import httpx

from tests.casework.cases.made import CASES, based, opened
from tests.casework.data_subject_requests.made import asked, decided
from tests.casework.people.made import registered, tag
from tests.casework.people.test_endpoints import PEOPLE, rows

LEFT = """
SELECT sealed FROM consents UNION ALL SELECT sealed FROM cases
UNION ALL SELECT sealed FROM people WHERE erased_at IS NOT NULL
"""


async def test_of_many_who_write_while_a_child_is_erased_nobody_leaves_anything(
    racing_casework: httpx.AsyncClient,
) -> None:
    client = racing_casework
    for _ in range(4):
        child = await registered(client)
        case = await based(client, await opened(client, person_id=child["id"]))
        request = await asked(client, child, "erasure")
        consent = {"person_id": child["id"], "basis": "public_task", "purpose": "casework", "act": "x"}
        consent |= {"categories": ["case"], "valid_from": "2026-01-02"}
        member = {"display_name": "Ktoś", "profession": "x", "sector": "health", "subject": "s"}
        member["institution_id"] = "01990000-0000-7000-8000-000000000001"
        path = f"{PEOPLE}/{child['id']}"
        writes = [
            client.patch(path, json={"telephone": "600 000 000"}, headers=tag(child)),
            *[client.post("/v1/casework/consents", json=consent) for _ in range(4)],
            client.post(f"{CASES}/{case['id']}/members", json=member),
            client.patch(f"{CASES}/{case['id']}", json={"review_due_on": "2027-01-01"}, headers=tag(case)),
        ]
        erasing = decided(client, request)
        answers = await asyncio.gather(*writes[:3], erasing, *writes[3:])
        # Whoever waited for longer than the lock may last is told to try again.
        erasure = answers[3] if answers[3].status_code != 503 else await decided(client, request)
        assert erasure.status_code == 200, erasure.text
        assert {answer.status_code for answer in answers} <= {200, 201, 404, 410, 503}
        left = await rows(client, LEFT)
        assert {row["sealed"] for row in left} == {b""}
        assert await rows(client, "SELECT 1 FROM person_keys") == []


async def test_of_two_who_erase_at_once_one_does(racing_casework: httpx.AsyncClient) -> None:
    child = await registered(racing_casework)
    requests = [await asked(racing_casework, child, "erasure") for _ in range(2)]
    answers = await asyncio.gather(*[decided(racing_casework, request) for request in requests])
    assert sorted(answer.status_code for answer in answers) == [200, 410]
    assert len(await rows(racing_casework, "SELECT 1 FROM tombstones")) == 1


async def test_a_hold_comes_before_an_erasure_or_finds_nobody(racing_casework: httpx.AsyncClient) -> None:
    for _ in range(4):
        child = await registered(racing_casework)
        request = await asked(racing_casework, child, "erasure")
        body = {"person_id": child["id"], "reason": "sąd"}
        hold, erasure = await asyncio.gather(
            racing_casework.post("/v1/casework/legal-holds", json=body), decided(racing_casework, request)
        )
        assert (hold.status_code, erasure.status_code) in {(201, 423), (410, 200)}
