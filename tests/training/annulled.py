"""Records of what took place, annulled: once, by whoever has read the newest version, with a reason."""

import httpx

from tests.support.problems import assert_problem
from tests.training.groups.made import URL, Made
from tests.training.sessions.made import tag


async def annulled(client: httpx.AsyncClient, path: str, made: Made, headers: Made | None = None) -> Made:
    """The record after it was annulled; everything else that could happen is refused."""
    url, reason, who = f"{URL}{path}/{made['id']}/annul", {"reason": "wrong_facts"}, headers or {}
    assert_problem(await client.post(url, json=reason, headers=who), 428, "precondition-required")
    free_text = await client.post(url, json={"reason": "pani Anna"}, headers=who | tag(made))
    assert free_text.status_code == 422
    answer = await client.post(url, json=reason, headers=who | tag(made))
    assert answer.status_code == 200, answer.text
    after: Made = answer.json()
    assert (after["annulling_reason"], after["version"]) == ("wrong_facts", made["version"] + 1)
    assert after["annulled_by"]
    assert_problem(await client.post(url, json=reason, headers=who | tag(made)), 412, "version-mismatch")
    twice = await client.post(url, json=reason, headers=who | tag(after))
    assert assert_problem(twice, 409, "state-conflict")["state"] == "annulled"
    return after
