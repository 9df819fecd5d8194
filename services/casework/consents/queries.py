"""Every query on the legal bases."""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from services.casework.consents.models import Consent
from services.casework.consents.rules import Purpose, Terms, uncovered
from services.casework.consents.schemas import ConsentList, ConsentRead
from services.casework.disclosures.queries import DISCLOSURES
from services.casework.disclosures.rules import DisclosureState
from services.casework.people.queries import get_key, lock_people, place_of
from services.casework.permissions import Permission
from services.casework.problems import ConsentNotFound, ConsentRequired
from services.casework.reads import Category
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller
from services.chassis.trust.vault import unseal
from services.chassis.web.filters import Filter, Filtered, by_key, filtered
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing

CONSENTS = rows_of(Consent)
_RELATED = dict.fromkeys(("team", "guardian", "break_glass"), CONSENTS.c.person_id)
_STORED = [name for name in ConsentRead.model_fields if name in CONSENTS.c]
_LIST = Filtered(
    Listing(
        {name: CONSENTS.c[name] for name in (*_STORED, "sealed")},
        {"created_at": CONSENTS.c.created_at, "valid_from": CONSENTS.c.valid_from},
        "-created_at",
        CONSENTS.c.id,
    ),
    CONSENTS,
    {
        "person_id": Filter(CONSENTS.c.person_id),
        "purpose": Filter(CONSENTS.c.purpose),
        "recipient_institution_id": Filter(CONSENTS.c.recipient_institution_id),
    },
    county=CONSENTS.c.county_terc,
    objects=_RELATED,
)


def _reach(caller: Caller, permission: Permission) -> ColumnElement[bool]:
    return within(caller, permission, county=CONSENTS.c.county_terc, objects=_RELATED)


def list_consents(query: ConsentList, caller: Caller) -> Listed:
    """The bases that a list shows, sealed as they are."""
    values = {name: getattr(query, name) for name in _LIST.filters}
    listed = filtered(_LIST, values, caller, Permission.READ_CONSENTS)
    if query.is_withdrawn is None:
        return listed
    withdrawn = CONSENTS.c.withdrawn_at.is_not(None)
    fits = withdrawn if query.is_withdrawn else ~withdrawn
    return listed.where(fits)


def _select(consent_id: UUID, caller: Caller, permission: Permission) -> Rows:
    statement: Rows = select(CONSENTS)
    return statement.where(CONSENTS.c.id == consent_id, _reach(caller, permission))


async def get_consent(reading: Reading, consent_id: UUID) -> Consent:
    """One basis within the caller's reach."""
    query = by_key(_LIST, consent_id, reading.caller, Permission.READ_CONSENTS)
    return await reading.instance(
        Consent, query.statement, ConsentNotFound, query.values
    )


async def lock_consent(
    change: Change, consent_id: UUID, permission: Permission
) -> Consent:
    """One basis within the caller's reach, locked until the transaction ends."""
    statement = _select(consent_id, change.caller, permission)
    await lock_people(change, statement.with_only_columns(CONSENTS.c.person_id))
    return await change.instance(Consent, statement.with_for_update(), ConsentNotFound)


async def lock_standing(change: Change, consent_id: UUID) -> bool:
    """Lock a basis until the transaction ends, if it is not withdrawn;
    whether it was locked.
    """
    statement = select(CONSENTS.c.id).where(
        CONSENTS.c.id == consent_id, CONSENTS.c.withdrawn_at.is_(None)
    )
    return await change.find(statement.with_for_update()) is not None


async def get_shown(reading: Reading, consent: Consent) -> Stored:
    """A basis as it is shown, with its opened text."""
    key = await get_key(reading, consent.person_id)
    sealed = unseal(key, place_of("consents", consent.id), consent.sealed)
    facts = consent.model_dump(include={*_STORED})
    body = ConsentRead.model_validate(facts | sealed)
    return Stored(consent.id, consent.version, body.model_dump_json())


class Recipient(NamedTuple):
    """The institution that is to receive data, with the person, the purpose and the
    categories of the data.

    Without an institution the data stay with the county.
    """

    person_id: UUID
    purpose: Purpose
    institution_id: UUID | None
    categories: Collection[str]


