"""Old audit records go by two hands and by law, and the sealed log is verified as before."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import asyncpg
import httpx
import pytest

from services.chassis.audit_retention import Refused, find_due, main, remove
from services.chassis.audit_verifying import Fault, verify
from services.chassis.ground import clock
from services.chassis.migrating import asyncpg_url
from services.chassis.trails.checkpoints import SigningKey, opened
from services.chassis.trails.keeping import kept_from, release
from tests.chassis.conftest import Admin
from tests.support.sealing import KEY, OTHER_KEY, add_sealed, checkpoints_of, lines_of, sealer_of

SEED = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"  # of KEY
OTHER_SEED = "TM0Imyj_ltqdtsNG7BFOD1uKMZ81q6Yk2oz27U-4pvs"
LONG_AFTER = date(2099, 1, 1)
GONE = "DELETE FROM audit_records USING audit_leaves WHERE audit_id = id AND sequence <= {}"
KEPT = "SELECT count(*) FROM audit_records JOIN audit_leaves ON audit_id = id"


@pytest.fixture
async def admin(admin_url: str) -> AsyncIterator[Admin]:
    """Whoever administers the registry's database, without its key."""
    connection = await asyncpg.connect(asyncpg_url(admin_url), server_settings={"search_path": "registry"})
    yield connection
    await connection.close()


async def note_of(admin: Admin, size: int, seed: str = SEED, name: str = KEY.verifier.name) -> str:
    """A release of the records up to that checkpoint."""
    seal = await admin.fetchval("SELECT checkpoint FROM audit_seals WHERE size = $1", size)
    checkpoint = opened(seal, [KEY.verifier])
    return f"{checkpoint.text}\n{release(name, seed, checkpoint)}"


async def fault_of(client: httpx.AsyncClient) -> tuple[int, int]:
    with pytest.raises(Fault) as found:
        verify(await lines_of(client), [KEY.verifier])
    return found.value.first, found.value.last


async def test_what_two_people_remove_leaves_a_log_that_is_verified_to_its_beginning(
    racing_registry: httpx.AsyncClient,
    admin: Admin,
    admin_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await add_sealed(racing_registry, 10, 20)
    known = [opened(each["checkpoint"], [KEY.verifier]) for each in await checkpoints_of(racing_registry)]
    monkeypatch.setattr(clock, "today", lambda: LONG_AFTER)
    for name, value in {"AUDIT_KEY": SEED, "DATABASE_URL": admin_url, "ADMIN_DATABASE_URL": admin_url}.items():
        monkeypatch.setenv(name, value)
    assert await asyncio.to_thread(main, ["propose", "registry"]) == 0
    told = capsys.readouterr()
    assert told.err.startswith("registry: 30 records, sealed by ")
    assert "Dz.U. 2024 poz. 773" in told.err
    assert await admin.fetchval(KEPT) == 30
    file = tmp_path / "release.txt"
    file.write_text(told.out, encoding="utf-8")
    arguments = ["carry-out", "registry", "--release", str(file), "--key", str(KEY.verifier), "--by", "administrator"]
    assert await asyncio.to_thread(main, arguments) == 0
    assert capsys.readouterr().out == "registry: 30 records were removed\n"
    assert await admin.fetchval(KEPT) == 0
    await add_sealed(racing_registry, 5)
    found = verify(await lines_of(racing_registry), [KEY.verifier], known)
    # Thirty hashes, the removal on record, five new records.
    assert (found.tree.size, found.removed) == (36, 30)
    [removal] = await admin.fetch("SELECT * FROM audit_records WHERE action = 'remove_audit_records'")
    assert (removal["actor"], removal["subject"]) == ("administrator", "audit-log/30")
    # A second time nothing is due but what came since.
    assert await asyncio.to_thread(main, ["propose", "registry", "--months", "1200"]) == 0
    assert capsys.readouterr().err == "registry: nothing is due\n"


async def test_a_record_is_kept_for_the_whole_period_and_one_day_later_it_may_go(
    racing_registry: httpx.AsyncClient, admin: Admin
) -> None:
    await add_sealed(racing_registry, 10)
    sealed_on = clock.today()
    last = date(sealed_on.year + 2, sealed_on.month, min(sealed_on.day, 28))
    keys = [KEY.verifier]
    assert await find_due(admin, keys, last) is None
    # Two days: the twenty-ninth to the thirty-first are counted from the twenty-eighth here.
    due = await find_due(admin, keys, last + timedelta(days=4))
    assert due is not None
    assert (due.checkpoint.size, due.records) == (10, 10)
    # Whoever has a longer duty asks for more; for less nobody can ask.
    assert await find_due(admin, keys, last + timedelta(days=4), months=60) is None
    assert await find_due(admin, keys, last, months=1) is None


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2028, 11, 29), date(2026, 11, 29)),
        (date(2028, 2, 29), date(2026, 3, 1)),  # 28 February 2026 is over on 28 February 2028
        (date(2028, 3, 1), date(2026, 3, 1)),
        (date(2028, 1, 31), date(2026, 1, 31)),
    ],
)
def test_the_first_day_that_is_still_kept(today: date, first: date) -> None:
    assert kept_from(today, 24) == first


