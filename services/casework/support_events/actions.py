"""Every change of a support event: it is recorded, and may be annulled;
nothing is deleted.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.casework.cases.actions import change_case
from services.casework.cases.actions import record_change as record_case_change
from services.casework.cases.models import Case
from services.casework.people.queries import get_key, place_of
from services.casework.permissions import Permission
from services.casework.problems import NotTheOrganiser, RunningBodyConsentRequired
from services.casework.reads import as_county
from services.casework.support_events import queries
from services.casework.support_events.models import SupportEvent
from services.casework.support_events.queries import Links
from services.casework.support_events.rules import (
    AnnullingReason,
    SupportForm,
    date_error,
    event_errors,
    month_error,
)
from services.casework.support_events.rules import SupportEvent as Meeting
from services.casework.support_events.schemas import Participation, SupportEventCreate
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import (
    FieldError,
    StateConflict,
    UnknownReference,
    ValidationFailed,
    refuse,
)
from services.chassis.trust.access import reaches
from services.chassis.trust.callers import Caller, Reach
from services.chassis.trust.vault import seal

RECORD = Permission.RECORD_SUPPORT_EVENTS
_PARTY = frozenset({"party"})
_FIELDS = {"children": "others"}
_SHARED = {"kind", "form", "minutes", "occurred_on", "is_early_support"}


class Part(NamedTuple):
    """One child's part in a meeting: its participation and case,
    and its place in the request.
    """

    participation: Participation
    case: Case
    at: str


async def record_event(change: Change, new: SupportEventCreate, today: date) -> Stored:
    """Record a meeting, with one record for each of its children: all or none.

    Returns the record of the first child.
    """
    # All locks are taken first, in the same order by every recording.
    parts = await _lock_parts(change, new)
    shared = {
        "institution_id": _giver(change.caller, new, parts),
        "group_id": None,
        **new.model_dump(include=_SHARED),
    }
    _require_possible(new, parts, today)
    if len(parts) > 1:
        # A meeting with one child has no group.
        shared["group_id"] = await change.scalar(func.uuidv7().select())
    for part in parts:
        async with as_county(change, part.case.county_terc):
            await queries.require_unrestricted(change, part.case.person_id)
    first, *_ = [await _record_part(change, new, part, shared) for part in parts]
    return first


async def _lock_parts(change: Change, new: SupportEventCreate) -> list[Part]:
    """The parts of all children; the children and their cases are locked.

    Locked in the order of ids, so that two groups at once cannot deadlock.
    """
    participations = [
        (new, ""),
        *((one, f"others/{n}/") for n, one in enumerate(new.others)),
    ]
    if len({one.case_id for one, _ in participations}) < len(participations):
        refuse(("others", "repeated"))
    # Only the referral connects such a caller with the child.
    if _records_by_referral(change.caller):
        lacking = [at for one, at in participations if one.referral_id is None]
        refuse(*[(f"{at}referral_id", "missing") for at in lacking])
    await queries.lock_children(change, [one.case_id for one, _ in participations])
    cases = {
        one.case_id: await queries.lock_case_to_support(
            change, one.case_id, one.referral_id
        )
        for one, _ in sorted(participations, key=lambda each: each[0].case_id)
    }
    return [Part(one, cases[one.case_id], at) for one, at in participations]


def _records_by_referral(caller: Caller) -> bool:
    """Whether the caller may record only by referrals, and neither for a county nor in
    a team.
    """
    by_relation = caller.reach(RECORD) == Reach.RELATED
    return by_relation and caller.relations.get(RECORD) == _PARTY


def _giver(caller: Caller, new: SupportEventCreate, parts: Sequence[Part]) -> UUID:
    """The institution that gave the support.

    It may differ from the caller's own only where the caller
    coordinates the county's cases.
    """
    institution_id = new.institution_id or caller.institution_id
    counties = {part.case.county_terc for part in parts}
    coordinates = all(reaches(caller, RECORD, county=one) for one in counties)
    is_own = institution_id == caller.institution_id
    if institution_id is None or not (is_own or coordinates):
        code = "missing" if institution_id is None else "not_allowed"
        raise ValidationFailed(FieldError("pointer", "/institution_id", code))
    return institution_id


def _require_possible(
    new: SupportEventCreate, parts: Sequence[Part], today: date
) -> None:
    """ValidationFailed for an impossible day or group."""
    errors = {
        date_error(new.occurred_on, part.case.opened_on, part.case.closed_on, today)
        for part in parts
    }
    refuse(*[("occurred_on", error) for error in sorted(filter(None, errors))])
    absent = [
        (f"{part.at}present", "missing")
        for part in parts
        if new.is_early_support
        and part.case.person_id not in part.participation.present
    ]
    refuse(*absent)
    wrong = event_errors(_meeting(new, [part.case.person_id for part in parts]))
    # The rules' `children` are the request's `others`.
    refuse(*[(_FIELDS.get(name, name), code) for name, code in wrong])


def _meeting(
    facts: SupportEventCreate | SupportEvent, children: Iterable[UUID]
) -> Meeting:
    """A meeting as the rules' type, with these children."""
    names = frozenset(map(str, children))
    return Meeting(
        facts.occurred_on,
        SupportForm(facts.form),
        facts.minutes,
        names,
        names,
        facts.is_early_support,
    )


