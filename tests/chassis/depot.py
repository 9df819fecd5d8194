"""An invented service that keeps goods, to try the chassis on: jobs, an import, an export."""

import asyncio
from enum import StrEnum
from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import BaseModel
from sqlalchemy import Boolean, Column, DateTime, Integer, Numeric, Table, Text, select

from services.chassis.app import create_app
from services.chassis.background.job_routes import accepted
from services.chassis.background.jobs import Job, JobRun, Outcome, enqueue
from services.chassis.data.effects import Subject
from services.chassis.data.tables import service_registry
from services.chassis.data.work import Change
from services.chassis.following.followers import FollowedEvent, Follower
from services.chassis.following.tables import feed_tables
from services.chassis.ground.scalars import Line, Wire
from services.chassis.sending.tables import webhook_tables
from services.chassis.serving.feed_cursors import Feed
from services.chassis.serving.routes import router
from services.chassis.transfer.exports import Export, WantedDialect, WantedFormat, chosen_format
from services.chassis.transfer.imports import FileRefused, Import, Merged, reject
from services.chassis.transfer.uploads import DryRun, receive
from services.chassis.trust.callers import Caller, Grants, Reach
from services.chassis.trust.identity import requires
from services.chassis.web.answers import Terms
from services.chassis.web.units import Change as ChangeOf
from tests.chassis.goods import judge

TABLES = service_registry("depot").metadata
GOODS = Table(
    "goods",
    TABLES,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("note", Text),
    Column("weight", Numeric(10, 2)),
    Column("pieces", Integer),
    Column("fragile", Boolean),
    Column("seen_at", DateTime(timezone=True)),
)
feed_tables(TABLES)
webhook_tables(TABLES)


class Permission(StrEnum):
    """What a caller may do in the depot."""

    KEEP = "depot:goods:keep"
    READ_CRATES = "depot:crates:read"
    READ_EVENTS = "depot:events:read"
    OPERATE_JOBS = "depot:jobs:operate"
    READ_AUDIT = "depot:audit-records:read"


GRANTS: Grants = {
    "registry_editor": {Permission.KEEP: Reach.EVERYWHERE, Permission.READ_EVENTS: Reach.EVERYWHERE},
    "operator": {Permission.OPERATE_JOBS: Reach.EVERYWHERE, Permission.READ_EVENTS: Reach.EVERYWHERE},
    "depot:keep": {Permission.KEEP: Reach.EVERYWHERE},
    "depot:look": {Permission.READ_EVENTS: Reach.EVERYWHERE},
    "depot:crates": {Permission.READ_CRATES: Reach.OWN_COUNTIES},
}
CanKeep = Annotated[Caller, requires(Permission.KEEP)]


async def merge(change: Change, run: JobRun) -> Merged:
    """Goods as staged, if they have a name; `gate` stops it, with all written, until the test lets go."""
    connection = await change.driver()
    await reject(change, "SELECT line, '/name', 'missing' FROM staging WHERE name = ''")
    counts = await connection.fetchrow("""
        WITH merged AS (
            MERGE INTO goods USING staging ON goods.code = staging.code
            WHEN MATCHED AND (goods.name, goods.note, goods.pieces)
                             IS DISTINCT FROM (staging.name, staging.note, staging.pieces)
                THEN UPDATE SET name = staging.name, note = staging.note, pieces = staging.pieces
            WHEN NOT MATCHED THEN INSERT (code, name, note, pieces)
                VALUES (staging.code, staging.name, staging.note, staging.pieces)
            RETURNING merge_action() AS action)
        SELECT count(*) FILTER (WHERE action = 'INSERT'), count(*) FILTER (WHERE action = 'UPDATE'),
               (SELECT count(*) FROM staging) FROM merged
    """)
    assert counts is not None
    if run.parameters["gate"]:
        await connection.execute("SELECT pg_advisory_xact_lock(4711)")
    created, changed, staged = counts
    return Merged(created, changed, staged - created - changed)


