"""/authorities/{id}/consultation-events."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    NotAcceptable,
    PreconditionRequired,
    StateConflict,
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
from services.training.annulling import RecordAnnul
from services.training.authorities.queries import get_worked
from services.training.consultation_events import actions, queries
from services.training.consultation_events.schemas import (
    ConsultationEventList,
    ConsultationEventRead,
    ConsultationEventRecord,
    ConsultationSums,
)
from services.training.demands import CanReadAuthorityWork, CanWriteAuthorityWork
from services.training.permissions import Permission
from services.training.problems import AuthorityNotFound, ConsultationEventNotFound

router = slice_router(
    prefix="/authorities/{authority_id}/consultation-events",
    tags=["consultation-events"],
)
_FILES = files("csv", "xlsx", "ndjson")
_READ = Permission.READ_AUTHORITY_WORK


@router.get(
    "",
    responses=answers(
        Page[ConsultationEventRead], AuthorityNotFound, NotAcceptable, files=_FILES
    ),
)
async def list_consultation_events(
    caller: CanReadAuthorityWork,
    reading: Reading,
    request: Request,
    authority_id: Id,
    query: Annotated[ConsultationEventList, Query()],
) -> Response:
    """The meetings and debates of an authority, by day."""
    # Without this, an authority out of reach would have an empty list instead of a 404.
    await get_worked(reading, authority_id, _READ)
    listed = queries.list_events(reading, authority_id, query)
    return await list_answer(request, reading, query, listed)


@router.post(
    "",
    status_code=201,
    responses=answers(
        ConsultationEventRead, AuthorityNotFound, StateConflict, status=201
    ),
)
async def record_consultation_event(
    caller: CanWriteAuthorityWork,
    change: Change,
    authority_id: Id,
    new: ConsultationEventRecord,
) -> Answer:
    """Record a meeting or debate, with the number of participants of each group."""
    event = await actions.record_consultation_event(
        change, authority_id, new, clock.today()
    )
    path = f"/v1/training/authorities/{authority_id}/consultation-events/{event.key}"
    return created_answer(event, path)


@router.get("/sums", responses=answers(ConsultationSums, AuthorityNotFound))
async def sum_consultation_events(
    caller: CanReadAuthorityWork, reading: Reading, authority_id: Id
) -> Answer:
    """Participants of each group in all events, and the groups without any."""
    await get_worked(reading, authority_id, _READ)
    # No ETag: the sums have no version, and each event changes them.
    sums = await queries.get_sums(reading, authority_id)
    return Answer(sums.model_dump_json(), headers={"cache-control": "no-cache"})


@router.get(
    "/{event_id}",
    responses=answers(
        ConsultationEventRead, AuthorityNotFound, ConsultationEventNotFound
    ),
)
async def get_consultation_event(
    caller: CanReadAuthorityWork,
    reading: Reading,
    terms: Terms,
    authority_id: Id,
    event_id: Id,
) -> Answer:
    """One consultation event of an authority."""
    await get_worked(reading, authority_id, _READ)
    event = await queries.get_event(reading, authority_id, event_id)
    return stored_answer(event, terms)


@router.post(
    "/{event_id}/annul",
    responses=answers(
        ConsultationEventRead,
        AuthorityNotFound,
        ConsultationEventNotFound,
        StateConflict,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def annul_consultation_event(
    caller: CanWriteAuthorityWork,
    change: Change,
    authority_id: Id,
    event_id: Id,
    annulling: RecordAnnul,
    # Optional to the framework: its absence is 428, and not a wrong field.
    if_match: IfMatch = None,
) -> Answer:
    """Annul a record, with the reason. It stays in lists and counts nowhere."""
    version = expected_version(if_match, event_id)
    return stored_answer(
        await actions.annul_consultation_event(
            change, authority_id, event_id, annulling.reason, version
        )
    )
