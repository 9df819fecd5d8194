"""Many at once: no more names are compared than one after the other."""

import asyncio

import httpx

from tests.training.certificates.made import certified
from tests.training.verifications.test_endpoints import NOBODY, url_of


async def test_of_eight_names_at_once_five_are_compared(racing_training: httpx.AsyncClient) -> None:
    url = url_of((await certified(racing_training))["code"])
    asking = [racing_training.post(url, json={"name": f"Ewa {n}"}, headers=NOBODY) for n in range(8)]
    answers = await asyncio.gather(*asking)
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [429] * 3
