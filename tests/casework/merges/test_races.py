"""One merge, decided by several at once."""

import asyncio
from collections import Counter

import httpx

from tests.casework.guardianships.made import GUARDIANSHIPS, PARENT, guardianship
from tests.casework.merges.made import merged_into, proposed, step
from tests.casework.people.made import registered
from tests.support.records import fetch


async def test_twenty_decisions_merge_once(racing_casework: httpx.AsyncClient) -> None:
    kept, twin = [await registered(racing_casework) for _ in range(2)]
    merge = await proposed(racing_casework, kept, twin)
    verbs = ["accept", "decline"] * 10
    answers = await asyncio.gather(*[step(racing_casework, merge, verb) for verb in verbs])
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 19}


async def test_two_records_do_not_become_part_of_each_other(racing_casework: httpx.AsyncClient) -> None:
    one, other = [await registered(racing_casework) for _ in range(2)]
    merges = [await proposed(racing_casework, *pair) for pair in ((one, other), (other, one))]
    answers = await asyncio.gather(*[step(racing_casework, merge, "accept") for merge in merges])
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_a_guardianship_that_begins_meanwhile_is_moved_or_refused(racing_casework: httpx.AsyncClient) -> None:
    kept, twin = [await registered(racing_casework) for _ in range(2)]
    parent = await registered(racing_casework, **PARENT)
    beginning = racing_casework.post(GUARDIANSHIPS, json=guardianship(twin, parent))
    _, begun = await asyncio.gather(merged_into(racing_casework, kept, twin), beginning)
    assert begun.status_code in {201, 409}
    found = await fetch(racing_casework, "SELECT CAST(child_id AS text) FROM guardianships")
    assert found == ([(kept["id"],)] if begun.status_code == 201 else [])
