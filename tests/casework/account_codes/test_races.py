"""One code, used by several at once."""

import asyncio
from collections import Counter

import httpx

from tests.casework.accounts.made import JOIN, family_member, issued
from tests.casework.guardianships.made import begun, family
from tests.casework.people.made import registered, tag
from tests.casework.people.test_endpoints import PEOPLE
from tests.support.records import fetch


async def test_twenty_accounts_use_one_code_and_one_is_joined(racing_casework: httpx.AsyncClient) -> None:
    _, parent, _ = await family(racing_casework)
    body = {"code": (await issued(racing_casework, parent))["code"]}
    asks = [racing_casework.post(JOIN, json=body, headers=family_member(f"a{number}")) for number in range(20)]
    answers = await asyncio.gather(*asks)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 422: 19}
    assert await fetch(racing_casework, "SELECT count(*) FROM accounts") == [(1,)]


async def test_whoever_joins_while_a_guardianship_begins_sees_the_child(racing_casework: httpx.AsyncClient) -> None:
    _, parent, _ = await family(racing_casework)
    for number in range(5):
        child, code = await registered(racing_casework), await issued(racing_casework, parent)
        headers = family_member(f"anna{number}")
        joining = racing_casework.post(JOIN, json={"code": code["code"]}, headers=headers)
        answer, _ = await asyncio.gather(joining, begun(racing_casework, child, parent))
        assert answer.status_code == 200
        seen = await racing_casework.get(f"{PEOPLE}/{child['id']}", headers=headers)
        assert seen.status_code == 200


async def test_whoever_joins_while_a_birth_date_is_amended_ends_with_the_new_one(
    racing_casework: httpx.AsyncClient,
) -> None:
    child, parent, _ = await family(racing_casework)
    path = f"{PEOPLE}/{child['id']}"
    for number in range(5):
        code = await issued(racing_casework, parent)
        child = (await racing_casework.get(path)).json()
        joining = racing_casework.post(JOIN, json={"code": code["code"]}, headers=family_member(f"anna{number}"))
        born_on = f"2023-06-{number + 10}"
        amending = racing_casework.patch(path, json={"born_on": born_on}, headers=tag(child))
        assert [answer.status_code for answer in await asyncio.gather(joining, amending)] == [200, 200]
        ends = await fetch(
            racing_casework,
            "SELECT CAST(timezone('Europe/Warsaw', ends_at) AS text) FROM relations WHERE ends_at IS NOT NULL",
        )
        assert ends == [(f"2041-06-{number + 10} 00:00:00",)]
