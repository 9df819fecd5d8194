"""Every question asked of the agreements, their parties and their texts."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.ground.problems import FieldError, UnknownReference
from services.chassis.web.listing import ItemPage, Listed, ListQuery, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.registry.agreements.models import (
    Agreement,
    AgreementSignatory,
    AgreementVersion,
)
from services.registry.agreements.rules import AgreementState
from services.registry.agreements.schemas import (
    AgreementList,
    AgreementRead,
    AgreementVersionRead,
    SignatoryList,
    SignatoryRead,
)
from services.registry.institutions.models import Institution
from services.registry.problems import AgreementNotFound, SignatoryNotFound

AGREEMENTS = rows_of(Agreement)
_SIGNATORIES = rows_of(AgreementSignatory)
_TEXTS = rows_of(AgreementVersion)
_INSTITUTIONS = rows_of(Institution)

_SIGNATORY_WIRE = {name: _SIGNATORIES.c[name] for name in SignatoryRead.model_fields}
_SIGNATORY_LISTING = Listing(
    _SIGNATORY_WIRE,
    {name: _SIGNATORIES.c[name] for name in ("party_name", "changed_at")},
    "party_name",
    _SIGNATORIES.c.id,
)
STORED_SIGNATORY = stored_columns(
    _SIGNATORY_WIRE, _SIGNATORIES.c.id, _SIGNATORIES.c.version
)
TEXT_WIRE = {name: _TEXTS.c[name] for name in AgreementVersionRead.model_fields}
_TEXT_LISTING = Listing(
    TEXT_WIRE, {"number": _TEXTS.c.number}, "-number", _TEXTS.c.number
)
_NEWEST_NUMBER = (
    select(func.coalesce(func.max(_TEXTS.c.number), 0))
    .where(_TEXTS.c.agreement_id == AGREEMENTS.c.id)
    .scalar_subquery()
)
_PARTIES = (
    select(func.count())
    .where(
        _SIGNATORIES.c.agreement_id == AGREEMENTS.c.id,
        _SIGNATORIES.c.withdrawn_on.is_(None),
    )
    .scalar_subquery()
)


def _state(today: date) -> ColumnElement[str]:
    """The state that is shown: a signed agreement whose last day is over has expired."""
    is_signed = AGREEMENTS.c.state == AgreementState.SIGNED
    over = and_(is_signed, AGREEMENTS.c.valid_to < today)
    return case((over, literal(AgreementState.EXPIRED.value)), else_=AGREEMENTS.c.state)


def _wire(today: date) -> dict[str, ColumnElement[Any]]:
    computed: dict[str, ColumnElement[Any]] = {
        "state": _state(today),
        "text_number": _NEWEST_NUMBER,
        "signatories": _PARTIES,
    }
    return {
        name: computed[name] if name in computed else AGREEMENTS.c[name]
        for name in AgreementRead.model_fields
    }


def holds_on(day: date) -> ColumnElement[bool]:
    """The agreements that bind their parties on a day."""
    columns = AGREEMENTS.c
    return and_(
        columns.state != AgreementState.DRAFT,
        columns.signed_on <= day,
        columns.valid_from <= day,
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
    names = ("title", "kind", "county_terc", "changed_at")
    sortable = {name: AGREEMENTS.c[name] for name in names}
    listing = Listing(_wire(today), sortable, "title", AGREEMENTS.c.id)
    return Listed(listing, agreements)


class ShownAgreement(NamedTuple):
    """An agreement as it is shown on a day, and whether the calendar has ended it."""

    agreement: Stored
    is_expired: bool


async def get_agreement(
    reading: Reading, agreement_id: UUID, today: date
) -> ShownAgreement:
    """One agreement."""
    wire = _wire(today)
    columns = stored_columns(wire, AGREEMENTS.c.id, AGREEMENTS.c.version)
    statement = select(*columns, wire["state"]).where(AGREEMENTS.c.id == agreement_id)
    *stored, state = await reading.one(statement, AgreementNotFound)
    return ShownAgreement(Stored(*stored), state == AgreementState.EXPIRED)


async def find_agreement(reading: Reading, agreement_id: UUID) -> Agreement | None:
    """An agreement, for who refers to it; it may not be changed until the transaction ends."""
    statement = select(AGREEMENTS).where(AGREEMENTS.c.id == agreement_id)
    row = await reading.find(statement.with_for_update(read=True))
    return None if row is None else Agreement(**row._mapping)


async def lock_agreement(change: Change, agreement_id: UUID) -> Agreement:
    """An agreement, held until the transaction ends."""
    statement = select(AGREEMENTS).where(AGREEMENTS.c.id == agreement_id)
    return await change.instance(
        Agreement, statement.with_for_update(), AgreementNotFound
    )


async def _require_agreement(reading: Reading, agreement_id: UUID) -> None:
    statement = select(AGREEMENTS.c.id).where(AGREEMENTS.c.id == agreement_id)
    await reading.one(statement, AgreementNotFound)


async def list_signatories(
    reading: Reading, terms: ListTerms, agreement_id: UUID, query: SignatoryList
) -> ItemPage:
    """A page of an agreement's parties: all that ever were, or those of a day."""
    await _require_agreement(reading, agreement_id)
    parties = select(_SIGNATORIES).where(_SIGNATORIES.c.agreement_id == agreement_id)
    if query.as_of:
        withdrawn_on = _SIGNATORIES.c.withdrawn_on
        still = or_(withdrawn_on.is_(None), withdrawn_on > query.as_of)
        parties = parties.where(_SIGNATORIES.c.signed_on <= query.as_of, still)
    return await page_of(reading, terms, query, Listed(_SIGNATORY_LISTING, parties))


