"""Referring a child to a support service: first the registry is called, then the
referral is written in one transaction.
"""

from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func

from services.casework.case_referrals import queries
from services.casework.case_referrals.rules import (
    Child,
    Offer,
    age_months,
    unsuitable,
)
from services.casework.case_referrals.schemas import CaseReferralCreate
from services.casework.cases.actions import require_open
from services.casework.cases.models import Case
from services.casework.cases.queries import get_case, lock_case
from services.casework.consents.actions import disclose
from services.casework.consents.queries import Recipient, require_basis
from services.casework.consents.rules import Purpose
from services.casework.laws.rules.values import LAWS, in_force
from services.casework.peers import (
    Place,
    Registry,
    Stay,
    SupportService,
    needing_registry,
)
from services.casework.people.queries import KnownPerson, get_person, lock_person
from services.casework.people.rules import PersonKind
from services.casework.permissions import Permission
from services.casework.place_releases.actions import expect_place, keep_place
from services.casework.problems import ProcessingRestricted, ServiceNotSuitable
from services.casework.referrals.actions import insert_referral
from services.casework.referrals.queries import get_shown
from services.casework.referrals.rules import ReferralDirection, ReferralOrigin
from services.chassis.data.work import Change, Stored
from services.chassis.ground.clock import CIVIL_TIME

_SEND = Permission.SEND_REFERRALS


class Prepared(NamedTuple):
    """A referral before it is written: its id, the service, the recipient with the
    categories of data, and the reserved place.
    """

    referral_id: UUID
    service: SupportService
    recipient: Recipient
    reservation_id: UUID


async def send_referral(
    change: Change, case_id: UUID, new: CaseReferralCreate, now: datetime
) -> Stored:
    """Refer a case's child to a support service: everything is checked, then a place is
    reserved, then it is written.

    If the transaction or the process fails, the place is released within minutes.
    """
    today = now.astimezone(CIVIL_TIME).date()
    case = await get_case(change, case_id, _SEND)
    require_open(case)
    prepared = await _prepare(change, case, new, now)
    referral_id, service, recipient, reservation_id = prepared
    record = await lock_person(change, case.person_id, _SEND)
    case = await lock_case(change, case_id, _SEND)
    # Checked again under the lock: the case was not locked during the call
    # to the registry.
    require_open(case)
    basis = await disclose(change, recipient, case.county_terc, referral_id, today)
    values = {
        "id": referral_id,
        "county_terc": case.county_terc,
        "direction": ReferralDirection.OUTBOUND,
        "source": ReferralOrigin.CASE_TEAM,
        "case_id": case_id,
        **_facts_of(service),
        "recommendation_id": new.recommendation_id,
        "reservation_id": reservation_id,
        "consent_id": basis,
    }
    sealed = {
        "note": new.note,
        "categories": sorted(new.categories),
        # The ids as of now: data added later do not go out with an old referral.
        "references": await queries.list_references(change, case, new.categories),
        "service_county_terc": service.county_terc,
    }
    referral = await insert_referral(change, values, now, record, sealed)
    await keep_place(change, Place(service.id, referral_id))
    return await get_shown(change, referral, today)


def _facts_of(service: SupportService) -> dict[str, Any]:
    """The columns of a referral that are copied from its support service."""
    return {
        "institution_id": service.institution_id,
        "support_service_id": service.id,
        "sector": service.sector,
        "support_kind": service.kind,
    }


async def _prepare(
    change: Change, case: Case, new: CaseReferralCreate, now: datetime
) -> Prepared:
    """Check all that can be checked without writing, and reserve the place."""
    today = now.astimezone(CIVIL_TIME).date()
    unlocked_record = await get_person(change, case.person_id, _SEND)
    # Here too, and not only under the lock, so that no place is reserved in vain.
    if unlocked_record.person.restricted_at is not None:
        raise ProcessingRestricted()
    if new.recommendation_id is not None:
        await queries.require_recommendation(change, case, new.recommendation_id)
    child = await _child(change, unlocked_record, today)
    # Made before anything is written, because the registry reserves the place under
    # this id.
    referral_id: UUID = await change.scalar(func.uuidv7().select())
    with needing_registry() as registry:
        service = await registry.get_service(new.support_service_id)
        recipient = Recipient(
            case.person_id, Purpose.REFERRAL, service.institution_id, new.categories
        )
        # Before a place is reserved in vain; `disclose` checks again under a lock.
        await require_basis(change, recipient, today)
        place = Place(service.id, referral_id)
        _require_suitable(service, child)
        await expect_place(change, place, case.county_terc, now)
        reservation_id = await _reserve(registry, service, place, child)
    return Prepared(referral_id, service, recipient, reservation_id)


async def _child(change: Change, record: KnownPerson, today: date) -> Child:
    person = record.person
    documents = await queries.list_valid_kinds(change, person.id, today)
    is_expected = person.kind == PersonKind.EXPECTED
    return Child(today, record.identity.born_on, is_expected, documents)


def _require_suitable(service: SupportService, child: Child) -> None:
    """ServiceNotSuitable names every reason."""
    offered = service.model_dump(include={*Offer._fields})
    reasons = unsuitable(child, Offer(**offered))
    if reasons:
        raise ServiceNotSuitable(reasons=reasons)


async def _reserve(
    registry: Registry, service: SupportService, place: Place, child: Child
) -> UUID:
    """Reserve a place until the last day for the institution's decision, and return the
    reservation's id.
    """
    months = None
    if child.born_on is not None:
        months = age_months(child.born_on, child.day)
    days = in_force(LAWS.reaction, child.day).decide_days
    last = datetime.combine(child.day, time.max, CIVIL_TIME) + timedelta(days=days)
    # Only documents that the service asks for are passed to the registry.
    documents = sorted({*child.documents} & {*service.eligibility_documents})
    stay = Stay(last, months, documents)
    # The key is derived from the referral, so that a repeated call
    # reserves only one place.
    key = f"{place.referral_id}-reserve"
    return (await registry.reserve(place, stay, key)).id
