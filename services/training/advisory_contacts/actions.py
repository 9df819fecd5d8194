"""Every change of an advisory contact: recorded and annulled, never deleted."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored
from services.chassis.ground.problems import (
    FieldError,
    OutsideScope,
    UnknownReference,
    refuse,
)
from services.chassis.trust.access import demand
from services.training.advisory_contacts import queries, rules
from services.training.advisory_contacts.models import AdvisoryContact
from services.training.advisory_contacts.rules import Giver
from services.training.advisory_contacts.schemas import AdvisoryContactCreate
from services.training.annulling import AnnullingReason, annul
from services.training.permissions import Permission

RECORD = Permission.RECORD_ADVISORY_CONTACTS


def _record(change: Change, action: str, contact: AdvisoryContact, event: str) -> None:
    path = f"advisory-contacts/{contact.id}"
    subject = Subject(path, contact.version, contact.county_terc)
    # Without topic and authority: followers only need to know that a record exists.
    change.record(action, subject, f"advisory-contact.{event}", minutes=contact.minutes)


def _unknown(name: str) -> UnknownReference:
    return UnknownReference(FieldError("pointer", f"/{name}", "not_found"))


async def record_advisory_contact(
    change: Change, new: AdvisoryContactCreate, today: date
) -> Stored:
    """Record support that was given outside a session, by the caller or by an expert
    from outside.
    """
    facts = new.model_dump(exclude_none=True)
    of_authority = new.authority_id is not None
    refuse(*rules.audience_errors({*facts}, is_of_authority=of_authority))
    # Reach before dates: a caller out of reach must learn nothing of a programme.
    facts |= await _facts_in_reach(change, new)
    days = await queries.find_programme_days(change, facts["programme_id"])
    if days is None:
        raise _unknown("programme_id")
    if code := rules.day_error(new.contacted_on, *days, today):
        refuse(("contacted_on", code))
    statement = insert(AdvisoryContact).values(
        **facts,
        given_by=await _giver(change, new.trainer_id),
        recorded_by=change.caller.subject,
    )
    row = await change.one(statement.returning(*queries.CONTACTS.c))
    contact = AdvisoryContact(**row._mapping)
    _record(change, "record_advisory_contact", contact, "recorded")
    return await queries.get_advisory_contact(change, contact.id)


async def _facts_in_reach(change: Change, new: AdvisoryContactCreate) -> dict[str, Any]:
    """The programme and county of the contact's authority; empty without an authority.

    OutsideScope where the caller may not record contacts of the authority or county.
    """
    if new.authority_id is None:
        # Advisers reach authorities and no county, and so are refused here.
        demand(change.caller, RECORD, county=new.county_terc)
        return {}
    authority = await queries.find_authority(change, new.authority_id)
    if authority is None:
        raise _unknown("authority_id")
    if not authority.is_in_reach:
        raise OutsideScope(permission=str(RECORD), relation="adviser")
    return {
        "programme_id": authority.programme_id,
        "county_terc": authority.county_terc,
    }


async def _giver(change: Change, trainer_id: UUID | None) -> Giver:
    if trainer_id is None:
        # Without an expert, the recording account itself gave the support.
        return Giver.ADVISER
    kind = await queries.find_trainer_kind(change, trainer_id)
    if kind is None:
        raise _unknown("trainer_id")
    # Trainers give sessions, whose hours are counted there.
    if kind != "external_expert":
        refuse(("trainer_id", "not_allowed"))
    return Giver.EXPERT


async def annul_advisory_contact(
    change: Change, contact_id: UUID, reason: AnnullingReason, version: int
) -> Stored:
    """Annul a record: it stays, with who annulled it and why, and counts nowhere."""
    contact = await queries.lock_advisory_contact(change, contact_id)
    annulled = await annul(change, contact, reason, version)
    _record(change, "annul_advisory_contact", annulled, "annulled")
    return await queries.get_advisory_contact(change, contact_id)
