"""/conferences/{conference_id}/registrations and /conference-registrations."""

from typing import Annotated

from fastapi import Query

from services.chassis.data.effects import Subject
from services.chassis.data.relating import acting_everywhere
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    OutsideScope,
    PreconditionRequired,
    StateConflict,
    UnknownReference,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.trust.vault import Erased
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Audited, Change
from services.training.conference_registrations import actions, queries
from services.training.conference_registrations.schemas import (
    ConferenceResize,
    PersonRegistration,
    RegistrationCreate,
    RegistrationList,
    RegistrationRead,
)
from services.training.conferences.queries import get_conference
from services.training.conferences.schemas import ConferenceRead
from services.training.demands import (
    CanEditConferences,
    CanReadRegistrations,
    CanRecordRegistrations,
    CanRegisterForConferences,
)
from services.training.permissions import Permission
from services.training.problems import (
    AlreadyRegistered,
    ConferenceNotFound,
    RegistrationClosed,
    RegistrationNotFound,
)
from services.training.reads import Look, read_page, record_read

router = slice_router(prefix="", tags=["conferences"])
_ALL = "/conferences/{conference_id}/registrations"
_ONE = "/conference-registrations/{registration_id}"
_REGISTER = (ConferenceNotFound, StateConflict, RegistrationClosed, UnknownReference)
_CHANGE = (StateConflict, PreconditionRequired, VersionMismatch)


@router.get(_ALL, responses=answers(Page[RegistrationRead], ConferenceNotFound))
async def list_conference_registrations(
    caller: CanReadRegistrations,
    reading: Audited,
    terms: Terms,
    conference_id: Id,
    query: Annotated[RegistrationList, Query()],
) -> Answer:
    """Who comes to a conference and who waits, as they came. The look is noted."""
    # Else a conference that is not there would have no registrations.
    await get_conference(reading, conference_id)
    listed = queries.list_registrations(conference_id, query, caller)
    path = f"conferences/{conference_id}/registrations"
    look = Look("list_conference_registrations", path, "id")
    return page_answer(await read_page(reading, terms, query, listed, look), terms)


@router.post(
    _ALL,
    status_code=201,
    responses=answers(
        RegistrationRead, *_REGISTER, AlreadyRegistered, Erased, status=201
    ),
)
async def register_for_conference(
    caller: CanRegisterForConferences,
    change: Change,
    conference_id: Id,
    new: RegistrationCreate,
) -> Answer:
    """Register oneself: with a place while there is one, else on the waiting list."""
    # To the second: at the last moment for it nobody gets in any more.
    now = clock.now()
    made = await actions.register_oneself(change, conference_id, new, now)
    return created_answer(
        made, f"/v1/training/conferences/{conference_id}/registrations/own"
    )


@router.get(f"{_ALL}/own", responses=answers(RegistrationRead, RegistrationNotFound))
async def get_own_registration(
    caller: CanRegisterForConferences, reading: Audited, terms: Terms, conference_id: Id
) -> Answer:
    """One's own registration for a conference, unless it was withdrawn."""
    # The row is of the organisation's county, which need not be one's own.
    async with acting_everywhere(reading):
        own = await queries.get_own_registration(reading, conference_id)
        return stored_answer(await queries.get_stored(reading, own.id), terms)


@router.post(
    f"{_ALL}/own/withdraw",
    responses=answers(RegistrationRead, RegistrationNotFound, *_CHANGE),
)
async def withdraw_own_registration(
    caller: CanRegisterForConferences,
    change: Change,
    conference_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Do not come after all. The name goes, and the place to who waits longest."""
    async with acting_everywhere(change):
        own = await queries.get_own_registration(change, conference_id)
        version = expected_version(if_match, own.id)
        return stored_answer(await actions.withdraw(change, own, version))


@router.post(
    "/conference-registrations",
    status_code=201,
    responses=answers(RegistrationRead, OutsideScope, *_REGISTER, status=201),
)
async def register_person_for_conference(
    caller: CanRecordRegistrations, change: Change, new: PersonRegistration
) -> Answer:
    """Register somebody of an own county who has no account."""
    made = await actions.register_person(change, new, clock.now())
    return created_answer(made, f"/v1/training/conference-registrations/{made.key}")


@router.get(_ONE, responses=answers(RegistrationRead, RegistrationNotFound))
async def get_conference_registration(
    caller: CanReadRegistrations, reading: Audited, terms: Terms, registration_id: Id
) -> Answer:
    """One registration. The look is noted."""
    permission = Permission.READ_REGISTRATIONS
    seen = await queries.get_registration(reading, registration_id, permission)
    path = f"conference-registrations/{registration_id}"
    subject = Subject(path, seen.version, seen.county_terc)
    record_read(reading, "get_conference_registration", subject, [registration_id])
    return stored_answer(await queries.get_stored(reading, registration_id), terms)


# Two addresses for one ending: one's own needs no id, and staff reach own counties.
@router.post(
    f"{_ONE}/withdraw",
    responses=answers(RegistrationRead, RegistrationNotFound, *_CHANGE),
)
async def withdraw_conference_registration(
    caller: CanRecordRegistrations,
    change: Change,
    registration_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Let somebody not come. The name goes, and the place to who waits longest."""
    version = expected_version(if_match, registration_id)
    return stored_answer(
        await actions.withdraw_person(change, registration_id, version)
    )


@router.post(
    "/conferences/{conference_id}/resize",
    responses=answers(ConferenceRead, ConferenceNotFound, *_CHANGE),
)
async def resize_conference(
    caller: CanEditConferences,
    change: Change,
    conference_id: Id,
    resizing: ConferenceResize,
    if_match: IfMatch = None,
) -> Answer:
    """Change how many may come. With more places those who wait move up at once."""
    version, capacity = expected_version(if_match, conference_id), resizing.capacity
    return stored_answer(
        await actions.resize_conference(change, conference_id, capacity, version)
    )
