"""What two people do at once, in real transactions."""

import asyncio

import httpx

from services.screening.instruments.schemas import DEFINITION_EXAMPLE
from tests.screening.instruments.test_endpoints import MANAGER, draft


async def test_versions_begun_at_once_get_numbers_of_their_own(racing_screening: httpx.AsyncClient) -> None:
    racing_screening.headers.update(MANAGER)
    path = (await draft(racing_screening)).removesuffix("/1")
    made = await asyncio.gather(*[racing_screening.post(path, json=DEFINITION_EXAMPLE) for _ in range(5)])
    assert sorted(answer.json()["number"] for answer in made) == [2, 3, 4, 5, 6]


async def test_a_draft_is_either_amended_or_published_never_published_unread(
    racing_screening: httpx.AsyncClient,
) -> None:
    racing_screening.headers.update(MANAGER)
    path = await draft(racing_screening)
    tag = {"if-match": (await racing_screening.get(path)).headers["etag"]}
    amended, published = await asyncio.gather(
        racing_screening.put(path, json=DEFINITION_EXAMPLE, headers=tag),
        racing_screening.post(f"{path}/publish", headers=tag),
    )
    assert sorted([amended.status_code, published.status_code]) == [200, 412]
