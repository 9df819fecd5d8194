"""Several end a campaign at once, with real sessions."""

import asyncio
from collections import Counter

import httpx

from tests.screening.campaigns.results import ALL, URL, add_protocol, open_campaign, publish_instrument


async def test_a_campaign_is_closed_once(racing_screening: httpx.AsyncClient) -> None:
    instrument = await publish_instrument(racing_screening)
    campaign = await open_campaign(racing_screening, await add_protocol(racing_screening, instrument))
    headers = ALL | {"if-match": f'"{campaign}:2"'}
    url, body = f"{URL}/campaigns/{campaign}/close", {"closed_on": "2026-06-30"}
    answers = await asyncio.gather(
        *(racing_screening.post(url, json=body, headers=headers | {"idempotency-key": str(n)}) for n in range(8))
    )
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 7}
