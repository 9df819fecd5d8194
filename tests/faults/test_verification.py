"""Each invariant, broken by hand, is named by its own name and no other; what is whole has none."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import asyncpg
import httpx
import pytest
from rich.console import Console

from onebox.instance import instance_in, write_private
from tests.faults import histories, sealed, trial
from tests.faults.ledger import Entry, Ledger
from tests.faults.load import Load
from tests.faults.platform import Platform
from tests.faults.routes import CREATE, FAMILY_NAME
from tests.faults.sealed import wrong_logs
from tests.faults.trial import Trial, wrong_kill
from tests.faults.verification import counts, personal_data, unforeseen
from tests.support.records import add_territory
from tests.support.sealing import SEED, add_sealed, lines_of

KEY = "8d7c3d0e-6f0b-4c1d-9a53-0e5f1f0f6a11"
CALL = Entry("create", KEY, 1.0, 2.0, 201, "", "")
MADE = "type = 'registry.institution.created'"
ANEW = "'id', gen_random_uuid()"
DONE = "action = 'create_institution'"
STEP = """
INSERT INTO casework.case_steps (case_id, number, county_terc, person_id, verb, state, by, at)
VALUES (gen_random_uuid(), {number}, '2469', gen_random_uuid(), 'open', '{state}', 'somebody', now())
"""


class Kept(Platform):
    """A platform whose tables are those of a transaction that is thrown away."""

    connection: "asyncpg.Connection[asyncpg.Record]"
    made: str

    @asynccontextmanager
    async def superuser(self) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
        """Whoever may do everything, within the transaction."""
        yield self.connection

    async def fetch_together(self, *questions: str) -> "list[list[asyncpg.Record]]":
        """What it holds now: nobody else writes to it."""
        return [await self.connection.fetch(question) for question in questions]

    def signal(self, program: str, number: object) -> float:
        """Nobody is there."""
        return time.monotonic()

    async def copy(self, table: str, where: str, changes: str = "") -> None:
        """The rows once more; `changes`: pairs of a column and what it has instead."""
        columns = await self.connection.fetch(
            "SELECT column_name FROM information_schema.columns WHERE table_schema || '.' || table_name = $1"
            " AND is_generated = 'NEVER' AND is_identity = 'NO'",
            table,
        )
        names = ", ".join(f'"{column[0]}"' for column in columns)
        copied = (
            f"SELECT (jsonb_populate_record(one, jsonb_build_object({changes}))).* FROM {table} AS one WHERE {where}"
        )
        await self.connection.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM ({copied}) AS copy")

    async def tell(self, sequence: int, version: int, subject: str = "things/8d7c3d0e-6f0b") -> None:
        """An event of screening."""
        await self.connection.execute(
            "INSERT INTO screening.events (sequence, type, subject, subject_version, data, trace_id)"
            f" VALUES ({sequence}, 'screening.screening.confirmed-positive', '{subject}', {version}, '{{}}', '')"
        )


@pytest.fixture
async def kept(racing_registry: httpx.AsyncClient, admin_url: str, tmp_path: Path) -> AsyncIterator[Kept]:
    """What one acknowledged write leaves; nothing checks what is written here."""
    await add_territory(racing_registry)
    assert CREATE.body is not None
    made = await racing_registry.post(CREATE.path, json=CREATE.body(KEY), headers={"Idempotency-Key": KEY})
    assert made.status_code == httpx.codes.CREATED
    platform = Kept(instance_in(tmp_path), "http://nobody")
    platform.made = made.json()["id"]
    platform.connection = await asyncpg.connect(admin_url.replace("+asyncpg", "", 1))
    try:
        async with _thrown_away(platform.connection):
            yield platform
    finally:
        await platform.connection.close()


@asynccontextmanager
async def _thrown_away(connection: "asyncpg.Connection[asyncpg.Record]") -> AsyncIterator[None]:
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute("SET LOCAL session_replication_role = replica")
    yield
    await transaction.rollback()


async def _lose(kept: Kept) -> None:
    for table, where in (("institutions", "true"), ("audit_records", DONE), ("events", MADE)):
        await kept.connection.execute(f"DELETE FROM registry.{table} WHERE {where}")


async def _double(kept: Kept) -> None:
    await kept.copy("registry.institutions", "true", ANEW)
    await kept.copy("registry.audit_records", DONE)
    await kept.copy(
        "registry.events", MADE, f"{ANEW}, 'sequence', NULL, 'subject', 'institutions/' || gen_random_uuid()"
    )


async def _forget(kept: Kept) -> None:
    await kept.connection.execute(f"DELETE FROM registry.audit_records WHERE {DONE}")


async def _record_twice(kept: Kept) -> None:
    await kept.copy("registry.audit_records", DONE)


async def _have_no_effect(kept: Kept) -> None:
    await kept.tell(1, 1, f"screenings/{KEY}")


async def _jump(kept: Kept) -> None:
    await kept.tell(7, 1)


async def _turn_round(kept: Kept) -> None:
    await kept.tell(1, 2)
    await kept.tell(2, 1)


async def _skip_a_version(kept: Kept) -> None:
    await kept.connection.execute(f"UPDATE registry.events SET subject_version = 2 WHERE {MADE}")


async def _skip_a_step(kept: Kept) -> None:
    await kept.connection.execute(STEP.format(number=2, state="draft"))


async def _go_astray(kept: Kept) -> None:
    await kept.connection.execute(STEP.format(number=1, state="closed"))


HARM = [
    ("I1", _lose),
    ("I2", _double),
    ("I3", _forget),
    ("I3", _record_twice),
    ("I4", _have_no_effect),
    ("I4", _jump),
    ("I4", _turn_round),
    ("I5", _skip_a_version),
    ("I5", _skip_a_step),
    ("I5", _go_astray),
]


async def test_what_is_harmed_in_the_tables_is_named(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(histories, "SECONDS_TO_FOLLOW", 0)
    ledger = Ledger(tmp_path / "ledger")
    ledger.add(CALL._replace(id=kept.made))
    assert await counts(kept, ledger) == []
    for name, harm in HARM:
        inner = kept.connection.transaction()
        await inner.start()
        await harm(kept)
        found = await counts(kept, ledger)
        assert {wrong.partition(":")[0] for wrong in found} == {name}, (harm, found)
        await inner.rollback()
    assert await counts(kept, ledger) == []
    ledger.close()


async def test_an_audit_log_that_was_changed_is_named(
    kept: Kept, racing_registry: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add_sealed(racing_registry, 3)
    log = "\n".join(await lines_of(racing_registry))
    write_private(kept.instance.folder / "secrets.json", {"registry_audit_key": SEED})
    monkeypatch.setattr(sealed, "services_here", lambda: ["registry"])
    monkeypatch.setattr(kept, "headers", lambda _: {})
    found = []
    for told in (log, log.replace("things/2", "things/4")):
        transport = httpx.MockTransport(lambda _, told=told: httpx.Response(200, text=told))
        async with httpx.AsyncClient(transport=transport, base_url=kept.url) as client:
            found.append(await wrong_logs(kept, client))
    whole, [harmed] = found
    assert whole == []
    assert harmed.startswith("I7: the audit log of registry: ")


@pytest.mark.parametrize(
    ("harmed", "name"),
    [
        (CALL._replace(flaw="I6: it shows another county"), "I6"),
        (CALL._replace(status=500, problem="internal"), "I8"),
        (CALL._replace(status=503, problem="overloaded", flaw="I8: it does not say when to try again"), "I8"),
        (CALL._replace(status=422, flaw="I11: a refusal tells of a person"), "I11"),
    ],
)
def test_what_is_wrong_with_an_answer_is_named(harmed: Entry, name: str) -> None:
    assert CALL.is_foreseen
    assert not harmed.is_foreseen
    assert unforeseen(harmed).startswith(f"{name}: ")


def test_who_is_named_in_a_log_is_seen(kept_nowhere: Platform) -> None:
    log = kept_nowhere.instance.logs / "registry.log"
    log.write_text("nothing")
    assert personal_data(kept_nowhere) == []
    log.write_text(f"a line of {FAMILY_NAME}")
    assert personal_data(kept_nowhere) == ["I11: registry.log holds a name"]


@pytest.fixture
def kept_nowhere(tmp_path: Path) -> Platform:
    platform = Kept(instance_in(tmp_path), "http://nobody")
    platform.instance.logs.mkdir(parents=True, exist_ok=True)
    return platform


async def test_what_does_not_come_back_and_what_is_not_spared_is_named(
    kept_nowhere: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "SECONDS_TO_RECOVER", 0)
    ledger = Ledger(tmp_path / "ledger")
    suffering = Trial(kept_nowhere, Load(kept_nowhere, ledger, 1, 1), Random(1), Console(quiet=True))  # noqa: S311
    with pytest.raises(SystemExit, match=r"^I9: "):
        await suffering.kill("registry")
    ledger.close()
    told = trial.Round("kill -9", "registry", gap=0.1, elsewhere=0, slowest=0, refused={}, load_average=0)
    refused = CALL._replace(status=503, problem="upstream-unavailable")
    assert wrong_kill(told, [refused], 0) == []
    assert wrong_kill(told, [refused._replace(route="keep")], 0) == ["I10: keep was refused when registry was killed"]
