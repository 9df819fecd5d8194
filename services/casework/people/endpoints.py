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
    """People within the caller's reach, the newest first: of own counties, of the cases
    in whose team one is, or the
    children one acts for.

    Give `id` to learn the names behind ids of another list. The look is noted, with
    everybody on the page.
    """
    listed = queries.list_people(query, caller)
    page, people = await opened_page(
        reading, terms, query, listed, queries.opened_summary
    )
    # Noted after the page was read, which tells whom it shows, and committed before it
    # is answered.
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

    A PESEL is optional; one that cannot be right needs `pesel_override_reason`. What
    tells who it is is kept sealed.
    """
    known = await actions.register_person(change, new, clock.today())
    location = f"/v1/casework/people/{known.person.id}"
    return created_answer(queries.shown(known, caller), location)


@router.get("/{person_id}", responses=answers(PersonRead, PersonNotFound, Erased))
async def get_person(
    caller: CanReadPeople, reading: Audited, terms: Terms, person_id: Id
) -> Answer:
    """One person. The look is noted: who, when, in which role; a guardian can see it."""
    known = await queries.get_person(reading, person_id)
    subject = Subject(f"people/{person_id}", county=known.person.county_terc)
    # Of whoever was erased there is nothing to see: the refusal itself is on record.
    record_read(reading, "get_person", subject, [person_id], Category.IDENTITY)
    return stored_answer(queries.shown(known, caller), terms)


@router.patch(
    "/{person_id}",
    responses=answers(
        PersonRead,
        PersonNotFound,
        Erased,
        ProcessingRestricted,
        PersonAlreadyRegistered,
        # Of a record that has become part of another.
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
    # Before anything of the person is read: a wrong header is answered without a look.
    version = expected_version(if_match, person_id)
    person = await actions.amend_person(
        change, person_id, patch, version, clock.today()
    )
    return stored_answer(person)
