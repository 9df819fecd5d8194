"""Every question asked of the agreements."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, literal, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.chassis.web.polish import in_polish_order
from services.registry.agreement_signatories.models import (
    IS_PARTY,
    AgreementSignatory,
)
from services.registry.agreement_versions.models import AgreementVersion
from services.registry.agreements.models import Agreement
from services.registry.agreements.rules import AgreementKind, AgreementState
from services.registry.agreements.schemas import AgreementList, AgreementRead
from services.registry.problems import AgreementNotFound

AGREEMENTS = rows_of(Agreement)
_SIGNATORIES = rows_of(AgreementSignatory)
_TEXTS = rows_of(AgreementVersion)

# Texts are numbered from 1 without a gap, and none is ever deleted.
_NEWEST_NUMBER = func.coalesce(func.max(_TEXTS.c.number), 0)
_COUNTED: dict[str, ColumnElement[int]] = {
    "text_number": select(_NEWEST_NUMBER)
    .where(_TEXTS.c.agreement_id == AGREEMENTS.c.id)
    .scalar_subquery(),
    "signatories": select(func.count())
    .where(_SIGNATORIES.c.agreement_id == AGREEMENTS.c.id, IS_PARTY)
    .scalar_subquery(),
}


def _state(today: date) -> ColumnElement[str]:
    """The state that is shown: a signed agreement whose last day is over has expired."""
    # Computed in the query: a stored state would need a job at midnight, and would be
    # wrong until the job has run.
    is_signed = AGREEMENTS.c.state == AgreementState.SIGNED
    is_over = and_(is_signed, AGREEMENTS.c.valid_to < today)
    expired = literal(AgreementState.EXPIRED.value)
    return case((is_over, expired), else_=AGREEMENTS.c.state)


def _wire(today: date) -> dict[str, ColumnElement[Any]]:
    """An agreement as it is shown on that day."""
    computed: dict[str, ColumnElement[Any]] = {"state": _state(today), **_COUNTED}
    return {
        name: computed[name] if name in computed else AGREEMENTS.c[name]
        for name in AgreementRead.model_fields
    }


def holds_on(day: date) -> ColumnElement[bool]:
    """The agreements that bind their parties on a day: `rules.holds_on` for many at once."""
    columns = AGREEMENTS.c
    return and_(
        columns.state != AgreementState.DRAFT,
        columns.signed_on <= day,
        columns.valid_from <= day,
        # NULL is no end. The comparison alone would be NULL, and the row left out.
        func.coalesce(columns.valid_to >= day, True),
        func.coalesce(columns.terminated_on > day, True),
    )


def list_agreements(query: AgreementList, today: date) -> Listed:
    """The agreements that a list or a file shows."""
    agreements: Rows = select(AGREEMENTS)
    filters = {
        "kind": query.kind,
        "county_terc": query.county_terc,
        "commune_terc": query.commune_terc,
    }
    for name, values in filters.items():
        if values:
            agreements = agreements.where(AGREEMENTS.c[name].in_(values))
    if query.state:
        states = [state.value for state in query.state]
        agreements = agreements.where(_state(today).in_(states))
    if query.as_of:
        agreements = agreements.where(holds_on(query.as_of))
    names = ("kind", "county_terc", "changed_at")
    sortable = {name: AGREEMENTS.c[name] for name in names} | {
        "title": in_polish_order(AGREEMENTS.c.title)
    }
    listing = Listing(_wire(today), sortable, "title", AGREEMENTS.c.id)
    return Listed(listing, agreements)


class ShownAgreement(NamedTuple):
    """An agreement as it is shown on a day, and whether it has expired by then."""

    agreement: Stored
    is_expired: bool


async def get_agreement(
    reading: Reading, agreement_id: UUID, today: date
) -> ShownAgreement:
    """One agreement."""
    wire = _wire(today)
    columns = stored_columns(wire, AGREEMENTS.c.id, AGREEMENTS.c.version)
    statement = select(*columns, wire["state"]).where(AGREEMENTS.c.id == agreement_id)
    # The state as a column of its own, since the JSON is not parsed here: it decides
    # whether 304 is right.
    *stored, state = await reading.one(statement, AgreementNotFound)
    return ShownAgreement(Stored(*stored), state == AgreementState.EXPIRED)


async def require_agreement(reading: Reading, agreement_id: UUID) -> None:
    """AgreementNotFound unless there is such an agreement."""
    statement = select(AGREEMENTS.c.id).where(AGREEMENTS.c.id == agreement_id)
    await reading.one(statement, AgreementNotFound)


async def find_agreement(change: Change, agreement_id: UUID) -> Agreement | None:
    """The agreement that a row is to refer to, under a shared lock; None if
    there is none.
    """
    statement = select(AGREEMENTS).where(AGREEMENTS.c.id == agreement_id)
    # Shared: several sites may refer to it at once, and only a change of it has to wait.
    row = await change.find(statement.with_for_update(read=True))
    return None if row is None else Agreement(**row._mapping)


async def list_concluded(
    reading: Reading, kind: AgreementKind, county: str, commune: str | None, day: date
) -> list[str]:
    """The addresses of a county's agreements of one kind that were signed and not over
    on a day, the latest first.

    An agreement of a commune counts for that commune alone.
    """
    columns = AGREEMENTS.c
    # A signed agreement counts even where it begins to bind later, but not
    # once it has ended.
    is_concluded = and_(
        columns.signed_on <= day,
        func.coalesce(columns.valid_to >= day, True),
        func.coalesce(columns.terminated_on > day, True),
    )
    place = and_(
        columns.county_terc == county,
        func.coalesce(columns.commune_terc == commune, columns.commune_terc.is_(None)),
    )
    statement = select(columns.id).where(columns.kind == kind, is_concluded, place)
    latest_first = statement.order_by(columns.signed_on.desc(), columns.id.desc())
    return [f"agreements/{key}" for key in await reading.scalars(latest_first)]


async def lock_agreement(change: Change, agreement_id: UUID) -> Agreement:
    """An agreement, locked until the transaction ends."""
    statement = select(AGREEMENTS).where(AGREEMENTS.c.id == agreement_id)
    locking = statement.with_for_update()
    return await change.instance(Agreement, locking, AgreementNotFound)


async def count_texts(reading: Reading, agreement_id: UUID) -> int:
    """How many texts an agreement has."""
    of_agreement = _TEXTS.c.agreement_id == agreement_id
    number: int = await reading.scalar(select(_NEWEST_NUMBER).where(of_agreement))
    return number


async def list_party_roles(reading: Reading, agreement_id: UUID) -> Sequence[str]:
    """The roles of the parties that have not withdrawn, one for each."""
    of_agreement = _SIGNATORIES.c.agreement_id == agreement_id
    statement = select(_SIGNATORIES.c.role).where(of_agreement, IS_PARTY)
    return await reading.scalars(statement)
