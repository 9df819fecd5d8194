"""Requests of the tests."""

from typing import Any

import httpx

from tests.casework.cases.made import made
from tests.casework.data_subject_requests.asks import PATH
from tests.casework.people.made import tag
from tests.support.callers import call_as

REQUESTS = f"/v1/casework{PATH}"
SECOND = call_as("county_coordinator", subject="second")


async def asked(client: httpx.AsyncClient, child: dict[str, Any], kind: str, **facts: Any) -> dict[str, Any]:
    """A request about the child that the coordinator noted."""
    return await made(client, PATH, {"person_id": child["id"], "kind": kind, **facts})


async def decided(
    client: httpx.AsyncClient, request: dict[str, Any], verb: str = "fulfil", **body: Any
) -> httpx.Response:
    """What a second coordinator is answered who does that with it."""
    path = f"{REQUESTS}/{request['id']}/{verb}"
    return await client.post(path, json=body or None, headers=SECOND | tag(request))


async def erased(client: httpx.AsyncClient, child: dict[str, Any]) -> None:
    """The child is erased at its guardians' request."""
    answer = await decided(client, await asked(client, child, "erasure"))
    assert answer.status_code == 200, answer.text
