"""Whatever is done to the audit trail behind the service's back is found by its file and the public key alone."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import asyncpg
import httpx
import pytest

from services.chassis.audit_verifying import Entry, Fault, Verification, canonical, main, verify
from services.chassis.migrating import asyncpg_url
from services.chassis.trails.checkpoints import Checkpoint, SigningKey, opened
from services.chassis.trails.merkle import leaf_hash
from tests.chassis.conftest import Admin
from tests.support.records import change
from tests.support.sealing import (
    ADD,
    KEY,
    OTHER_KEY,
    add_sealed,
    checkpoints_of,
    entries_of,
    lines_of,
    sealer_of,
)

COUNTS = (10, 20, 100)
SIZE = 130
_RECORD = "(SELECT audit_id FROM audit_leaves WHERE sequence = {})"
_CUT = """
DELETE FROM audit_records WHERE id IN (SELECT audit_id FROM audit_leaves WHERE sequence > 30);
DELETE FROM audit_leaves WHERE sequence > 30;
"""
_RECORDS_EXCHANGED = """
UPDATE audit_leaves SET audit_id = -audit_id WHERE sequence IN (12, 15);
UPDATE audit_leaves AS one SET audit_id = -other.audit_id FROM audit_leaves AS other
WHERE (one.sequence, other.sequence) IN ((12, 15), (15, 12))
"""
_LEAVES_EXCHANGED = """
UPDATE audit_leaves SET sequence = -sequence WHERE sequence IN (12, 15);
UPDATE audit_leaves SET sequence = 27 + sequence WHERE sequence < 0
"""
_LEAVES_MOVED_UP = """
DELETE FROM audit_leaves WHERE sequence = 17;
UPDATE audit_leaves SET sequence = -sequence WHERE sequence > 17;
UPDATE audit_leaves SET sequence = -sequence - 1 WHERE sequence < 0
"""
_DATED_BACK = "UPDATE audit_leaves SET sealed_at = sealed_at - interval '1 day' WHERE sequence > 10"
_OTHER_SIZE = "UPDATE audit_seals SET checkpoint = replace(checkpoint, E'\\n30\\n', E'\\n29\\n') WHERE size = 30"
ODD_TEXTS = [
    "zażółć", "\U0001f9f8", "\ue000", "\x7f", "\u2028", '"\\/', "\t\r\n\b\f", "\x01\x1f", "</script>", "%s {0}", "",
]  # fmt: skip


@pytest.fixture
async def admin(admin_url: str) -> AsyncIterator[Admin]:
    """Somebody who may do everything in the registry's database, but has not the key."""
    connection = await asyncpg.connect(asyncpg_url(admin_url), server_settings={"search_path": "registry"})
    yield connection
    await connection.close()


@pytest.fixture
async def sealed(racing_registry: httpx.AsyncClient) -> httpx.AsyncClient:
    """The registry with 130 records under three checkpoints."""
    await add_sealed(racing_registry, *COUNTS)
    return racing_registry


async def verified(client: httpx.AsyncClient, *known: Checkpoint, key: SigningKey = KEY) -> Verification:
    return verify(await lines_of(client), [key.verifier], known)


async def fault_of(client: httpx.AsyncClient, *known: Checkpoint, key: SigningKey = KEY) -> tuple[int, int]:
    with pytest.raises(Fault) as found:
        await verified(client, *known, key=key)
    return found.value.first, found.value.last


async def kept_elsewhere(client: httpx.AsyncClient) -> Checkpoint:
    """The newest checkpoint, as somebody has put it aside."""
    return opened((await checkpoints_of(client))[0]["checkpoint"], [KEY.verifier])


async def test_the_log_of_the_service_is_the_one_that_was_signed(sealed: httpx.AsyncClient) -> None:
    found = await verified(sealed, await kept_elsewhere(sealed))
    assert (found.tree.size, found.checkpoints, found.unsealed) == (SIZE, 3, 1)  # the reading itself comes last
    await sealer_of(sealed).seal()
    assert (await verified(sealed, await kept_elsewhere(sealed))).tree.size == SIZE + 1


async def test_every_text_is_canonical_in_the_database_as_in_the_file(racing_registry: httpx.AsyncClient) -> None:
    for text in ODD_TEXTS:
        await change(racing_registry, ADD.replace("'actor'", ":text").replace("'things/'", ":text"), count=1, text=text)
    await sealer_of(racing_registry).seal()
    entries = await entries_of(racing_registry)
    assert [entry["record"] and entry["record"]["actor"] for entry in entries[:-1]] == ODD_TEXTS
    assert (await verified(racing_registry)).tree.size == len(ODD_TEXTS)


