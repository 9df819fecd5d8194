"""Several people agree at once."""

import asyncio
from collections import Counter

import httpx

from tests.support.records import fetch
from tests.training.programme_versions.stories import CLIENT, CONTRACTOR, agree, agreed, agreed_for, found, proposed


async def test_two_versions_agreed_at_once_leave_one_of_them(racing_training: httpx.AsyncClient) -> None:
    versions = await found(racing_training)
    await agreed(racing_training, versions)
    waiting = [await proposed(racing_training, versions) for _ in range(4)]
    half = [await agreed_for(racing_training, each, "client", CLIENT) for each in waiting]
    answers = await asyncio.gather(*[agree(racing_training, each, "contractor", CONTRACTOR) for each in half])
    # A later one that comes first leaves the earlier ones refused; none hangs or fails.
    assert {answer.status_code for answer in answers} <= {200, 409}
    states = await fetch(racing_training, "SELECT number, state FROM programme_versions WHERE state = 'agreed'")
    assert [tuple(row) for row in states] == [(5, "agreed")]


async def test_sixteen_who_agree_for_one_side_are_one(racing_training: httpx.AsyncClient) -> None:
    version = await proposed(racing_training, await found(racing_training))
    asked = [agree(racing_training, version, "client", CLIENT) for _ in range(16)]
    assert Counter(answer.status_code for answer in await asyncio.gather(*asked)) == {200: 1, 412: 15}
