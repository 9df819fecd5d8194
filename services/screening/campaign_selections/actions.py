"""Every decision about who goes on to stage two."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import (
    FieldError,
    Forbidden,
    OutsideScope,
    StateConflict,
    ValidationFailed,
    refuse,
)
from services.chassis.trust.access import demand
from services.chassis.trust.callers import Caller
from services.screening.campaign_counts.actions import count_selections
from services.screening.campaign_counts.rules import SubjectKey
from services.screening.campaign_selections import queries
from services.screening.campaign_selections.models import CampaignSelection
from services.screening.campaign_selections.rules import Child, newly_selected
from services.screening.campaign_selections.schemas import (
    SelectionCreate,
    SelectionsMade,
    SelectionWithdraw,
)
from services.screening.campaign_selections.statements import ADD_SELECTIONS
from services.screening.campaigns.actions import ask_for_release
from services.screening.campaigns.models import Campaign
from services.screening.campaigns.queries import lock_open_campaign
from services.screening.permissions import Permission
from services.screening.problems import CampaignHasOneStage, StageTwoBegun
from services.screening.protocols.rules.selection import (
    Candidate,
    RuleKind,
    choose,
    explain_rule,
)
from services.screening.protocols.schemas import Labels


def _record(
    change: Change,
    action: str,
    event: str,
    campaign: Campaign,
    county: str,
    **detail: Any,
) -> None:
    """Write the audit record with its detail, and an event that has only the address of
    the list.
    """
    subject = Subject(f"campaigns/{campaign.id}", campaign.version, county)
    change.record(action, subject, **detail)
    href = f"/v1/screening/campaigns/{campaign.id}/selections"
    change.tell(event, subject, href=href)


async def select_subjects(
    change: Change, campaign_id: UUID, new: SelectionCreate
) -> SelectionsMade:
    """Select children for stage two: by the protocol's rule, or by hand with a reason.

    Only children in the caller's reach who have completed stage one can be selected; a
    refusal names the others by their place in the request.
    """
    campaign = await lock_open_campaign(change, campaign_id)
    # A county out of reach is refused and not left out: a selection that silently lacks
    # a county looks complete.
    _demand_counties(change, campaign, new.county_terc)
    if new.subjects is not None:
        # A rule chooses without the caller; naming children by hand needs a permission
        # of its own.
        _demand_by_hand(change.caller)
    if "2" not in campaign.plan:
        raise CampaignHasOneStage(state=campaign.state)
    rule = _rule_of(new, campaign.plan["selection"])
    children = await queries.lock_children(
        change, campaign_id, counties=new.county_terc, subjects=new.subjects
    )
    chosen_refs = _chosen_refs(new, rule, children, campaign)
    by_hand = new.subjects is not None
    candidates = newly_selected(children, chosen_refs, by_hand=by_hand)
    await _select(change, campaign, candidates, rule, new.reason)
    # A number over all counties minus the published numbers of the others is that of
    # one county.
    is_shown = change.caller.reach(Permission.READ_SELECTIONS) is not None
    return SelectionsMade(
        selected=len(candidates) if is_shown else None,
        already_selected=len(chosen_refs) - len(candidates) if is_shown else None,
        rule=Labels(**explain_rule(rule)),
    )


def _demand_counties(
    change: Change, campaign: Campaign, counties: Collection[str] | None
) -> None:
    """OutsideScope unless the caller may select in every named county, or in the
    campaign's county.
    """
    of_campaign = [campaign.county_terc] if campaign.county_terc else []
    # Without named counties a campaign of several counties is limited to the caller's
    # reach by `lock_children`.
    county_codes = counties or of_campaign
    if not county_codes and not change.caller.counties:
        raise OutsideScope(
            permission=str(Permission.SELECT_SUBJECTS), relation="own_county"
        )
    for county in county_codes:
        demand(change.caller, Permission.SELECT_SUBJECTS, county=county)


def _demand_by_hand(caller: Caller) -> None:
    if caller.reach(Permission.SELECT_BY_HAND) is None:
        raise Forbidden(permission=str(Permission.SELECT_BY_HAND))


def _rule_of(new: SelectionCreate, of_protocol: Mapping[str, Any]) -> Mapping[str, Any]:
    """The rule to select by.

    ValidationFailed when a selection by hand lacks its subjects or its reason.
    """
    if new.subjects is None:
        if of_protocol["kind"] == RuleKind.BY_HAND:
            refuse(("subjects", "missing"))
        return of_protocol
    if new.reason is None:
        refuse(("reason", "missing"))
    return {"kind": RuleKind.BY_HAND.value}


def _chosen_refs(
    new: SelectionCreate,
    rule: Mapping[str, Any],
    children: Sequence[Child],
    campaign: Campaign,
) -> set[str]:
    """The references that the rule chooses, or those of the request if all of them can
    be selected.
    """
    candidates = [child.candidate for child in children]
    if new.subjects is None:
        # The campaign is the salt: the draw cannot be repeated with another result, and
        # it differs between campaigns.
        salt = str(campaign.id)
        return {*choose(rule, candidates, campaign.plan["1"]["deciding"], salt)}
    candidate_refs = {candidate.subject_ref for candidate in candidates}
    missing = [
        # The same code for an unknown child and for one of another county: the refusal
        # must not reveal that the child exists there.
        FieldError("pointer", f"/subjects/{place}", "not_in_stage_one")
        for place, subject in enumerate(new.subjects)
        if str(subject) not in candidate_refs
    ]
    if missing:
        raise ValidationFailed(*missing)
    # `lock_children` has read only the children that the request names.
    return candidate_refs


async def _select(
    change: Change,
    campaign: Campaign,
    candidates: Sequence[Candidate],
    rule: Mapping[str, Any],
    reason: str | None,
) -> None:
    keys = [SubjectKey(child.subject_ref, child.county_terc) for child in candidates]
    await change.run(
        ADD_SELECTIONS,
        campaign.id,
        json.dumps(rule),
        reason,
        change.caller.subject,
        json.dumps([key._asdict() for key in keys]),
    )
    await count_selections(change, campaign.id, keys, is_selected=True)
    await ask_for_release(change, campaign.id)
    # One record for each county: its auditor must not see the numbers of another.
    for county, number in sorted(Counter(key.county_terc for key in keys).items()):
        _record(
            change,
            "select_subjects",
            "campaign.subjects-selected",
            campaign,
            county,
            selected=number,
        )


async def withdraw_selection(
    change: Change,
    campaign_id: UUID,
    selection_id: UUID,
    withdrawing: SelectionWithdraw,
    version: int,
) -> Stored:
    """Take a selection back, with a reason, before stage two has begun.

    Its record stays.
    """
    campaign = await lock_open_campaign(change, campaign_id)
    selection = await queries.lock_selection(change, campaign_id, selection_id)
    require_version(selection.version, version)
    if selection.withdrawn_at is not None:
        raise StateConflict(state="withdrawn", allowed=[])
    # Otherwise a screening of stage two would exist without its selection.
    if selection.stage_two != "not_started":
        raise StageTwoBegun(state=selection.stage_two)
    stored_selection = await _withdraw(change, selection_id, withdrawing.reason)
    subject = SubjectKey(str(selection.subject_ref), selection.county_terc)
    await count_selections(change, campaign_id, [subject], is_selected=False)
    _record(
        change,
        "withdraw_selection",
        "campaign.selection-withdrawn",
        campaign,
        selection.county_terc,
        selection_id=str(selection_id),
    )
    return stored_selection


async def _withdraw(change: Change, selection_id: UUID, reason: str) -> Stored:
    statement = (
        update(CampaignSelection)
        .where(col(CampaignSelection.id) == selection_id)
        .values(
            withdrawn_at=func.now(),
            withdrawn_by=change.caller.subject,
            withdrawing_reason=reason,
            version=CampaignSelection.version + 1,
            changed_at=func.now(),
        )
    )
    return await change.stored(statement.returning(*queries.STORED))
