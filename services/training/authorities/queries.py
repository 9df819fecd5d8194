"""Every query of authorities, and the condition of reach for their work."""

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Table, case, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.ground.problems import StateConflict
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller
from services.chassis.web.filters import Filter, Filtered, narrowed
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.chassis.web.polish import in_polish_order
from services.training.authorities.models import Authority, AuthorityStep
from services.training.authorities.rules import AuthorityPreference, AuthorityState
from services.training.authorities.schemas import (
    AuthorityList,
    AuthorityRead,
    AuthorityStepRead,
)
from services.training.permissions import Permission
from services.training.problems import AuthorityNotFound
from services.training.programmes.models import Programme

AUTHORITIES = rows_of(Authority)
PROGRAMMES = rows_of(Programme)
_STEPS = rows_of(AuthorityStep)
JOINED = AUTHORITIES.join(PROGRAMMES, PROGRAMMES.c.id == AUTHORITIES.c.programme_id)
_COMPUTED: dict[str, ColumnElement[Any]] = {
    "programme_code": PROGRAMMES.c.code,
    # A word that clients can show; null without a preference.
    "preference": case(
        (AUTHORITIES.c.is_at_risk, AuthorityPreference.MARGINALISATION_RISK)
    ),
    "outlasts_task": AUTHORITIES.c.monitoring_ends_on > AUTHORITIES.c.task_ends_on,
}
_WIRE = {
    name: _COMPUTED[name] if name in _COMPUTED else AUTHORITIES.c[name]
    for name in AuthorityRead.model_fields
}
_SORTED = ("name", "recruited_on", "is_at_risk", "state", "county_terc", "changed_at")
_LISTING = Listing(
    _WIRE,
    {name: AUTHORITIES.c[name] for name in _SORTED}
    | {"name": in_polish_order(AUTHORITIES.c.name)},
    "name",
    AUTHORITIES.c.id,
)
_NARROWING = ("county_terc", "state", "terc", "kind", "is_at_risk")
_LIST = Filtered(
    _LISTING,
    JOINED,
    {
        "programme_code": Filter(PROGRAMMES.c.code),
        **{name: Filter(AUTHORITIES.c[name]) for name in _NARROWING},
    },
)


def work_within(
    caller: Caller,
    permission: Permission,
    table: Table,
    column: str = "authority_id",
) -> ColumnElement[bool]:
    """The condition for rows of authorities' work that the permission reaches.

    `column`: the table's column with the authority's id.
    """
    # Both relations are offered; the caller's grants decide which of them applies.
    objects = dict.fromkeys(("member", "adviser"), table.c[column])
    return within(caller, permission, county=table.c.county_terc, objects=objects)


def list_authorities(query: AuthorityList) -> Listed:
    """The authorities that a list or a file shows, to every signed-in caller."""
    return narrowed(_LIST, {name: getattr(query, name) for name in _LIST.filters})


async def get_authority(reading: Reading, authority_id: UUID) -> Stored:
    """One authority."""
    columns = stored_columns(_WIRE, AUTHORITIES.c.id, AUTHORITIES.c.version)
    statement = select(*columns).select_from(JOINED)
    return await reading.stored(
        statement.where(AUTHORITIES.c.id == authority_id), AuthorityNotFound
    )


async def lock_authority(change: Change, authority_id: UUID) -> Authority:
    """An authority, locked until the transaction ends: its steps come one by one."""
    statement = select(AUTHORITIES).where(AUTHORITIES.c.id == authority_id)
    # Without the key: rows that refer to the authority may be added meanwhile.
    locking = statement.with_for_update(key_share=True)
    return await change.instance(Authority, locking, AuthorityNotFound)


async def get_worked(
    reading: Reading, authority_id: UUID, permission: Permission
) -> Authority:
    """An authority whose work the permission reaches; otherwise AuthorityNotFound."""
    statement = _worked(reading, authority_id, permission)
    return await reading.instance(Authority, statement, AuthorityNotFound)


async def lock_worked(
    change: Change,
    authority_id: UUID,
    permission: Permission,
    *,
    even_withdrawn: bool = False,
) -> Authority:
    """The same, locked until the transaction ends.

    StateConflict where the authority has withdrawn, unless `even_withdrawn`.
    """
    # Locked, since changes of its work depend on its state and on each other.
    statement = _worked(change, authority_id, permission)
    locking = statement.with_for_update(key_share=True)
    authority = await change.instance(Authority, locking, AuthorityNotFound)
    if authority.state == AuthorityState.WITHDRAWN and not even_withdrawn:
        raise StateConflict(state=authority.state, allowed=[])
    return authority


def _worked(reading: Reading, authority_id: UUID, permission: Permission) -> Rows:
    reach = work_within(reading.caller, permission, AUTHORITIES, "id")
    return select(AUTHORITIES).where(AUTHORITIES.c.id == authority_id, reach)


class ProgrammeFacts(NamedTuple):
    """The facts of a programme that concern its authorities."""

    id: UUID
    enrolment_rule: str
    smallest_team: int | None
    largest_team: int | None
    starts_on: date
    ends_on: date


async def find_programme(
    reading: Reading, key: ColumnElement[bool]
) -> ProgrammeFacts | None:
    """The programme that meets the condition; None where there is none."""
    columns = [PROGRAMMES.c[name] for name in ProgrammeFacts._fields]
    row = await reading.find(select(*columns).where(key))
    return None if row is None else ProgrammeFacts(*row)


async def get_programme_of(reading: Reading, authority: Authority) -> ProgrammeFacts:
    """The programme that an authority is in."""
    columns = [PROGRAMMES.c[name] for name in ProgrammeFacts._fields]
    statement = select(*columns).where(PROGRAMMES.c.id == authority.programme_id)
    return ProgrammeFacts(*await reading.one(statement))


def list_steps(caller: Caller, authority_id: UUID) -> Listed:
    """The steps of an authority, the oldest first."""
    wire = {name: _STEPS.c[name] for name in AuthorityStepRead.model_fields}
    reach = work_within(caller, Permission.READ_AUTHORITY_WORK, _STEPS)
    # The reach again, by the step's own columns, as in all lists of work.
    rows: Rows = select(_STEPS).where(_STEPS.c.authority_id == authority_id, reach)
    # Ids are UUIDv7, which rise with time: the order is that of the steps.
    return Listed(Listing(wire, {"id": _STEPS.c.id}, "id", _STEPS.c.id), rows)
