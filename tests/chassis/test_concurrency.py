"""Nobody overwrites what they have not read."""

import asyncio
from typing import Any

import httpx
import pytest

from services.chassis.ground.problems import PreconditionRequired, VersionMismatch
from services.chassis.web.answers import etag
from services.chassis.web.concurrency import expected_version
from tests.support.problems import assert_problem
from tests.support.records import add_institution, add_territory, fetch

URL = "/v1/registry/institutions"
MINE = "01990000-0000-7000-8000-000000000001"
OTHERS = "01990000-0000-7000-8000-000000000002"


@pytest.mark.parametrize("given", [None, "*", " * "])
def test_a_change_says_what_was_read(given: str | None) -> None:
    with pytest.raises(PreconditionRequired):
        expected_version(given, MINE)


@pytest.mark.parametrize(
    "given",
    [
        f'W/"{MINE}:3"',
        f'"{OTHERS}:3"',
        f"{MINE}:3",
        f'"{MINE}:0"',
        f'"{MINE}:03"',
        f'"{MINE}:3", "{MINE}:4"',
        f'"{MINE}:99999999999"',
        f'"{MINE}:2147483648"',
        f'"{MINE}:\u0663"',
        f'"{MINE}:3:3"',
        '""',
        "",
        "3",
    ],
)
def test_what_was_not_read_here_matches_nothing(given: str) -> None:
    with pytest.raises(VersionMismatch):
        expected_version(given, MINE)


def test_a_version_that_was_read_is_understood() -> None:
    assert expected_version(etag(MINE, 3), MINE) == 3
    assert expected_version(f"  {etag(MINE, 2**31 - 1)} ", MINE) == 2**31 - 1


async def _writes(client: httpx.AsyncClient) -> list[tuple[str, str, dict[str, Any]]]:
    """Every change that needs If-Match, as method, address and body."""
    await add_territory(client)
    one = f"{URL}/{(await add_institution(client, type='kindergarten'))['id']}"
    function = await client.post(f"{one}/functions", json={"kind": "wokro", "held_from": "2026-01-01"})
    service = {"institution_id": one.rpartition("/")[2], "name": "Grupa", "kind": "social"}
    offered = (await client.post("/v1/registry/support-services", json=service)).headers["location"]
    return [
        ("PATCH", one, {"places": 3}),
        ("POST", f"{function.headers['location']}/end", {"held_to": "2026-06-01", "reason": "koniec"}),
        ("PATCH", offered, {"capacity": 3}),
        ("POST", f"{offered}/verify", {}),
        ("POST", f"{one}/close", {"closed_on": "2026-06-01", "reason": "koniec"}),
    ]


@pytest.mark.parametrize(
    ("condition", "status", "slug"),
    [
        (None, 428, "precondition-required"),
        ("*", 428, "precondition-required"),
        ('W/"{id}:1"', 412, "version-mismatch"),
        ('"{id}:2"', 412, "version-mismatch"),
        ('"01990000-0000-7000-8000-000000000009:1"', 412, "version-mismatch"),
    ],
)
async def test_a_change_without_the_right_condition_changes_nothing(
    registry: httpx.AsyncClient, condition: str | None, status: int, slug: str
) -> None:
    for method, url, body in await _writes(registry):
        before = await fetch(registry, "SELECT count(*) FROM audit_records")
        key = next(piece for piece in reversed(url.split("/")) if len(piece) == 36)
        headers = {"if-match": condition.replace("{id}", key)} if condition else {}
        answer = await registry.request(method, url, json=body or None, headers=headers)
        assert_problem(answer, status, slug)
        assert await fetch(registry, "SELECT count(*) FROM audit_records") == before


async def test_every_change_with_the_right_condition_gives_the_next_version(registry: httpx.AsyncClient) -> None:
    for method, url, body in await _writes(registry):
        key = next(piece for piece in reversed(url.split("/")) if len(piece) == 36)
        place = url.removesuffix("/close").removesuffix("/verify")
        known = (await registry.get(place)).headers["etag"] if "functions" not in url else etag(key, 1)
        answer = await registry.request(method, url, json=body or None, headers={"if-match": known})
        assert answer.status_code == 200, answer.text
        assert answer.headers["etag"] == etag(key, int(known.rpartition(":")[2].strip('"')) + 1)
        assert answer.json()["version"] == int(answer.headers["etag"].rpartition(":")[2].strip('"'))


async def test_of_two_changes_of_one_version_one_is_told_so(racing_registry: httpx.AsyncClient) -> None:
    await add_territory(racing_registry)
    made = await add_institution(racing_registry)
    url, headers = f"{URL}/{made['id']}", {"if-match": etag(made["id"], 1)}
    patches = [racing_registry.patch(url, json={"places": number}, headers=headers) for number in range(1, 11)]
    answers = await asyncio.gather(*patches)
    winners = [answer for answer in answers if answer.status_code == 200]
    assert len(winners) == 1
    for answer in answers:
        if answer.status_code != 200:
            assert_problem(answer, 412, "version-mismatch")
    now = (await racing_registry.get(url)).json()
    assert (now["version"], now["places"]) == (2, winners[0].json()["places"])
    assert len(await fetch(racing_registry, "SELECT 1 FROM institution_history")) == 1
    assert len(await fetch(racing_registry, "SELECT 1 FROM events")) == 2


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ('"{id}:1"', 304),
        ('W/"{id}:1"', 304),
        ('"x:9", "{id}:1"', 304),
        ("*", 304),
        ('"{id}:2"', 200),
        ('"{id}:11"', 200),
        ("", 200),
    ],
)
async def test_what_is_known_is_not_sent_again(registry: httpx.AsyncClient, condition: str, status: int) -> None:
    await add_territory(registry)
    made = await add_institution(registry)
    headers = {"if-none-match": condition.replace("{id}", made["id"])}
    answer = await registry.get(f"{URL}/{made['id']}", headers=headers)
    assert answer.status_code == status
    assert answer.headers["etag"] == etag(made["id"], 1)
    assert bool(answer.content) == (status == 200)
