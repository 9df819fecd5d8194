"""Every query of check-ins."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, func, literal, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.trust.callers import Caller
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.training.authorities.models import Authority
from services.training.authorities.queries import AUTHORITIES, work_within
from services.training.authorities.rules import Window, WorkState
from services.training.check_ins.models import CheckIn
from services.training.check_ins.rules import NUMBERS, CheckInKind, is_late, period_of
from services.training.check_ins.schemas import (
    CheckInEntry,
    CheckInList,
    CheckInRead,
    CheckInSchedule,
    PlannedCheckIn,
)
from services.training.permissions import Permission
from services.training.problems import CheckInNotFound

CHECK_INS = rows_of(CheckIn)
_READ = Permission.READ_AUTHORITY_WORK
_JOINED = CHECK_INS.join(AUTHORITIES, AUTHORITIES.c.id == CHECK_INS.c.authority_id)
_FILTERS = ("authority_id", "county_terc", "kind", "state")


def _is_late(today: date) -> ColumnElement[bool]:
    """`rules.is_late` as SQL, so that the database can filter by it."""
    day = func.coalesce(CHECK_INS.c.first_submitted_on, literal(today, Date))
    late: ColumnElement[bool] = day > CHECK_INS.c.due_on
    return late


def _wire(model: type[CheckInEntry], today: date) -> dict[str, ColumnElement[Any]]:
    computed = {"is_late": _is_late(today), "authority_name": AUTHORITIES.c.name}
    return {
        name: computed[name] if name in computed else CHECK_INS.c[name]
        for name in model.model_fields
    }


def list_check_ins(caller: Caller, query: CheckInList, today: date) -> Listed:
    """The check-ins that a list or a file shows, within the caller's reach."""
    rows: Rows = select(CHECK_INS).select_from(_JOINED)
    rows = rows.where(work_within(caller, _READ, CHECK_INS))
    for name in _FILTERS:
        if (value := getattr(query, name)) is not None:
            values = value if isinstance(value, list) else [value]
            rows = rows.where(CHECK_INS.c[name].in_(values))
    if query.is_late is not None:
        late = _is_late(today)
        rows = rows.where(late if query.is_late else ~late)
    order = {name: CHECK_INS.c[name] for name in ("due_on", "starts_on", "changed_at")}
    wire = _wire(CheckInEntry, today)
    return Listed(Listing(wire, order, "due_on", CHECK_INS.c.id), rows)


async def get_check_in(
    reading: Reading, authority_id: UUID, check_in_id: UUID, today: date
) -> Stored:
    """The answer of one check-in of an authority."""
    wire = _wire(CheckInRead, today)
    columns = stored_columns(wire, CHECK_INS.c.id, CHECK_INS.c.version)
    statement = select(*columns).select_from(_JOINED)
    is_this = _is_of(authority_id, check_in_id)
    # By the county and the authority's id in the check-in itself.
    reach = work_within(reading.caller, _READ, CHECK_INS)
    return await reading.stored(statement.where(is_this, reach), CheckInNotFound)


def _is_of(authority_id: UUID, check_in_id: UUID) -> ColumnElement[bool]:
    is_this: ColumnElement[bool] = CHECK_INS.c.id == check_in_id
    return is_this & (CHECK_INS.c.authority_id == authority_id)


async def lock_check_in(
    change: Change, authority_id: UUID, check_in_id: UUID, permission: Permission
) -> CheckIn:
    """One check-in of an authority, locked until the transaction ends."""
    reach = work_within(change.caller, permission, CHECK_INS)
    statement = select(CHECK_INS).where(_is_of(authority_id, check_in_id), reach)
    return await change.instance(CheckIn, statement.with_for_update(), CheckInNotFound)


def window_of(authority: Authority, kind: CheckInKind) -> Window | None:
    """The window of a kind of check-in; None before it is set."""
    # Two windows (domain.md N15, N16): the authority's own twelve months, and two years
    # after the project.
    name = "monitoring" if kind is CheckInKind.MONTHLY else "post_project"
    starts_on, ends_on = (
        getattr(authority, f"{name}_{end}_on") for end in ("starts", "ends")
    )
    return None if starts_on is None else Window(starts_on, ends_on)


async def list_accepted(
    reading: Reading, authority_id: UUID, kind: CheckInKind
) -> Sequence[int]:
    """The numbers of an authority's accepted check-ins of a kind."""
    statement = select(CHECK_INS.c.number).where(
        CHECK_INS.c.authority_id == authority_id,
        CHECK_INS.c.kind == kind,
        CHECK_INS.c.state == WorkState.ACCEPTED,
    )
    return await reading.scalars(statement)


async def get_schedule(
    reading: Reading, authority: Authority, today: date
) -> CheckInSchedule:
    """All check-ins of an authority that is within reach, begun or not."""
    columns = CHECK_INS.c
    statement = select(
        columns.kind, columns.number, columns.state, columns.first_submitted_on
    ).where(columns.authority_id == authority.id)
    facts_by_period = {
        (kind, number): (state, submitted_on)
        for kind, number, state, submitted_on in await reading.rows(statement)
    }
    # Check-ins that are not begun are listed, too, as reminders.
    items = []
    for kind, numbers in NUMBERS.items():
        window = window_of(authority, kind)
        if window is None:
            continue
        for number in numbers:
            period = period_of(kind, number, window)
            state, submitted_on = facts_by_period.get((kind, number), (None, None))
            late = is_late(period.due_on, submitted_on, today)
            items.append(
                PlannedCheckIn(
                    kind=kind,
                    number=number,
                    **period._asdict(),
                    state=state,
                    is_late=late,
                )
            )
    return CheckInSchedule(items=items)
