"""Every change of a good practice."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.relating import acting_everywhere
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import (
    FieldError,
    StateConflict,
    UnknownReference,
    refuse,
)
from services.chassis.trust.access import demand
from services.training.good_practices import queries, rules
from services.training.good_practices.models import GoodPractice
from services.training.good_practices.rules import PRACTICE_ALLOWED, PracticeState
from services.training.good_practices.schemas import (
    PracticeDescribe,
    PracticeIdentify,
    PracticeReview,
)
from services.training.permissions import Permission
from services.training.problems import (
    DescribedByAuthority,
    GoodPracticeIncomplete,
    SubmitterDecides,
)
from services.training.task_teams.queries import account_is_member
from services.training.trainees.queries import find_county_of_authority

_WRITE, _DECIDE = Permission.WRITE_GOOD_PRACTICES, Permission.DECIDE_GOOD_PRACTICES


def _record(
    change: Change, action: str, practice: Stored, county: str, event: str
) -> None:
    subject = Subject(f"good-practices/{practice.key}", practice.version, county)
    change.record(action, subject, f"good-practice.{event}")


async def identify_practice(change: Change, new: PracticeIdentify) -> Stored:
    """Identify a practice of an authority or a county that is to be described."""
    # Before the reach: authorities are public, so that an unknown id reveals nothing.
    county = await _county_of(change, new)
    demand(change.caller, _DECIDE, county=county)
    facts = new.model_dump(exclude={"county_terc"})
    origin = {"county_terc": county, "identified_by": change.caller.subject}
    statement = insert(GoodPractice).values(**facts, **origin, content={})
    practice = await change.stored(statement.returning(*queries.STORED))
    _record(change, "identify_good_practice", practice, county, "identified")
    return practice


async def _county_of(change: Change, new: PracticeIdentify) -> str:
    """The county in the request, or that of the authority."""
    if new.authority_id is None:
        if new.county_terc is None:
            refuse(("county_terc", "missing"))
        return str(new.county_terc)
    if new.county_terc is not None:
        refuse(("county_terc", "not_allowed"))
    county = await find_county_of_authority(change, new.authority_id)
    if county is None:
        raise UnknownReference(FieldError("pointer", "/authority_id", "not_found"))
    return county


async def _lock(
    change: Change, practice_id: UUID, version: int, verb: str
) -> GoodPractice:
    """A practice within reach whose state allows the verb, locked."""
    permission = _WRITE if verb == "describe" else _DECIDE
    practice = await queries.lock_practice(change, practice_id, permission)
    require_version(practice.version, version)
    allowed = PRACTICE_ALLOWED[PracticeState(practice.state)]
    if verb not in allowed:
        raise StateConflict(state=practice.state, allowed=allowed)
    return practice


async def _change(
    change: Change, practice: GoodPractice, verb: str, event: str, **values: Any
) -> Stored:
    stamp = {"version": GoodPractice.version + 1, "changed_at": func.now()}
    statement = update(GoodPractice).where(col(GoodPractice.id) == practice.id)
    statement = statement.values(**values, **stamp)
    after = await change.stored(statement.returning(*queries.STORED))
    action = f"{verb}_good_practice"
    _record(change, action, after, practice.county_terc, event)
    return after


async def _require_author(change: Change, practice: GoodPractice) -> None:
    """DescribedByAuthority unless the caller is in the team of the authority."""
    if practice.authority_id is None:
        return
    account = change.caller.subject
    # Everywhere: the check reads trainees, who may be out of the caller's reach.
    async with acting_everywhere(change):
        is_author = await account_is_member(change, practice.authority_id, account)
    if not is_author:
        raise DescribedByAuthority()


async def describe_practice(
    change: Change,
    practice_id: UUID,
    description: PracticeDescribe,
    version: int,
    now: datetime,
) -> Stored:
    """Fill in the template, as the authority or for the county.

    GoodPracticeIncomplete names the fields that are missing.
    """
    practice = await _lock(change, practice_id, version, "describe")
    await _require_author(change, practice)
    refuse(*rules.unknown_fields(description.fields))
    if missing := rules.missing_fields(description.fields):
        raise GoodPracticeIncomplete(state=practice.state, missing=missing)
    values = {
        "state": PracticeState.DESCRIBED,
        "content": description.model_dump(mode="json")["fields"],
        "described_by": change.caller.subject,
        "described_at": now,
        # The former review was on the former text.
        "reviewed_by": None,
        "reviewed_at": None,
    }
    return await _change(change, practice, "describe", "described", **values)


async def review_practice(
    change: Change,
    practice_id: UUID,
    review: PracticeReview,
    version: int,
    now: datetime,
) -> Stored:
    """Approve a description, or return it with a note.

    SubmitterDecides where the caller has described it.
    """
    practice = await _lock(change, practice_id, version, "review")
    # A returned description needs a note that says what to change.
    if not review.is_approved and review.note is None:
        refuse(("note", "missing"))
    # Four-eyes principle, checked here and by a constraint of the table.
    if practice.described_by == change.caller.subject:
        raise SubmitterDecides()
    state = PracticeState.REVIEWED if review.is_approved else PracticeState.IDENTIFIED
    values = {
        "state": state,
        "reviewed_by": change.caller.subject,
        "reviewed_at": now,
        "review_note": review.note,
    }
    event = "reviewed" if review.is_approved else "given-back"
    return await _change(change, practice, "review", event, **values)


async def publish_practice(
    change: Change, practice_id: UUID, version: int, today: date
) -> Stored:
    """Publish a reviewed practice: every signed-in caller may read it from now on."""
    practice = await _lock(change, practice_id, version, "publish")
    values = {"state": PracticeState.PUBLISHED, "published_on": today}
    return await _change(change, practice, "publish", "published", **values)
