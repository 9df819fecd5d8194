"""Every change of a campaign, of its targets, of its counts and of who goes on to stage two."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, text, update
from sqlmodel import col

from services.chassis import audit, events
from services.chassis.access import demand
from services.chassis.answers import Answer, etag, tagged
from services.chassis.callers import Caller
from services.chassis.concurrency import IfMatch, expected_version
from services.chassis.jobs import enqueue
from services.chassis.problems import (
    FieldError,
    StateConflict,
    ValidationFailed,
    VersionMismatch,
)
from services.chassis.wire import json_object
from services.chassis.work import Change, Record
from services.screening.campaigns import queries
from services.screening.campaigns import schemas as wire
from services.screening.campaigns.models import (
    Campaign,
    CampaignImplementer,
    CampaignSelection,
    CampaignTarget,
)
from services.screening.campaigns.rules.life import (
    RELEASE,
    CampaignState,
    CampaignVerb,
    allowed_verbs,
    are_edges,
)
from services.screening.campaigns.rules.roll_up import COUNT, FORGET, MARK, SELECT
from services.screening.permissions import Permission
from services.screening.problems import (
    CampaignHasOneStage,
    ImplementerElsewhere,
    StageTwoBegun,
    SubjectNotSelected,
)
from services.screening.protocols.queries import require_version
from services.screening.protocols.rules.batteries import stage_plan
from services.screening.protocols.rules.selection import RuleKind, choose, explain_rule
from services.screening.protocols.schemas import Labels

_COUNT, _FORGET, _MARK, _SELECT = text(COUNT), text(FORGET), text(MARK), text(SELECT)


def _note(
    change: Change, caller: Caller, action: str, event: str, row: Any, **detail: Any
) -> None:
    """The audit record and the event of a change of a campaign."""
    subject = f"campaigns/{row.id}"
    audit.record(change, caller, action, subject, county=row.county_terc, detail=detail)
    data = {"href": f"/v1/screening/{subject}", **detail}
    events.emit(
        change,
        f"screening.campaign.{event}",
        subject,
        row.version,
        county=row.county_terc,
        data=data,
    )


def _note_selection(
    change: Change,
    caller: Caller,
    action: str,
    event: str,
    row: Any,
    county: str,
    **detail: Any,
) -> None:
    """The same of selections, for each county its own; how many they are is kept, and not told."""
    subject = f"campaigns/{row.id}"
    audit.record(change, caller, action, subject, county=county, detail=detail)
    href = {"href": f"/v1/screening/{subject}/selections"}
    events.emit(
        change,
        f"screening.campaign.{event}",
        subject,
        row.version,
        county=county,
        data=href,
    )


def _refuse(pointer: str, code: str) -> None:
    raise ValidationFailed(FieldError("pointer", pointer, code))


async def create_campaign(
    change: Change, caller: Caller, new: wire.CampaignCreate
) -> Answer:
    """Plan a campaign by a version of a protocol, whose batteries it keeps."""
    demand(caller, Permission.EDIT_CAMPAIGNS, county=new.county_terc)
    if not are_edges(new.age_bands):
        _refuse("/age_bands", "wrong_order")
    protocol = await require_version(change, new.protocol_code, new.protocol_version)
    plan = {"1": stage_plan(protocol.stage_one)}
    if protocol.stage_two is not None:
        plan |= {
            "2": stage_plan(protocol.stage_two),
            "selection": protocol.selection["rule"],
        }
    statement = (
        insert(Campaign)
        .values(**new.model_dump(), plan=plan)
        .returning(*queries.CAMPAIGNS.c)
    )
    row = await change.one(statement)
    _note(change, caller, "create_campaign", "created", row)
    answer = await queries.get_campaign(change, None, row.id)
    answer.status_code = 201
    answer.headers["location"] = f"/v1/screening/campaigns/{row.id}"
    return answer


async def _locked_for(
    change: Change, caller: Caller, campaign_id: UUID, verb: CampaignVerb
) -> Record:
    """The campaign to change: within the caller's reach, and in a state that allows it."""
    row = await queries.lock_campaign(change, campaign_id)
    demand(caller, Permission.EDIT_CAMPAIGNS, county=row.county_terc)
    allowed = allowed_verbs(CampaignState(row.state))
    if verb not in allowed:
        raise StateConflict(state=row.state, allowed=allowed)
    return row


