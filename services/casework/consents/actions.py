"""Every change of a legal basis."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.casework.births.actions import FAMILY_COPIES
from services.casework.consents import queries
from services.casework.consents.models import Consent
from services.casework.consents.queries import Recipient, require_basis
from services.casework.consents.rules import (
    EXCEPTIONS,
    ConsentBasis,
    Purpose,
    incomplete,
)
from services.casework.consents.schemas import ConsentCreate
from services.casework.disclosures.actions import (
    NewDisclosure,
    queue_disclosure,
    stop_for_consent,
)
from services.casework.guardianships.queries import (
    person_is_entitled,
    require_acting,
)
from services.casework.laws.rules.days import is_of_age
from services.casework.people.queries import KnownPerson, lock_person, place_of
from services.casework.permissions import Permission
from services.casework.reads import Category
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.clock import civil_date
from services.chassis.ground.problems import StateConflict, refuse
from services.chassis.trust.vault import seal, unseal

_SEALED = {"act", "evidence"}
# A copy starts with version 1 and with the present time.
_OWN_OF_A_COPY = {"version", "created_at", "changed_at"}
WITHDRAWAL_FOLLOWERS: list[Callable[[Change, UUID, datetime], Awaitable[None]]] = []
"""Functions that run in the transaction that withdraws a basis.

Slices above add their own, because this one must not import them.
"""


def record_change(change: Change, action: str, consent: Consent, event: str) -> None:
    """The audit record and the event of a basis's newest version."""
    subject = Subject(f"consents/{consent.id}", consent.version, consent.county_terc)
    change.record(
        action,
        subject,
        f"consent.{event}",
        people=[str(consent.person_id)],
        basis=consent.basis,
        purpose=consent.purpose,
    )


async def record_consent(change: Change, new: ConsentCreate, today: date) -> Stored:
    """Record a consent, or another basis with its act."""
    permission = Permission.RECORD_CONSENTS
    record = await lock_person(change, new.person_id, permission)
    wrong = incomplete(new.basis, new.given_by_id, new.act, new.evidence)
    if new.valid_to is not None and new.valid_to < new.valid_from:
        wrong.append(("valid_to", "wrong_order"))
    # A consent cannot be given on a future day; an act may come into force on one.
    if new.valid_from > today and new.basis is ConsentBasis.CONSENT:
        wrong.append(("valid_from", "in_future"))
    refuse(*wrong)
    if new.given_by_id is not None:
        await _require_giver(change, record, new)
    consent_id: UUID = await change.scalar(func.uuidv7().select())
    place = place_of("consents", consent_id)
    sealed = seal(record.key, place, new.model_dump(include=_SEALED))
    values = new.model_dump(exclude=_SEALED) | {
        "id": consent_id,
        "county_terc": record.person.county_terc,
        # Derived from the basis, so that nobody can choose a more convenient exception.
        "exception": EXCEPTIONS[new.basis],
        "recorded_by": change.caller.subject,
        "sealed": sealed,
    }
    statement = insert(Consent).values(**values).returning(*queries.CONSENTS.c)
    consent = Consent(**(await change.one(statement))._mapping)
    record_change(change, "record_consent", consent, "recorded")
    return await queries.get_shown(change, consent)


async def record_given_in_screening(
    change: Change, record: KnownPerson, screening_id: UUID, today: date
) -> UUID:
    """Record the consent to a referral that a guardian gave at a screening, and return
    its id. Only the screening service knows which guardian it was.
    """
    consent_id: UUID = await change.scalar(func.uuidv7().select())
    evidence = {"act": None, "evidence": f"screening {screening_id}"}
    statement = insert(Consent).values(
        id=consent_id,
        county_terc=record.person.county_terc,
        person_id=record.person.id,
        basis=ConsentBasis.CONSENT,
        exception=EXCEPTIONS[ConsentBasis.CONSENT],
        purpose=Purpose.REFERRAL,
        # Only what a referral needs: the screening's result stays in screening.
        categories=[Category.IDENTITY, Category.REFERRALS],
        valid_from=today,
        recorded_by=change.caller.subject,
        sealed=seal(record.key, place_of("consents", consent_id), evidence),
    )
    row = await change.one(statement.returning(*queries.CONSENTS.c))
    consent = Consent(**row._mapping)
    record_change(change, "record_consent", consent, "recorded")
    return consent_id


