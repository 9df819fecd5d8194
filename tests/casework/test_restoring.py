"""After a restore whoever was erased is erased again before anything is served, and without the keys nothing is."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from services.casework.keys import opened
from services.casework.restoring import (
    append_tombstones,
    copy_tombstones,
    read_tombstones,
    repeat_erasures,
    require_keys,
    restored,
)
from services.casework.settings import CaseworkSettings
from services.chassis.data.database import Database
from services.chassis.migrating import asyncpg_url
from services.chassis.trust.vault import drawn_keyring
from tests.casework.cases.made import made
from tests.casework.data_subject_requests.made import erased
from tests.casework.people.made import registered
from tests.casework.people.test_endpoints import PEOPLE, rows
from tests.conftest import settings_of
from tests.support.problems import assert_problem
from tests.support.records import app_of

SAVED = ("people", "person_keys", "person_names")


@pytest.fixture
def tombstones(tmp_path: Path) -> Path:
    """An empty file, as at installation."""
    path = tmp_path / "tombstones.jsonl"
    path.touch()
    return path


@pytest.fixture
async def admin(admin_url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A connection that may do what a restore does."""
    connection = await asyncpg.connect(
        asyncpg_url(admin_url), server_settings={"session_replication_role": "replica", "search_path": "casework"}
    )
    yield connection
    await connection.close()


class Backup:
    """The tables about people as they were, to be put back."""

    def __init__(self, admin: "asyncpg.Connection[asyncpg.Record]") -> None:
        self.admin = admin

    async def take(self) -> None:
        """Keep them as they are now."""
        for name in SAVED:
            await self.admin.execute(f"CREATE TEMP TABLE saved_{name} AS TABLE casework.{name}")

    async def restore(self) -> None:
        """Put them back; what came since is gone."""
        for name in (*SAVED, "tombstones", "data_subject_requests"):
            await self.admin.execute(f"DELETE FROM {name}")
        for name in SAVED:
            await self.admin.execute(f"INSERT INTO {name} SELECT * FROM saved_{name}")


def settings_with(admin_url: str, **changed: Any) -> CaseworkSettings:
    """Casework's settings of the tests, with these in their place."""
    settings = settings_of("casework", admin_url)
    assert isinstance(settings, CaseworkSettings)
    return settings.model_copy(update=changed)


async def test_a_restored_database_is_erased_again_before_it_is_served(
    racing_casework: httpx.AsyncClient,
    admin: "asyncpg.Connection[asyncpg.Record]",
    admin_url: str,
    tombstones: Path,
) -> None:
    client, backup = racing_casework, Backup(admin)
    child, other = await registered(client), await registered(client, given_name="Inna")
    await backup.take()
    await erased(client, child)
    await copy_tombstones(app_of(client).state.database, tombstones)
    await backup.restore()
    assert (await client.get(f"{PEOPLE}/{child['id']}")).status_code == 200
    async with restored(settings_with(admin_url, tombstone_file=tombstones)):
        assert_problem(await client.get(f"{PEOPLE}/{child['id']}"), 410, "erased")
        assert (await client.get(f"{PEOPLE}/{other['id']}")).status_code == 200
    [kept] = await rows(client, "SELECT sealed FROM people WHERE erased_at IS NOT NULL")
    assert kept["sealed"] == b""
    [stone] = await rows(client, "SELECT basis, approved_by FROM tombstones")
    assert (stone["basis"], stone["approved_by"]) == ("GDPR art. 17", "second")
    assert await repeat_erasures(app_of(client).state.database, tombstones) == 0


async def test_a_hold_of_the_backup_does_not_stop_what_was_done_already(
    racing_casework: httpx.AsyncClient, admin: "asyncpg.Connection[asyncpg.Record]", tombstones: Path
) -> None:
    client, backup = racing_casework, Backup(admin)
    child = await registered(client)
    await backup.take()
    await erased(client, child)
    await copy_tombstones(app_of(client).state.database, tombstones)
    await backup.restore()
    await made(client, "/legal-holds", {"person_id": child["id"], "reason": "sąd"})
    assert await repeat_erasures(app_of(client).state.database, tombstones) == 1
    assert_problem(await client.get(f"{PEOPLE}/{child['id']}"), 410, "erased")


