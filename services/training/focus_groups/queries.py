"""Every query of focus groups."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, or_, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.training.focus_groups.models import FocusGroup
from services.training.focus_groups.rules import FocusGroupState
from services.training.focus_groups.schemas import FocusGroupList, FocusGroupRead
from services.training.permissions import Permission
from services.training.problems import FocusGroupNotFound
from services.training.programmes.models import Programme

FOCUS_GROUPS = rows_of(FocusGroup)
_PROGRAMMES = rows_of(Programme)
_FILTERS = ("programme_id", "county_terc", "stage", "state")


def _own(caller: Caller) -> ColumnElement[bool]:
    county = FOCUS_GROUPS.c.county_terc
    return within(caller, Permission.EDIT_FOCUS_GROUPS, county=county)


def _wire(caller: Caller) -> dict[str, ColumnElement[Any]]:
    """The columns of an answer.

    Numbers of people are null unless the caller may edit the group, or it is reported
    and the numbers may be public.
    """
    columns = FOCUS_GROUPS.c
    # Before the report numbers may be corrected: comparing two could reveal people.
    is_reported = columns.state == FocusGroupState.REPORTED
    is_shown = or_(_own(caller), and_(columns.is_told, is_reported))
    participants = case((is_shown, columns.participants))
    wire = {name: columns[name] for name in FocusGroupRead.model_fields}
    return wire | {"participants": participants}


def list_focus_groups(query: FocusGroupList, caller: Caller) -> Listed:
    """The focus groups that a list or a file shows."""
    rows: Rows = select(FOCUS_GROUPS)
    for name in _FILTERS:
        if (value := getattr(query, name)) is not None:
            values = value if isinstance(value, list) else [value]
            rows = rows.where(FOCUS_GROUPS.c[name].in_(values))
    order = {name: FOCUS_GROUPS.c[name] for name in ("planned_on", "changed_at")}
    return Listed(Listing(_wire(caller), order, "-planned_on", FOCUS_GROUPS.c.id), rows)


def stored_for(caller: Caller) -> tuple[ColumnElement[Any], ...]:
    """The columns that a statement selects or returns for a caller."""
    return stored_columns(_wire(caller), FOCUS_GROUPS.c.id, FOCUS_GROUPS.c.version)


async def get_focus_group(reading: Reading, focus_group_id: UUID) -> Stored:
    """One focus group."""
    statement = select(*stored_for(reading.caller))
    return await reading.stored(
        statement.where(FOCUS_GROUPS.c.id == focus_group_id), FocusGroupNotFound
    )


async def lock_focus_group(change: Change, focus_group_id: UUID) -> FocusGroup:
    """A focus group, locked, without a check of reach."""
    statement = select(FOCUS_GROUPS).where(FOCUS_GROUPS.c.id == focus_group_id)
    return await change.instance(
        FocusGroup, statement.with_for_update(), FocusGroupNotFound
    )


async def first_stage_is_reported(
    reading: Reading, programme_id: UUID, county: str
) -> bool:
    """Whether the first stage has taken place in a county and is reported."""
    statement = select(FOCUS_GROUPS.c.id).where(
        FOCUS_GROUPS.c.county_terc == county,
        FOCUS_GROUPS.c.programme_id == programme_id,
        FOCUS_GROUPS.c.stage == 1,
        FOCUS_GROUPS.c.state == FocusGroupState.REPORTED,
    )
    return await reading.find(statement.limit(1)) is not None


async def programme_exists(reading: Reading, programme_id: UUID) -> bool:
    """Whether there is such a programme."""
    statement = select(_PROGRAMMES.c.id).where(_PROGRAMMES.c.id == programme_id)
    return await reading.find(statement) is not None
