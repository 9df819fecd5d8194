"""/people."""

from typing import Annotated

from fastapi import Query

from services.casework.demands import CanEditPeople, CanReadPeople
from services.casework.people import actions, queries
from services.casework.people.schemas import (
    PersonCreate,
    PersonList,
    PersonRead,
    PersonSummary,
    PersonUpdate,
)
from services.casework.problems import (
    PersonAlreadyRegistered,
    PersonNotFound,
    ProcessingRestricted,
)
from services.casework.reads import Category, opened_page, record_read
from services.chassis.data.effects import Subject
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    OutsideScope,
    PreconditionRequired,
    StateConflict,
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

router = slice_router(prefix="/people", tags=["people"])


@router.get("", responses=answers(Page[PersonSummary]))
async def list_people(
    caller: CanReadPeople,
    reading: Audited,
    terms: Terms,
    query: Annotated[PersonList, Query()],
) -> Answer:
    """People within the caller's reach, the newest first: of the caller's counties, of
    cases in whose team the caller is, and children for whom the caller acts.

    Use `id` to get the names for ids of another list. The access is written to the
    audit log, with all people on the page.
    """
    listed = queries.list_people(query, caller)
    page, people = await opened_page(
        reading, terms, query, listed, PersonSummary, queries.opened_summary
    )
    # Recorded after the page was read, which shows whom it contains, and committed
    # before the answer is sent.
    ids = [person.id for person in people]
    record_read(reading, "list_people", Subject("people"), ids, Category.IDENTITY)
    return page_answer(page, terms)


@router.post(
    "",
    status_code=201,
    responses=answers(
        PersonRead,
        OutsideScope,
        PersonNotFound,
        Erased,
        PersonAlreadyRegistered,
        status=201,
    ),
)
async def register_person(
    caller: CanEditPeople, change: Change, new: PersonCreate
) -> Answer:
    """Register a child, a pupil, a guardian, or a child that a family expects.

    A PESEL is optional; one that fails the checks needs `pesel_override_reason`.
    Identity fields are kept sealed.
    """
    record = await actions.register_person(change, new, clock.today())
    location = f"/v1/casework/people/{record.person.id}"
    return created_answer(queries.to_stored(record, caller), location)


@router.get("/{person_id}", responses=answers(PersonRead, PersonNotFound, Erased))
async def get_person(
    caller: CanReadPeople, reading: Audited, terms: Terms, person_id: Id
) -> Answer:
    """One person. The access is written to the audit log: who, when, in which role. A
    guardian can see the entry.
    """
    record = await queries.get_person(reading, person_id)
    subject = Subject(f"people/{person_id}", county=record.person.county_terc)
    # Not reached for an erased person: there the refusal itself is recorded.
    record_read(reading, "get_person", subject, [person_id], Category.IDENTITY)
    return stored_answer(queries.to_stored(record, caller), terms)


@router.patch(
    "/{person_id}",
    responses=answers(
        PersonRead,
        PersonNotFound,
        Erased,
        ProcessingRestricted,
        PersonAlreadyRegistered,
        # Where the record was merged into another.
        StateConflict,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def amend_person(
    caller: CanEditPeople,
    change: Change,
    person_id: Id,
    patch: PersonUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Change a person by a merge patch. Nothing is changed while processing is restricted."""
    # Before the person is read: a wrong header causes no access to the data.
    version = expected_version(if_match, person_id)
    person = await actions.amend_person(
        change, person_id, patch, version, clock.today()
    )
    return stored_answer(person)
