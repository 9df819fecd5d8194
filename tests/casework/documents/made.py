"""Documents of the tests."""

from typing import Any
from uuid import UUID

import httpx

from tests.casework.cases.made import made
from tests.casework.documents.asks import RULING
from tests.casework.people.made import registered, tag
from tests.support.records import EVERYWHERE, app_of

DOCUMENTS = "/v1/casework/documents"


async def recorded(client: httpx.AsyncClient, **facts: Any) -> dict[str, Any]:
    """A ruling that finds a need, of a child that was registered for it unless `person_id` is given."""
    if "person_id" not in facts:
        facts["person_id"] = (await registered(client))["id"]
    return await made(client, "/documents", {**RULING, **facts})


async def noted(client: httpx.AsyncClient, document: dict[str, Any], verb: str, **body: Any) -> httpx.Response:
    """The answer to that verb."""
    return await client.post(f"{DOCUMENTS}/{document['id']}/{verb}", json=body, headers=tag(document))


async def restrict(client: httpx.AsyncClient, person_id: str) -> None:
    """From now on nothing about this person may be changed."""
    await _mark(client, "UPDATE people SET restricted_at = now() WHERE id = $1", person_id)


async def erase(client: httpx.AsyncClient, person_id: str) -> None:
    """From now on nothing that is sealed about this person opens."""
    await _mark(client, "DELETE FROM person_keys WHERE person_id = $1", person_id)


async def _mark(client: httpx.AsyncClient, sql: str, person_id: str) -> None:
    async with app_of(client).state.database.change(EVERYWHERE) as change:
        await change.run(sql, UUID(person_id))
