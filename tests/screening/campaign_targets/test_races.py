"""Many targets at once, with real sessions."""

import asyncio

import httpx

from tests.screening.campaigns.results import add_protocol, open_campaign, post, publish_instrument
from tests.support.records import fetch


async def test_twenty_targets_of_one_county_leave_one_in_force(racing_screening: httpx.AsyncClient) -> None:
    instrument = await publish_instrument(racing_screening)
    campaign = await open_campaign(racing_screening, await add_protocol(racing_screening, instrument))
    path = f"/campaigns/{campaign}/targets"
    bodies = [{"county_terc": "2469", "subjects": number} for number in range(1, 21)]
    await asyncio.gather(*(post(racing_screening, path, body) for body in bodies))
    current = "SELECT count(*) FILTER (WHERE superseded_at IS NULL), count(*) FROM campaign_targets"
    assert await fetch(racing_screening, current) == [(1, 20)]
