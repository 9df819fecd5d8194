"""Every question asked of the agreements, their parties and their texts."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
)

from services.chassis.answers import Answer, AnswerTerms, etag, tagged
from services.chassis.listing import Listing, ListQuery, json_object
from services.chassis.paging import page
from services.chassis.problems import FieldError, Problem, UnknownReference
from services.chassis.tables import rows_of
from services.chassis.work import Reading, Record, Rows
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
SIGNATORIES = rows_of(AgreementSignatory)
VERSIONS = rows_of(AgreementVersion)
_INSTITUTIONS = rows_of(Institution)

SIGNATORY_WIRE = {name: SIGNATORIES.c[name] for name in SignatoryRead.model_fields}
VERSION_WIRE = {name: VERSIONS.c[name] for name in AgreementVersionRead.model_fields}
_NEWEST_TEXT = (
    select(func.coalesce(func.max(VERSIONS.c.number), 0))
    .where(VERSIONS.c.agreement_id == AGREEMENTS.c.id)
    .scalar_subquery()
)
_PARTIES = (
    select(func.count())
    .where(
        SIGNATORIES.c.agreement_id == AGREEMENTS.c.id,
        SIGNATORIES.c.withdrawn_on.is_(None),
    )
    .scalar_subquery()
)


def _state(today: date) -> ColumnElement[str]:
    """The state that is shown: a signed agreement whose last day is over has expired."""
    over = and_(
        AGREEMENTS.c.state == AgreementState.SIGNED, AGREEMENTS.c.valid_to < today
    )
    return case((over, literal(AgreementState.EXPIRED.value)), else_=AGREEMENTS.c.state)


def _wire(today: date) -> dict[str, ColumnElement[Any]]:
    made: dict[str, ColumnElement[Any]] = {
        "state": _state(today),
        "text_number": _NEWEST_TEXT,
        "signatories": _PARTIES,
    }
    return {
        name: made[name] if name in made else AGREEMENTS.c[name]
        for name in AgreementRead.model_fields
    }


def holds_on(day: date) -> ColumnElement[bool]:
    """The agreements that bind their parties on a day."""
    rows = AGREEMENTS.c
    return and_(
        rows.state != AgreementState.DRAFT,
        rows.signed_on <= day,
        rows.valid_from <= day,
        func.coalesce(rows.valid_to >= day, True),
        func.coalesce(rows.terminated_on > day, True),
    )


def list_agreements(query: AgreementList, today: date) -> tuple[Listing, Rows]:
    """What a list or an export of agreements shows, and of which rows."""
    found: Rows = select(AGREEMENTS)
    for name, values in {
        "kind": query.kind,
        "county_terc": query.county_terc,
        "commune_terc": query.commune_terc,
    }.items():
        if values:
            found = found.where(AGREEMENTS.c[name].in_(values))
    if query.state:
        found = found.where(_state(today).in_([state.value for state in query.state]))
    if query.as_of:
        found = found.where(holds_on(query.as_of))
    sortable = {
        name: AGREEMENTS.c[name]
        for name in ("title", "kind", "county_terc", "changed_at")
    }
    return Listing(_wire(today), sortable, "title", AGREEMENTS.c.id), found


async def _one(reading: Reading, statement: Rows, missing: type[Problem]) -> Record:
    found = await reading.find(statement)
    if found is None:
        raise missing()
    return found


async def get_agreement(
    reading: Reading, terms: AnswerTerms | None, agreement_id: UUID, today: date
) -> Answer:
    """One agreement. One that the calendar ended is told so even to who has read its newest version before."""
    wire = _wire(today)
    statement = select(json_object(wire), AGREEMENTS.c.version, wire["state"]).where(
        AGREEMENTS.c.id == agreement_id
    )
    found = await _one(reading, statement, AgreementNotFound)
    expired = found[2] == AgreementState.EXPIRED
    return tagged(found[0], etag(agreement_id, found[1]), None if expired else terms)


async def find_agreement(reading: Reading, agreement_id: UUID) -> Record | None:
    """The record of an agreement, for who refers to it; it may not be changed until the transaction ends."""
    statement = (
        select(AGREEMENTS)
        .where(AGREEMENTS.c.id == agreement_id)
        .with_for_update(read=True)
    )
    return await reading.find(statement)


async def lock_agreement(reading: Reading, agreement_id: UUID) -> Record:
    """The record of an agreement, held until the transaction ends."""
    return await _one(
        reading,
        select(AGREEMENTS).where(AGREEMENTS.c.id == agreement_id).with_for_update(),
        AgreementNotFound,
    )


async def list_signatories(
    reading: Reading, terms: AnswerTerms, agreement_id: UUID, query: SignatoryList
) -> Answer:
    """A page of an agreement's parties: all that ever were, or those of a day."""
    await _one(
        reading,
        select(literal_column("1")).where(AGREEMENTS.c.id == agreement_id),
        AgreementNotFound,
    )
    found = select(SIGNATORIES).where(SIGNATORIES.c.agreement_id == agreement_id)
    if query.as_of:
        still = or_(
            SIGNATORIES.c.withdrawn_on.is_(None),
            SIGNATORIES.c.withdrawn_on > query.as_of,
        )
        found = found.where(SIGNATORIES.c.signed_on <= query.as_of, still)
    sortable = {
        "party_name": SIGNATORIES.c.party_name,
        "changed_at": SIGNATORIES.c.changed_at,
    }
    return await page(
        reading,
        terms,
        query,
        Listing(SIGNATORY_WIRE, sortable, "party_name", SIGNATORIES.c.id),
        found,
    )