async def lock_signatory(
    change: Change, agreement_id: UUID, signatory_id: UUID
) -> AgreementSignatory:
    """One party of an agreement, held until the transaction ends."""
    statement = select(_SIGNATORIES).where(
        _SIGNATORIES.c.id == signatory_id,
        _SIGNATORIES.c.agreement_id == agreement_id,
    )
    return await change.instance(
        AgreementSignatory, statement.with_for_update(), SignatoryNotFound
    )


async def list_party_roles(reading: Reading, agreement_id: UUID) -> Sequence[str]:
    """The roles of the parties that have not withdrawn, one for each."""
    statement = select(_SIGNATORIES.c.role).where(
        _SIGNATORIES.c.agreement_id == agreement_id,
        _SIGNATORIES.c.withdrawn_on.is_(None),
    )
    return await reading.scalars(statement)


class Text(NamedTuple):
    """The number of an agreement's text, and the first day on which it holds."""

    number: int
    valid_from: date


async def find_newest_text(reading: Reading, agreement_id: UUID) -> Text | None:
    """An agreement's newest text."""
    statement = select(_TEXTS.c.number, _TEXTS.c.valid_from)
    statement = statement.where(_TEXTS.c.agreement_id == agreement_id)
    row = await reading.find(statement.order_by(_TEXTS.c.number.desc()).limit(1))
    return None if row is None else Text(*row)


async def list_texts(
    reading: Reading, terms: ListTerms, agreement_id: UUID, query: ListQuery
) -> ItemPage:
    """A page of an agreement's texts, the newest first."""
    await _require_agreement(reading, agreement_id)
    texts = select(_TEXTS).where(_TEXTS.c.agreement_id == agreement_id)
    return await page_of(reading, terms, query, Listed(_TEXT_LISTING, texts))


async def require_institution(reading: Reading, institution_id: UUID) -> None:
    """UnknownReference unless the institution is registered."""
    statement = select(_INSTITUTIONS.c.id).where(_INSTITUTIONS.c.id == institution_id)
    if await reading.scalar(statement) is None:
        raise UnknownReference(FieldError("pointer", "/institution_id", "not_found"))
