"""Every change of a trainee. Audit records and events have no names."""

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
"""The relation of an account to its own trainee's records."""


def record_change(
    change: Change,
    action: str,
    trainee: Stored,
    county: str,
    event: str,
    fields: Sequence[str] = (),
) -> None:
    """Write the audit record and the event of a trainee's newest version.

    With the names of the changed fields, without their values.
    """
    subject = Subject(f"trainees/{trainee.key}", trainee.version, county)
    # As `people`: the record then holds the role in which the caller acted.
    people = [str(trainee.key)]
    change.record(action, subject, f"trainee.{event}", fields=[*fields], people=people)


async def _require_consistent(change: Change, facts: Mapping[str, Any]) -> None:
    """ValidationFailed for contradictions; UnknownReference for the authority."""
    refuse(*contradictions(facts))
    if facts["authority_id"] is None:
        return
    county = await queries.find_county_of_authority(change, facts["authority_id"])
    if county is None:
        raise UnknownReference(FieldError("pointer", "/authority_id", "not_found"))
    # The same county, so that its reach covers the whole team.
    if county != facts["county_terc"]:
        refuse(("authority_id", "outside_county"))


async def register_trainee(change: Change, new: TraineeCreate) -> Stored:
    """Register a person in one of the caller's counties.

    TraineeAlreadyRegistered by source and external id; TraineeAccountTaken.
    """
    # Checked here: the county is in the body, which the dependency cannot see.
    demand(change.caller, Permission.EDIT_TRAINEES, county=new.county_terc)
    facts = new.model_dump()
    await _require_consistent(change, facts)
    statement = insert(Trainee).values(**facts).returning(*queries.STORED)
    trainee = await change.stored(statement)
    # The account may read its own records from the next request on.
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
    """Change the facts of a trainee.

    TraineeEnrolled for facts on which an enrolment is based.
    """
    # By the right to edit: with the right to read alone the answer is 404.
    permission = Permission.EDIT_TRAINEES
    trainee = await queries.lock_trainee(change, trainee_id, permission)
    require_version(trainee.version, version)
    before, patched = trainee.model_dump(), patch.model_dump(exclude_unset=True)
    # Together with the stored facts: the patch may hold one of two fields.
    await _require_consistent(change, before | patched)
    fields = sorted(name for name in patched if patched[name] != before[name])
    # Without a change there is no new version, and ETags stay valid.
    if not fields:
        return await queries.get_stored(change, trainee_id)
    # Otherwise a person could enrol for one location and move to a full one.
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
