"""Several send one screening at once."""

import asyncio
from collections import Counter

import httpx

from tests.screening.screenings.made import (
    URL,
)
from tests.screening.screenings.made import screening as new_screening


async def test_the_same_external_id_is_recorded_once(racing_screening: httpx.AsyncClient) -> None:
    body = new_screening(source="platform", external_id="1")
    answers = await asyncio.gather(*[racing_screening.post(URL, json=body) for _ in range(8)])
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 7}
