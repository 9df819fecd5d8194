"""/hour-totals."""

from typing import Annotated

from fastapi import Depends, Query, Request, Response

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    MissingIdempotencyKey,
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
from services.chassis.web.answers import Answer, Terms, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.idempotency import demand_key
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.training.annulling import RecordAnnul
from services.training.demands import CanImportHours, CanReadHours
from services.training.hour_totals import actions, queries
from services.training.hour_totals.schemas import (
    HourTotalList,
    HourTotalRead,
    HourTotalsImport,
    HourTotalsImported,
)
from services.training.problems import HourTotalNotFound

router = slice_router(prefix="/hour-totals", tags=["hour-totals"])


@router.get(
    "",
    responses=answers(
        Page[HourTotalRead], NotAcceptable, files=files("csv", "xlsx", "ndjson")
    ),
)
async def list_hour_totals(
    caller: CanReadHours,
    reading: Reading,
    request: Request,
    query: Annotated[HourTotalList, Query()],
) -> Response:
    """Imported sums of hours, by year."""
    listed = queries.list_hour_totals(query, caller)
    return await list_answer(request, reading, query, listed)


@router.post(
    "",
    responses=answers(
        HourTotalsImported, OutsideScope, UnknownReference, MissingIdempotencyKey
    ),
    # A bulk operation needs an idempotency key: a repeat gets the first answer.
    dependencies=[Depends(demand_key)],
)
async def import_hour_totals(
    caller: CanImportHours, change: Change, new: HourTotalsImport
) -> Answer:
    """Import sums of hours from another source, of sessions that are not recorded here
    one by one: all or none.

    A sum is identified by its source and `external_id`: a second run changes nothing,
    and new facts replace the old ones. An annulled sum stays annulled.
    """
    imported = await actions.import_hour_totals(change, new, clock.today().year)
    return Answer(imported.model_dump_json())


@router.get("/{total_id}", responses=answers(HourTotalRead, HourTotalNotFound))
async def get_hour_total(
    caller: CanReadHours, reading: Reading, terms: Terms, total_id: Id
) -> Answer:
    """One imported sum."""
    return stored_answer(await queries.get_hour_total(reading, total_id), terms)


@router.post(
    "/{total_id}/annul",
    responses=answers(
        HourTotalRead,
        HourTotalNotFound,
        OutsideScope,
        StateConflict,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def annul_hour_total(
    caller: CanImportHours,
    change: Change,
    total_id: Id,
    annulling: RecordAnnul,
    # Optional to the framework: its absence is 428, and not a wrong field.
    if_match: IfMatch = None,
) -> Answer:
    """Annul an imported sum, with the reason.

    It stays in lists, and a later import does not bring it back.
    """
    version = expected_version(if_match, total_id)
    return stored_answer(
        await actions.annul_hour_total(change, total_id, annulling.reason, version)
    )
