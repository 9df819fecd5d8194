"""Every change of an indicator, and its progress."""

from uuid import UUID

from sqlalchemy import insert
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.relating import acting_everywhere
from services.chassis.data.work import AuditedReading, Change, Stored
from services.chassis.ground.problems import (
    FieldError,
    UnknownReference,
    refuse,
)
from services.training.annulling import AnnullingReason, annul
from services.training.indicators import queries, rules
from services.training.indicators.models import Indicator, IndicatorValue
from services.training.indicators.rules import Count, IndicatorMeasure
from services.training.indicators.schemas import (
    IndicatorCreate,
    IndicatorProgressRead,
    IndicatorValueCreate,
    IndicatorValueRead,
    Reached,
)
from services.training.programmes.queries import find_programme_id


async def create_indicator(change: Change, new: IndicatorCreate) -> Stored:
    """Set a target of a programme."""
    error = rules.sum_error(
        new.target, new.target_female, new.target_male, prefix="target_"
    )
    # Authorities have no sex, and registrants are not asked for it.
    if new.measure in rules.WITHOUT_SEX and new.target_female is not None:
        error = ("target_female", "not_allowed")
    if error:
        refuse(error)
    programme_id = await find_programme_id(change, new.programme)
    if programme_id is None:
        raise UnknownReference(FieldError("pointer", "/programme", "not_found"))
    facts = new.model_dump(exclude={"programme"})
    adding = insert(Indicator).values(programme_id=programme_id, **facts)
    indicator_id = await change.scalar(adding.returning(col(Indicator.id)))
    subject = Subject(f"indicators/{indicator_id}")
    change.record("create_indicator", subject, "indicator.created")
    return await queries.get_indicator(change, indicator_id)


async def report_value(
    change: Change, indicator_id: UUID, new: IndicatorValueCreate
) -> Stored:
    """Report a value for a day, which is not the progress of a computed indicator."""
    if error := rules.sum_error(new.total, new.female, new.male):
        refuse(error)
    await queries.get_row(change, indicator_id)
    adding = insert(IndicatorValue).values(
        indicator_id=indicator_id, **new.model_dump()
    )
    columns = [queries.VALUES.c[name] for name in IndicatorValueRead.model_fields]
    row = await change.one(adding.returning(*columns))
    value = IndicatorValueRead(**row._mapping)
    subject = Subject(f"indicators/{indicator_id}")
    change.record("report_indicator_value", subject, "indicator.reported")
    return Stored(value.id, value.version, value.model_dump_json())


async def annul_value(
    change: Change,
    indicator_id: UUID,
    value_id: UUID,
    reason: AnnullingReason,
    version: int,
) -> Stored:
    """Annul a reported value; another one may then be reported for its day."""
    row = await queries.lock_value(change, indicator_id, value_id)
    annulled = await annul(change, row, reason, version)
    subject = Subject(f"indicators/{indicator_id}")
    change.record("annul_indicator_value", subject, "indicator.value-annulled")
    value = IndicatorValueRead.model_validate(annulled.model_dump())
    return Stored(value.id, value.version, value.model_dump_json())


async def compute_progress(
    change: AuditedReading, indicator_id: UUID
) -> IndicatorProgressRead:
    """The progress of an indicator, from records or from the newest reported value."""
    indicator = await queries.get_row(change, indicator_id)
    values = await queries.list_values(change, indicator_id)
    is_computed = indicator.measure is not IndicatorMeasure.RECORDED
    if is_computed:
        # Everywhere: people of all counties are counted, and only numbers leave this.
        async with acting_everywhere(change):
            count = await queries.count_measured(
                change, indicator.measure, indicator.programme
            )
    else:
        valid = [each for each in values if each.annulled_by is None]
        newest = valid[0] if valid else None
        count = (
            Count(newest.total, newest.female, newest.male)
            if newest
            else Count(0, 0, 0)
        )
    return IndicatorProgressRead(
        indicator=indicator,
        is_computed=is_computed,
        whole=_progress_to(count.total, indicator.target),
        female=_part(count.female, indicator.target_female),
        male=_part(count.male, indicator.target_male),
        reported=values,
    )


def _progress_to(achieved: int, target: int) -> Reached:
    share, missing = rules.progress(achieved, target)
    return Reached(target=target, achieved=achieved, share=share, missing=missing)


def _part(achieved: int | None, target: int | None) -> Reached | None:
    if achieved is None or not target:
        return None
    return _progress_to(achieved, target)
