"""A depot that follows a shop, as tests run it, and what it has taken."""

from contextlib import suppress

from services.chassis.data.database import Database
from services.chassis.following.followers import Handler
from services.chassis.following.following import FeedRunner
from tests.chassis.conftest import Admin
from tests.chassis.depot import take_order
from tests.chassis.shop import Enough, Pauses, Shop, follower

LETTERS = "SELECT problem, attempts, event->'data'->>'number' AS number FROM dead_letters ORDER BY position"


async def run(database: Database, shop: Shop, handler: Handler = take_order, pauses: int = 1) -> list[float]:
    """Follow until the follower has paused so often; how long it would have paused."""
    paused = Pauses(pauses)
    with suppress(Enough):
        await FeedRunner(database, follower(handler), shop.source(), paused).run()
    return paused.seconds


async def taken(admin: Admin) -> dict[str, tuple[int, str]]:
    """Of each subject how many pieces, by which orders."""
    rows = await admin.fetch("SELECT code, pieces, note FROM goods")
    return {row["code"]: (row["pieces"], row["note"]) for row in rows}


async def letters(admin: Admin) -> list[tuple[str, int, str]]:
    return [tuple(row) for row in await admin.fetch(LETTERS)]
