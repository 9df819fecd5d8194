"""Every SELECT on re-scorings.

A re-scoring is visible to callers who may score again in all of its counties.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, any_, bindparam, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.ground.problems import FieldError, UnknownReference
from services.chassis.trust.access import own_counties
from services.chassis.trust.callers import Caller
from services.chassis.web.listing import ItemPage, Listed, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.screening.instruments.queries import INSTRUMENTS, VERSIONS
from services.screening.norm_sets.queries import NORM_SETS
from services.screening.norm_sets.rules import NormSetState
from services.screening.permissions import Permission
from services.screening.problems import RescoringNotFound
from services.screening.rescorings.models import Rescoring, RescoringDecision
from services.screening.rescorings.rules import ScoredScreening
from services.screening.rescorings.schemas import (
    RescoringDecisionList,
    RescoringDecisionRead,
    RescoringList,
    RescoringRead,
)
from services.screening.screenings.queries import SCREENINGS
from services.screening.screenings.rules.states import State

_RESCORINGS: FromClause = rows_of(Rescoring)
_DECISIONS: FromClause = rows_of(RescoringDecision)
_LISTING = Listing(
    {name: _RESCORINGS.c[name] for name in RescoringRead.model_fields},
    {"created_at": _RESCORINGS.c.created_at},
    "-created_at",
    _RESCORINGS.c.id,
)
STORED = stored_columns(_LISTING.wire, _RESCORINGS.c.id, _RESCORINGS.c.version)
_DECISION_LISTING = Listing(
    {name: _DECISIONS.c[name] for name in RescoringDecisionRead.model_fields},
    {"screening_id": _DECISIONS.c.screening_id},
    "screening_id",
    _DECISIONS.c.screening_id,
)


def _is_visible_to(caller: Caller) -> ColumnElement[bool]:
    own_codes = own_counties(caller, Permission.RESCORE)
    if own_codes is None:
        return true()
    # All its counties and not only one: its numbers are counted over all of them.
    is_within_own: ColumnElement[bool] = _RESCORINGS.c.counties.contained_by(
        _texts(own_codes)
    )
    return is_within_own


def _texts(values: Sequence[str]) -> ColumnElement[Any]:
    return bindparam(None, [*values], ARRAY(Text), unique=True)


def _is_rescoring(caller: Caller, rescoring_id: UUID) -> ColumnElement[bool]:
    is_this: ColumnElement[bool] = _RESCORINGS.c.id == rescoring_id
    return is_this & _is_visible_to(caller)


async def list_rescorings(
    reading: Reading, terms: ListTerms, query: RescoringList
) -> ItemPage:
    """A page of re-scorings."""
    rescorings: Rows = select(_RESCORINGS).where(_is_visible_to(reading.caller))
    if query.state:
        rescorings = rescorings.where(_RESCORINGS.c.state.in_(query.state))
    if query.campaign_id:
        rescorings = rescorings.where(_RESCORINGS.c.campaign_id == query.campaign_id)
    return await page_of(reading, terms, query, Listed(_LISTING, rescorings))


async def get_rescoring(reading: Reading, rescoring_id: UUID) -> Stored:
    """One re-scoring."""
    is_rescoring = _is_rescoring(reading.caller, rescoring_id)
    return await reading.stored(select(*STORED).where(is_rescoring), RescoringNotFound)


async def lock_rescoring(change: Change, rescoring_id: UUID) -> Rescoring:
    """A re-scoring, locked until the transaction ends."""
    statement = select(_RESCORINGS).where(_is_rescoring(change.caller, rescoring_id))
    return await change.instance(
        Rescoring, statement.with_for_update(), RescoringNotFound
    )


async def list_rescoring_decisions(
    reading: Reading, rescoring_id: UUID, query: RescoringDecisionList
) -> Listed:
    """The new results of a re-scoring's screenings."""
    is_rescoring = _is_rescoring(reading.caller, rescoring_id)
    await reading.one(select(_RESCORINGS.c.id).where(is_rescoring), RescoringNotFound)
    decisions: Rows = select(_DECISIONS)
    decisions = decisions.where(_DECISIONS.c.rescoring_id == rescoring_id)
    if query.is_changing is not None:
        decisions = decisions.where(_DECISIONS.c.is_changing == query.is_changing)
    return Listed(_DECISION_LISTING, decisions)


async def require_norm_set(
    reading: Reading, code: str, number: int, norm_set_id: UUID
) -> None:
    """UnknownReference unless the norm set belongs to this version and is not a draft."""
    joined = NORM_SETS.join(
        VERSIONS, NORM_SETS.c.instrument_version_id == VERSIONS.c.id
    ).join(INSTRUMENTS, VERSIONS.c.instrument_id == INSTRUMENTS.c.id)
    is_norm_set = (
        (INSTRUMENTS.c.code == code)
        & (VERSIONS.c.number == number)
        & (NORM_SETS.c.id == norm_set_id)
    )
    statement = select(NORM_SETS.c.state).select_from(joined).where(is_norm_set)
    state = await reading.scalar(statement)
    if state is None or state == NormSetState.DRAFT:
        raise UnknownReference(FieldError("pointer", "/norm_set_id", "not_found"))


async def list_population(
    reading: Reading, rescoring: Rescoring, last_id: UUID | None, most: int
) -> list[ScoredScreening]:
    """The next screenings to be scored again after `last_id`, ordered by id, at most `most`."""
    columns = SCREENINGS.c
    statement = (
        select(*[columns[name] for name in ScoredScreening._fields])
        .where(
            columns.instrument_code == rescoring.instrument_code,
            columns.instrument_version == rescoring.instrument_version,
            columns.state.in_([State.SCORED, State.CONFIRMED]),
            columns.county_terc == any_(_texts(rescoring.counties)),
        )
        .order_by(columns.id)
        .limit(most)
    )
    if rescoring.campaign_id is not None:
        statement = statement.where(columns.campaign_id == rescoring.campaign_id)
    if last_id is not None:
        # By id and not by offset: then no row is skipped or read twice
        # when others change.
        statement = statement.where(columns.id > last_id)
    return [ScoredScreening(*row) for row in await reading.rows(statement)]
