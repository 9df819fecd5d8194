"""The one verifying program: whether everything that was acknowledged is there exactly once, and what goes with it.

`counts` is asked after each fault, while nobody calls; `wrongs` at the end of a trial. What they find is told by the
names that invariants have: I1 (nothing acknowledged is lost or other than it was sent), I2 (one effect of a key, one
answer), I3 (one audit record of a write), I4 (one effect of an event, in order), I5 (histories without a gap), I6
(nothing of other counties), I7 (the audit log verifies offline), I8 (named problems alone, which say when to try
again), I11 (no personal data in logs). I9 and I10, recovery and what is spared, are read off the ledger by `fault`.
"""

import asyncio
import time
import uuid
from typing import Any

import httpx

from onebox.demo.institutions import FILES
from onebox.kinds import Kind
from tests.faults import sealed
from tests.faults.histories import wrong_events, wrong_histories
from tests.faults.ledger import Entry, Ledger
from tests.faults.load import Load
from tests.faults.platform import Platform
from tests.faults.routes import FAMILY_NAME, STRANGER, WRITER, WRITES, Route
from tests.faults.rows import ROWS, TRACES

REPEATED, READ_BACK = 50, 20
SECONDS_FOR_A_JOB = 30.0


async def counts(platform: Platform, ledger: Ledger) -> list[str]:
    """What is wrong with what the tables hold, in words; nobody may call meanwhile."""
    found: list[str] = []
    for route in WRITES:
        found += await _wrong_rows(platform, route, ledger.acknowledged(route.name))
    return found + await wrong_events(platform) + await wrong_histories(platform)


async def wrongs(platform: Platform, load: Load, since: int = 0) -> list[str]:
    """What is lost, doubled or answered in a way that is not foreseen, in words; empty when all is well.

    Of the ledger only what comes after its first `since` calls is looked at for its answers.
    """
    ledger = load.ledger
    found = [unforeseen(entry) for entry in ledger.entries[since:] if not entry.is_foreseen]
    found += await counts(platform, ledger)
    async with load.client() as client:
        for route in WRITES:
            found += await _wrong_repeats(client, route, load)
            found += await _wrong_readings(client, route, load)
        found += await sealed.wrong_logs(platform, client)
    return found + personal_data(platform) + await _wrong_job(platform)


def unforeseen(entry: Entry) -> str:
    """What is wrong with an answer that is not foreseen, in words."""
    named = f"{entry.flaw}:" if entry.flaw else "I8:"
    return f"{named} {entry.route} was answered {entry.status} {entry.problem}".strip()


async def _wrong_job(platform: Platform) -> list[str]:
    """Whether a job that is asked for now is worked on, whatever happened to connections before."""
    address = f"{Kind.TERC.address}?format={Kind.TERC.wire_name}&dry_run=true"
    headers = platform.headers(WRITER) | {"Content-Type": "text/csv", "Idempotency-Key": str(uuid.uuid4())}
    async with httpx.AsyncClient(base_url=platform.url, timeout=30, trust_env=False) as client:
        begun = await client.post(address, content=(FILES / "territories.csv").read_bytes(), headers=headers)
        end, job = time.monotonic() + SECONDS_FOR_A_JOB, begun.json()
        while job["state"] in {"queued", "running"} and time.monotonic() < end:
            await asyncio.sleep(0.2)
            job = (await client.get(begun.headers["Location"], headers=headers)).json()
    return [] if job["state"] == "succeeded" else [f"a job is {job['state']} at the end"]


async def _wrong_rows(platform: Platform, route: Route, acknowledged: dict[str, str]) -> list[str]:
    # Of one moment: what nobody waits for any more may still be carried out.
    written, traced = await platform.fetch_together(ROWS[route.name], TRACES[route.name])
    rows, traces = [(row["key"], row["id"]) for row in written], dict(traced[0])
    lost = set(acknowledged.items()) - set(rows)
    doubled = len(rows) - len(dict(rows))
    found = [f"I1: {route.name}: {len(lost)} lost"] if lost else []
    found += [f"I2: {route.name}: {doubled} doubled"] if doubled else []
    found += [
        f"I3: {route.name}: {len(rows)} rows, but {many} {what}" for what, many in traces.items() if many != len(rows)
    ]
    return found


async def _wrong_repeats(client: httpx.AsyncClient, route: Route, load: Load) -> list[str]:
    """The last writes sent once more: each is answered byte by byte as it was, and so was every repeat before."""
    for key in list(load.ledger.acknowledged(route.name))[-REPEATED:]:
        repeated = await load.call(client, route, key)
        if not repeated.is_success:
            return [f"I2: {route.name}: a repeat was answered {repeated.status} {repeated.problem}"]
    differing = [key for key, told in load.ledger.answers(route.name).items() if len(told) > 1]
    return [f"I2: {route.name}: {len(differing)} keys were answered in more than one way"] if differing else []


async def _wrong_readings(client: httpx.AsyncClient, route: Route, load: Load) -> list[str]:
    """The last writes read: each says what was sent, and nothing to somebody of another county."""
    if route.body is None or route.after:
        return []
    found = []
    for key, made in list(load.ledger.acknowledged(route.name).items())[-READ_BACK:]:
        address = f"{route.path}/{made}"
        read = await client.get(address, headers=load.platform.headers(route.caller))
        if not read.is_success or _differs(route.body(key), read.json()):
            found.append(f"I1: {route.name}: what is read is not what was sent")
        if route.caller.counties is not None:
            strange = await client.get(address, headers=load.platform.headers(STRANGER))
            if strange.status_code not in {403, 404}:
                found.append(f"I6: {route.name}: shown to another county")
    return found


def _differs(sent: dict[str, Any], read: dict[str, Any]) -> bool:
    """Whether something that was sent is read otherwise; what is not shown again is passed over."""
    return any(read[name] != value for name, value in sent.items() if name in read)


def personal_data(platform: Platform) -> list[str]:
    """Programs' logs that hold a name. The name's beginning does: the rest may be written in another way."""
    canary = FAMILY_NAME[:4].encode()
    logs = sorted(platform.instance.logs.glob("*.log*"))
    return [f"I11: {log.name} holds a name" for log in logs if canary in log.read_bytes()]
