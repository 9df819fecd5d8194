"""Every change of a screening. What counts in a campaign is counted in the transaction that makes it count."""

import json
from collections.abc import Container, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ValidationError
from pydantic_core import to_json
from sqlalchemy import func, update
from sqlmodel import col

from services.chassis import audit, events
from services.chassis.access import demand
from services.chassis.answers import Answer, created, etag, tagged
from services.chassis.callers import Caller
from services.chassis.concurrency import IfMatch, expected_version
from services.chassis.listing import json_object
from services.chassis.problems import (
    FieldError,
    OutsideScope,
    StateConflict,
    UnknownReference,
    ValidationFailed,
    VersionMismatch,
)
from services.chassis.refusals import field_errors
from services.chassis.work import Change, Record
from services.screening.campaign_counts.actions import count_results
from services.screening.campaigns.actions import ask_for_release
from services.screening.campaigns.queries import require_open
from services.screening.instruments.queries import get_plan_of_version
from services.screening.instruments.rules.outcomes import Outcome
from services.screening.norm_sets.queries import get_norms
from services.screening.peers import find_unknown_institutions
from services.screening.permissions import Permission
from services.screening.problems import ImplementerElsewhere, SubjectNotSelected
from services.screening.screenings import queries
from services.screening.screenings.models import Screening
from services.screening.screenings.rules.recording import Recorded, record_statement
from services.screening.screenings.rules.results import bands_of
from services.screening.screenings.rules.states import (
    COUNTED,
    State,
    Verb,
    allowed_verbs,
    consent_event,
)
from services.screening.screenings.rules.subjects import contradictions
from services.screening.screenings.rules.submissions import submitted
from services.screening.screenings.schemas import (
    ScreeningAnnul,
    ScreeningConfirm,
    ScreeningConsent,
    ScreeningCreate,
    ScreeningSubmit,
    ScreeningUpdate,
)

_RECORD = record_statement(str(json_object(queries.WIRE)))
_CREATED = {State.DRAFT.value: "created"}
_RETURNED = (json_object(queries.WIRE).label("body"), *queries.SCREENINGS.c)
_COUNTED = (
    "campaign_id",
    "stage",
    "subject_ref",
    "county_terc",
    "implementer",
    "sex",
    "age_months",
    "outcome",
)


class _Body(BaseModel):
    body: ScreeningCreate


def _note(
    change: Change,
    caller: Caller,
    action: str,
    event: str,
    row: Record | Recorded,
    **told: Any,
) -> None:
    """The audit record and the event of a change: ids and names of fields, never answers or results."""
    subject, county = f"screenings/{row.id}", row.county_terc
    audit.record(
        change,
        caller,
        action,
        subject,
        county=county,
        institution=row.institution_id,
        detail=told,
    )
    _tell(change, event, row)


def _tell(change: Change, event: str, row: Record | Recorded) -> None:
    subject, county = f"screenings/{row.id}", row.county_terc
    ids = {
        name: str(value)
        for name in ("campaign_id", "institution_id")
        if (value := getattr(row, name))
    }
    data = {
        "href": f"/v1/screening/{subject}",
        "subject_ref": str(row.subject_ref),
        **ids,
    }
    events.emit(
        change,
        f"screening.screening.{event}",
        subject,
        row.version,
        county=county,
        data=data,
    )


def _refuse(prefix: str, wrong: list[tuple[str, str]]) -> None:
    if wrong:
        raise ValidationFailed(
            *[FieldError("pointer", f"{prefix}/{name}", code) for name, code in wrong]
        )


def read_screening(facts: object) -> ScreeningCreate:
    """The screening that these facts say; ValidationFailed names what is wrong."""
    try:
        return _Body.model_validate({"body": facts}).body
    except ValidationError as error:
        wrong: Any = error
        raise ValidationFailed(*field_errors(wrong)) from None


def demand_place(
    caller: Caller, permission: Permission, county: str, institution: UUID | None
) -> None:
    """Own institutions lie in own counties: what is told of an institution in another county is nobody's own."""
    demand(caller, permission, county=county, institution=institution)
    if county not in caller.counties and "*" not in caller.counties:
        raise OutsideScope(permission=str(permission), relation="own_county")


async def _count(change: Change, row: Record, direction: int) -> None:
    """Let the campaign's roll-up follow, in this transaction."""
    if row.campaign_id is not None:
        counted = {name: row._mapping[name] for name in _COUNTED}
        counted |= {
            "instrument": row.instrument_code,
            "direction": direction,
            "screening_id": row.id,
        }
        counted |= {"bands": bands_of(row.result) if row.result else {}}
        await count_results(change, json.dumps([counted], default=str))


