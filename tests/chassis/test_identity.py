"""Whom the verifier trusts, and everybody it does not."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from services.chassis.ground.problems import Unauthenticated
from services.chassis.trust.callers import Reach, caller_of
from tests.chassis.tokens_made import ED, RSA, STRANGER, changed, foreign_header, now, signed, verifier
from tests.support.callers import AUDIENCE, call_as, claims, token
from tests.support.problems import assert_problem
from tests.support.records import fetch

URL = "/v1/registry/institutions"


async def test_an_expired_token_is_told_apart_so_that_a_client_renews_it() -> None:
    with pytest.raises(Unauthenticated) as refusal:
        await verifier().verify(changed(iat=now() - 600, exp=now() - 1))
    assert refusal.value.members == {"reason": "token-expired"}


async def test_a_good_token_of_each_algorithm_is_trusted() -> None:
    good = [changed(), changed(aud=["other", AUDIENCE]), changed(iat=now() + 20, exp=now() + 500)]
    good += [token(claims("operator"), typ=typ) for typ in ("application/at+jwt", "AT+JWT")]
    good += [token(claims("operator"), **{name: "a-print-of-a-certificate"}) for name in ("x5t", "x5t#S256")]
    good += [foreign_header(), changed(counties="2469")]
    for text in [*good, changed(exp=now() + 299.5, iat=now() - 0.5), signed(RSA, "RS256"), signed(ED, "Ed25519")]:
        found = await verifier().verify(text)
        assert (found.subject, found.roles, found.counties) == ("operator", ("operator",), frozenset({"2469"}))


@pytest.fixture
async def listener() -> AsyncIterator[tuple[str, list[bytes]]]:
    """An address that an attacker would have us call, and what arrived there."""
    arrived: list[bytes] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        arrived.append(await reader.read(10))
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/keys", arrived


@pytest.mark.parametrize("name", ["jku", "x5u"])
async def test_a_token_cannot_say_where_its_key_is(listener: tuple[str, list[bytes]], name: str) -> None:
    url, arrived = listener
    with pytest.raises(Unauthenticated):
        await verifier().verify(token(claims("operator"), key=STRANGER, **{name: url}))
    assert arrived == []


async def test_of_several_roles_the_widest_reach_counts_and_a_star_is_everywhere() -> None:
    grants = {"a": {"p": Reach.OWN_INSTITUTION}, "b": {"p": Reach.OWN_COUNTIES}}
    caller = caller_of(await verifier().verify(changed(roles=["b", "a", "nobody"])), grants)
    assert (caller.reach("p"), caller.reach("q")) == (Reach.OWN_COUNTIES, None)
    starred = caller_of(await verifier().verify(changed(roles=["b"], counties=["*"])), grants)
    assert starred.reach("p") == Reach.EVERYWHERE


@pytest.mark.parametrize(
    ("headers", "status", "slug"),
    [
        ([], 401, "unauthenticated"),
        ([("authorization", "Bearer ")], 401, "unauthenticated"),
        ([("authorization", "Bearer")], 401, "unauthenticated"),
        ([("authorization", "Basic dXNlcjpwYXNz")], 401, "unauthenticated"),
        ([("authorization", call_as("operator")["authorization"])] * 2, 400, "malformed-request"),
        ([("authorization", call_as("auditor")["authorization"].replace("Bearer", "Token"))], 401, "unauthenticated"),
        ([("x-actor", "operator"), ("x-roles", "registry_editor")], 401, "unauthenticated"),
    ],
)
async def test_a_request_without_one_good_token_is_refused_and_recorded(
    registry: httpx.AsyncClient, headers: list[tuple[str, str]], status: int, slug: str
) -> None:
    del registry.headers["authorization"]
    answer = await registry.get(URL, headers=headers)
    assert_problem(answer, status, slug)
    if status == 401:
        assert answer.headers["www-authenticate"].startswith("Bearer")
        [record] = await fetch(registry, "SELECT actor, action, outcome FROM audit_records")
        assert tuple(record) == ("anonymous", "list_institutions", "unauthenticated")


async def test_a_refused_token_leaves_none_of_its_claims_behind(registry: httpx.AsyncClient) -> None:
    bad = token(claims("operator", subject="KANAREK-77"), key=STRANGER)
    answer = await registry.get(URL, headers={"authorization": f"Bearer {bad}"})
    assert assert_problem(answer, 401, "unauthenticated")["reason"] == "token-invalid"
    [record] = await fetch(registry, "SELECT * FROM audit_records")
    assert "KANAREK" not in answer.text + str(record)