@pytest.mark.parametrize(
    "column",
    [
        "actor",
        "action",
        "subject",
        "outcome",
        "county_terc",
        "trace_id",
        "recorded_at",
        "institution_id",
        "detail",
        "xid",
    ],
)
async def test_a_record_that_was_altered_is_named(sealed: httpx.AsyncClient, admin: Admin, column: str) -> None:
    values = {
        "recorded_at": "recorded_at + interval '1 microsecond'",
        "institution_id": "gen_random_uuid()",
        "detail": '\'{"name": "KANAREC"}\'',
        "xid": "xid - 1",
    }
    value = values.get(column, "'other'")
    await admin.execute(f"UPDATE audit_records SET {column} = {value} WHERE id = {_RECORD.format(17)}")
    assert await fault_of(sealed) == (17, 17)


@pytest.mark.parametrize(
    ("sql", "first", "last"),
    [
        (f"DELETE FROM audit_records WHERE id = {_RECORD.format(17)}", 17, 17),
        ("DELETE FROM audit_leaves WHERE sequence = 17", 17, 17),
        (_LEAVES_MOVED_UP, 11, 30),
        (_RECORDS_EXCHANGED, 12, 12),
        (_LEAVES_EXCHANGED, 11, 30),
        (_CUT.partition("DELETE FROM audit_leaves")[0], 31, 31),
        (_CUT, 31, 31),
        ("DELETE FROM audit_seals WHERE size = 130", 31, SIZE),
        ("UPDATE audit_leaves SET leaf_hash = sha256('x') WHERE sequence = 17", 17, 17),
        (_DATED_BACK, 11, 11),
        (_OTHER_SIZE, 11, 30),
        ("UPDATE audit_seals SET size = 29 WHERE size = 30", 30, 30),
    ],
)
async def test_what_was_done_to_the_database_is_named(
    sealed: httpx.AsyncClient, admin: Admin, sql: str, first: int, last: int
) -> None:
    await admin.execute(sql)
    assert await fault_of(sealed) == (first, last)


def _exchange(lines: list[str]) -> None:
    lines[11], lines[14] = lines[14], lines[11]


@pytest.mark.parametrize(
    ("tamper", "first"),
    [
        (lambda lines: lines.pop(16), 17),
        (_exchange, 12),
        (lambda lines: lines.insert(17, lines[16]), 18),
        (lambda lines: lines.insert(0, lines[-1]) or lines.pop(), None),
    ],
)
async def test_what_was_done_to_the_file_is_named(
    sealed: httpx.AsyncClient, tamper: Callable[[list[str]], object], first: int | None
) -> None:
    lines = await lines_of(sealed)
    tamper(lines)
    if first is None:  # where what is not sealed stands says nothing
        assert verify(lines, [KEY.verifier]).tree.size == SIZE
        return
    with pytest.raises(Fault) as found:
        verify(lines, [KEY.verifier])
    assert found.value.first == first


async def test_a_record_altered_with_its_hash_in_the_tree_lies_under_the_next_checkpoint(
    sealed: httpx.AsyncClient,
) -> None:
    """Whoever recomputes hashes is found all the same: the root is signed."""
    entries = await entries_of(sealed)
    forged = [*entries]
    forged[16] = _rewritten(entries[16])
    with pytest.raises(Fault) as found:
        verify(map(json.dumps, forged), [KEY.verifier])
    assert (found.value.first, found.value.last) == (11, 30)


def _rewritten(entry: Entry) -> Entry:
    record = (entry["record"] or {}) | {"actor": "nobody"}
    return Entry(
        sequence=entry["sequence"],
        leaf_hash=leaf_hash(canonical(record)).hex(),
        record=record,
        checkpoint=entry["checkpoint"],
    )


async def test_a_log_cut_off_at_a_checkpoint_is_found_by_one_kept_elsewhere(
    sealed: httpx.AsyncClient, admin: Admin
) -> None:
    known = await kept_elsewhere(sealed)
    await admin.execute(f"{_CUT}; DELETE FROM audit_seals WHERE size > 30")
    assert (await verified(sealed)).tree.size == 30  # by itself it is sound
    assert await fault_of(sealed, known) == (31, SIZE)


