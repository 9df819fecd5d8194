"""Many at once: a list is signed once, and nothing is recorded beside the signature."""

import asyncio

import httpx

from tests.training.attendances.made import AS_TRAINER, held, items, listed
from tests.training.sessions.made import tag


async def test_whoever_records_while_a_list_is_signed_comes_before_it_or_is_refused(
    racing_training: httpx.AsyncClient,
) -> None:
    one = await held(racing_training, 2)
    await racing_training.post(one.url, json=items(one.people, 120, 120))
    signing = [racing_training.post(f"{one.url}/sign", headers=AS_TRAINER | tag(one.session)) for _ in range(4)]
    writing = [racing_training.post(one.url, json=items(one.people, minutes, minutes)) for minutes in range(8)]
    answers = await asyncio.gather(*signing, *writing)
    assert sorted(answer.status_code for answer in answers[:4]) == [200, 409, 409, 409]
    taken = [minutes for minutes, answer in enumerate(answers[4:]) if answer.status_code == 200]
    seen = {each["minutes"] for each in (await listed(racing_training, one)).values()}
    assert len(seen) == 1
    assert seen <= {120, *taken}