async def _change(
    change: Change,
    caller: Caller,
    row: Record,
    if_match: IfMatch,
    action: str,
    event: str,
    **values: Any,
) -> Answer:
    if expected_version(if_match, row.id) != row.version:
        raise VersionMismatch()
    stamped = values | {"version": Campaign.version + 1, "changed_at": func.now()}
    statement = (
        update(Campaign)
        .where(col(Campaign.id) == row.id)
        .values(**stamped)
        .returning(*queries.CAMPAIGNS.c)
    )
    after = await change.one(statement)
    _note(change, caller, action, event, after, state=after.state)
    return await queries.get_campaign(change, None, row.id)


async def amend_campaign(
    change: Change,
    caller: Caller,
    campaign_id: UUID,
    patch: wire.CampaignUpdate,
    if_match: IfMatch,
) -> Answer:
    """Change a campaign while it is planned; once it is open its bands and what is small stay."""
    row = await _locked_for(change, caller, campaign_id, CampaignVerb.AMEND)
    given = patch.model_dump(exclude_unset=True)
    if not are_edges(given.get("age_bands", [])):
        _refuse("/age_bands", "wrong_order")
    return await _change(
        change, caller, row, if_match, "amend_campaign", "changed", **given
    )


async def open_campaign(
    change: Change,
    caller: Caller,
    campaign_id: UUID,
    opening: wire.CampaignOpen,
    if_match: IfMatch,
    today: date,
) -> Answer:
    """Let a campaign take screenings; somebody must carry it out."""
    row = await _locked_for(change, caller, campaign_id, CampaignVerb.OPEN)
    if opening.opened_on > today:
        _refuse("/opened_on", "in_future")
    if await queries.find_first_implementer(change, campaign_id) is None:
        raise StateConflict(
            state=row.state,
            allowed=allowed_verbs(CampaignState(row.state)),
            missing=["implementer"],
        )
    values = {"state": CampaignState.OPEN, **opening.model_dump()}
    return await _change(
        change, caller, row, if_match, "open_campaign", "opened", **values
    )


async def close_campaign(
    change: Change,
    caller: Caller,
    campaign_id: UUID,
    closing: wire.CampaignClose,
    if_match: IfMatch,
    today: date,
) -> Answer:
    """End a campaign; its numbers stay."""
    row = await _locked_for(change, caller, campaign_id, CampaignVerb.CLOSE)
    if closing.closed_on > today:
        _refuse("/closed_on", "in_future")
    if closing.closed_on < row.opened_on:
        _refuse("/closed_on", "wrong_order")
    await enqueue_release(change, campaign_id)
    values = {"state": CampaignState.CLOSED, **closing.model_dump()}
    return await _change(
        change, caller, row, if_match, "close_campaign", "closed", **values
    )


async def ask_for_release(change: Change, campaign_id: UUID) -> None:
    """Have counts released in the background, once an hour at most.

    Whoever works on the campaign asks for it by that, and nobody by reading: a reader does not choose the moment.
    """
    if await queries.find_release_job(change, campaign_id) is None:
        await enqueue_release(change, campaign_id)


async def enqueue_release(change: Change, campaign_id: UUID) -> None:
    """Have counts released in the background; by the same rule at the end of a campaign as before it."""
    await enqueue(
        change, Caller("screening"), RELEASE, {"campaign_id": str(campaign_id)}
    )


