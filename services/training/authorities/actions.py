"""Every change of an authority except the steps on its path."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import (
    FieldError,
    StateConflict,
    UnknownReference,
    refuse,
)
from services.chassis.trust.access import demand
from services.training.authorities import queries, rules
from services.training.authorities.models import Authority, AuthorityStep
from services.training.authorities.schemas import AuthorityRecruit, AuthorityUpdate
from services.training.permissions import Permission
from services.training.problems import AuthorityNotEligible

EDIT = Permission.EDIT_AUTHORITIES


def subject_of(authority: Authority, version: int | None = None) -> Subject:
    """An authority as audit records and events name it."""
    path = f"authorities/{authority.id}"
    return Subject(path, version or authority.version, authority.county_terc)


async def recruit_authority(
    change: Change, new: AuthorityRecruit, today: date
) -> Stored:
    """Take an authority of one of the caller's counties into a programme.

    AuthorityNotEligible names all that is missing; AuthorityAlreadyRecruited.
    """
    county = new.terc[:4]
    # Before any query: a caller without the right must learn nothing of the county.
    demand(change.caller, EDIT, county=county)
    facts = new.model_dump(exclude={"programme_code"})
    # Needs the request alone, and so comes before any query.
    refuse(*rules.risk_errors(facts))
    by_code = queries.PROGRAMMES.c.code == new.programme_code
    programme = await queries.find_programme(change, by_code)
    if programme is None:
        raise UnknownReference(FieldError("pointer", "/programme_code", "not_found"))
    days = rules.Window(programme.starts_on, programme.ends_on)
    if error := rules.day_error(new.recruited_on, days, today):
        refuse(("recruited_on", error))
    rule, is_running_body = programme.enrolment_rule, new.is_running_body
    if missing := rules.missing_to_recruit(rule, is_running_body=is_running_body):
        raise AuthorityNotEligible(missing=missing)
    facts |= {"programme_id": programme.id, "county_terc": county}
    statement = insert(Authority).values(**facts, kind=rules.kind_of(new.terc))
    # Of two recruitments at once, the unique index refuses the second.
    row = await change.one(statement.returning(*queries.AUTHORITIES.c))
    authority = Authority(**row._mapping)
    await note_step(change, authority, rules.AuthorityState.RECRUITED, today)
    # The event has neither name nor source: a follower reads them from this service.
    detail: dict[str, Any] = {
        "programme_id": str(programme.id),
        "is_at_risk": new.is_at_risk,
    }
    event = "authority.recruited"
    change.record("recruit_authority", subject_of(authority), event, **detail)
    return await queries.get_authority(change, authority.id)


async def note_step(
    change: Change,
    authority: Authority,
    state: rules.AuthorityState,
    today: date,
    reason: str | None = None,
    evidence: dict[str, str] | None = None,
) -> None:
    """Store the step by which an authority came to a state."""
    step = insert(AuthorityStep).values(
        county_terc=authority.county_terc,
        authority_id=authority.id,
        state=state,
        taken_by=change.caller.subject,
        taken_on=today,
        reason=reason,
        evidence=evidence or {},
    )
    await change.execute(step)


def require_allowed(state: str, verb: str) -> None:
    """StateConflict unless work in this state allows the verb."""
    allowed = rules.WORK_ALLOWED[rules.WorkState(state)]
    if verb not in allowed:
        raise StateConflict(state=state, allowed=allowed)


async def change_authority(change: Change, authority: Authority, **values: Any) -> None:
    """Give a locked authority these values and its next version."""
    statement = update(Authority).where(col(Authority.id) == authority.id)
    stamp = {"version": Authority.version + 1, "changed_at": func.now()}
    await change.execute(statement.values(**values, **stamp))


async def amend_authority(
    change: Change, authority_id: UUID, patch: AuthorityUpdate, version: int
) -> Stored:
    """Change the facts of an authority."""
    authority = await queries.lock_authority(change, authority_id)
    demand(change.caller, EDIT, county=authority.county_terc)
    require_version(authority.version, version)
    before, patched = authority.model_dump(), patch.model_dump(exclude_unset=True)
    # Together with the stored facts: the patch may hold half of a pair.
    refuse(*rules.risk_errors(before | patched))
    fields = sorted(name for name in patched if patched[name] != before[name])
    # Without a change there is no new version, audit record or event.
    if not fields:
        return await queries.get_authority(change, authority_id)
    await change_authority(change, authority, **patched)
    after = await queries.get_authority(change, authority_id)
    subject = subject_of(authority, after.version)
    change.record("amend_authority", subject, "authority.changed", fields=fields)
    return after