async def test_who_came_after_the_backup_leaves_the_tombstone_alone(
    racing_casework: httpx.AsyncClient, admin: "asyncpg.Connection[asyncpg.Record]", tombstones: Path
) -> None:
    client, backup = racing_casework, Backup(admin)
    await backup.take()
    await erased(client, await registered(client))
    await copy_tombstones(app_of(client).state.database, tombstones)
    await backup.restore()
    assert await repeat_erasures(app_of(client).state.database, tombstones) == 0
    assert len(await rows(client, "SELECT 1 FROM tombstones")) == 1


async def test_the_file_has_every_tombstone_once_and_nobody_s_id(
    racing_casework: httpx.AsyncClient, tombstones: Path
) -> None:
    child = await registered(racing_casework)
    await erased(racing_casework, child)
    for _ in range(2):
        await copy_tombstones(app_of(racing_casework).state.database, tombstones)
    [line] = await asyncio.to_thread(lambda: tombstones.read_text().splitlines())
    assert child["id"] not in line
    [kept] = await rows(racing_casework, "SELECT digest, erased_at FROM tombstones")
    [stone] = read_tombstones(tombstones)
    assert (stone.digest, stone.erased_at, stone.county_terc) == (kept["digest"], kept["erased_at"], "2469")
    append_tombstones(tombstones, [stone])
    assert read_tombstones(tombstones) == [stone, stone]


async def test_without_the_file_or_with_a_broken_line_nothing_is_served(
    racing_casework: httpx.AsyncClient, admin_url: str, tombstones: Path
) -> None:
    missing = settings_with(admin_url, tombstone_file=tombstones.with_name("nowhere"))
    with pytest.raises(FileNotFoundError):
        async with restored(missing):
            pytest.fail("it is served")
    await asyncio.to_thread(tombstones.write_text, "\n")
    with pytest.raises(ValueError, match="line 1 of the tombstones"):
        async with restored(settings_with(admin_url, tombstone_file=tombstones)):
            pytest.fail("it is served")


async def test_a_restored_database_is_not_served_without_the_file_that_was_kept_until_then(
    racing_casework: httpx.AsyncClient, admin: "asyncpg.Connection[asyncpg.Record]", admin_url: str, tombstones: Path
) -> None:
    database = app_of(racing_casework).state.database
    await erased(racing_casework, await registered(racing_casework))
    name = await admin.fetchval("SELECT current_database()")
    # A minute and a half after the erasure: the file has had it for long.
    later = await admin.fetchval(
        "SELECT to_char(max(erased_at) + '90s', 'YYYY-MM-DD\"T\"HH24:MI:SSOF:00') FROM tombstones"
    )
    await admin.execute(f"ALTER DATABASE \"{name}\" SET splot.restored_to = '{later}'")
    try:
        for settings, reason in (
            (settings_with(admin_url), "without TOMBSTONE_FILE"),
            (settings_with(admin_url, tombstone_file=tombstones), "not the file that was kept"),
        ):
            with pytest.raises(ValueError, match=reason):
                async with restored(settings):
                    pytest.fail("it is served")
        await copy_tombstones(database, tombstones)
        async with restored(settings_with(admin_url, tombstone_file=tombstones)):
            pass
    finally:
        await admin.execute(f'ALTER DATABASE "{name}" RESET splot.restored_to')


@pytest.mark.parametrize("content", [None, "", "wrap 1 AAAA\n", "index here\n"])
async def test_the_service_does_not_start_without_a_whole_keyring(
    admin_url: str, tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "keyring"
    if content is not None:
        path.write_text(content)
    settings = settings_with(admin_url, keyring_file=path)
    with pytest.raises((OSError, ValueError)), opened(settings):
        pytest.fail("it is served")


async def test_the_service_does_not_start_with_another_keyring(
    racing_casework: httpx.AsyncClient, admin_url: str, databases: dict[str, Database], tmp_path: Path
) -> None:
    await registered(racing_casework)
    await require_keys(databases["casework"])
    for name in ("1", "other"):
        path = tmp_path / name
        path.write_text(drawn_keyring(name))
        settings = settings_with(admin_url, keyring_file=path)
        with opened(settings), pytest.raises(ValueError, match="by its key 1"):
            async with restored(settings):
                pytest.fail("it is served")