async def add_implementer(
    change: Change, caller: Caller, campaign_id: UUID, new: wire.ImplementerCreate
) -> Answer:
    """Add somebody who carries a campaign out."""
    row = await _locked_for(change, caller, campaign_id, CampaignVerb.ADD_IMPLEMENTERS)
    values = new.model_dump() | {"campaign_id": campaign_id, "added_by": caller.subject}
    statement = (
        insert(CampaignImplementer)
        .values(**values)
        .returning(json_object(queries.IMPLEMENTER_WIRE))
    )
    made = await change.scalar(statement)
    _note(
        change,
        caller,
        "add_implementer",
        "implementer-added",
        row,
        implementer=new.code,
    )
    return Answer(made, 201)


async def set_target(
    change: Change, caller: Caller, campaign_id: UUID, new: wire.TargetCreate
) -> Answer:
    """Say how many are to complete a stage; what was said of the same before is superseded, and kept."""
    row = await _locked_for(change, caller, campaign_id, CampaignVerb.SET_TARGETS)
    if new.county_terc is not None and new.implementer is not None:
        _refuse("/implementer", "not_allowed")
    if new.stage == 2 and "2" not in row.plan:
        raise CampaignHasOneStage(state=row.state)
    of = new.model_dump(exclude={"subjects"})
    before = [
        col(getattr(CampaignTarget, name)).is_not_distinct_from(value)
        for name, value in of.items()
    ]
    current = col(CampaignTarget.superseded_at).is_(None)
    ended = update(CampaignTarget).where(
        col(CampaignTarget.campaign_id) == campaign_id, current, *before
    )
    await change.execute(ended.values(superseded_at=func.now()))
    values = new.model_dump() | {"campaign_id": campaign_id, "set_by": caller.subject}
    await change.execute(insert(CampaignTarget).values(**values))
    _note(change, caller, "set_target", "target-set", row, **new.model_dump())
    return Answer(new.model_dump_json(), 201)


async def count_results(change: Change, results_json: str) -> None:
    """Count results, or take annulled ones back, in the transaction of the screenings: subjects and roll-up at once.

    A JSON array of `{campaign_id, stage, subject_ref, county_terc, implementer, sex, age_months, instrument,
    outcome, direction: 1 | -1}`; `screening_id` tells several forms of one instrument apart, `bands` (scale → band)
    lets rules select by them. The campaigns are held open and the row scope is set by whoever calls.
    SubjectNotSelected when a result of stage two is of a child who was not selected, ImplementerElsewhere when one is
    of a county where its implementer does not screen.
    """
    unselected, emptied, misplaced = await change.one(
        _COUNT, values={"results": results_json}
    )
    if misplaced:
        raise ImplementerElsewhere()
    if unselected:
        raise SubjectNotSelected()
    if emptied:
        await change.execute(_FORGET, {"results": results_json})


async def _count_selections(
    change: Change,
    campaign_id: UUID,
    subjects: Sequence[Mapping[str, str]],
    *,
    selected: bool,
) -> None:
    values = {
        "campaign_id": campaign_id,
        "subjects": json.dumps(subjects),
        "is_selected": selected,
    }
    _, emptied, _ = await change.one(_MARK, values=values)
    if emptied:
        of_campaign = [
            {"campaign_id": str(campaign_id), **subject} for subject in subjects
        ]
        await change.execute(_FORGET, {"results": json.dumps(of_campaign)})


def _check_by_hand(new: wire.SelectionCreate, rule: Mapping[str, Any]) -> None:
    if new.subjects is None and rule["kind"] == RuleKind.BY_HAND:
        _refuse("/subjects", "missing")
    if new.subjects is not None and new.reason is None:
        _refuse("/reason", "missing")