GOODS_FILE = Import(
    kind="import_goods",
    permission=Permission.KEEP,
    rule=judge,
    staging={"code": "text", "name": "text", "note": "text", "pieces": "integer"},
    merge=merge,
    fields={"Code": "code", "Name": "name", "Remarks": "note", "Pieces": "pieces"},
    required=("code", "name"),
    unique=("code",),
    encodings=("utf-8", "cp1250"),
    most_rows=5_000,
    rows_at_once=1_000,
)


class Counted(BaseModel):
    """How many were counted."""

    counted: int


async def _count_slowly(change: Change, run: JobRun) -> Outcome:
    """Adds a row, then waits at the gate, or fails as asked."""
    connection = await change.driver()
    await connection.execute("INSERT INTO goods (code, name) VALUES ($1, 'counted')", f"run{run.attempts}")
    run.done, run.total = 1, 2
    if run.parameters.get("wait"):
        await asyncio.Event().wait()
    if run.parameters.get("gate"):
        await connection.execute("SELECT pg_advisory_xact_lock(4711)")
    if run.parameters.get("break"):
        raise ConnectionError
    if run.parameters.get("bug"):
        raise KeyError("the content of a row")
    if run.parameters.get("refuse"):
        raise FileRefused(reason="header_missing", row=3)
    run.done = 2
    return Outcome(Counted(counted=2))


goods = router(prefix="/goods", tags=["goods"])


@goods.post("-imports", status_code=202)
async def import_goods(
    request: Request, caller: CanKeep, change: ChangeOf, dry_run: DryRun = False, gate: DryRun = False
) -> Response:
    """Take a file of goods."""
    return await receive(request, change, caller, GOODS_FILE, dry_run=dry_run, parameters={"gate": gate})


@goods.post("-counts", status_code=202)
async def count_goods(
    request: Request,
    caller: CanKeep,
    change: ChangeOf,
    how: Annotated[str, Query(pattern="^(plain|wait|gate|break|bug|refuse)$")] = "plain",
) -> Response:
    """Count the goods in the background."""
    job_id = await enqueue(change, caller, "count_goods", {how: True})
    return await accepted(change, request, job_id)


class Label(Wire):
    """What stands on a box."""

    name: Line


@goods.post("-labels")
async def label_goods(caller: CanKeep, change: ChangeOf, label: Label) -> Label:
    """Put a label on."""
    change.record("label_goods", Subject("goods/1"), "goods.labelled", label=label.name)
    return label


@goods.get("")
async def list_goods(
    request: Request, caller: CanKeep, terms: Terms, wanted: WantedFormat = None, dialect: WantedDialect = None
) -> Response:
    """All goods as a file."""
    chosen = chosen_format(terms.accept, wanted)
    return Export(request, caller, select(GOODS).order_by(GOODS.c.code), "goods", chosen or "csv", dialect)


async def take_order(change: Change, event: FollowedEvent) -> None:
    """One piece more of the goods that were ordered, and which order it was: twice would be seen."""
    number = str(event.data["number"])
    if event.data.get("poison"):
        raise ValueError(number)
    await change.run(_ORDERED, event.subject, number)
    change.record("take_order", Subject(event.subject, county=event.countyterc), "goods.ordered", number=number)


_ORDERED = """
INSERT INTO goods AS known (code, name, note, pieces) VALUES ($1, 'ordered', $2, 1)
ON CONFLICT (code) DO UPDATE SET pieces = known.pieces + 1, note = known.note || ' ' || excluded.note
"""
FOLLOWER = Follower("shop", {"shop.order.placed": take_order}, lambda _: None)
JOBS = [GOODS_FILE.job(), Job("count_goods", _count_slowly, Counted, most_attempts=2)]
app = create_app(
    "depot",
    routers=[goods],
    grants=GRANTS,
    events=Feed(Permission.READ_EVENTS, {"depot.": None, "depot.crate.": Permission.READ_CRATES}),
    operate_jobs=Permission.OPERATE_JOBS,
    read_audit=Permission.READ_AUDIT,
    jobs=[*JOBS, FOLLOWER],
)