async def _require_giver(
    change: Change, record: KnownPerson, new: ConsentCreate
) -> None:
    """ValidationFailed unless the person who gave the consent acts for the child on
    that day, or is the pupil of age.
    """
    born_on, day = record.identity.born_on, new.valid_from
    giver = new.given_by_id
    if giver == new.person_id:
        may_act = is_of_age(born_on, day)
    else:
        may_act = giver is not None and await person_is_entitled(
            change, new.person_id, giver, day
        )
    if not may_act:
        refuse(("given_by_id", "may_not_act"))


async def copy_consents(
    change: Change, first: KnownPerson, twin: KnownPerson, today: date
) -> None:
    """Copy the bases that hold for the first child to a twin; each copy names the basis
    that it was copied from.
    """
    for original in await queries.list_holding(change, first.person.id, today):
        text_fields = unseal(
            first.key, place_of("consents", original.id), original.sealed
        )
        copy_id: UUID = await change.scalar(func.uuidv7().select())
        values = original.model_dump(exclude=_OWN_OF_A_COPY) | {
            "id": copy_id,
            "person_id": twin.person.id,
            "copied_from_id": original.id,
            "sealed": seal(twin.key, place_of("consents", copy_id), text_fields),
        }
        statement = insert(Consent).values(**values).returning(*queries.CONSENTS.c)
        consent = Consent(**(await change.one(statement))._mapping)
        record_change(change, "copy_consent", consent, "recorded")


# `births` lies below this slice, and must not import it.
FAMILY_COPIES.append(copy_consents)


async def withdraw_consent(
    change: Change, consent_id: UUID, version: int, now: datetime
) -> Stored:
    """Withdraw a consent. Disclosures that wait on it are stopped.

    Disclosures made before stay on record.
    """
    permission = Permission.WITHDRAW_CONSENTS
    # Without `lock_person`, which raises while processing is restricted.
    consent = await queries.lock_consent(change, consent_id, permission)
    county, today = consent.county_terc, civil_date(now)
    await require_acting(change, permission, consent.person_id, county, today)
    require_version(consent.version, version)
    if consent.withdrawn_at is not None:
        raise StateConflict(state="withdrawn", allowed=[])
    after = await _end(change, consent_id, now)
    return await queries.get_shown(change, after)


async def withdraw_given_in_screening(
    change: Change, consent_id: UUID, now: datetime
) -> None:
    """Withdraw a consent that was given at a screening, because it was withdrawn there."""
    if await queries.lock_standing(change, consent_id):
        await _end(change, consent_id, now)


async def _end(change: Change, consent_id: UUID, now: datetime) -> Consent:
    statement = (
        update(Consent)
        .where(col(Consent.id) == consent_id)
        .values(
            withdrawn_at=now,
            withdrawn_by=change.caller.subject,
            version=Consent.version + 1,
            changed_at=func.now(),
        )
        .returning(*queries.CONSENTS.c)
    )
    after = Consent(**(await change.one(statement))._mapping)
    record_change(change, "withdraw_consent", after, "withdrawn")
    for follow in WITHDRAWAL_FOLLOWERS:
        await follow(change, consent_id, now)
    await stop_for_consent(change, consent_id, now)
    return after


async def disclose(
    change: Change,
    recipient: Recipient,
    county_terc: str,
    referral_id: UUID,
    today: date,
) -> UUID:
    """Queue data for an institution, on a basis that covers all categories;
    ConsentRequired without one.

    Returns the id of the basis; withdrawing it stops the disclosure.
    """
    if recipient.institution_id is None:
        # A programming error: no request leads here without one.
        raise ValueError("data are disclosed to an institution")
    basis = await require_basis(change, recipient, today)
    # Locked, so that a withdrawal comes wholly before or wholly after, and then finds
    # this disclosure.
    await queries.lock_basis(change, basis)
    disclosure = NewDisclosure(
        county_terc,
        recipient.person_id,
        basis,
        referral_id,
        recipient.institution_id,
        sorted(recipient.categories),
    )
    await queue_disclosure(change, disclosure)
    return basis
