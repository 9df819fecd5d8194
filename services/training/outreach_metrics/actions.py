"""Every change of an outreach metric."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import FieldError, UnknownReference, refuse
from services.training.annulling import AnnullingReason, annul, refuse_annulled
from services.training.outreach_metrics import queries
from services.training.outreach_metrics.models import OutreachMetric
from services.training.outreach_metrics.schemas import (
    OutreachMetricCreate,
    OutreachMetricUpdate,
)


def _record(change: Change, action: str, metric: OutreachMetric, event: str) -> None:
    # Without a county: metrics are of whole programmes.
    subject = Subject(f"outreach-metrics/{metric.id}", metric.version)
    change.record(action, subject, f"outreach-metric.{event}", metric=metric.metric)


async def record_outreach_metric(
    change: Change, new: OutreachMetricCreate, today: date
) -> Stored:
    """Record the value of a metric on a day, one for each day."""
    # No future day: targets are indicators.
    if new.as_of > today:
        refuse(("as_of", "in_future"))
    if not await queries.programme_exists(change, new.programme_id):
        # Checked before the insert: a foreign key would fail without naming the field.
        raise UnknownReference(FieldError("pointer", "/programme_id", "not_found"))
    statement = insert(OutreachMetric).values(**new.model_dump())
    row = await change.one(statement.returning(*queries.METRICS.c))
    metric = OutreachMetric(**row._mapping)
    _record(change, "record_outreach_metric", metric, "recorded")
    return await queries.get_outreach_metric(change, metric.id)


async def amend_outreach_metric(
    change: Change, metric_id: UUID, patch: OutreachMetricUpdate, version: int
) -> Stored:
    """Correct the value or source of a metric."""
    metric = await queries.lock_outreach_metric(change, metric_id)
    require_version(metric.version, version)
    refuse_annulled(metric)
    patched, before = patch.model_dump(exclude_unset=True), metric.model_dump()
    # Without a change there is no new version, and ETags stay valid.
    if any(patched[name] != before[name] for name in patched):
        statement = update(OutreachMetric).where(col(OutreachMetric.id) == metric_id)
        statement = statement.values(
            **patched, version=OutreachMetric.version + 1, changed_at=func.now()
        )
        row = await change.one(statement.returning(*queries.METRICS.c))
        after = OutreachMetric(**row._mapping)
        _record(change, "amend_outreach_metric", after, "changed")
    return await queries.get_outreach_metric(change, metric_id)


async def annul_outreach_metric(
    change: Change, metric_id: UUID, reason: AnnullingReason, version: int
) -> Stored:
    """Annul a value; another one may then be recorded for its day."""
    metric = await queries.lock_outreach_metric(change, metric_id)
    annulled = await annul(change, metric, reason, version)
    _record(change, "annul_outreach_metric", annulled, "annulled")
    return await queries.get_outreach_metric(change, metric_id)
