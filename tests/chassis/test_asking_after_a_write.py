"""No service asks another while a transaction of its own holds what it wrote or locked."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
import httpx
import pytest
from sqlalchemy import insert, select, text, update

from services.chassis.background.jobs import enqueue
from services.chassis.data.database import Database, problem_of
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change
from services.chassis.ground.problems import Internal, Problem
from services.chassis.peers import AskedAfterWrite, Peer
from services.chassis.trust.callers import Caller
from tests.chassis.depot import GOODS
from tests.chassis.test_peers import CountyName

Work = Callable[[Change], Awaitable[object]]
_INSERT = "INSERT INTO goods (code, name) VALUES ('a', 'b')"
_MERGE = """
MERGE INTO goods USING (VALUES ('a')) AS given(code) ON goods.code = given.code
WHEN NOT MATCHED THEN INSERT (code, name) VALUES (given.code, 'b')
"""


async def ask() -> CountyName:
    known = httpx.MockTransport(lambda _: httpx.Response(200, json={"name": "Katowice"}))
    return await Peer("http://peer.test", transport=known).get("/v1/counties/2469", CountyName, token="t")


async def order() -> CountyName:
    taken = httpx.MockTransport(lambda _: httpx.Response(201, json={"name": "Katowice"}))
    return await Peer("http://peer.test", transport=taken).post("/v1/counties", CountyName, token="t", key="k")


async def note(change: Change) -> None:
    change.record("look", Subject("goods/a"), "goods.seen")


async def act_for_another(change: Change) -> None:
    await change.act_for(Caller("other", counties=frozenset({"2469"})))


WRITES: dict[str, Work] = {
    "insert": lambda change: change.execute(insert(GOODS).values(code="a", name="b")),
    "many": lambda change: change.execute(insert(GOODS), [{"code": "a", "name": "b"}, {"code": "c", "name": "d"}]),
    "returning": lambda change: change.scalar(insert(GOODS).values(code="a", name="b").returning(GOODS.c.code)),
    "text": lambda change: change.rows(text(f"{_INSERT} RETURNING code")),
    "inside": lambda change: change.find(text(f"WITH made AS ({_INSERT} RETURNING code) SELECT * FROM made")),
    "run": lambda change: change.run(_INSERT),
    "fetch": lambda change: change.fetch(f"{_INSERT} RETURNING code"),
    "fetchrow": lambda change: change.fetchrow(f"{_INSERT} RETURNING code"),
    "fetchval": lambda change: change.fetchval(_MERGE),
    "lower case": lambda change: change.run(_INSERT.lower()),
    "copy": lambda change: change.copy("goods", [("a", "b")], ["code", "name"]),
    "update": lambda change: change.execute(update(GOODS).values(name="c")),
    "job": lambda change: enqueue(change, change.caller, "count_goods", {}),
    "lock": lambda change: change.rows(select(GOODS).with_for_update()),
    "shared lock": lambda change: change.rows(select(GOODS).with_for_update(read=True)),
}
READINGS: dict[str, Work] = {
    "rows": lambda change: change.rows(select(GOODS)),
    "fetch": lambda change: change.fetch("SELECT code AS updated FROM goods"),
    "try lock": lambda change: change.scalar(text("SELECT pg_try_advisory_xact_lock(1)")),
    "record": note,
    "act for another": act_for_another,
}


async def do(database: Database, *steps: Callable[..., Awaitable[object]]) -> None:
    """The first step in a change, then the others."""
    async with database.change() as change:
        await steps[0](change)
        for step in steps[1:]:
            await step()


@pytest.mark.parametrize("send", [ask, order])
@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
async def test_after_a_write_nobody_is_asked_and_nothing_stays(
    depot_database: Database, write: Work, send: Callable[[], Awaitable[CountyName]]
) -> None:
    with pytest.raises(AskedAfterWrite) as refused:
        await do(depot_database, write, send)
    assert isinstance(problem_of(refused.value), Internal)
    assert not isinstance(refused.value, Problem), "who is ready for a silent peer does not hide it"
    async with depot_database.reading() as reading:
        assert await reading.rows(select(GOODS)) == []


@pytest.mark.parametrize("read", READINGS.values(), ids=READINGS)
async def test_before_the_first_write_others_are_asked(depot_database: Database, read: Work) -> None:
    async with depot_database.change() as change:
        await read(change)
        assert (await ask()).name == (await order()).name == "Katowice"
        await change.run(_INSERT)


async def test_when_a_change_has_ended_others_are_asked_again_and_by_the_next_one(depot_database: Database) -> None:
    async with depot_database.change() as change:
        await change.run(_INSERT)
    await ask()
    async with depot_database.change() as change:
        await ask()
    with pytest.raises(asyncpg.UniqueViolationError):
        await do(depot_database, WRITES["run"])
    await ask()


async def test_a_change_around_another_one_still_holds_its_locks(depot_database: Database) -> None:
    async with depot_database.change() as outer:
        await outer.run(_INSERT)
        async with depot_database.change():
            with pytest.raises(AskedAfterWrite):
                await ask()


async def test_a_task_begun_in_a_change_is_bound_by_it_as_long_as_it_lasts(depot_database: Database) -> None:
    begun = asyncio.Event()

    async def ask_later() -> CountyName:
        await begun.wait()
        return await ask()

    async with depot_database.change() as change:
        await change.run(_INSERT)
        with pytest.raises(AskedAfterWrite):
            await asyncio.gather(ask())
        later = asyncio.create_task(ask_later())
    begun.set()
    assert (await later).name == "Katowice"


async def test_what_others_write_at_the_same_time_forbids_nothing(depot_database: Database) -> None:
    written, asked = asyncio.Event(), asyncio.Event()

    async def write() -> None:
        async with depot_database.change() as change:
            await change.run(_INSERT)
            written.set()
            await asked.wait()

    async def read() -> CountyName:
        async with depot_database.change():
            await written.wait()
            found = await ask()
            asked.set()
            return found

    _, found = await asyncio.gather(write(), read())
    assert found.name == "Katowice"
