"""Every change of a case itself; changes of its state are in `case_transitions`."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, text, update
from sqlmodel import col

from services.casework.cases import queries
from services.casework.cases.models import Case, CaseStep
from services.casework.cases.rules import CaseState, allowed_verbs
from services.casework.cases.schemas import CaseCreate, CaseUpdate, Track
from services.casework.peers import needing_registry
from services.casework.people.queries import get_person, lock_person, place_of
from services.casework.permissions import Permission
from services.casework.problems import NoLeadCentre
from services.chassis.data.effects import Subject
from services.chassis.data.relating import acting_everywhere
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import StateConflict, refuse
from services.chassis.trust.vault import seal

OPENED = "open"
# An advisory lock on the prefix, because the next number has no row yet. The seed 13
# separates it from other such locks.
_NUMBER_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:prefix, 13))")


def record_change(
    change: Change, action: str, case: Case, event: str, **detail: Any
) -> None:
    """The audit record and the event of a case's newest version."""
    subject = Subject(f"cases/{case.id}", case.version, case.county_terc)
    people = [str(case.person_id)]
    change.record(action, subject, f"case.{event}", **detail, people=people)


async def open_case(
    change: Change, new: CaseCreate, now: datetime, today: date
) -> Stored:
    """Open a case of a child within the caller's reach.
    A child has one open case at a time.

    A case of the track `wokro` needs a lead coordination centre. The registry is asked
    for it before anything is locked: NoLeadCentre or RegistrySilent.
    """
    if new.track is Track.WOKRO:
        await _require_lead_centre(change, new.person_id, today)
    record = await lock_person(change, new.person_id, Permission.OPEN_CASES)
    if new.first_contact_on > today:
        refuse(("first_contact_on", "in_future"))
    if new.referral_id is not None:
        await queries.require_referral_of(change, new.referral_id, new.person_id)
    # The id is made first: the sealed field is bound to it.
    case_id: UUID = await change.scalar(func.uuidv7().select())
    county = record.person.county_terc
    reason = {"reason": new.reason}
    [number] = await next_numbers(change, county, today)
    values = new.model_dump(exclude={"reason"}) | {
        "id": case_id,
        "county_terc": county,
        "number": number,
        "state": CaseState.DRAFT,
        "coordinator": new.coordinator or change.caller.subject,
        "opened_on": today,
        "sealed": seal(record.key, place_of("cases", case_id), reason),
    }
    statement = insert(Case).values(**values).returning(*queries.CASES.c)
    case = Case(**(await change.one(statement))._mapping)
    await add_step(change, case, OPENED, now)
    record_change(change, "open_case", case, "opened", track=case.track)
    return await queries.get_shown(change, case)


async def _require_lead_centre(change: Change, person_id: UUID, today: date) -> None:
    """NoLeadCentre unless the registry has a lead coordination centre for the child's
    county on that day.
    """
    unlocked_record = await get_person(change, person_id, Permission.OPEN_CASES)
    with needing_registry() as registry:
        if not await registry.has_lead_centre(
            unlocked_record.person.county_terc, today
        ):
            raise NoLeadCentre()


async def next_numbers(
    change: Change, county_terc: str, day: date, many: int = 1
) -> list[str]:
    """The next numbers of a county and year: `2469/2026/00001`."""
    prefix = f"{county_terc}/{day.year}"
    # Without the lock, two cases opened at once would get the same number.
    await change.execute(_NUMBER_LOCK, {"prefix": prefix})
    # A case that has moved to another county keeps its number,
    # so all counties are searched.
    async with acting_everywhere(change):
        highest = await queries.get_highest_number(change, prefix)
    return [f"{prefix}/{highest + number:05}" for number in range(1, many + 1)]


async def add_step(
    change: Change, case: Case, verb: str, now: datetime, reason: str | None = None
) -> None:
    """Add a step to a case's history. Steps are never changed."""
    # No race: every caller of this function has locked the case.
    number = await queries.get_highest_step(change, case.id) + 1
    await change.execute(
        insert(CaseStep).values(
            case_id=case.id,
            number=number,
            county_terc=case.county_terc,
            person_id=case.person_id,
            verb=verb,
            state=case.state,
            reason=reason,
            by=change.caller.subject,
            at=now,
        )
    )


def require_open(case: Case) -> None:
    """StateConflict where the case is closed, withdrawn or transferred."""
    if case.closed_on is not None:
        state = CaseState(case.state)
        raise StateConflict(state=state.value, allowed=allowed_verbs(state))


async def change_case(change: Change, case: Case, **values: Any) -> Case:
    """Give a case these values and its next version."""
    statement = (
        update(Case)
        # If the case was not locked and has changed, this fails and overwrites nothing.
        .where(col(Case.id) == case.id, col(Case.version) == case.version)
        .values(**values, version=Case.version + 1, changed_at=func.now())
        .returning(*queries.CASES.c)
    )
    return Case(**(await change.one(statement))._mapping)


async def amend_case(
    change: Change, case_id: UUID, patch: CaseUpdate, version: int
) -> Stored:
    """Change the coordinator of a case, its review, and where its support is organised."""
    case = await queries.lock_case(change, case_id, Permission.MOVE_CASES)
    require_version(case.version, version)
    require_open(case)
    patched = patch.model_dump(exclude_unset=True)
    fields: Sequence[str] = sorted(
        name for name in patched if patched[name] != getattr(case, name)
    )
    # Without a change there is no new version, audit record or event.
    if fields:
        case = await change_case(change, case, **patched)
        record_change(change, "amend_case", case, "changed", fields=[*fields])
    return await queries.get_shown(change, case)
