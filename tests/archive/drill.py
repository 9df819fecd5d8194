"""A platform under load is lost, and restored to a moment: what was acknowledged until then is there, and no more.

Somebody is erased after that moment: the tombstone lies beside the database, and holds.
"""

import asyncio
import shutil
import sys
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from onebox.access import TokenRequest
from onebox.instance import read_secrets
from onebox.postgres import server_url
from onebox.stack import services_here
from tests.archive.archives import KeptArchive, archive_beside
from tests.faults.ledger import Entry, Ledger
from tests.faults.load import Load
from tests.faults.platform import Platform, running
from tests.faults.preparing import prepare
from tests.faults.routes import CREATE, KEEP, KEEPER, SUBMIT, TRAIN

DEADLINE = 10.0
SECOND = TokenRequest(("county_coordinator",), counties=("2469",), subject="ledger-second")
CHILD = {"county_terc": "2469", "family_name": "Zmyślona", "born_on": "2020-03-05", "sex": "female"}
TABLES = {
    CREATE.name: "registry.institutions",
    SUBMIT.name: "screening.screenings",
    KEEP.name: "casework.people",
    TRAIN.name: "training.trainees",
}
# Rows like the one that was submitted through the API, each with a number of its own.
FILL = """
INSERT INTO screening.screenings
SELECT made.* FROM (SELECT to_jsonb(one) AS row FROM screening.screenings AS one LIMIT 1) AS pattern,
    generate_series(1, {number}) AS n,
    jsonb_populate_record(NULL::screening.screenings, pattern.row
        || jsonb_build_object('id', uuidv7(), 'subject_ref', gen_random_uuid(), 'n', n)) AS made
"""
PEOPLE = "/v1/casework/people"


@dataclass
class Drill:
    """What was found: times in seconds, and what is wrong."""

    folder: Path
    tell: Callable[[str], None]
    took: dict[str, float] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)
    """What stands in addresses of the load beside keys."""

    async def timed(self, what: str, done: Awaitable[Any]) -> Any:
        """The result, and how long it took."""
        begun = time.monotonic()
        result = await done
        self.took[what] = time.monotonic() - begun
        self.tell(f"{self.took[what]:8.1f} s  {what}")
        return result

    def require(self, what: str, is_so: object) -> None:
        """Note what is not as it should be."""
        self.tell(f"{'ok' if is_so else 'WRONG':>8}    {what}")
        if not is_so:
            self.wrong.append(what)


Then = Callable[[Platform, Drill, str], Awaitable[None]]


@dataclass
class Before:
    """What happened before the database was lost."""

    moment: datetime
    clock: float
    entries: list[Entry]
    erased: str
    kept: str


async def run(drill: Drill, screenings: int, seconds: float, then: Then | None = None) -> None:
    """The whole drill, and what is done with the restored platform then."""
    async with running(drill.folder, DEADLINE) as platform:
        await _prepare(platform, drill, screenings)
        archive = archive_beside(platform.cluster, drill.folder / "archive")
        with archive.kept():
            await drill.timed("backup", _backed_up(archive))
            before = await _happens(platform, drill, seconds)
    data = platform.instance.postgres
    restored = data.with_name("restored")
    at = before.moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    begun = time.monotonic()
    said = await drill.timed("restore", asyncio.to_thread(archive.restore, at, restored))
    drill.tell("".join(f"            {line}\n" for line in said.splitlines()).rstrip())
    data.rename(data.with_name("lost"))
    restored.rename(data)
    async with running(drill.folder, DEADLINE) as platform:
        drill.took["whole"] = time.monotonic() - begun
        drill.tell(f"{drill.took['whole']:8.1f} s  from nothing to a platform that is served")
        await _verify(platform, drill, before, screenings)
        if then is not None:
            await then(platform, drill, before.kept)


async def _prepare(platform: Platform, drill: Drill, screenings: int) -> None:
    drill.known |= await prepare(platform)
    if screenings:
        await drill.timed(f"fill {screenings} screenings", platform.fetch(FILL.format(number=screenings)))


async def _backed_up(archive: KeptArchive) -> None:
    log = archive.folder / "keep.log"
    while "backed up" not in (said := await asyncio.to_thread(log.read_text)):
        if "is not kept" in said:
            raise SystemExit(said)
        await asyncio.sleep(0.2)


async def _happens(platform: Platform, drill: Drill, seconds: float) -> Before:
    """Load, the moment, an erasure after it, and load."""
    async with client_of(platform) as client:
        erased, kept = [await _registered(platform, client, name) for name in ("Zofia", "Anna")]
        ledger = Ledger(drill.folder / "ledger.ndjson")
        load = Load(platform, ledger, DEADLINE, 1, drill.known)
        loading = asyncio.create_task(load.run())
        await asyncio.sleep(seconds)
        moment, clock = datetime.now(UTC), time.monotonic()
        await asyncio.sleep(1)
        await _erase(platform, client, erased)
        # Until the file beside the database has it, and the checkpoints are sealed.
        await asyncio.sleep(max(seconds, 12))
        load.is_stopping = True
        await loading
        ledger.close()
    return Before(moment, clock, ledger.entries, erased, kept)


