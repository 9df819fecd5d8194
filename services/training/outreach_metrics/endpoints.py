"""/outreach-metrics."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    NotAcceptable,
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
from services.training.annulling import RecordAnnul
from services.training.demands import CanEditOutreach, CanReadOutreach
from services.training.outreach_metrics import actions, queries
from services.training.outreach_metrics.schemas import (
    OutreachMetricCreate,
    OutreachMetricList,
    OutreachMetricRead,
    OutreachMetricUpdate,
)
from services.training.problems import (
    OutreachMetricAlreadyRecorded,
    OutreachMetricNotFound,
)

router = slice_router(prefix="/outreach-metrics", tags=["outreach-metrics"])


@router.get(
    "",
    responses=answers(
        Page[OutreachMetricRead], NotAcceptable, files=files("csv", "xlsx", "ndjson")
    ),
)
async def list_outreach_metrics(
    caller: CanReadOutreach,
    reading: Reading,
    request: Request,
    query: Annotated[OutreachMetricList, Query()],
) -> Response:
    """Outreach of programmes, each value with its day; with `as_of` the newest value of
    each metric on that day.
    """
    # Public and without a county: metrics are of whole programmes.
    listed = queries.list_outreach_metrics(query)
    return await list_answer(request, reading, query, listed)


@router.post(
    "",
    status_code=201,
    responses=answers(
        OutreachMetricRead, UnknownReference, OutreachMetricAlreadyRecorded, status=201
    ),
)
async def record_outreach_metric(
    caller: CanEditOutreach, change: Change, new: OutreachMetricCreate
) -> Answer:
    """Record the value of a metric on a day."""
    # The civil day, since a future day is refused.
    metric = await actions.record_outreach_metric(change, new, clock.today())
    return created_answer(metric, f"/v1/training/outreach-metrics/{metric.key}")


@router.get(
    "/{metric_id}", responses=answers(OutreachMetricRead, OutreachMetricNotFound)
)
async def get_outreach_metric(
    caller: CanReadOutreach, reading: Reading, terms: Terms, metric_id: Id
) -> Answer:
    """The value of a metric on a day."""
    return stored_answer(await queries.get_outreach_metric(reading, metric_id), terms)


@router.patch(
    "/{metric_id}",
    responses=answers(
        OutreachMetricRead,
        OutreachMetricNotFound,
        StateConflict,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def amend_outreach_metric(
    caller: CanEditOutreach,
    change: Change,
    metric_id: Id,
    patch: OutreachMetricUpdate,
    # Optional to the framework: its absence is 428, and not a wrong field.
    if_match: IfMatch = None,
) -> Answer:
    """Correct the value or its source by a merge patch."""
    version = expected_version(if_match, metric_id)
    return stored_answer(
        await actions.amend_outreach_metric(change, metric_id, patch, version)
    )


# The patch changes neither metric nor day; a wrong one is annulled.
@router.post(
    "/{metric_id}/annul",
    responses=answers(
        OutreachMetricRead,
        OutreachMetricNotFound,
        StateConflict,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def annul_outreach_metric(
    caller: CanEditOutreach,
    change: Change,
    metric_id: Id,
    annulling: RecordAnnul,
    if_match: IfMatch = None,
) -> Answer:
    """Annul a value whose metric or day was wrong, with the reason.

    It stays in lists and counts nowhere.
    """
    version = expected_version(if_match, metric_id)
    return stored_answer(
        await actions.annul_outreach_metric(
            change, metric_id, annulling.reason, version
        )
    )
