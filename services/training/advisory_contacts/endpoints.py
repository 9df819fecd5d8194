"""/advisory-contacts."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    NotAcceptable,
    OutsideScope,
    PreconditionRequired,
    StateConflict,
    UnknownReference,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.transfer.exports import files, list_answer
from services.chassis.web.answers import Answer, Terms, created_answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.training.advisory_contacts import actions, queries
from services.training.advisory_contacts.schemas import (
    AdvisoryContactCreate,
    AdvisoryContactList,
    AdvisoryContactRead,
    AdvisorySums,
)
from services.training.annulling import RecordAnnul
from services.training.demands import (
    CanReadAdvisoryContacts,
    CanRecordAdvisoryContacts,
)
from services.training.problems import AdvisoryContactNotFound

router = slice_router(prefix="/advisory-contacts", tags=["advisory-contacts"])


@router.get(
    "",
    responses=answers(
        Page[AdvisoryContactRead], NotAcceptable, files=files("csv", "xlsx", "ndjson")
    ),
)
async def list_advisory_contacts(
    caller: CanReadAdvisoryContacts,
    reading: Reading,
    request: Request,
    query: Annotated[AdvisoryContactList, Query()],
) -> Response:
    """Support outside sessions, the newest first: of the caller's counties, or of the
    authorities that the caller advises.
    """
    # No audit record: the list names nobody who was advised.
    listed = queries.list_advisory_contacts(query, caller)
    return await list_answer(request, reading, query, listed)


@router.post(
    "",
    status_code=201,
    responses=answers(AdvisoryContactRead, OutsideScope, UnknownReference, status=201),
)
async def record_advisory_contact(
    caller: CanRecordAdvisoryContacts, change: Change, new: AdvisoryContactCreate
) -> Answer:
    """Record support that was given outside a session: for whom, about what, for how
    long. Nobody is named.

    It was given to coordinators of a role in a county, or to a local authority, whose
    programme and county are then taken. An adviser records support of the authorities
    that they advise.
    """
    contact = await actions.record_advisory_contact(change, new, clock.today())
    return created_answer(contact, f"/v1/training/advisory-contacts/{contact.key}")


# Before `/{contact_id}`, whose pattern matches this path as well.
@router.get("/sums", responses=answers(AdvisorySums))
async def sum_advisory_contacts(
    caller: CanReadAdvisoryContacts, reading: Reading
) -> Answer:
    """How often and for how many minutes support was given, by year, audience and
    topic, of the records that the caller may read.
    """
    sums = await queries.get_sums(reading)
    # Sums have no version: a cache has to ask again before it uses them.
    return Answer(sums.model_dump_json(), headers={"cache-control": "no-cache"})


@router.get(
    "/{contact_id}", responses=answers(AdvisoryContactRead, AdvisoryContactNotFound)
)
async def get_advisory_contact(
    caller: CanReadAdvisoryContacts, reading: Reading, terms: Terms, contact_id: Id
) -> Answer:
    """One record of support outside sessions."""
    return stored_answer(await queries.get_advisory_contact(reading, contact_id), terms)


@router.post(
    "/{contact_id}/annul",
    responses=answers(
        AdvisoryContactRead,
        AdvisoryContactNotFound,
        StateConflict,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def annul_advisory_contact(
    caller: CanRecordAdvisoryContacts,
    change: Change,
    contact_id: Id,
    annulling: RecordAnnul,
    # Optional to the framework: its absence is 428, and not a wrong field.
    if_match: IfMatch = None,
) -> Answer:
    """Annul a record, with the reason. It stays in lists and counts nowhere."""
    version = expected_version(if_match, contact_id)
    return stored_answer(
        await actions.annul_advisory_contact(
            change, contact_id, annulling.reason, version
        )
    )
