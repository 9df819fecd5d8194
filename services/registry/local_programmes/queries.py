"""Every question asked of the local programmes."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Text,
    and_,
    bindparam,
    cast,
    func,
    select,
)
from sqlalchemy import literal_column as literal

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.chassis.web.polish import in_polish_order
from services.registry.institutions.models import Institution
from services.registry.local_programmes.models import LocalProgramme
from services.registry.local_programmes.schemas import (
    LocalProgrammeList,
    LocalProgrammeRead,
)
from services.registry.problems import LocalProgrammeNotFound

PROGRAMMES: FromClause = rows_of(LocalProgramme)
_HOSTS: FromClause = rows_of(Institution)
_JOINED = PROGRAMMES.join(_HOSTS, _HOSTS.c.id == PROGRAMMES.c.institution_id)
_COMPUTED: Mapping[str, ColumnElement[Any]] = {
    # Not stored with the programme: the name of an institution may change.
    "institution_name": _HOSTS.c.name,
    # As text: JSON has no exact decimals.
    "amount": cast(PROGRAMMES.c.amount, Text),
    "currency": literal("'PLN'"),
}
_WIRE: dict[str, ColumnElement[Any]] = {
    name: _COMPUTED[name] if name in _COMPUTED else PROGRAMMES.c[name]
    for name in LocalProgrammeRead.model_fields
}
_SORTABLE = {
    name: PROGRAMMES.c[name] for name in ("name", "starts_on", "changed_at")
} | {"name": in_polish_order(PROGRAMMES.c.name)}
_LISTING = Listing(_WIRE, _SORTABLE, "name", PROGRAMMES.c.id)


def runs_on(day: date) -> ColumnElement[bool]:
    """The programmes that run on a day; the last day counts."""
    # NULL: the programme has no last day.
    has_not_ended = func.coalesce(PROGRAMMES.c.ends_on >= day, True)
    return and_(PROGRAMMES.c.starts_on <= day, has_not_ended)


def list_local_programmes(query: LocalProgrammeList) -> Listed:
    """The programmes that a list or a file shows."""
    programmes: Rows = select(PROGRAMMES).select_from(_JOINED)
    for name in ("county_terc", "sector"):
        if values := getattr(query, name):
            programmes = programmes.where(PROGRAMMES.c[name].in_(values))
    if query.institution_id:
        of_institution = PROGRAMMES.c.institution_id == query.institution_id
        programmes = programmes.where(of_institution)
    # Any of the groups: a family looks for a programme for one of its members.
    if query.target_group:
        groups = PROGRAMMES.c.target_groups
        programmes = programmes.where(groups.overlap(list(query.target_group)))
    if query.as_of:
        programmes = programmes.where(runs_on(query.as_of))
    return Listed(_LISTING, programmes)


_ONE: Rows = (
    select(*stored_columns(_WIRE, PROGRAMMES.c.id, PROGRAMMES.c.version))
    .select_from(_JOINED)
    .where(PROGRAMMES.c.id == bindparam("key"))
)


async def get_local_programme(reading: Reading, programme_id: UUID) -> Stored:
    """One programme."""
    return await reading.stored(_ONE, LocalProgrammeNotFound, {"key": programme_id})


async def lock_local_programme(change: Change, programme_id: UUID) -> LocalProgramme:
    """The record of a programme, locked until the transaction ends."""
    statement = select(PROGRAMMES).where(PROGRAMMES.c.id == programme_id)
    locked = statement.with_for_update()
    return await change.instance(LocalProgramme, locked, LocalProgrammeNotFound)