async def select_subjects(
    change: Change, caller: Caller, campaign_id: UUID, new: wire.SelectionCreate
) -> Answer:
    """Let children go on to stage two: by the protocol's rule, or by hand with a reason.

    Only who has completed stage one in the caller's reach can be; others are named by their place in the request.
    Whose selection was withdrawn is selected again by hand only.
    """
    row = await queries.lock_open_campaign(change, campaign_id)
    for county in new.county_terc or ([row.county_terc] if row.county_terc else []):
        demand(caller, Permission.SELECT_SUBJECTS, county=county)
    if "2" not in row.plan:
        raise CampaignHasOneStage(state=row.state)
    rule = (
        row.plan["selection"]
        if new.subjects is None
        else {"kind": RuleKind.BY_HAND.value}
    )
    _check_by_hand(new, row.plan["selection"])
    found = await queries.lock_candidates(
        change, caller, campaign_id, counties=new.county_terc, subjects=new.subjects
    )
    known = {candidate.subject_ref for candidate, _, _ in found}
    missing = [
        place
        for place, subject in enumerate(new.subjects or ())
        if str(subject) not in known
    ]
    if missing:
        raise ValidationFailed(
            *[
                FieldError("pointer", f"/subjects/{place}", "not_in_stage_one")
                for place in missing
            ]
        )
    candidates, deciding = (
        [candidate for candidate, _, _ in found],
        row.plan["1"]["deciding"],
    )
    chosen = (
        known
        if new.subjects is not None
        else {*choose(rule, candidates, deciding, row.id)}
    )
    fresh = [
        {"subject_ref": one.subject_ref, "county_terc": one.county_terc}
        for one, is_selected, was_selected in found
        if one.subject_ref in chosen
        and not is_selected
        and (new.subjects is not None or not was_selected)
    ]
    return await _record_selections(
        change, caller, row, rule, fresh, len(chosen) - len(fresh), new.reason
    )


async def _record_selections(
    change: Change,
    caller: Caller,
    row: Any,
    rule: Mapping[str, Any],
    fresh: Sequence[Mapping[str, str]],
    before: int,
    reason: str | None,
) -> Answer:
    values = {
        "campaign_id": row.id,
        "rule": json.dumps(rule),
        "reason": reason,
        "selected_by": caller.subject,
    }
    values["subjects"] = json.dumps(fresh)
    await change.execute(_SELECT, values)
    await _count_selections(change, row.id, fresh, selected=True)
    await ask_for_release(change, row.id)
    for county, selected in sorted(
        Counter(each["county_terc"] for each in fresh).items()
    ):
        _note_selection(
            change,
            caller,
            "select_subjects",
            "subjects-selected",
            row,
            county,
            selected=selected,
        )
    made = wire.SelectionsMade(
        selected=len(fresh), already_selected=before, rule=Labels(**explain_rule(rule))
    )
    return Answer(made.model_dump_json())


async def withdraw_selection(
    change: Change,
    caller: Caller,
    campaign_id: UUID,
    selection_id: UUID,
    withdrawing: wire.SelectionWithdraw,
    if_match: IfMatch,
) -> Answer:
    """Take a selection back, with a reason, before stage two has begun. That it was made stays readable."""
    campaign = await queries.lock_open_campaign(change, campaign_id)
    row = await queries.lock_selection(change, caller, campaign_id, selection_id)
    if expected_version(if_match, selection_id) != row.version:
        raise VersionMismatch()
    if row.withdrawn_at is not None:
        raise StateConflict(state="withdrawn", allowed=[])
    if row.stage_two != "not_started":
        raise StageTwoBegun(state=row.stage_two)
    values = {
        "withdrawn_at": func.now(),
        "withdrawn_by": caller.subject,
        "withdrawing_reason": withdrawing.reason,
    }
    stamped = values | {
        "version": CampaignSelection.version + 1,
        "changed_at": func.now(),
    }
    statement = (
        update(CampaignSelection)
        .where(col(CampaignSelection.id) == selection_id)
        .values(**stamped)
    )
    returning = (json_object(queries.SELECTION_WIRE), col(CampaignSelection.version))
    after = await change.one(statement.returning(*returning))
    subject = {"subject_ref": str(row.subject_ref), "county_terc": row.county_terc}
    await _count_selections(change, campaign_id, [subject], selected=False)
    one = {"selection_id": str(selection_id)}
    _note_selection(
        change,
        caller,
        "withdraw_selection",
        "selection-withdrawn",
        campaign,
        row.county_terc,
        **one,
    )
    return tagged(after[0], etag(selection_id, after.version))
