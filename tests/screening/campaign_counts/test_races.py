"""Many results at once, with real sessions."""

import asyncio

import httpx

from services.screening.protocols.rules.batteries import Battery, Combination, Member
from tests.screening.campaign_counts.test_roll_up import cells, recomputed
from tests.screening.campaigns.results import add_protocol, count, open_campaign, publish_instrument, result
from tests.support.records import fetch


async def test_forty_screenings_at_once_are_all_counted_once(racing_screening: httpx.AsyncClient) -> None:
    codes = [await publish_instrument(racing_screening) for _ in range(2)]
    campaign = await open_campaign(racing_screening, await add_protocol(racing_screening, *codes))
    children = [result(campaign, codes[0]) for _ in range(20)]
    second = [child | {"instrument": codes[1], "outcome": "positive"} for child in children]
    await asyncio.gather(*(count(racing_screening, [each]) for each in [*children, *second[::-1]]))
    rows = await fetch(racing_screening, "SELECT stage_one, subjects FROM campaign_counts WHERE subjects <> 0")
    assert rows == [("positive", 20)]


async def test_twenty_changes_of_one_child_at_once_leave_what_a_recomputation_says(
    racing_screening: httpx.AsyncClient,
) -> None:
    codes = [await publish_instrument(racing_screening) for _ in range(2)]
    campaign = await open_campaign(racing_screening, await add_protocol(racing_screening, *codes))
    child = result(campaign, codes[0])
    forms = [
        child | {"screening_id": str(number), "instrument": codes[number % 2], "age_months": 40 - number}
        for number in range(20)
    ]
    for form in forms[1::2]:
        form["outcome"] = "positive"
    await count(racing_screening, forms[:6])
    taken_back = [form | {"direction": -1} for form in forms[:6]]
    await asyncio.gather(*(count(racing_screening, [each]) for each in [*forms[6:], *taken_back]))
    battery = Battery([Member(code, True, True) for code in codes], Combination.ANY_POSITIVE)
    assert await cells(racing_screening) == recomputed(forms[6:], set(), battery, battery)
    assert {cell[4] for cell in await cells(racing_screening)} == {"positive"}
