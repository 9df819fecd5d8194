"""Every question asked of re-scorings. They are seen by whoever may score again in all of their counties."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, any_, bindparam, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from services.chassis.access import own_counties
from services.chassis.answers import Answer, AnswerTerms, etag, tagged
from services.chassis.callers import Caller
from services.chassis.pages import Listing
from services.chassis.paging import page
from services.chassis.problems import FieldError, UnknownReference
from services.chassis.tables import rows_of
from services.chassis.wire import json_object
from services.chassis.work import Reading, Record, Rows
from services.screening.instruments.queries import INSTRUMENTS, VERSIONS
from services.screening.norm_sets.queries import NORM_SETS
from services.screening.norm_sets.rules import NormSetState
from services.screening.permissions import Permission
from services.screening.problems import RescoringNotFound
from services.screening.rescorings.models import Rescoring, RescoringDecision
from services.screening.rescorings.schemas import (
    RescoringDecisionList,
    RescoringDecisionRead,
    RescoringList,
    RescoringRead,
)
from services.screening.screenings.queries import SCREENINGS
from services.screening.screenings.rules.states import State

RESCORINGS: FromClause = rows_of(Rescoring)
DECISIONS: FromClause = rows_of(RescoringDecision)
WIRE: dict[str, ColumnElement[Any]] = {
    name: RESCORINGS.c[name] for name in RescoringRead.model_fields
}
_LISTING = Listing(
    WIRE, {"created_at": RESCORINGS.c.created_at}, "-created_at", RESCORINGS.c.id
)
_DECISION_WIRE = {
    name: DECISIONS.c[name] for name in RescoringDecisionRead.model_fields
}
_DECISION_LISTING = Listing(
    _DECISION_WIRE,
    {"screening_id": DECISIONS.c.screening_id},
    "screening_id",
    DECISIONS.c.screening_id,
)
_POPULATION = (
    "id",
    "answers",
    "age_months",
    "sex",
    "informant",
    "form_code",
    "result",
    "norm_set_id",
    "county_terc",
)


def _seen_by(caller: Caller) -> ColumnElement[bool]:
    own = own_counties(caller, Permission.RESCORE)
    if own is None:
        return true()
    theirs: ColumnElement[bool] = RESCORINGS.c.counties.contained_by(_texts(own))
    return theirs


def _texts(values: Sequence[str]) -> Any:
    return bindparam(None, [*values], ARRAY(Text), unique=True)


async def _one(
    reading: Reading, caller: Caller, statement: Rows, rescoring_id: UUID
) -> Record:
    of_this = statement.where(RESCORINGS.c.id == rescoring_id, _seen_by(caller))
    found = await reading.find(of_this)
    if found is None:
        raise RescoringNotFound()
    return found


async def list_rescorings(
    reading: Reading, terms: AnswerTerms, caller: Caller, query: RescoringList
) -> Answer:
    """A page of re-scorings."""
    found = select(RESCORINGS).where(_seen_by(caller))
    if query.state:
        found = found.where(RESCORINGS.c.state.in_(query.state))
    if query.campaign_id:
        found = found.where(RESCORINGS.c.campaign_id == query.campaign_id)
    return await page(reading, terms, query, _LISTING, found)


async def get_rescoring(
    reading: Reading, terms: AnswerTerms | None, caller: Caller, rescoring_id: UUID
) -> Answer:
    """One re-scoring."""
    statement = select(json_object(WIRE).label("body"), RESCORINGS.c.version)
    row = await _one(reading, caller, statement, rescoring_id)
    return tagged(row.body, etag(rescoring_id, row.version), terms)


async def lock_rescoring(
    reading: Reading, caller: Caller, rescoring_id: UUID
) -> Record:
    """The record of a re-scoring, held until the transaction ends."""
    return await _one(
        reading, caller, select(RESCORINGS).with_for_update(), rescoring_id
    )


async def list_rescoring_decisions(
    reading: Reading, caller: Caller, rescoring_id: UUID, query: RescoringDecisionList
) -> tuple[Listing, Rows]:
    """What every screening would come to."""
    await _one(reading, caller, select(RESCORINGS.c.id), rescoring_id)
    found = select(DECISIONS).where(DECISIONS.c.rescoring_id == rescoring_id)
    if query.is_changing is not None:
        found = found.where(DECISIONS.c.is_changing == query.is_changing)
    return _DECISION_LISTING, found


async def require_norm_set(
    reading: Reading, code: str, number: int, norm_set_id: UUID
) -> None:
    """UnknownReference unless the norms are of this instrument version and will not change any more."""
    joined = NORM_SETS.join(
        VERSIONS, NORM_SETS.c.instrument_version_id == VERSIONS.c.id
    ).join(INSTRUMENTS, VERSIONS.c.instrument_id == INSTRUMENTS.c.id)
    of_this = (
        (INSTRUMENTS.c.code == code)
        & (VERSIONS.c.number == number)
        & (NORM_SETS.c.id == norm_set_id)
    )
    statement = select(NORM_SETS.c.state).select_from(joined).where(of_this)
    state = await reading.scalar(statement)
    if state is None or state == NormSetState.DRAFT:
        raise UnknownReference(FieldError("pointer", "/norm_set_id", "not_found"))


async def list_population(
    reading: Reading, rescoring: Record, after: UUID | None, most: int
) -> Sequence[Record]:
    """The next screenings to be scored again, in the order of their ids."""
    statement = (
        select(*[SCREENINGS.c[name] for name in _POPULATION], SCREENINGS.c.state)
        .where(
            SCREENINGS.c.instrument_code == rescoring.instrument_code,
            SCREENINGS.c.instrument_version == rescoring.instrument_version,
            SCREENINGS.c.state.in_([State.SCORED, State.CONFIRMED]),
            SCREENINGS.c.county_terc == any_(_texts(rescoring.counties)),
        )
        .order_by(SCREENINGS.c.id)
        .limit(most)
    )
    if rescoring.campaign_id is not None:
        statement = statement.where(SCREENINGS.c.campaign_id == rescoring.campaign_id)
    if after is not None:
        statement = statement.where(SCREENINGS.c.id > after)
    return await reading.rows(statement)
