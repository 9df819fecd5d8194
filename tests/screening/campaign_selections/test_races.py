"""Many selections at once, with real sessions."""

import asyncio
from collections import Counter

import httpx

from tests.screening.campaigns.results import add_protocol, count, open_campaign, post, publish_instrument, result
from tests.support.records import fetch


async def test_one_child_selected_ten_times_at_once_is_selected_once(racing_screening: httpx.AsyncClient) -> None:
    instrument = await publish_instrument(racing_screening)
    campaign = await open_campaign(racing_screening, await add_protocol(racing_screening, instrument))
    await count(racing_screening, [result(campaign, instrument, outcome="positive")])
    path = f"/campaigns/{campaign}/selections"
    made = await asyncio.gather(*(post(racing_screening, path, {}) for _ in range(10)))
    assert Counter(each["selected"] for each in made) == {1: 1, 0: 9}
    rows = await fetch(racing_screening, "SELECT stage_two, subjects FROM campaign_counts WHERE subjects <> 0")
    assert rows == [("not_started", 1)]