def _require_campaign(
    standing: queries.Standing, county: str, implementer: str | None
) -> None:
    """The campaign is there and open, is one of this county, and somebody carries it out."""
    if standing.campaign_state is None:
        raise UnknownReference(FieldError("pointer", "/campaign_id", "not_found"))
    require_open(standing.campaign_state)
    if standing.campaign_county not in {None, county}:
        _refuse("", [("county_terc", "outside_campaign")])
    if implementer is None:
        _refuse("", [("implementer", "missing")])


async def _submitted(
    change: Change,
    standing: queries.Standing,
    facts: Mapping[str, Any],
    given: ScreeningSubmit,
) -> dict[str, Any]:
    plan = await get_plan_of_version(change, *standing[:2])
    norms = (
        None
        if standing.norm_set_id is None
        else await get_norms(change, standing.norm_set_id)
    )
    values = submitted(
        plan,
        norms,
        facts,
        given.model_dump(include={"born_on", "administered_on", "gestation_weeks"}),
    )
    if isinstance(values, list):
        raise ValidationFailed(
            *[FieldError("pointer", pointer, code) for pointer, code in values]
        )
    scored_with = standing.norm_set_id if values["state"] == State.SCORED else None
    return values | {"norm_set_id": scored_with, "has_consent": given.consent_to_refer}


async def record_screening(
    change: Change,
    caller: Caller,
    new: ScreeningCreate,
    today: date,
    unknown: Container[UUID],
) -> Recorded:
    """One screening, as a draft or scored at once; counted in its campaign. `unknown`: institutions that are not."""
    demand_place(
        caller, Permission.SUBMIT_SCREENINGS, new.county_terc, new.institution_id
    )
    if new.institution_id is not None and new.institution_id in unknown:
        raise UnknownReference(FieldError("pointer", "/institution_id", "not_found"))
    if (new.source is None) != (new.external_id is None):
        _refuse("", [("external_id", "both_or_neither")])
    instrument = new.instrument_code, new.instrument_version
    standing = await queries.get_standing(change, caller, *instrument, new.campaign_id)
    values = {
        **dict(new),
        "created_by": caller.subject,
        "state": State.DRAFT,
        "submission": None,
    }
    if new.campaign_id is not None:
        _require_campaign(standing, new.county_terc, new.implementer)
        values["stage"] = new.stage or 1
    elif new.stage is not None:
        _refuse("", [("stage", "without_campaign")])
    if new.submission is None:
        await get_plan_of_version(change, *standing[:2])
    else:
        _refuse(
            "/submission",
            contradictions(
                new.submission.born_on, new.submission.administered_on, today
            ),
        )
        values |= await _submitted(change, standing, values, new.submission) | {
            "submitted_by": caller.subject
        }
    facts = [
        to_json(given).decode()
        for given in (values, bands_of(values["result"]) if "result" in values else {})
    ]
    [(*told, unselected, misplaced)] = await (await change.driver()).fetch(
        _RECORD, *facts
    )
    if unselected or misplaced:
        raise SubjectNotSelected() if unselected else ImplementerElsewhere()
    row = Recorded(*told)
    _note(
        change,
        caller,
        "create_screening",
        _CREATED.get(row.state, row.state),
        row,
        state=row.state,
    )
    return row


async def create_screening(
    change: Change, caller: Caller, new: ScreeningCreate, today: date
) -> Answer:
    """Record a screening."""
    unknown = await find_unknown_institutions([new.institution_id])
    row = await record_screening(change, caller, new, today, unknown)
    return created(
        row.body, etag(row.id, row.version), f"/v1/screening/screenings/{row.id}"
    )


async def _locked_for(
    change: Change,
    caller: Caller,
    screening_id: UUID,
    if_match: IfMatch,
    permission: Permission,
    verb: Verb,
) -> Record:
    """A screening that the caller may do this to, unchanged since it was read and in a state for it."""
    row = await queries.lock_screening(change, caller, screening_id)
    demand_place(caller, permission, row.county_terc, row.institution_id)
    if expected_version(if_match, screening_id) != row.version:
        raise VersionMismatch()
    if verb not in (allowed := allowed_verbs(row.state)):
        raise StateConflict(state=row.state, allowed=allowed)
    return row


async def _change(change: Change, row: Record, values: Mapping[str, Any]) -> Record:
    stamped = {**values, "version": row.version + 1, "changed_at": func.now()}
    statement = (
        update(Screening)
        .where(col(Screening.id) == row.id)
        .values(**stamped)
        .returning(*_RETURNED)
    )
    return await change.one(statement)


