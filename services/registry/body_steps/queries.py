"""Whether a body has what a step of its formation needs."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from services.chassis.data.work import Reading
from services.registry.bodies.models import Body
from services.registry.bodies.queries import BODIES
from services.registry.body_communiques.queries import communique_is_issued
from services.registry.body_compositions.queries import get_composition
from services.registry.body_meetings.queries import meeting_is_scheduled
from services.registry.body_steps.rules import Condition
from services.registry.networks.queries import county_network_is_built
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
    """Whether a body has what a step of its formation needs on that day."""
    match condition:
        case Condition.VALID_COMPOSITION:
            # On the day of the step, not today: it may be recorded later than it was
            # done.
            return (await get_composition(reading, body.id, day)).valid
        case Condition.PLANNED_MEETING:
            return await meeting_is_scheduled(reading, body.id)
        case Condition.ISSUED_COMMUNIQUE:
            return await communique_is_issued(reading, body.id, day)
        case Condition.COUNTY_NETWORK:
            county = body.county_terc
            return county is not None and await county_network_is_built(reading, county)
