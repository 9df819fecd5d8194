"""What two people do at once, in real transactions."""

import asyncio

import httpx

from tests.screening.instruments.test_endpoints import MANAGER, draft, publish
from tests.screening.norm_sets.asks import NEW


async def test_of_two_norm_sets_brought_into_force_at_once_one_is_replaced(racing_screening: httpx.AsyncClient) -> None:
    racing_screening.headers.update(MANAGER)
    path = f"{await publish(racing_screening, await draft(racing_screening))}/norm-sets"
    made = [await racing_screening.post(path, json=NEW | {"code": f"N-{number}"}) for number in range(4)]

    async def bring(answer: httpx.Response) -> int:
        tag = {"if-match": answer.headers["etag"]}
        return (await racing_screening.post(f"{answer.headers['location']}/bring-into-force", headers=tag)).status_code

    assert await asyncio.gather(*[bring(answer) for answer in made]) == [200] * 4
    states = sorted(one["state"] for one in (await racing_screening.get(path)).json()["items"])
    assert states == ["in_force", "replaced", "replaced", "replaced"]
