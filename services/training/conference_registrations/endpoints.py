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
    """The registrations of a conference in order, withdrawn ones included unless
    `state` excludes them. The access is written to the audit log.
    """
    # Without this, an unknown conference would have an empty list instead of a 404.
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
    """Register the caller: with a place if one is free, else on the waiting list."""
    # The instant and not the day: registration closes at an instant.
    now = clock.now()
    registration = await actions.register_oneself(change, conference_id, new, now)
    return created_answer(
        registration, f"/v1/training/conferences/{conference_id}/registrations/own"
    )


@router.get(f"{_ALL}/own", responses=answers(RegistrationRead, RegistrationNotFound))
async def get_own_registration(
    caller: CanRegisterForConferences, reading: Audited, terms: Terms, conference_id: Id
) -> Answer:
    """The caller's own registration for a conference, unless it was withdrawn."""
    # The row has the organisation's county, which need not be the caller's.
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
    """Withdraw the caller's registration.

    The name is deleted, and the place goes to the person who waits longest.
    """
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
    """Register a person without an account, of one of the caller's counties."""
    registration = await actions.register_person(change, new, clock.now())
    return created_answer(
        registration, f"/v1/training/conference-registrations/{registration.key}"
    )


@router.get(_ONE, responses=answers(RegistrationRead, RegistrationNotFound))
async def get_conference_registration(
    caller: CanReadRegistrations, reading: Audited, terms: Terms, registration_id: Id
) -> Answer:
    """One registration. The access is written to the audit log."""
    permission = Permission.READ_REGISTRATIONS
    registration = await queries.get_registration(reading, registration_id, permission)
    path = f"conference-registrations/{registration_id}"
    subject = Subject(path, registration.version, registration.county_terc)
    record_read(reading, "get_conference_registration", subject, [registration_id])
    return stored_answer(await queries.get_stored(reading, registration_id), terms)


# Two addresses for a withdrawal: people need no id for their own, staff do.
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
    """Withdraw a registration.

    The name is deleted, and the place goes to the person who waits longest.
    """
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
    """Change the number of places. With more places, waiting people move up at once."""
    version, capacity = expected_version(if_match, conference_id), resizing.capacity
    return stored_answer(
        await actions.resize_conference(change, conference_id, capacity, version)
    )