async def lock_signatory(
    reading: Reading, agreement_id: UUID, signatory_id: UUID
) -> Record:
    """One party of an agreement, held until the transaction ends."""
    of_this = and_(
        SIGNATORIES.c.id == signatory_id, SIGNATORIES.c.agreement_id == agreement_id
    )
    return await _one(
        reading, select(SIGNATORIES).where(of_this).with_for_update(), SignatoryNotFound
    )


async def list_party_roles(reading: Reading, agreement_id: UUID) -> Sequence[str]:
    """The roles of the parties that have not withdrawn, one for each."""
    theirs = and_(
        SIGNATORIES.c.agreement_id == agreement_id, SIGNATORIES.c.withdrawn_on.is_(None)
    )
    return await reading.scalars(select(SIGNATORIES.c.role).where(theirs))


async def find_newest_text(reading: Reading, agreement_id: UUID) -> Record | None:
    """Number and first day of an agreement's newest text."""
    texts = select(VERSIONS.c.number, VERSIONS.c.valid_from).where(
        VERSIONS.c.agreement_id == agreement_id
    )
    return await reading.find(texts.order_by(VERSIONS.c.number.desc()).limit(1))


async def list_texts(
    reading: Reading, terms: AnswerTerms, agreement_id: UUID, query: ListQuery
) -> Answer:
    """A page of an agreement's texts, the newest first."""
    await _one(
        reading,
        select(literal_column("1")).where(AGREEMENTS.c.id == agreement_id),
        AgreementNotFound,
    )
    found = select(VERSIONS).where(VERSIONS.c.agreement_id == agreement_id)
    listing = Listing(
        VERSION_WIRE, {"number": VERSIONS.c.number}, "-number", VERSIONS.c.number
    )
    return await page(reading, terms, query, listing, found)


async def require_institution(reading: Reading, institution_id: UUID) -> None:
    """UnknownReference unless the institution is registered."""
    known: Rows = select(literal_column("1")).where(
        _INSTITUTIONS.c.id == institution_id
    )
    if await reading.scalar(known) is None:
        raise UnknownReference(FieldError("pointer", "/institution_id", "not_found"))