async def test_a_restored_older_database_is_found_by_a_checkpoint_kept_elsewhere(
    racing_registry: httpx.AsyncClient, admin: Admin
) -> None:
    """The backup was made after ten records; the service went on sealing once it was restored."""
    await add_sealed(racing_registry, 10)
    asked = [f"SELECT * FROM {table} ORDER BY 1" for table in ("audit_leaves", "audit_seals")]
    older = [await admin.fetch(each) for each in asked]
    await add_sealed(racing_registry, 20)
    known = await kept_elsewhere(racing_registry)
    await admin.execute(
        "DELETE FROM audit_records WHERE id NOT IN (SELECT audit_id FROM audit_leaves WHERE sequence <= 10);"
        "DELETE FROM audit_leaves WHERE sequence > 10; DELETE FROM audit_seals WHERE size > 10"
    )
    assert [await admin.fetch(each) for each in asked] == older
    assert await fault_of(racing_registry, known) == (11, 30)
    await add_sealed(racing_registry, 5)
    assert (await verified(racing_registry)).checkpoints == 2
    assert (await fault_of(racing_registry, known))[1] == 30


async def test_another_log_of_the_same_size_is_found_by_a_checkpoint_kept_elsewhere(
    sealed: httpx.AsyncClient, admin: Admin
) -> None:
    known, before, _ = [opened(kept["checkpoint"], [KEY.verifier]) for kept in await checkpoints_of(sealed)]
    await admin.execute(f"{_CUT}; DELETE FROM audit_seals WHERE size > 30")
    await add_sealed(sealed, SIZE - 30)
    assert (await kept_elsewhere(sealed)).size == known.size
    assert (await verified(sealed)).tree.size == SIZE
    assert await fault_of(sealed, known) == (1, SIZE)
    assert await fault_of(sealed, before, known) == (31, SIZE)


async def test_a_log_signed_by_another_key_is_not_the_one(sealed: httpx.AsyncClient) -> None:
    assert await fault_of(sealed, key=OTHER_KEY) == (1, 10)
    both = [OTHER_KEY.verifier, KEY.verifier]
    assert verify(await lines_of(sealed), both).tree.size == SIZE


@pytest.mark.parametrize("xid", ["DEFAULT", "3"], ids=["and sealed", "where no sealer looks"])
async def test_a_record_that_was_dated_back_is_named(
    racing_registry: httpx.AsyncClient, admin: Admin, xid: str
) -> None:
    sealer = sealer_of(racing_registry)
    await change(racing_registry, ADD, count=10)
    await sealer.seal()
    await admin.execute(
        "INSERT INTO audit_records (recorded_at, actor, action, subject, outcome, detail, trace_id, xid)"
        f" VALUES ('2020-01-01', 'a', 'a', 'things/1', 'done', '{{}}', '0', {xid})"
    )
    await sealer.seal()
    assert await fault_of(racing_registry) == (11, 11)


async def test_a_record_that_was_dated_ahead_is_named(racing_registry: httpx.AsyncClient, admin: Admin) -> None:
    await change(racing_registry, ADD, count=3)
    await admin.execute(
        "UPDATE audit_records SET recorded_at = '2999-01-01' WHERE id = (SELECT max(id) FROM audit_records)"
    )
    await sealer_of(racing_registry).seal()
    assert await fault_of(racing_registry) == (3, 3)


async def test_the_command_says_by_its_exit_what_it_found(
    sealed: httpx.AsyncClient, admin: Admin, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, known = tmp_path / "log.ndjson", tmp_path / "checkpoint.txt"
    file.write_text("\n".join(await lines_of(sealed)), encoding="utf-8")
    known.write_text((await checkpoints_of(sealed))[0]["checkpoint"], encoding="utf-8")
    arguments = [str(file), "--key", str(KEY.verifier), "--known", str(known)]
    assert main(arguments) == 0
    assert capsys.readouterr().out.startswith("the log that was signed: 130 records under 3 checkpoints")
    await admin.execute(f"UPDATE audit_records SET actor = 'x' WHERE id = {_RECORD.format(17)}")
    file.write_text("\n".join(await lines_of(sealed)), encoding="utf-8")
    assert main(arguments) == 1
    assert capsys.readouterr().out == "NOT the log that was signed: record 17: it is not what was sealed\n"
    known.write_text("no checkpoint", encoding="utf-8")
    assert main(arguments) == 1


def test_verifying_takes_no_more_than_the_file_and_a_library_for_signatures() -> None:
    asked = "import sys, services.chassis.audit_verifying; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split()
    assert "cryptography" in loaded
    assert not {"sqlalchemy", "asyncpg", "pydantic", "fastapi", "starlette", "httpx"} & set(loaded)
