"""Every query of outreach metrics."""

from uuid import UUID

from sqlalchemy import bindparam, exists, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.training.outreach_metrics.models import OutreachMetric
from services.training.outreach_metrics.schemas import (
    OutreachMetricList,
    OutreachMetricRead,
)
from services.training.problems import OutreachMetricNotFound
from services.training.programmes.models import Programme

METRICS = rows_of(OutreachMetric)
# Annulled values are stored and shown, and count nowhere.
_COUNTS = METRICS.c.annulled_by.is_(None)
_PROGRAMMES = rows_of(Programme)
_WIRE = {name: METRICS.c[name] for name in OutreachMetricRead.model_fields}
_LISTING = Listing(
    _WIRE,
    {name: METRICS.c[name] for name in ("as_of", "metric", "value")},
    "-as_of",
    METRICS.c.id,
)


def list_outreach_metrics(query: OutreachMetricList) -> Listed:
    """The values that a list or a file shows."""
    rows: Rows = select(METRICS)
    if query.programme_id is not None:
        rows = rows.where(METRICS.c.programme_id == query.programme_id)
    if query.metric:
        rows = rows.where(METRICS.c.metric.in_(query.metric))
    if query.as_of is not None:
        # The newest by `as_of`, not by creation, since values may be entered late.
        newer = METRICS.alias("newer")
        is_older = exists().where(
            newer.c.programme_id == METRICS.c.programme_id,
            newer.c.metric == METRICS.c.metric,
            newer.c.annulled_by.is_(None),
            newer.c.as_of > METRICS.c.as_of,
            newer.c.as_of <= query.as_of,
        )
        rows = rows.where(METRICS.c.as_of <= query.as_of, _COUNTS, ~is_older)
    if query.is_annulled is not None:
        rows = rows.where(~_COUNTS if query.is_annulled else _COUNTS)
    return Listed(_LISTING, rows)


_ONE: Rows = select(*stored_columns(_WIRE, METRICS.c.id, METRICS.c.version)).where(
    METRICS.c.id == bindparam("key")
)


async def get_outreach_metric(reading: Reading, metric_id: UUID) -> Stored:
    """One value."""
    return await reading.stored(_ONE, OutreachMetricNotFound, {"key": metric_id})


async def lock_outreach_metric(change: Change, metric_id: UUID) -> OutreachMetric:
    """One value, locked until the transaction ends."""
    statement = select(METRICS).where(METRICS.c.id == metric_id).with_for_update()
    return await change.instance(OutreachMetric, statement, OutreachMetricNotFound)


async def programme_exists(reading: Reading, programme_id: UUID) -> bool:
    """Whether there is such a programme."""
    statement = select(_PROGRAMMES.c.id).where(_PROGRAMMES.c.id == programme_id)
    return await reading.find(statement) is not None
