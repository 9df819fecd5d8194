"""Several people work on one agreement at once."""

import asyncio
from collections import Counter

import httpx

from tests.registry.agreements.asks import AGREEMENT, PARTIES, TEXT
from tests.support.records import add_territory, fetch

URL = "/v1/registry/agreements"


async def draw_up(client: httpx.AsyncClient) -> str:
    """The address of a pact that can be signed; it is in its fourth version."""
    await add_territory(client)
    path = str((await client.post(URL, json=AGREEMENT | {"county_terc": "2469"})).headers["location"])
    for party in PARTIES:
        assert (await client.post(f"{path}/signatories", json=party)).status_code == 201
    assert (await client.post(f"{path}/versions", json=TEXT)).status_code == 201
    return path


async def sign(client: httpx.AsyncClient, path: str) -> httpx.Response:
    seen = {"if-match": f'"{path.rsplit("/", 1)[1]}:4"'}
    return await client.post(f"{path}/sign", json={"signed_on": "2026-01-01"}, headers=seen)


async def test_twenty_signatures_of_one_draft_sign_it_once(racing_registry: httpx.AsyncClient) -> None:
    path = await draw_up(racing_registry)
    answers = await asyncio.gather(*[sign(racing_registry, path) for _ in range(20)])
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 19}
    assert await fetch(racing_registry, "SELECT version FROM agreement_signatories") == [(2,), (2,)]


async def test_a_party_that_joins_at_the_same_moment_is_signed_for_or_too_late(
    racing_registry: httpx.AsyncClient,
) -> None:
    path = await draw_up(racing_registry)
    joining = racing_registry.post(f"{path}/signatories", json={"party_name": "Gmina", "party_kind": "authority"})
    joined, done = await asyncio.gather(joining, sign(racing_registry, path))
    assert (joined.status_code, done.status_code) in {(201, 412), (422, 200)}


async def test_one_party_joins_once_and_twenty_texts_have_twenty_numbers(racing_registry: httpx.AsyncClient) -> None:
    path = await draw_up(racing_registry)
    assert (await sign(racing_registry, path)).status_code == 200
    gmina = {"party_name": "Gmina", "party_kind": "authority", "signed_on": "2026-02-01"}
    joins = [racing_registry.post(f"{path}/signatories", json=gmina) for _ in range(10)]
    texts = [racing_registry.post(f"{path}/versions", json=TEXT) for _ in range(10)]
    answers = await asyncio.gather(*joins, *texts)
    assert Counter(answer.status_code for answer in answers[:10]) == {201: 1, 409: 9}
    assert sorted(answer.json()["number"] for answer in answers[10:]) == list(range(2, 12))
