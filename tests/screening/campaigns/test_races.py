"""Many at once, with real sessions."""

import asyncio
from collections import Counter

import httpx

from services.screening.protocols.rules.batteries import Battery, Combination, Member
from tests.screening.campaigns.results import (
    ALL,
    URL,
    add_protocol,
    count,
    open_campaign,
    post,
    publish_instrument,
    result,
)
from tests.screening.campaigns.test_roll_up import cells, recomputed
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


async def test_one_child_selected_ten_times_at_once_is_selected_once(racing_screening: httpx.AsyncClient) -> None:
    instrument = await publish_instrument(racing_screening)
    campaign = await open_campaign(racing_screening, await add_protocol(racing_screening, instrument))
    await count(racing_screening, [result(campaign, instrument, outcome="positive")])
    path = f"/campaigns/{campaign}/selections"
    made = await asyncio.gather(*(post(racing_screening, path, {}) for _ in range(10)))
    assert Counter(each["selected"] for each in made) == {1: 1, 0: 9}
    rows = await fetch(racing_screening, "SELECT stage_two, subjects FROM campaign_counts WHERE subjects <> 0")
    assert rows == [("not_started", 1)]


async def test_twenty_targets_of_one_county_leave_one_in_force(racing_screening: httpx.AsyncClient) -> None:
    instrument = await publish_instrument(racing_screening)
    campaign = await open_campaign(racing_screening, await add_protocol(racing_screening, instrument))
    path = f"/campaigns/{campaign}/targets"
    bodies = [{"county_terc": "2469", "subjects": number} for number in range(1, 21)]
    await asyncio.gather(*(post(racing_screening, path, body) for body in bodies))
    current = "SELECT count(*) FILTER (WHERE superseded_at IS NULL), count(*) FROM campaign_targets"
    assert await fetch(racing_screening, current) == [(1, 20)]


async def test_a_campaign_is_closed_once(racing_screening: httpx.AsyncClient) -> None:
    instrument = await publish_instrument(racing_screening)
    campaign = await open_campaign(racing_screening, await add_protocol(racing_screening, instrument))
    headers = ALL | {"if-match": f'"{campaign}:2"'}
    url, body = f"{URL}/campaigns/{campaign}/close", {"closed_on": "2026-06-30"}
    answers = await asyncio.gather(
        *(racing_screening.post(url, json=body, headers=headers | {"idempotency-key": str(n)}) for n in range(8))
    )
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 7}
