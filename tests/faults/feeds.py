"""Events that come twice, that nothing can be done about, or of which there are many at once."""

import asyncio
import signal
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from onebox.access import TokenRequest
from tests.faults.fault import GONE, Fault, behind
from tests.faults.platform import Platform
from tests.faults.preparing import confirm, referral_of, submitted
from tests.faults.stopped import absent

OPERATOR = TokenRequest(("operator",), counties=("*",), subject="ledger-operator")
BACKLOG = 100_000
SECONDS_TO_PUT_ASIDE, SECONDS_TO_CATCH_UP = 90.0, 180.0
MOST_MORE_MEMORY = 100_000_000
"""Bytes that a follower may hold more of when it has caught up."""
_POSITION = "SELECT cursor FROM casework.feed_positions WHERE feed = 'screening'"
_WAITING = """
SELECT count(*) > 0 FROM pg_stat_activity
WHERE usename = 'casework_app' AND wait_event_type = 'Lock' AND query LIKE '%feed_positions%'
"""
_EVENT = """
INSERT INTO screening.events (type, subject, subject_version, county_terc, data, trace_id)
SELECT '{type}', '{subject}' || {name}, 1, '2469', '{data}', repeat('0', 31) || '1'
FROM generate_series(1, {many}) AS number
"""
_FAILING = """
CREATE FUNCTION casework.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE division_by_zero; END $$;
CREATE TRIGGER failing BEFORE INSERT ON casework.referrals FOR EACH ROW
WHEN (NEW.screening_id = '{screening}') EXECUTE FUNCTION casework.fail()
"""
_MENDED = "DROP TRIGGER failing ON casework.referrals; DROP FUNCTION casework.fail()"
_POSITIVE = "screening.screening.confirmed-positive"


@asynccontextmanager
async def _killed_before_it_moves_on(platform: Platform) -> AsyncIterator[None]:
    """A follower dies when an event has had its effect, before it has noted how far it is: the event comes again."""
    async with platform.superuser() as keeper, keeper.transaction():
        await keeper.execute(f"{_POSITION} FOR UPDATE")
        while not (await platform.fetch(_WAITING))[0][0]:
            await asyncio.sleep(0.02)
        platform.signal("casework", signal.SIGKILL)
    yield


@asynccontextmanager
async def _delivered_again(platform: Platform) -> AsyncIterator[None]:
    """All there ever was is delivered a second time."""
    async with platform.superuser() as keeper:
        await keeper.execute("UPDATE casework.feed_positions SET cursor = '0' WHERE feed = 'screening'")
    await until(lambda: _says(platform, f"{_POSITION} AND cursor <> '0'"), SECONDS_TO_CATCH_UP, "delivered again")
    yield


@asynccontextmanager
async def _poisoned(platform: Platform) -> AsyncIterator[None]:
    """Events whose effect always fails, that make no sense, that nobody knows, that are huge; then one is mended."""
    async with platform.superuser() as keeper, httpx.AsyncClient(base_url=platform.url, timeout=30) as client:
        ill, well = await submitted(platform, client), await submitted(platform, client)
        await keeper.execute(_FAILING.format(screening=ill["id"]))
        await confirm(platform, client, ill)
        huge = f'{{"words": "{"x" * 500_000}"}}'
        for kind, data in ((_POSITIVE, huge), ("screening.unheard-of", "{}")):
            await keeper.execute(_EVENT.format(type=kind, subject="screenings/un", name="'heard'", data=data, many=2))
        # Others flow on behind them.
        await confirm(platform, client, well)
        letters = "SELECT id, subject, problem FROM casework.dead_letters WHERE replayed_at IS NULL"
        await until(lambda: _says(platform, f"{letters} OFFSET 2"), SECONDS_TO_PUT_ASIDE, "put aside")
        await referral_of(platform, str(well["id"]), SECONDS_TO_PUT_ASIDE)
        # What is mended has its effect when it is asked for.
        await keeper.execute(_MENDED)
        aside = await platform.fetch(f"{letters} AND subject = 'screenings/{ill['id']}'")
        address = f"/v1/casework/dead-letters/{aside[0]['id']}/replay"
        await until(lambda: _replayed(platform, client, address), SECONDS_TO_PUT_ASIDE, "replayed")
        await referral_of(platform, str(ill["id"]), seconds=1)
    yield


@asynccontextmanager
async def _backlog(platform: Platform) -> AsyncIterator[None]:
    """A follower is away while a hundred thousand events come; it catches up, and needs no more memory for them."""
    before = _resident(platform.pid("casework"))
    async with httpx.AsyncClient(base_url=platform.url, timeout=30) as client:
        async with absent("casework", platform), platform.superuser() as keeper:
            filling = _EVENT.format(type="screening.other", subject="others/", name="number", data="{}", many=BACKLOG)
            await keeper.execute(filling)
            last = await submitted(platform, client)
            await confirm(platform, client, last)
        await referral_of(platform, str(last["id"]), SECONDS_TO_CATCH_UP)
    more = _resident(platform.pid("casework")) - before
    assert more < MOST_MORE_MEMORY, f"a follower holds {more} bytes more for what it has passed"
    yield


async def _replayed(platform: Platform, client: httpx.AsyncClient, address: str) -> bool:
    """Whether it was; not while the follower is at its feed."""
    headers = platform.headers(OPERATOR) | {"Idempotency-Key": str(uuid.uuid4())}
    answer = await client.post(address, headers=headers)
    return answer.status_code != httpx.codes.SERVICE_UNAVAILABLE and bool(answer.raise_for_status())


async def until(condition: Callable[[], Awaitable[bool]], seconds: float, what: str) -> None:
    """Wait for something; that it does not come ends the trial."""
    end = time.monotonic() + seconds
    while not await condition():
        if time.monotonic() > end:
            raise SystemExit(f"not {what} within {seconds:.0f} s")
        await asyncio.sleep(0.1)


async def _says(platform: Platform, question: str) -> bool:
    return bool(await platform.fetch(question))


def _resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096


FEEDS = (
    Fault("an event comes a second time", _killed_before_it_moves_on, behind("casework"), 1, GONE),
    Fault("all events come a second time", _delivered_again, (), 1, is_felt=False),
    Fault("events that nothing can be done about", _poisoned, (), 1, is_felt=False),
    Fault("a hundred thousand events wait", _backlog, behind("casework"), 1, GONE),
)