async def _record_part(
    change: Change, new: SupportEventCreate, part: Part, shared: dict[str, Any]
) -> Stored:
    """Record the support of one child."""
    case, participation = part.case, part.participation
    async with as_county(change, case.county_terc):
        await _require_links(change, part, shared["institution_id"])
        event_id: UUID = await change.scalar(func.uuidv7().select())
        key = await get_key(change, case.person_id)
        notes = {"notes": participation.notes}
        values = shared | {
            "id": event_id,
            "county_terc": case.county_terc,
            "person_id": case.person_id,
            **participation.model_dump(
                include={*Participation.model_fields} - {"notes"}
            ),
            "consent_document_id": await _require_room(change, new, part, shared),
            "delivered_by": change.caller.subject,
            "sealed": seal(key, place_of("support_events", event_id), notes),
        }
        statement = insert(SupportEvent).values(**values).returning(*queries.EVENTS.c)
        event = SupportEvent(**(await change.one(statement))._mapping)
        await _date_first_support(change, case)
        _record(change, "record_support_event", event, "recorded")
        return await queries.get_stored(change, event)


async def _require_links(change: Change, part: Part, institution_id: UUID) -> None:
    """UnknownReference for a referral or recommendation of another case, or for
    somebody present who is not of the child's family.
    """
    participation = part.participation
    links = Links(
        part.case,
        institution_id,
        participation.referral_id,
        participation.recommendation_id,
    )
    unknown = await queries.list_unknown_links(change, links)
    family = await queries.list_family(change, part.case.person_id)
    unknown += [
        f"present/{place}"
        for place, person in enumerate(participation.present)
        if person not in family
    ]
    if unknown:
        raise UnknownReference(
            *[
                FieldError("pointer", f"/{part.at}{name}", "not_found")
                for name in unknown
            ]
        )


async def _require_room(
    change: Change, new: SupportEventCreate, part: Part, shared: dict[str, Any]
) -> UUID | None:
    """The id of the running body's consent that the month needs with this meeting; None
    where it needs none.

    Raises NotTheOrganiser, or RunningBodyConsentRequired where the consent is missing.
    """
    case = part.case
    if not new.is_early_support:
        return None
    # A child's hours are given by one institution, which alone reports them to SIO.
    if case.organiser_institution_id != shared["institution_id"]:
        has_organiser = case.organiser_institution_id is not None
        raise NotTheOrganiser(
            missing=["organiser"], case_id=str(case.id), has_organiser=has_organiser
        )
    child, day = case.person_id, new.occurred_on
    events = await queries.list_early_support(change, child, day)
    before = [_meeting(event, [child]) for event in events]
    error = month_error(_meeting(new, [child]), before)
    if error is None:
        return None
    consent_id = await queries.find_running_body_consent(change, child, day)
    if consent_id is None:
        month = day.isoformat()[:7]
        raise RunningBodyConsentRequired(
            missing=[error], case_id=str(case.id), month=month
        )
    return consent_id


async def _date_first_support(change: Change, case: Case) -> None:
    """Set the day of a case's first support, from the events that count now."""
    # Computed again: an earlier day may be recorded later, or the first event annulled.
    first = await queries.find_first_day(change, case.id)
    if first != case.first_support_on:
        dated = await change_case(change, case, first_support_on=first)
        record_case_change(change, "date_first_support", dated, "changed")


def _record(change: Change, action: str, event: SupportEvent, verb: str) -> None:
    subject = Subject(f"support-events/{event.id}", event.version, event.county_terc)
    change.record(
        action,
        subject,
        f"support-event.{verb}",
        people=[str(event.person_id)],
        kind=event.kind,
        form=event.form,
        minutes=event.minutes,
    )


async def annul_event(
    change: Change, event_id: UUID, reason: AnnullingReason, version: int
) -> Stored:
    """Annul a record: it no longer counts, but stays, with who annulled it and why."""
    event = await queries.lock_event(change, event_id)
    require_version(event.version, version)
    if event.annulled_by is not None:
        raise StateConflict(state="annulled", allowed=[])
    # A caller who reaches the record by a referral does not reach
    # the child and the case.
    async with as_county(change, event.county_terc):
        await queries.require_unrestricted(change, event.person_id)
        case = await queries.lock_case_of(change, event)
        values = {"annulled_by": change.caller.subject, "annulling_reason": reason}
        annulling = update(SupportEvent).where(col(SupportEvent.id) == event_id)
        statement = annulling.values(
            **values, version=SupportEvent.version + 1, changed_at=func.now()
        ).returning(*queries.EVENTS.c)
        annulled = SupportEvent(**(await change.one(statement))._mapping)
        await _date_first_support(change, case)
        _record(change, "annul_support_event", annulled, "annulled")
        return await queries.get_stored(change, annulled)
