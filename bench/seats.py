"""The race of fifty people for the last seat of a group: exactly one gets it, and the others are waitlisted.

Beside it fifty clients of pgbench make the same changes: lock the group, write the enrolment, count the seats, write
the audit record and the event, durable as well.
"""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Sequence
from functools import partial

from bench.figures import Bar, Row, beside_limit, figure
from bench.options import Options
from bench.progress import Progress
from bench.rounds import interleaved
from bench.stand import HOST, Service
from bench.tools import ToolFailed

RACERS = 50
COUNTY = "2469"
SHARE = Bar("share", at_least=0.4, goal=0.5)
_RATE = re.compile(r"tps = ([0-9.]+) \(without")
_GROUP = """
INSERT INTO groups (county_terc, programme_version_id, code, title, capacity, state, starts_on, ends_on)
SELECT '2469', id, 'R' || (SELECT count(*) FROM groups), 'Wyścig', 1, 'open', '2026-01-12', '2026-06-26'
FROM programme_versions LIMIT 1 RETURNING id
"""
_PEOPLE = f"""
SELECT id FROM trainees WHERE county_terc = '{COUNTY}' ORDER BY id LIMIT {RACERS}
"""
_PLACES = "SELECT state, count(*) AS people FROM enrolments WHERE group_id = '{group}' GROUP BY state"
_ENTERED = """
BEGIN;
SELECT set_config('app.counties', '*', true), set_config('app.institution', '', true),
       set_config('app.subject', '', true);
SELECT id, capacity, seats_taken FROM groups WHERE id = '{group}' FOR NO KEY UPDATE;
INSERT INTO enrolments (county_terc, group_id, trainee_id, state, accepted_at)
SELECT '{county}', id, (CAST('{{{people}}}' AS uuid[]))[:client_id + 1],
       CASE WHEN seats_taken < capacity THEN 'accepted' ELSE 'waitlisted' END, now()
FROM groups WHERE id = '{group}'
RETURNING id;
UPDATE groups SET seats_taken = counted.taken, waiting = counted.waiting
FROM (SELECT count(*) FILTER (WHERE state = 'accepted') AS taken,
             count(*) FILTER (WHERE state = 'waitlisted') AS waiting
      FROM enrolments WHERE group_id = '{group}') AS counted
WHERE id = '{group}';
INSERT INTO audit_records (actor, action, subject, outcome, county_terc, detail, trace_id)
VALUES ('bench', 'enrol_trainee', 'enrolments', 'done', '{county}', '{{}}', repeat('0', 32));
INSERT INTO events (type, subject, subject_version, county_terc, data, trace_id)
VALUES ('training.enrolment.accepted', 'enrolments', 1, '{county}', '{{}}', repeat('0', 32));
COMMIT;
"""


async def measure_races(training: Service, options: Options, progress: Progress, role: str) -> AsyncIterator[Row]:
    """The row with the time until all fifty are answered; each answer is checked."""
    people = [str(row["id"]) for row in await training.fetch(_PEOPLE)]
    headers = training.stand.headers(role, counties=[COUNTY])
    await _race(training, people, headers)
    sides = {"ours": partial(_race, training, people, headers), "limit": partial(_by_pgbench, training, people)}
    samples = await interleaved(progress, "W5t: fifty for the last seat", options.rounds, sides)
    ours = figure([seconds * 1000 for seconds in samples["ours"]], "ms")
    note = f"{RACERS / ours.median * 1000:,.0f} enrolments/s in one group; one seat is given in every round"
    row = Row("W5t", f"{RACERS} for the last seat, all answered", ours, bars=(SHARE,), note=note)
    yield beside_limit(row, samples.get("limit", ()))


async def _race(training: Service, people: Sequence[str], headers: dict[str, str]) -> float:
    """Our side: all connections are open before the first request."""
    group = await _group(training)
    path = f"/v1/training/groups/{group}/enrolments"
    connections = [await asyncio.open_connection(HOST, training.port) for _ in people]
    started = time.perf_counter()
    answers = await asyncio.gather(
        *(_enrol(connection, path, person, headers) for connection, person in zip(connections, people, strict=True)),
        return_exceptions=True,
    )
    seconds = time.perf_counter() - started
    for _, writer in connections:
        writer.close()
    if {*answers} != {b"201"}:
        raise ToolFailed(f"some of fifty were not enrolled: { ({*map(str, answers)}) }")
    await _require_one_seat(training, group)
    return seconds


async def _enrol(
    connection: tuple[asyncio.StreamReader, asyncio.StreamWriter], path: str, person: str, headers: dict[str, str]
) -> bytes:
    """The status of one answer."""
    reader, writer = connection
    body = json.dumps({"trainee_id": person})
    all_headers = {"Host": HOST, "Content-Type": "application/json", "Content-Length": str(len(body)), **headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in all_headers.items())
    writer.write(f"POST {path} HTTP/1.1\r\n{lines}\r\n{body}".encode())
    return (await reader.readline()).split()[1]


async def _by_pgbench(training: Service, people: Sequence[str]) -> float:
    """The limit: one transaction of each client; the time to connect is left out."""
    group = await _group(training)
    script = training.stand.folder / "race.sql"
    script.write_text(_ENTERED.format(group=group, county=COUNTY, people=",".join(people)))
    arguments = ["-n", "-M", "extended", "-c", str(RACERS), "-j", "1", "-t", "1"]
    result = await training.run_client("pgbench", *arguments, "-f", script)
    rate = _RATE.search(result.output)
    if rate is None:
        raise ToolFailed(f"pgbench raced in vain: {' '.join(result.output.split())[-300:]}")
    await _require_one_seat(training, group)
    return RACERS / float(rate[1])


async def _group(training: Service) -> str:
    """A new group with one seat."""
    return str((await training.fetch(_GROUP))[0]["id"])


async def _require_one_seat(training: Service, group: str) -> None:
    places = {row["state"]: row["people"] for row in await training.fetch(_PLACES.format(group=group))}
    if places != {"accepted": 1, "waitlisted": RACERS - 1}:
        raise ToolFailed(f"one seat was raced for, and given were {places}")
