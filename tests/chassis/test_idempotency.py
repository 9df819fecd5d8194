"""A request that is sent twice has one effect, and its sender cannot tell the answers apart."""

import asyncio
from collections import Counter
from typing import Any

import asyncpg
import httpx
import pytest

from services.chassis.background.queue import delete_outdated
from services.chassis.data.database import problem_of
from services.chassis.ground.problems import RequestInProgress
from tests.support.callers import OTHER_COUNTY, call_as
from tests.support.databases import pause
from tests.support.problems import assert_problem
from tests.support.records import INSTITUTION, add_institution, add_territory, app_of, change, fetch

URL = "/v1/registry/institutions"
PROGRAMME = call_as(None, scope="registry:write", counties=["*"])


@pytest.fixture
async def registry(registry: httpx.AsyncClient) -> httpx.AsyncClient:
    await add_territory(registry)
    return registry


@pytest.fixture
async def racing_registry(racing_registry: httpx.AsyncClient) -> httpx.AsyncClient:
    await add_territory(racing_registry)
    return racing_registry


async def send(client: httpx.AsyncClient, key: str | None, body: Any = None, **headers: str) -> httpx.Response:
    """The registration of an institution under a key."""
    return await client.post(URL, json=body or INSTITUTION, headers=headers | ({"idempotency-key": key} if key else {}))


async def test_fifty_sendings_at_once_have_one_effect(racing_registry: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*[send(racing_registry, "one-key") for _ in range(50)])
    kinds = Counter((answer.status_code, answer.headers.get("idempotency-replayed")) for answer in answers)
    assert kinds[201, None] == 1
    assert kinds.keys() <= {(201, None), (201, "true"), (409, None)}
    for answer in answers:
        if answer.status_code == 409:
            assert_problem(answer, 409, "request-in-progress")
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    counts = "SELECT (SELECT count(*) FROM institutions), (SELECT count(*) FROM events), count(*) FROM audit_records"
    assert [tuple(row) for row in await fetch(racing_registry, counts)] == [(1, 1, 1)]


async def _change_and_keep(client: httpx.AsyncClient, answer: dict[str, Any]) -> None:
    async with app_of(client).state.database.change() as change:
        change.effects.answer = answer
        change.effects.events = [{"type": "t", "subject": "s", "subject_version": 1, "data": {}}]


async def test_who_did_not_see_the_first_answer_cannot_keep_a_second(racing_registry: httpx.AsyncClient) -> None:
    await send(racing_registry, "k")
    [(subject,)] = await fetch(racing_registry, "SELECT subject FROM idempotency_keys")
    kept = {"subject": subject, "key": "k", "fingerprint": b"", "status": 201, "headers": [], "body": b""}
    with pytest.raises(asyncpg.UniqueViolationError) as refused:
        await _change_and_keep(racing_registry, kept)
    assert isinstance(problem_of(refused.value), RequestInProgress)
    assert await fetch(racing_registry, "SELECT count(*) FROM events") == [(1,)]


async def test_a_repeated_request_is_answered_as_it_was_to_the_byte(registry: httpx.AsyncClient) -> None:
    first = await send(registry, "k")
    changed = await registry.patch(
        first.headers["location"], json={"places": 5}, headers={"if-match": first.headers["etag"]}
    )
    assert changed.status_code == 200
    again = await send(registry, "k")
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    for name in ("etag", "location", "content-type"):
        assert again.headers[name] == first.headers[name]


@pytest.mark.parametrize(
    "other",
    [INSTITUTION | {"name": "Inna"}, {**INSTITUTION, "county_terc": "2401"}, dict(reversed(INSTITUTION.items()))],
)
async def test_the_key_of_another_body_is_refused(registry: httpx.AsyncClient, other: dict[str, Any]) -> None:
    await send(registry, "k")
    assert_problem(await send(registry, "k", other), 422, "idempotency-key-reused")
    assert len(await fetch(registry, "SELECT 1 FROM institutions")) == 1


async def test_the_key_of_another_address_is_refused(registry: httpx.AsyncClient) -> None:
    made = await add_institution(registry, type="kindergarten")
    body = {"kind": "coordinating_institution", "held_from": "2026-01-01"}
    first = await registry.post(f"{URL}/{made['id']}/functions", json=body, headers={"idempotency-key": "k"})
    assert first.status_code == 201
    assert_problem(await send(registry, "k"), 422, "idempotency-key-reused")
    query = await registry.post(f"{URL}?x=1", json=INSTITUTION, headers={"idempotency-key": "new"})
    assert_problem(query, 422, "validation-failed")