async def find_basis(reading: Reading, recipient: Recipient, day: date) -> UUID | None:
    """The id of a basis that alone covers all of the categories; None without one."""
    columns = CONSENTS.c
    # None stands for the county itself, and in SQL nothing equals NULL.
    is_recipient = (
        columns.recipient_institution_id == recipient.institution_id
        if recipient.institution_id
        else columns.recipient_institution_id.is_(None)
    )
    statement = select(columns.id).where(
        columns.person_id == recipient.person_id,
        columns.purpose == recipient.purpose,
        is_recipient,
        # All under one basis, so that withdrawing it stops the whole disclosure.
        columns.categories.contains([*recipient.categories]),
        stands_on(day),
    )
    # The oldest of several, so that the answer is always the same.
    basis_id: UUID | None = await reading.scalar(
        statement.order_by(columns.id).limit(1)
    )
    return basis_id


async def list_holding(reading: Reading, person_id: UUID, day: date) -> list[Consent]:
    """The bases of a person that hold on a day."""
    statement = select(CONSENTS).where(CONSENTS.c.person_id == person_id)
    rows = await reading.rows(statement.where(stands_on(day)).order_by(CONSENTS.c.id))
    return [Consent(**row._mapping) for row in rows]


def stands_on(day: date) -> ColumnElement[bool]:
    """SQL condition: the basis holds on a day, as in `rules.holds_on`."""
    columns = CONSENTS.c
    return and_(
        columns.withdrawn_at.is_(None),
        columns.valid_from <= day,
        or_(columns.valid_to.is_(None), columns.valid_to >= day),
    )


async def list_disclosed(
    reading: Reading, referral_id: UUID, day: date
) -> list[Category]:
    """The categories disclosed with a referral whose basis holds on a day."""
    statement = select(DISCLOSURES.c.categories).where(
        DISCLOSURES.c.referral_id == referral_id,
        DISCLOSURES.c.state == DisclosureState.SENT,
        # By the present state of the basis: data
        # of a withdrawn one are not shown again.
        DISCLOSURES.c.consent_id == CONSENTS.c.id,
        stands_on(day),
    )
    category_lists = await reading.scalars(statement)
    return sorted({Category(name) for names in category_lists for name in names})


async def find_uncovered(
    reading: Reading, recipient: Recipient, day: date
) -> list[str]:
    """The categories for which the recipient has no basis on that day."""
    # By the rule over all bases, in Python: it is needed only to explain a refusal.
    rows = await reading.rows(
        select(CONSENTS).where(CONSENTS.c.person_id == recipient.person_id)
    )
    bases = [_terms(row) for row in rows]
    return uncovered(
        bases, recipient.purpose, recipient.institution_id, recipient.categories, day
    )


def _terms(row: Any) -> Terms:
    return Terms(
        Purpose(row.purpose),
        row.recipient_institution_id,
        row.categories,
        row.valid_from,
        row.valid_to,
        row.withdrawn_at,
    )


async def require_basis(reading: Reading, recipient: Recipient, day: date) -> UUID:
    """The id of the basis on which the recipient may see all categories;
    ConsentRequired names the categories without one.

    Call it wherever data are sent, and again wherever somebody else reads them.
    """
    basis = await find_basis(reading, recipient, day)
    if basis is None:
        missing = await find_uncovered(reading, recipient, day)
        # Several bases may cover all categories only together. One basis is required,
        # so that withdrawing it stops the disclosure.
        missing = missing or sorted(recipient.categories)
        raise ConsentRequired(purpose=recipient.purpose.value, missing=missing)
    return basis


async def lock_basis(change: Change, consent_id: UUID) -> None:
    """Lock a basis until the transaction ends; ConsentRequired
    where it was just withdrawn.
    """
    statement = select(CONSENTS.c.id).where(
        CONSENTS.c.id == consent_id, CONSENTS.c.withdrawn_at.is_(None)
    )
    # A shared lock: other disclosures may use the basis at the same time, and a
    # withdrawal waits.
    await change.one(statement.with_for_update(read=True), ConsentRequired)
