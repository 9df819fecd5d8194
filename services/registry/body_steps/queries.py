"""Whether a body meets the conditions of a step, and which records the step
may stand for.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from services.chassis.data.work import Reading
from services.registry.agreements.queries import list_concluded
from services.registry.agreements.rules import AgreementKind
from services.registry.bodies.models import Body
from services.registry.bodies.queries import BODIES
from services.registry.body_communiques.queries import list_issued
from services.registry.body_compositions.queries import get_composition
from services.registry.body_meetings.queries import (
    list_first_meetings,
    meeting_is_scheduled,
)
from services.registry.body_steps.rules import Condition, Thing
from services.registry.networks.queries import list_networks_of_day
from services.registry.problems import BodyNotFound, ProcessRunNotFound


async def get_run_id(reading: Reading, body_id: UUID) -> UUID:
    """The run of a body; ProcessRunNotFound for a kind that no process forms."""
    statement = select(BODIES.c.run_id).where(BODIES.c.id == body_id)
    run_id: UUID | None = (await reading.one(statement, BodyNotFound))[0]
    if run_id is None:
        raise ProcessRunNotFound()
    return run_id


async def condition_is_met(
    reading: Reading, body: Body, condition: Condition, day: date
) -> bool:
    """Whether a body meets a condition of a step on that day."""
    match condition:
        case Condition.VALID_COMPOSITION:
            # On the day of the step, not today: it may be recorded later
            # than it was done.
            return (await get_composition(reading, body.id, day)).valid
        case Condition.PLANNED_MEETING:
            # On any day: a body that meets in cycles meets again after the step.
            return await meeting_is_scheduled(reading, body.id)


async def list_things(
    reading: Reading, body: Body, thing: Thing, day: date
) -> Sequence[str]:
    """The addresses of the records that a step of that day may stand for,
    the latest first.
    """
    match thing:
        case Thing.FIRST_MEETING:
            return await list_first_meetings(reading, body.id, day)
        case Thing.ISSUED_COMMUNIQUE:
            return await list_issued(reading, body.id, day)
        case Thing.COUNTY_NETWORK:
            # Not an empty one: without members there are no resources to coordinate.
            county = str(body.county_terc)
            return await list_networks_of_day(reading, county, day, with_member=True)
        case Thing.LETTER_OF_INTENT:
            kind, county = AgreementKind.LETTER_OF_INTENT, str(body.county_terc)
            return await list_concluded(reading, kind, county, None, day)