async def test_the_same_key_of_another_caller_is_another_key(registry: httpx.AsyncClient) -> None:
    first = await send(registry, "k")
    other = await send(registry, "k", **call_as("registry_editor", subject="someone else"))
    assert other.status_code == 201
    assert other.json()["id"] != first.json()["id"]


@pytest.mark.parametrize("key", ["x" * 256, "a b", "a\x07", "a\x7f", "ż", " "])
async def test_a_key_that_cannot_be_kept_is_refused(registry: httpx.AsyncClient, key: str) -> None:
    headers = [(b"idempotency-key", key.encode())]
    problem = assert_problem(await registry.post(URL, json=INSTITUTION, headers=headers), 400, "malformed-request")
    assert problem["errors"][0]["header"] == "Idempotency-Key"
    assert await fetch(registry, "SELECT 1 FROM institutions") == []


async def test_two_keys_are_refused(registry: httpx.AsyncClient) -> None:
    headers = [("idempotency-key", "a"), ("idempotency-key", "b")]
    assert_problem(await registry.post(URL, json=INSTITUTION, headers=headers), 400, "malformed-request")


async def test_an_answer_is_kept_for_seven_days_and_then_deleted(racing_registry: httpx.AsyncClient) -> None:
    for key, days in (("old", 8), ("young", 6)):
        await send(racing_registry, key, INSTITUTION | {"name": f"Poradnia {key}"})
        age = "UPDATE idempotency_keys SET created_at = now() - :days * interval '1 day' WHERE key = :key"
        await change(racing_registry, age, key=key, days=days)
    cleaning = asyncio.create_task(delete_outdated(app_of(racing_registry).state.database))
    async with asyncio.timeout(30):
        while len(kept := await fetch(racing_registry, "SELECT key FROM idempotency_keys")) > 1:
            await pause()
    cleaning.cancel()
    assert kept == [("young",)]


async def test_the_longest_key_is_kept(registry: httpx.AsyncClient) -> None:
    assert (await send(registry, "!" * 255)).status_code == 201
    assert (await send(registry, "!" * 255)).headers["idempotency-replayed"] == "true"


async def test_a_service_account_needs_a_key_and_a_person_does_not(registry: httpx.AsyncClient) -> None:
    assert_problem(await send(registry, None, **PROGRAMME), 400, "missing-idempotency-key")
    assert (await send(registry, "k", **PROGRAMME)).status_code == 201
    assert (await send(registry, None)).status_code == 201


async def test_a_person_whose_token_also_has_scopes_needs_no_key(registry: httpx.AsyncClient) -> None:
    person = call_as("registry_editor", scope="openid profile")
    assert (await send(registry, None, **person)).status_code == 201


@pytest.mark.parametrize(
    ("wrong", "status"), [({"county_terc": "9999"}, 422), ({"regon": "1"}, 422), ({"county_terc": OTHER_COUNTY}, 403)]
)
async def test_a_request_that_failed_leaves_its_key_free(
    registry: httpx.AsyncClient, wrong: dict[str, Any], status: int
) -> None:
    assert (await send(registry, "k", INSTITUTION | wrong)).status_code == status
    assert await fetch(registry, "SELECT 1 FROM idempotency_keys") == []
    assert (await send(registry, "k")).status_code == 201


async def test_a_request_that_lost_a_race_can_be_sent_again_with_its_key(racing_registry: httpx.AsyncClient) -> None:
    body = INSTITUTION | {"rspo": "123"}
    answers = await asyncio.gather(*[send(racing_registry, f"k{number}", body) for number in range(8)])
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 7}
    assert len(await fetch(racing_registry, "SELECT 1 FROM idempotency_keys")) == 1
    loser = next(number for number, answer in enumerate(answers) if answer.status_code == 409)
    assert (await send(racing_registry, f"k{loser}", body | {"rspo": "124"})).status_code == 201


async def test_a_key_does_not_open_what_the_caller_may_no_longer_do(registry: httpx.AsyncClient) -> None:
    assert (await send(registry, "k", **call_as("registry_editor", subject="anna"))).status_code == 201
    assert_problem(await send(registry, "k", **call_as("trainee", subject="anna")), 403, "forbidden")


async def test_a_transition_is_repeated_like_a_creation(registry: httpx.AsyncClient) -> None:
    made = await add_institution(registry)
    url, headers = f"{URL}/{made['id']}/close", {"idempotency-key": "k", "if-match": f'"{made["id"]}:1"'}
    body = {"closed_on": "2026-01-01", "reason": "połączenie"}
    first = await registry.post(url, json=body, headers=headers)
    again = await registry.post(url, json=body, headers=headers)
    assert (first.status_code, again.status_code, again.content) == (200, 200, first.content)
    assert (await registry.post(url, json=body, headers={"if-match": f'"{made["id"]}:1"'})).status_code == 412
