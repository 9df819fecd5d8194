"""/people/{person_id}/birth and /people/{person_id}/pregnancy-ended."""

from services.casework.births import actions
from services.casework.births.schemas import BirthCreate, BirthRead, PregnancyEnd
from services.casework.demands import CanEditPeople
from services.casework.people.schemas import PersonRead
from services.casework.problems import (
    PersonAlreadyRegistered,
    PersonNotFound,
    ProcessingRestricted,
)
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.trust.vault import Erased
from services.chassis.web.answers import Answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.units import Change

router = slice_router(prefix="/people/{person_id}", tags=["people"])
_CHANGE = (
    PersonNotFound,
    Erased,
    ProcessingRestricted,
    StateConflict,
    PreconditionRequired,
    VersionMismatch,
)


@router.post("/birth", responses=answers(BirthRead, *_CHANGE, PersonAlreadyRegistered))
async def record_birth(
    caller: CanEditPeople,
    change: Change,
    person_id: Id,
    birth: BirthCreate,
    if_match: IfMatch = None,
) -> Answer:
    """Record the birth of an expected child, or of several. The first keeps the record
    with everything from before the birth; a twin is a new person with the same mother,
    guardians and household, and its record refers to the first.
    """
    # The version prevents a repeated request from creating the twins again.
    version = expected_version(if_match, person_id)
    born = await actions.record_birth(change, person_id, birth, version, clock.today())
    # The ETag is that of the first child, who keeps the record of the expected child.
    return stored_answer(born)


@router.post("/pregnancy-ended", responses=answers(PersonRead, *_CHANGE))
async def record_pregnancy_end(
    caller: CanEditPeople,
    change: Change,
    person_id: Id,
    end: PregnancyEnd,
    if_match: IfMatch = None,
) -> Answer:
    """Record that a pregnancy has ended without a birth. No reason is asked for.

    The record and the family's support stay; the expected day causes no more reminders.
    """
    version = expected_version(if_match, person_id)
    person = await actions.record_pregnancy_end(
        change, person_id, end.ended_on, version, clock.today()
    )
    return stored_answer(person)
