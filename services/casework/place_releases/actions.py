"""Releasing places at the registry. A release is stored in the transaction that ends a
referral, and before a place is reserved for a new one. It is carried out as soon as the
registry answers.
"""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from services.casework.peers import Place, needing_registry
from services.casework.place_releases import queries
from services.casework.place_releases.models import PlaceRelease
from services.casework.place_releases.queries import DueRelease
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
    """Store the release of a place. It takes effect only if this
    transaction is committed.
    """
    statement = insert(PlaceRelease).values(
        referral_id=place.referral_id,
        county_terc=county_terc,
        support_service_id=place.service_id,
        due_at=now,
        attempts=0,
    )
    # A referral ends once, but its place may have to be released again: a settled
    # release starts again.
    renewed = {"due_at": now, "attempts": 0, "given_back_at": None}
    await change.execute(
        statement.on_conflict_do_update(index_elements=["referral_id"], set_=renewed)
    )


async def expect_place(
    change: Change, place: Place, county_terc: str, now: datetime
) -> None:
    """Store, before a place is reserved, that it is to be released unless its referral
    is written.

    In a separate transaction, so that it stays even if the request
    or the process fails.
    """
    statement = insert(PlaceRelease).values(
        referral_id=place.referral_id,
        county_terc=county_terc,
        support_service_id=place.service_id,
        due_at=now + SETTLED_AFTER,
        attempts=0,
    )
    async with change.apart(CALLER) as apart:
        await apart.execute(statement)


async def keep_place(change: Change, place: Place) -> None:
    """The referral is written, so remove the stored release with this transaction.

    ResourceBusy where this came so late that the place may be released already.
    """
    statement = delete(PlaceRelease).where(
        col(PlaceRelease.referral_id) == place.referral_id,
        col(PlaceRelease.due_at) > clock.now() + SETTLED_AFTER / 2,
        col(PlaceRelease.attempts) == 0,
        col(PlaceRelease.given_back_at).is_(None),
    )
    if await change.execute(statement) == 0:
        raise ResourceBusy(retry_after=1)


async def give_places_back(database: Database) -> None:
    """Release every due place at the registry.

    A failed release is repeated, with longer and longer pauses.

    Releases are idempotent: the registry knows which places a referral has. A release
    is deleted after it has succeeded twice, with some time between.
    """
    async with database.reading(CALLER) as reading:
        due = await queries.list_due(reading, clock.now())
    # The transaction is over, so no database connection waits for the registry.
    for release in due:
        if not await _give_back(database, release):
            break


async def _give_back(database: Database, release: DueRelease) -> bool:
    """Release one place; returns False where the registry does not answer at all."""
    place = Place(release.support_service_id, release.referral_id)
    try:
        with needing_registry() as registry:
            await registry.release(place)
    except Problem as problem:
        log.warning("place not given back", problem=problem.slug())
        attempts = release.attempts + 1
        due_at = due_after_failure(clock.now(), attempts)
        await _note(database, release, attempts=attempts, due_at=due_at)
        # If the registry is silent, all other calls would wait in vain.
        return not isinstance(problem, RegistrySilent)
    now = clock.now()
    first_release_at = release.given_back_at
    if first_release_at is None:
        later = {"attempts": 0, "given_back_at": now, "due_at": now + SETTLED_AFTER}
        await _note(database, release, **later)
        return True
    # Two processes may work on the same release: one that was stored again in the
    # meantime must not be deleted.
    statement = delete(PlaceRelease).where(
        col(PlaceRelease.referral_id) == release.referral_id,
        col(PlaceRelease.given_back_at) == first_release_at,
    )
    async with database.change(CALLER) as change:
        await change.execute(statement)
    return True


async def _note(database: Database, release: DueRelease, **values: object) -> None:
    # Unless it was stored again, or another process has noted its own attempt.
    statement = update(PlaceRelease).where(
        col(PlaceRelease.referral_id) == release.referral_id,
        col(PlaceRelease.due_at) == release.due_at,
    )
    async with database.change(CALLER) as change:
        await change.execute(statement.values(**values))
