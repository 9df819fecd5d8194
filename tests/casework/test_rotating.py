"""Rotation of the wrapping key: online, killed half-way and gone on with; without the old key everything opens."""

import asyncio
import itertools
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest

from services.casework.keys import opened
from services.casework.rotating import (
    recompute_digests,
    rewrap_answers,
    rewrap_keys,
)
from services.chassis.data.database import Database
from services.chassis.trust.vault import Keyring, WrappedKey, drawn_keyring
from tests.casework.cases.made import CASES
from tests.casework.cases.made import opened as opened_case
from tests.casework.data_subject_requests.made import erased
from tests.casework.people.made import CHILD, registered, tag
from tests.casework.people.test_endpoints import PEOPLE, rows
from tests.casework.test_restoring import settings_with
from tests.conftest import KEYRING
from tests.support.problems import assert_problem
from tests.support.records import app_of


class Rings:
    """Keyrings of an operator: the old one, one with a new key at its end, and one from which the old key is gone."""

    def __init__(self, admin_url: str, folder: Path) -> None:
        self.admin_url, self.folder = admin_url, folder
        lines = KEYRING.read_text().splitlines()
        [self.old] = [line for line in lines if line.startswith("wrap")]
        [self.index] = [line for line in lines if line.startswith("index")]
        self.new, self.other_index = drawn_keyring("2").splitlines()

    def open(self, *lines: str) -> AbstractContextManager[None]:
        """In here casework has a keyring of these lines."""
        path = self.folder / str(uuid.uuid4())
        path.write_text("".join(f"{line}\n" for line in lines))
        return opened(settings_with(self.admin_url, keyring_file=path))


@pytest.fixture
def rings(admin_url: str, tmp_path: Path) -> Rings:
    """The keyrings."""
    return Rings(admin_url, tmp_path)


@pytest.fixture
def killing(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Lets wrapping break off after seven keys, as when the process is killed: what it has in hand is rolled back."""

    def kill() -> None:
        wrap, count = Keyring.wrap, itertools.count(1)

        def wrap_or_die(ring: Keyring, key: bytes, owner: object) -> WrappedKey:
            if next(count) == 8:
                raise RuntimeError("killed")
            return wrap(ring, key, owner)

        monkeypatch.setattr(Keyring, "wrap", wrap_or_die)

    return kill


def database_of(client: httpx.AsyncClient) -> Database:
    """The database of the service behind a client."""
    database: Database = app_of(client).state.database
    return database


async def by_key(client: httpx.AsyncClient) -> dict[str, int]:
    """How many keys are wrapped by which key of the keyring."""
    found = await rows(client, "SELECT keyring_id, count(*) FROM person_keys GROUP BY 1")
    return {row["keyring_id"]: row["count"] for row in found}


async def test_a_rotation_that_was_killed_goes_on_and_the_old_key_can_go(
    racing_casework: httpx.AsyncClient, rings: Rings, killing: Callable[[], None]
) -> None:
    client = racing_casework
    children = [await registered(client, given_name=f"Dziecko {number}") for number in range(12)]
    case = await opened_case(client, person_id=children[0]["id"])

    async def names() -> list[str]:
        return [(await client.get(f"{PEOPLE}/{child['id']}")).json()["given_name"] for child in children]

    with rings.open(rings.old, rings.new, rings.index):
        killing()
        with pytest.raises(RuntimeError, match="killed"):
            await rewrap_keys(database_of(client), at_once=3)
        assert await by_key(client) == {"1": 6, "2": 6}
        assert await names() == [child["given_name"] for child in children]
        assert await rewrap_keys(database_of(client), at_once=3) == 6
        assert await by_key(client) == {"2": 12}
        assert await rewrap_keys(database_of(client)) == 0
    with rings.open(rings.new, rings.index):
        assert await names() == [child["given_name"] for child in children]
        assert (await client.get(f"{CASES}/{case['id']}")).json()["reason"] == case["reason"]
    with rings.open(rings.old, rings.index):
        assert (await client.get(f"{PEOPLE}/{children[0]['id']}")).status_code == 503


async def test_nobody_notices_a_rotation(racing_casework: httpx.AsyncClient, rings: Rings) -> None:
    client = racing_casework
    children = [await registered(client) for _ in range(10)]
    with rings.open(rings.old, rings.new, rings.index):

        async def works(child: dict[str, str]) -> set[int]:
            path = f"{PEOPLE}/{child['id']}"
            patch = {"telephone": "600 000 000"}
            answers = [
                await client.get(path),
                await client.patch(path, json=patch, headers=tag(child)),
                await client.get(path),
                await client.post(PEOPLE, json={**CHILD, "pesel": None}),
            ]
            return {answer.status_code for answer in answers}

        rotations = [rewrap_keys(database_of(client), at_once=1) for _ in range(2)]
        statuses, _ = await asyncio.gather(asyncio.gather(*map(works, children)), asyncio.gather(*rotations))
        assert {status for each in statuses for status in each} == {200, 201}
        await rewrap_keys(database_of(client))
        assert await by_key(client) == {"2": 20}
    with rings.open(rings.new, rings.index):
        for child in children:
            assert (await client.get(f"{PEOPLE}/{child['id']}")).json()["telephone"] == "600 000 000"


async def test_kept_answers_are_given_again_without_the_old_key(
    racing_casework: httpx.AsyncClient, rings: Rings
) -> None:
    client, keys = racing_casework, [{"idempotency-key": str(uuid.uuid4())} for _ in range(5)]
    first = [(await client.post(PEOPLE, json={**CHILD, "pesel": None}, headers=key)).json() for key in keys]
    await erased(client, first[4])
    with rings.open(rings.old, rings.new, rings.index):
        await rewrap_keys(database_of(client))
        assert await rewrap_answers(database_of(client), at_once=2) >= 4
        assert await rewrap_answers(database_of(client), at_once=2) == 0
    with rings.open(rings.new, rings.index):
        for key, made in zip(keys[:4], first[:4], strict=True):
            again = await client.post(PEOPLE, json={**CHILD, "pesel": None}, headers=key)
            assert (again.json(), again.headers["idempotency-replayed"]) == (made, "true")
        gone = await client.post(PEOPLE, json={**CHILD, "pesel": None}, headers=keys[4])
        assert_problem(gone, 410, "erased")


async def test_a_new_index_key_finds_the_same_people(racing_casework: httpx.AsyncClient, rings: Rings) -> None:
    client = racing_casework
    child = await registered(client, pesel=CHILD["pesel"])
    await erased(client, await registered(client, given_name="Inna"))
    searches = (
        {"pesel": CHILD["pesel"], "purpose": "intake"},
        {"given_name": "Zofia", "family_name": "Żółkiewska", "purpose": "intake"},
    )

    async def found() -> list[list[str]]:
        answers = [await client.post(f"{PEOPLE}:search", json=search) for search in searches]
        return [[one["id"] for one in answer.json()["items"]] for answer in answers]

    assert await found() == [[child["id"]]] * 2
    with rings.open(rings.old, rings.other_index):
        assert await found() == [[], []]
        assert await recompute_digests(database_of(client)) == 2
        assert await found() == [[child["id"]]] * 2
        assert_problem(await client.post(PEOPLE, json=CHILD), 409, "person-already-registered")
    assert len(await rows(client, "SELECT 1 FROM tombstones")) == 2
