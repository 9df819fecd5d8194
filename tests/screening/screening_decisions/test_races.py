"""Several people decide about one screening at once."""

import asyncio
from collections import Counter

import httpx

from tests.screening.screenings.made import (
    CALLING,
    SUBMISSION,
    URL,
    act,
    add_campaign,
    add_screening,
    counts_of,
    events_of,
)


async def test_of_twenty_who_confirm_one_is_first(racing_screening: httpx.AsyncClient) -> None:
    consented = SUBMISSION | {"consent_to_refer": True}
    made = await add_screening(racing_screening, answers=CALLING, submission=consented)
    answers = await asyncio.gather(*[act(racing_screening, made, "confirm") for _ in range(20)])
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 19}
    told = Counter(event["type"] for event in await events_of(racing_screening))
    assert told["screening.screening.confirmed-positive"] == 1


async def test_of_twenty_who_record_the_same_consent_one_tells_of_it(racing_screening: httpx.AsyncClient) -> None:
    made = await add_screening(racing_screening, answers=CALLING)
    confirmed = (await act(racing_screening, made, "confirm")).json()
    agreed = {"consent_to_refer": True}
    answers = await asyncio.gather(*[act(racing_screening, confirmed, "consent", agreed) for _ in range(20)])
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 19}
    told = Counter(event["type"] for event in await events_of(racing_screening))
    assert (told["screening.screening.consent-given"], told["screening.screening.confirmed-positive"]) == (1, 1)


async def test_a_consent_withdrawn_or_a_screening_annulled_but_not_both(racing_screening: httpx.AsyncClient) -> None:
    made = await add_screening(racing_screening, answers=CALLING)
    confirmed = (await act(racing_screening, made, "confirm", {"consent_to_refer": True})).json()
    answers = await asyncio.gather(
        *[act(racing_screening, confirmed, "consent", {"consent_to_refer": False}) for _ in range(5)],
        *[act(racing_screening, confirmed, "annul", {"reason": "pomyłka"}) for _ in range(5)],
    )
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 9}
    read = (await racing_screening.get(f"{URL}/{made['id']}")).json()
    last = (await events_of(racing_screening))[-1]["type"].rpartition(".")[2]
    assert (read["state"], read["has_consent"], last) in {
        ("confirmed", False, "consent-withdrawn"),
        ("annulled", True, "annulled"),
    }


async def test_confirmed_or_annulled_but_not_both(racing_screening: httpx.AsyncClient) -> None:
    campaign = await add_campaign(racing_screening)
    made = await add_screening(racing_screening, campaign_id=campaign, implementer="project")
    answers = await asyncio.gather(
        *[act(racing_screening, made, "confirm") for _ in range(5)],
        *[act(racing_screening, made, "annul", {"reason": "pomyłka"}) for _ in range(5)],
    )
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 9}
    state = (await racing_screening.get(f"{URL}/{made['id']}")).json()["state"]
    left = (await counts_of(racing_screening, campaign)).get("negative", 0)
    assert (state, left) in {("confirmed", 1), ("annulled", 0)}