async def _verify(platform: Platform, drill: Drill, before: Before, screenings: int) -> None:
    for route, table in TABLES.items():
        there = {str(row["id"]) for row in await platform.fetch(f"SELECT id FROM {table}")}
        done = [entry for entry in before.entries if entry.route == route and entry.is_success]
        early = {entry.id for entry in done if entry.ended < before.clock}
        late = {entry.id for entry in done if entry.started > before.clock}
        drill.require(f"{len(early)} rows of {table} before the moment are there", early and early <= there)
        drill.require(f"{len(late)} rows of {table} after it are gone", late and not late & there)
    if screenings:
        [row] = await platform.fetch("SELECT count(*) AS number FROM screening.screenings")
        drill.require(f"{row['number']} screenings in all", row["number"] > screenings)
    async with client_of(platform) as client:
        headers = platform.headers(KEEPER)
        answers = [await client.get(f"{PEOPLE}/{one}", headers=headers) for one in (before.erased, before.kept)]
        drill.require("who was erased after the moment is erased", answers[0].status_code == 410)
        drill.require("the other one is there", answers[1].is_success)
        search = {"given_name": "Zofia", "family_name": "Zmyślona", "purpose": "intake"}
        found = await client.post(f"{PEOPLE}:search", json=search, headers=headers)
        drill.require("and no search finds them", found.is_success and not found.json()["items"])
    for service in services_here():
        await _require_told(platform, drill, service)


async def _require_told(platform: Platform, drill: Drill, service: str) -> None:
    """The audit trail went back: it is told, accepted by a command, and sealed on."""
    log = platform.instance.logs / f"{service}.log"
    told = await within(20, lambda: _says(log, '"rolled_back"'))
    drill.require(f"{service} tells that its audit trail went back", told)
    newest = f"SELECT count(*) AS number FROM {service}.audit_seals WHERE sealed_at > '{datetime.now(UTC).isoformat()}'"
    accepted = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.chassis.audit_accepting", service),
        env=environment_of(platform, service),
        stdout=asyncio.subprocess.PIPE,
    )
    printed, _ = await accepted.communicate()
    drill.require(f"it is accepted: {printed.decode().strip()}", accepted.returncode == 0)

    async def is_sealed() -> bool:
        [row] = await platform.fetch(newest)
        return bool(row["number"])

    drill.require(f"{service} seals on", await within(25, is_sealed))


async def _says(log: Path, words: str) -> bool:
    return words in await asyncio.to_thread(log.read_text)


async def within(seconds: float, is_so: Callable[[], Awaitable[bool]]) -> bool:
    for _ in range(int(seconds / 0.3)):
        if await is_so():
            return True
        await asyncio.sleep(0.3)
    return False


def environment_of(platform: Platform, service: str) -> Mapping[str, str]:
    """What a service is started with, as far as its commands need it."""
    names = (service, "cursor_key", f"{service}_audit_key")
    password, cursor_key, audit_key = read_secrets(platform.instance, names).values()
    return {
        "DATABASE_URL": server_url(platform.cluster, "splot", user=f"{service}_app", password=password),
        "CURSOR_KEY": cursor_key,
        "AUDIT_KEY": audit_key,
        "AUDIT_CHECKPOINT_FILE": str(platform.instance.checkpoint(service)),
        "OIDC_ISSUER": f"{platform.url}/issuer",
        "KEYRING_FILE": str(platform.instance.keyring),
        "WEBHOOK_KEYRING_FILE": str(platform.instance.webhook_keyring),
        "TOMBSTONE_FILE": str(platform.instance.tombstones),
    }


async def _registered(platform: Platform, client: httpx.AsyncClient, name: str) -> str:
    made = await _post(platform, client, KEEPER, PEOPLE, {**CHILD, "given_name": name})
    return str(made["id"])


async def _erase(platform: Platform, client: httpx.AsyncClient, person_id: str) -> None:
    requests = "/v1/casework/data-subject-requests"
    asked = await _post(platform, client, KEEPER, requests, {"person_id": person_id, "kind": "erasure"})
    version = {"If-Match": f'"{asked["id"]}:{asked["version"]}"'}
    path = f"{requests}/{asked['id']}/fulfil"
    await _post(platform, client, SECOND, path, None, version)


async def _post(
    platform: Platform,
    client: httpx.AsyncClient,
    caller: TokenRequest,
    path: str,
    body: object,
    more: Mapping[str, str] = {},
) -> dict[str, Any]:
    headers = {**platform.headers(caller), "Idempotency-Key": str(uuid.uuid4()), **more}
    answer = await client.post(path, json=body, headers=headers)
    if not answer.is_success:
        raise SystemExit(f"{path}: {answer.status_code} {answer.text}")
    made: dict[str, Any] = answer.json()
    return made


def client_of(platform: Platform) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=platform.url, timeout=30, trust_env=False)


def remove(folder: Path) -> None:
    """Everything that the drill made."""
    shutil.rmtree(folder, ignore_errors=True)
