"""An audit trail that went back is told by a checkpoint beside the database, also to a process that has just begun."""

import asyncio
from pathlib import Path

import asyncpg
import httpx
import pytest

from services.chassis.audit_accepting import accept
from services.chassis.audit_verifying import verify
from services.chassis.background.kept_checkpoints import KeptCheckpoint
from services.chassis.background.sealer import AuditLogBroken, Sealer
from services.chassis.migrating import asyncpg_url
from services.chassis.trails.checkpoints import SigningKey, opened
from tests.support.records import app_of, change, fetch
from tests.support.sealing import ADD, KEY, OTHER_KEY, add_sealed, checkpoints_of, lines_of

# As a restore to the moment of the first seal leaves it.
RESTORED = (
    "DELETE FROM audit_records WHERE id IN (SELECT audit_id FROM audit_leaves WHERE sequence > 2)",
    "DELETE FROM audit_leaves WHERE sequence > 2",
    "DELETE FROM audit_seals WHERE size > 2",
)


def sealer(client: httpx.AsyncClient, path: Path, key: SigningKey = KEY) -> Sealer:
    """The sealer of a process that has just begun, with its file beside the database."""
    kept = KeptCheckpoint(path, [KEY.verifier, OTHER_KEY.verifier])
    return Sealer(app_of(client).state.database, key, [KEY.verifier], kept)


async def gone_back(client: httpx.AsyncClient, admin_url: str, path: Path) -> None:
    """A trail of two records, whose file tells of five."""
    for count in (2, 3):
        await change(client, ADD, count=count)
        await sealer(client, path).seal()
    admin = await asyncpg.connect(asyncpg_url(admin_url), server_settings={"search_path": "registry"})
    try:
        for statement in RESTORED:
            await admin.execute(statement)
    finally:
        await admin.close()


async def test_a_restored_trail_is_not_sealed_on_until_an_operator_has_accepted_it(
    racing_registry: httpx.AsyncClient, admin_url: str, tmp_path: Path
) -> None:
    client, path = racing_registry, tmp_path / "checkpoint"
    await gone_back(client, admin_url, path)
    for _ in range(2):
        with pytest.raises(AuditLogBroken, match="rolled_back"):
            await sealer(client, path).seal()
    # Whoever grew it past the lost size without the file does not make it right.
    await add_sealed(client, 7)
    with pytest.raises(AuditLogBroken, match="rolled_back"):
        await sealer(client, path).seal()
    kept = KeptCheckpoint(path, [KEY.verifier])
    told = await accept(app_of(client).state.database, kept)
    assert "sealed on after 9 records" in told
    lost = await asyncio.to_thread(path.with_name("checkpoint.lost-5").read_text)
    assert opened(lost, [KEY.verifier]).size == 5
    await sealer(client, path).seal()
    assert (await checkpoints_of(client))[0]["size"] == 10
    [row] = await fetch(
        client, "SELECT actor, detail->>'lost' AS lost FROM audit_records WHERE action LIKE 'accept_restored%'"
    )
    assert (row.actor, row.lost) == ("operator: restored database", "5")
    assert verify(await lines_of(client), [KEY.verifier]).tree.size == 10
    assert "nothing went back" in await accept(app_of(client).state.database, kept)


async def test_a_new_key_and_a_process_that_begins_go_on_beside_the_file(
    racing_registry: httpx.AsyncClient, tmp_path: Path
) -> None:
    client, path = racing_registry, tmp_path / "checkpoint"
    for key in (KEY, OTHER_KEY, OTHER_KEY):
        await change(client, ADD, count=2)
        await sealer(client, path, key).seal()
    assert opened(await asyncio.to_thread(path.read_text), [OTHER_KEY.verifier]).size == 6


async def test_a_file_that_was_altered_stops_the_sealing(racing_registry: httpx.AsyncClient, tmp_path: Path) -> None:
    path = tmp_path / "checkpoint"
    await change(racing_registry, ADD, count=2)
    await sealer(racing_registry, path).seal()
    altered = (await asyncio.to_thread(path.read_text)).replace("\n2\n", "\n1\n", 1)
    await asyncio.to_thread(path.write_text, altered)
    with pytest.raises(AuditLogBroken, match="forged"):
        await sealer(racing_registry, path).seal()
