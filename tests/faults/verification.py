"""Whether everything that was acknowledged is there exactly once, with its audit record and its event."""

import asyncio
import time
import uuid
from collections.abc import Mapping

import httpx

from onebox.demo.institutions import FILES
from onebox.kinds import Kind
from tests.faults.ledger import Ledger
from tests.faults.load import CREATE, KEEP, SUBMIT, TRAIN, Load, Route
from tests.faults.platform import WRITER, Platform

REPEATED = 50
SECONDS_FOR_A_JOB = 30.0
_ROWS = {
    # A person's record is sealed: the key is found by the answer that was kept with it.
    KEEP.name: """
        SELECT person.id::text AS id, coalesce(kept.key, person.id::text) AS key
        FROM casework.people AS person LEFT JOIN casework.idempotency_keys AS kept
          ON EXISTS (SELECT FROM unnest(kept.headers) AS header WHERE header LIKE '%/people/' || person.id)
    """,
    TRAIN.name: "SELECT id::text AS id, external_id AS key FROM training.trainees",
    CREATE.name: "SELECT id::text AS id, substr(name, length('Poradnia ') + 1) AS key FROM registry.institutions",
    SUBMIT.name: "SELECT id::text AS id, subject_ref::text AS key FROM screening.screenings",
}
_TRACES = {
    CREATE.name: """
        SELECT (SELECT count(*) FROM registry.audit_records WHERE action = 'create_institution') AS audit_records,
               (SELECT count(*) FROM registry.events WHERE type = 'registry.institution.created') AS events
    """,
    KEEP.name: """
        SELECT (SELECT count(*) FROM casework.audit_records WHERE action = 'register_person') AS audit_records,
               (SELECT count(*) FROM casework.events WHERE type = 'casework.person.registered') AS events
    """,
    TRAIN.name: """
        SELECT (SELECT count(*) FROM training.audit_records WHERE action = 'register_trainee') AS audit_records,
               (SELECT count(*) FROM training.events WHERE type = 'training.trainee.registered') AS events
    """,
    SUBMIT.name: """
        SELECT (SELECT count(*) FROM screening.audit_records WHERE action = 'create_screening') AS audit_records,
               (SELECT count(*) FROM screening.events WHERE type = 'screening.screening.scored') AS events
    """,
}


async def wrongs(platform: Platform, ledger: Ledger, load: Load) -> list[str]:
    """What is lost, doubled or answered in a way that is not foreseen, in words; empty when all is well."""
    found = [
        f"{entry.route} was answered {entry.status} {entry.problem}"
        for entry in ledger.entries
        if not entry.is_foreseen
    ]
    for route in (CREATE, SUBMIT, KEEP, TRAIN):
        acknowledged = ledger.acknowledged(route.name)
        found += await _wrong_rows(platform, route, acknowledged)
        found += await _wrong_repeats(platform, route, acknowledged, load)
    return found + await _wrong_job(platform)


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


async def _wrong_rows(platform: Platform, route: Route, acknowledged: Mapping[str, str]) -> list[str]:
    rows = [(row["key"], row["id"]) for row in await platform.fetch(_ROWS[route.name])]
    there = dict(rows)
    lost = [key for key, made in acknowledged.items() if there.get(key) != made]
    doubled = len(rows) - len(there)
    traces = dict((await platform.fetch(_TRACES[route.name]))[0])
    found = [f"{route.name}: {len(lost)} lost"] if lost else []
    found += [f"{route.name}: {doubled} doubled"] if doubled else []
    found += [
        f"{route.name}: {len(rows)} rows, but {many} {what}" for what, many in traces.items() if many != len(rows)
    ]
    return found


async def _wrong_repeats(platform: Platform, route: Route, acknowledged: Mapping[str, str], load: Load) -> list[str]:
    """The last writes sent once more: each is answered as it was."""
    found = []
    async with httpx.AsyncClient(base_url=platform.url, timeout=30, trust_env=False) as client:
        for key, made in list(acknowledged.items())[-REPEATED:]:
            entry = await load.call(client, route, key)
            if not entry.is_success or entry.id != made:
                found.append(f"{route.name}: a repeat was answered {entry.status} with another result")
    return found
