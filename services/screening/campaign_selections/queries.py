"""Every SELECT on selections, and on the children who can be selected."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    select,
)

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.screening.campaign_counts.queries import SUBJECTS
from services.screening.campaign_counts.rules import OUTCOMES
from services.screening.campaign_selections.models import CampaignSelection
from services.screening.campaign_selections.rules import Child
from services.screening.campaign_selections.schemas import SelectionList, SelectionRead
from services.screening.campaigns.queries import require_campaign
from services.screening.instruments.rules.outcomes import Outcome
from services.screening.permissions import Permission
from services.screening.problems import SelectionNotFound
from services.screening.protocols.rules.selection import Candidate

_SELECTIONS: FromClause = rows_of(CampaignSelection)
_LISTING = Listing(
    {name: _SELECTIONS.c[name] for name in SelectionRead.model_fields},
    {"created_at": _SELECTIONS.c.created_at},
    "-created_at",
    _SELECTIONS.c.id,
)
STORED = stored_columns(_LISTING.wire, _SELECTIONS.c.id, _SELECTIONS.c.version)
_OF_SUBJECT = and_(
    *[
        _SELECTIONS.c[name] == SUBJECTS.c[name]
        for name in ("campaign_id", "subject_ref", "county_terc")
    ]
)


def _in_reach(
    caller: Caller, permission: Permission, table: FromClause
) -> ColumnElement[bool]:
    return within(caller, permission, county=table.c.county_terc)


async def list_selections(
    reading: Reading, campaign_id: UUID, query: SelectionList
) -> Listed:
    """The selections in the caller's reach that a list or a file shows."""
    await require_campaign(reading, campaign_id)
    selections: Rows = select(_SELECTIONS).where(
        _SELECTIONS.c.campaign_id == campaign_id,
        _in_reach(reading.caller, Permission.READ_SELECTIONS, _SELECTIONS),
    )
    if query.county_terc:
        counties = _SELECTIONS.c.county_terc.in_(query.county_terc)
        selections = selections.where(counties)
    if query.subject_ref:
        subjects = _SELECTIONS.c.subject_ref.in_(query.subject_ref)
        selections = selections.where(subjects)
    return Listed(_LISTING, selections)


async def get_selection(
    reading: Reading, campaign_id: UUID, selection_id: UUID
) -> Stored:
    """One selection in the caller's reach."""
    statement = select(*STORED).where(
        _SELECTIONS.c.id == selection_id,
        _SELECTIONS.c.campaign_id == campaign_id,
        _in_reach(reading.caller, Permission.READ_SELECTIONS, _SELECTIONS),
    )
    return await reading.stored(statement, SelectionNotFound)


class LockedSelection(NamedTuple):
    """A selection to withdraw, and how far its child has come in stage two."""

    version: int
    withdrawn_at: datetime | None
    subject_ref: UUID
    county_terc: str
    stage_two: str


async def lock_selection(
    change: Change, campaign_id: UUID, selection_id: UUID
) -> LockedSelection:
    """A selection in the caller's reach.

    The selection and its child are locked until the transaction ends.
    """
    statement = (
        select(
            _SELECTIONS.c.version,
            _SELECTIONS.c.withdrawn_at,
            _SELECTIONS.c.subject_ref,
            _SELECTIONS.c.county_terc,
            SUBJECTS.c.stage_two,
        )
        .select_from(_SELECTIONS.join(SUBJECTS, _OF_SUBJECT))
        .where(
            _SELECTIONS.c.id == selection_id,
            _SELECTIONS.c.campaign_id == campaign_id,
            _in_reach(change.caller, Permission.SELECT_BY_HAND, _SELECTIONS),
        )
    )
    # The child is locked, too: its result of stage two may be counted meanwhile.
    row = await change.one(statement.with_for_update(), SelectionNotFound)
    return LockedSelection(*row)


async def lock_children(
    change: Change,
    campaign_id: UUID,
    *,
    counties: Collection[str] | None,
    subjects: Collection[UUID] | None,
) -> list[Child]:
    """Lock the children in the caller's reach who have completed stage one.

    `counties` and `subjects` limit the children; None sets no limit.
    """
    columns = [SUBJECTS.c[name] for name in _ChildRow._fields[:-1]]
    # Withdrawn selections count as well: a rule must not select a child again whom a
    # person has taken out.
    statement: Rows = select(*columns, exists().where(_OF_SUBJECT)).where(
        SUBJECTS.c.campaign_id == campaign_id,
        SUBJECTS.c.stage_one.in_(OUTCOMES),
        _in_reach(change.caller, Permission.SELECT_SUBJECTS, SUBJECTS),
    )
    if counties is not None:
        statement = statement.where(SUBJECTS.c.county_terc.in_(counties))
    if subjects is not None:
        # One array: with one parameter for each of up to 10,000 subjects every
        # statement would be planned anew.
        references = bindparam("subjects", [str(ref) for ref in subjects], ARRAY(Text))
        is_requested = cast(SUBJECTS.c.subject_ref, Text) == func.any(references)
        statement = statement.where(is_requested)
    # In a fixed order, so that two transactions that select the same
    # children never deadlock.
    ordered_statement = statement.order_by(
        SUBJECTS.c.subject_ref, SUBJECTS.c.county_terc
    )
    rows = await change.rows(ordered_statement.with_for_update(of=SUBJECTS))
    return [_child(_ChildRow(*row)) for row in rows]


class _ChildRow(NamedTuple):
    """A child's row, and whether it was ever selected."""

    subject_ref: UUID
    county_terc: str
    stage_one: str
    forms: Mapping[str, Mapping[str, Any] | None]
    is_selected: bool
    was_selected: bool


def _child(row: _ChildRow) -> Child:
    forms = [form for form in row.forms.values() if form and form["stage"] == "1"]
    candidate = Candidate(
        str(row.subject_ref),
        row.county_terc,
        Outcome(row.stage_one),
        outcomes={form["instrument"]: form["outcome"] for form in forms},
        bands={form["instrument"]: form["bands"] or {} for form in forms},
    )
    return Child(candidate, row.is_selected, row.was_selected)