async def amend_screening(
    change: Change,
    caller: Caller,
    screening_id: UUID,
    patch: ScreeningUpdate,
    if_match: IfMatch,
) -> Answer:
    """Change a draft: answers that are named are replaced, null takes one away."""
    row = await _locked_for(
        change, caller, screening_id, if_match, Permission.SUBMIT_SCREENINGS, Verb.AMEND
    )
    values = patch.model_dump(exclude_unset=True)
    if "answers" in values:
        merged = {**row.answers, **values["answers"]}
        values["answers"] = {
            item: answer for item, answer in merged.items() if answer is not None
        }
    fields = sorted(
        name for name, value in values.items() if value != row._mapping[name]
    )
    if not fields:
        return await queries.get_screening(change, None, caller, screening_id)
    after = await _change(change, row, values)
    _note(change, caller, "amend_screening", "changed", after, fields=fields)
    return await queries.get_screening(change, None, caller, screening_id)


async def submit_screening(
    change: Change,
    caller: Caller,
    screening_id: UUID,
    given: ScreeningSubmit,
    if_match: IfMatch,
    today: date,
) -> Answer:
    """Submit a draft: its answers are checked and scored, and it counts in its campaign."""
    row = await _locked_for(
        change,
        caller,
        screening_id,
        if_match,
        Permission.SUBMIT_SCREENINGS,
        Verb.SUBMIT,
    )
    instrument = row.instrument_code, row.instrument_version
    standing = await queries.get_standing(change, caller, *instrument, row.campaign_id)
    if row.campaign_id is not None:
        _require_campaign(standing, row.county_terc, row.implementer)
    _refuse("", contradictions(given.born_on, given.administered_on, today))
    values = await _submitted(change, standing, {**row._mapping}, given)
    stamps = {"submitted_at": func.now()} | (
        {"scored_at": func.now()} if values["state"] == State.SCORED else {}
    )
    after = await _change(
        change, row, values | stamps | {"submitted_by": caller.subject}
    )
    await _count(change, after, 1)
    _note(change, caller, "submit_screening", after.state, after)
    return tagged(after.body, etag(after.id, after.version))


async def confirm_screening(
    change: Change,
    caller: Caller,
    screening_id: UUID,
    given: ScreeningConfirm,
    if_match: IfMatch,
    now: datetime,
) -> Answer:
    """A person stands by the result, of a positive one a second person. With consent that is told to who refers."""
    row = await _locked_for(
        change,
        caller,
        screening_id,
        if_match,
        Permission.CONFIRM_SCREENINGS,
        Verb.CONFIRM,
    )
    await queries.require_second_person(change, caller, row)
    values = {
        "state": State.CONFIRMED,
        "confirmed_by": caller.subject,
        "confirmed_at": now,
    }
    if (
        given.consent_to_refer is not None
        and given.consent_to_refer is not row.has_consent
    ):
        values |= _consent(caller, given.consent_to_refer, now)
    after = await _change(change, row, values)
    _note(change, caller, "confirm_screening", "confirmed", after)
    if after.campaign_id is not None:
        await ask_for_release(change, after.campaign_id)
    _tell_who_refers(change, after)
    return tagged(after.body, etag(after.id, after.version))


def _consent(caller: Caller, agreed: bool, now: datetime) -> dict[str, Any]:
    return {
        "has_consent": agreed,
        "consent_recorded_by": caller.subject,
        "consent_recorded_at": now,
    }


def _tell_who_refers(change: Change, row: Record) -> None:
    if (
        row.state == State.CONFIRMED
        and row.outcome == Outcome.POSITIVE
        and row.has_consent
    ):
        _tell(change, "confirmed-positive", row)


async def record_consent(
    change: Change,
    caller: Caller,
    screening_id: UUID,
    given: ScreeningConsent,
    if_match: IfMatch,
    now: datetime,
) -> Answer:
    """The guardian agrees after all, or takes that back. What is known already changes nothing and is not told."""
    row = await _locked_for(
        change,
        caller,
        screening_id,
        if_match,
        Permission.CONFIRM_SCREENINGS,
        Verb.CONSENT,
    )
    if event := consent_event(row.has_consent, given.consent_to_refer):
        after = await _change(
            change, row, _consent(caller, given.consent_to_refer, now)
        )
        _note(change, caller, "record_consent", event, after)
        _tell_who_refers(change, after)
    return await queries.get_screening(change, None, caller, screening_id)


async def annul_screening(
    change: Change,
    caller: Caller,
    screening_id: UUID,
    given: ScreeningAnnul,
    if_match: IfMatch,
    now: datetime,
) -> Answer:
    """Annul a screening: it no longer counts, and stays readable with who annulled it and why."""
    row = await _locked_for(
        change, caller, screening_id, if_match, Permission.ANNUL_SCREENINGS, Verb.ANNUL
    )
    if row.state in COUNTED:
        await _count(change, row, -1)
    values = {
        "state": State.ANNULLED,
        "annulled_by": caller.subject,
        "annulled_at": now,
    }
    after = await _change(change, row, values | {"annulling_reason": given.reason})
    _note(change, caller, "annul_screening", "annulled", after)
    return tagged(after.body, etag(after.id, after.version))
