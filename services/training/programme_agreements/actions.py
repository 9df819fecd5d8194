"""Agreement of client and contractor to a proposed version."""

from datetime import datetime

from services.chassis.data.work import Change, Stored
from services.chassis.ground.problems import StateConflict
from services.training.concept_reviews.queries import list_kinds, list_undecided
from services.training.partners.queries import programme_has_partner
from services.training.permissions import Permission
from services.training.problems import (
    ProgrammeVersionSuperseded,
    ReviewIncomplete,
    SamePersonAgreed,
    SideNotRepresented,
)
from services.training.programme_agreements.queries import find_agreed_version
from services.training.programme_agreements.rules import missing_to_agree
from services.training.programme_versions.actions import (
    change_version,
    lock_in_state,
    record_change,
)
from services.training.programme_versions.models import ProgrammeVersion
from services.training.programme_versions.queries import get_version
from services.training.programme_versions.rules.states import Side, VersionState

# Two permissions, so that neither side can agree for the other.
_PERMISSIONS = {
    Side.CLIENT: Permission.AGREE_FOR_CLIENT,
    Side.CONTRACTOR: Permission.AGREE_FOR_CONTRACTOR,
}
_OTHER = {Side.CLIENT: Side.CONTRACTOR, Side.CONTRACTOR: Side.CLIENT}


async def agree_to_version(
    change: Change, address: tuple[str, int], version: int, side: Side, now: datetime
) -> Stored:
    """Agree for one side; once both sides have agreed, the version is agreed.

    `address`: the programme's code and the version's number. The version that was
    agreed before is then retired. SideNotRepresented without the side's permission.
    """
    # Checked here: the side is in the body, which the endpoint's dependency cannot see.
    if change.caller.reach(_PERMISSIONS[side]) is None:
        raise SideNotRepresented(permission=str(_PERMISSIONS[side]))
    code, number = address
    proposed = VersionState.PROPOSED
    proposal = await lock_in_state(change, code, number, version, proposed)
    _require_side(proposal, side, change.caller.subject)
    # For each side: a review may have been recorded between the two agreements.
    await _require_consulted(change, proposal)
    # The present agreed version is locked, since it may be retired below.
    agreed = await find_agreed_version(change, proposal)
    # An older version must not replace the one that groups follow.
    if agreed is not None and agreed.number > number:
        raise ProgrammeVersionSuperseded(state=proposal.state, agreed=agreed.number)
    agreement = {f"{side}_agreed_at": now, f"{side}_agreed_by": change.caller.subject}
    after = await change_version(change, proposal, **agreement)
    action = f"agree_programme_version_for_{side}"
    record_change(change, action, code, after, f"agreed-for-{side}")
    if getattr(proposal, f"{_OTHER[side]}_agreed_at") is not None:
        await _agree(change, code, after, agreed, now)
    return await get_version(change, code, number)


def _require_side(version: ProgrammeVersion, side: Side, person: str) -> None:
    """StateConflict when the side has agreed already.

    SamePersonAgreed when the same account has agreed for the other side.
    """
    if getattr(version, f"{side}_agreed_at") is not None:
        missing = [_OTHER[side].value]
        raise StateConflict(state=version.state, allowed=["agree"], missing=missing)
    # Permissions do not prevent this: one person may have both roles.
    if getattr(version, f"{_OTHER[side]}_agreed_by") == person:
        raise SamePersonAgreed(state=version.state, missing=[side.value])


async def _require_consulted(change: Change, version: ProgrammeVersion) -> None:
    undecided = await list_undecided(change, version)
    missing = missing_to_agree(
        await list_kinds(change, version),
        has_partner=await programme_has_partner(change, version.programme_id),
        has_undecided=bool(undecided),
    )
    if missing:
        raise ReviewIncomplete(
            state=version.state, missing=missing, undecided=undecided
        )


async def _agree(
    change: Change,
    code: str,
    version: ProgrammeVersion,
    before: ProgrammeVersion | None,
    now: datetime,
) -> None:
    if before is not None:
        # First, since the index allows one agreed version of a programme.
        retirement = {"state": VersionState.RETIRED, "retired_at": now}
        after = await change_version(change, before, **retirement)
        record_change(change, "retire_programme_version", code, after, "retired")
    after = await change_version(change, version, state=VersionState.AGREED)
    record_change(change, "agree_programme_version", code, after, "agreed")
