"""Every change of a trainee. No name goes into a record or an event."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.relating import relate
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import FieldError, UnknownReference, refuse
from services.chassis.trust.access import demand
from services.chassis.trust.relations import account_holder
from services.training.permissions import Permission
from services.training.problems import TraineeEnrolled
from services.training.trainees import queries
from services.training.trainees.models import Trainee
from services.training.trainees.rules import DECIDING, contradictions
from services.training.trainees.schemas import TraineeCreate, TraineeUpdate

TRAINEE = "trainee"
"""The kind of relation that an account has to its own records."""


def record_change(
    change: Change,
    action: str,
    trainee: Stored,
    county: str,
    event: str,
    fields: Sequence[str] = (),
) -> None:
    """The audit record and the event of a trainee's newest version.

    Which fields changed, never to what.
    """
    subject = Subject(f"trainees/{trainee.key}", trainee.version, county)
    # Said as people: the record then notes in which role the caller acted.
    people = [str(trainee.key)]
    change.record(action, subject, f"trainee.{event}", fields=[*fields], people=people)


async def _require_consistent(change: Change, facts: Mapping[str, Any]) -> None:
    """ValidationFailed where facts contradict; UnknownReference."""
    refuse(*contradictions(facts))
    if facts["authority_id"] is None:
        return
    county = await queries.find_county_of_authority(change, facts["authority_id"])
    if county is None:
        raise UnknownReference(FieldError("pointer", "/authority_id", "not_found"))
    # Whoever reaches the authority's county reaches all of its team.
    if county != facts["county_terc"]:
        refuse(("authority_id", "outside_county"))


async def register_trainee(change: Change, new: TraineeCreate) -> Stored:
    """Register somebody in one of the caller's counties.

    TraineeAlreadyRegistered by source and external id; TraineeAccountTaken.
    """
    # The county is in the body, so that the endpoint cannot judge it.
    demand(change.caller, Permission.EDIT_TRAINEES, county=new.county_terc)
    facts = new.model_dump()
    await _require_consistent(change, facts)
    statement = insert(Trainee).values(**facts).returning(*queries.STORED)
    trainee = await change.stored(statement)
    # From the next question on the account sees its own records.
    if new.account is not None:
        own = [UUID(str(trainee.key))]
        holder = account_holder(new.account)
        await relate(change, holder, TRAINEE, own, new.county_terc)
    fields = sorted(name for name in facts if facts[name] is not None)
    county = new.county_terc
    record_change(change, "register_trainee", trainee, county, "registered", fields)
    return trainee


async def amend_trainee(
    change: Change, trainee_id: UUID, patch: TraineeUpdate, version: int
) -> Stored:
    """Change what is known of somebody.

    TraineeEnrolled for what an enrolment was decided by.
    """
    # By the right to edit: who may only read finds nobody to change.
    permission = Permission.EDIT_TRAINEES
    trainee = await queries.lock_trainee(change, trainee_id, permission)
    require_version(trainee.version, version)
    before, patched = trainee.model_dump(), patch.model_dump(exclude_unset=True)
    # As it will be: one field of two that belong together may be left out.
    await _require_consistent(change, before | patched)
    fields = sorted(name for name in patched if patched[name] != before[name])
    # Without a change there is no version: the ETags that others hold stay valid.
    if not fields:
        return await queries.get_stored(change, trainee_id)
    # Else somebody could enter for one location, and be moved to a full one.
    deciding = [name for name in fields if name in DECIDING]
    if deciding and await queries.trainee_is_enrolled(change, trainee_id):
        raise TraineeEnrolled(fields=deciding)
    after = await change_trainee(change, trainee_id, **patched)
    county = trainee.county_terc
    record_change(change, "amend_trainee", after, county, "changed", fields)
    return after


async def change_trainee(change: Change, trainee_id: UUID, **values: Any) -> Stored:
    """Give a locked trainee these values and its next version."""
    statement = update(Trainee).where(col(Trainee.id) == trainee_id)
    statement = statement.values(
        **values, version=Trainee.version + 1, changed_at=func.now()
    )
    return await change.stored(statement.returning(*queries.STORED))