@pytest.mark.parametrize(
    "forged",
    [
        {"seed": OTHER_SEED},
        {"seed": OTHER_SEED, "name": OTHER_KEY.verifier.name},
        {"name": "splot/screening"},
    ],
)
async def test_nobody_removes_without_the_key_of_the_log(
    racing_registry: httpx.AsyncClient, admin: Admin, forged: dict[str, str]
) -> None:
    await add_sealed(racing_registry, 10)
    note = await note_of(admin, 10, **forged)
    with pytest.raises(Refused, match="signed by none"):
        await remove(admin, note, [KEY.verifier], LONG_AFTER, "administrator")
    assert await admin.fetchval(KEPT) == 10
    assert await admin.fetchval("SELECT count(*) FROM audit_records WHERE action = 'remove_audit_records'") == 0


async def test_what_the_law_still_keeps_stays_though_it_was_let_go_of(
    racing_registry: httpx.AsyncClient, admin: Admin
) -> None:
    await add_sealed(racing_registry, 10)
    with pytest.raises(Refused, match="still to be kept"):
        await remove(admin, await note_of(admin, 10), [KEY.verifier], clock.today(), "administrator")
    assert await admin.fetchval(KEPT) == 10


async def test_a_log_that_was_changed_is_not_removed_from(racing_registry: httpx.AsyncClient, admin: Admin) -> None:
    await add_sealed(racing_registry, 10)
    note = await note_of(admin, 10)
    await admin.execute("UPDATE audit_leaves SET leaf_hash = sha256('x') WHERE sequence = 4")
    with pytest.raises(Refused, match="not the one that was signed"):
        await remove(admin, note, [KEY.verifier], LONG_AFTER, "administrator")
    assert await admin.fetchval(KEPT) == 10


async def test_records_that_go_without_a_release_or_beyond_it_are_missed(
    racing_registry: httpx.AsyncClient, admin: Admin
) -> None:
    await add_sealed(racing_registry, 10, 10, 10)
    await remove(admin, await note_of(admin, 10), [KEY.verifier], LONG_AFTER, "administrator")
    assert verify(await lines_of(racing_registry), [KEY.verifier]).removed == 10
    await admin.execute(GONE.format(12))
    assert await fault_of(racing_registry) == (11, 12)
    await admin.execute(GONE.format(20))
    # A whole checkpoint more, and nobody let go of it.
    assert await fault_of(racing_registry) == (11, 20)


async def test_a_release_lets_go_of_all_up_to_its_checkpoint_and_hides_no_other_loss(
    racing_registry: httpx.AsyncClient, admin: Admin
) -> None:
    await add_sealed(racing_registry, 10, 10)
    note = await note_of(admin, 10)
    await admin.execute(
        "UPDATE audit_seals SET checkpoint = checkpoint || $1 WHERE size = 10", note.rpartition("\n\n")[2]
    )
    # Let go of, and not carried out: nothing is wrong.
    assert verify(await lines_of(racing_registry), [KEY.verifier]).removed == 0
    await admin.execute(GONE.format(4))
    assert await fault_of(racing_registry) == (1, 4)


async def test_the_service_seals_on_after_a_removal(racing_registry: httpx.AsyncClient, admin: Admin) -> None:
    await add_sealed(racing_registry, 10)
    sealer = sealer_of(racing_registry, SigningKey(KEY.verifier.name, SEED))
    await remove(admin, await note_of(admin, 10), [KEY.verifier], LONG_AFTER, "administrator")
    await sealer.seal()
    assert await admin.fetchval("SELECT max(size) FROM audit_seals") == 11
