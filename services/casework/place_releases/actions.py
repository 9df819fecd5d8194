"""Giving places back: owed in the transaction that ends a referral, and before a place
is asked for that a referral
may never own; paid as soon as the registry answers.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from services.casework.peers import Place, needing_registry
from services.casework.place_releases import queries
from services.casework.place_releases.models import PlaceRelease
from services.casework.place_releases.queries import Owed
from services.casework.place_releases.rules import SETTLED_AFTER, due_after_failure
from services.casework.problems import RegistrySilent
from services.chassis.data.database import Database
from services.chassis.data.work import Change
from services.chassis.ground import clock
from services.chassis.ground.logs import logger
from services.chassis.ground.problems import Problem, ResourceBusy
from services.chassis.trust.callers import Caller

CALLER = Caller("casework:places", counties=frozenset({"*"}))
log = logger("place_releases")


async def owe_place(
    change: Change, place: Place, county_terc: str, now: datetime
) -> None:
    """Let the place be given back once this transaction is committed,
    and never if it is not.
    """
    owed = insert(PlaceRelease).values(
        referral_id=place.referral_id,
        county_terc=county_terc,
        support_service_id=place.service_id,
        due_at=now,
        attempts=0,
    )
    # A referral ends once, but its place may be owed again: what was
    # settled begins anew.
    renewed = {"due_at": now, "attempts": 0, "given_back_at": None}
    await change.execute(
        owed.on_conflict_do_update(index_elements=["referral_id"], set_=renewed)
    )


async def expect_place(
    change: Change, place: Place, county_terc: str, now: datetime
) -> None:
    """Let a place that is about to be asked for be given back, unless the referral is
    written that owns it.

    In a transaction of its own: whatever becomes of the request and of its process, this stays.
    """
    owed = insert(PlaceRelease).values(
        referral_id=place.referral_id,
        county_terc=county_terc,
        support_service_id=place.service_id,
        due_at=now + SETTLED_AFTER,
        attempts=0,
    )
    async with change.apart(CALLER) as apart:
        await apart.execute(owed)


async def keep_place(change: Change, place: Place) -> None:
    """The referral is written: nothing is owed once this transaction is committed.

    ResourceBusy where that took so long that the place may be given back meanwhile.
    """
    kept = delete(PlaceRelease).where(
        col(PlaceRelease.referral_id) == place.referral_id,
        col(PlaceRelease.due_at) > clock.now() + SETTLED_AFTER / 2,
        col(PlaceRelease.attempts) == 0,
        col(PlaceRelease.given_back_at).is_(None),
    )
    if await change.execute(kept) == 0:
        raise ResourceBusy(retry_after=1)


async def give_places_back(database: Database) -> None:
    """Ask the registry to take back every place that is due.

    What fails is asked again, later and later.

    Asked twice it gives back once: the registry knows what a referral holds. A place is
    forgotten when the registry says twice, with some time between, that the referral
    holds none.
    """
    async with database.reading(CALLER) as reading:
        due = await queries.list_due(reading, clock.now())
    # The reading is over: no connection waits while the registry answers.
    for owed in due:
        if not await _give_back(database, owed):
            break


async def _give_back(database: Database, owed: Owed) -> bool:
    """Whether the registry answers at all, so that it is worth asking on."""
    place = Place(owed.support_service_id, owed.referral_id)
    try:
        with needing_registry() as registry:
            await registry.release(place)
    except Problem as problem:
        log.warning("place not given back", problem=problem.slug())
        attempts = owed.attempts + 1
        due_at = due_after_failure(clock.now(), attempts)
        await _note(database, owed.referral_id, attempts=attempts, due_at=due_at)
        # A registry that is silent would be silent for all the others in turn.
        return not isinstance(problem, RegistrySilent)
    now = clock.now()
    settled = owed.given_back_at
    if settled is None:
        later = {"attempts": 0, "given_back_at": now, "due_at": now + SETTLED_AFTER}
        await _note(database, owed.referral_id, **later)
        return True
    # Two processes may be here with the same one: of what was owed anew meanwhile
    # nothing is forgotten.
    done = delete(PlaceRelease).where(
        col(PlaceRelease.referral_id) == owed.referral_id,
        col(PlaceRelease.given_back_at) == settled,
    )
    async with database.change(CALLER) as change:
        await change.execute(done)
    return True


async def _note(database: Database, referral_id: UUID, **values: object) -> None:
    noted = update(PlaceRelease).where(col(PlaceRelease.referral_id) == referral_id)
    async with database.change(CALLER) as change:
        await change.execute(noted.values(**values))
