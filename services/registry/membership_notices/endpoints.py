"""/networks/{network_id}/lapsed-memberships, and the notices to members."""

from services.chassis.ground import clock
from services.chassis.ground.problems import OutsideScope, StateConflict
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer, Terms, created_answer, stored_answer
from services.chassis.web.units import Change, Reading
from services.registry.demands import CanDecideMemberships, CanReadNetworks
from services.registry.membership_notices import actions, queries
from services.registry.membership_notices.schemas import (
    LapsedMembers,
    NoticeGive,
    NoticeRead,
)
from services.registry.problems import (
    MembershipNotFound,
    MembershipNoticeNotFound,
    NetworkClosed,
    NetworkNotFound,
    RuleStillMet,
)

router = slice_router(prefix="/networks/{network_id}", tags=["networks"])


@router.get("/lapsed-memberships", responses=answers(LapsedMembers, NetworkNotFound))
async def list_lapsed_memberships(
    caller: CanReadNetworks, reading: Reading, network_id: Id
) -> Answer:
    """Members that no longer meet their rule of inclusion today, the missing criteria,
    and their last notice.
    """
    members = await queries.list_lapsed(reading, network_id, clock.now())
    # No ETag: a service becomes stale by the clock alone.
    headers = {"cache-control": "no-cache"}
    return Answer(members.model_dump_json(), headers=headers)


# No If-Match: a notice is added, and overwrites nothing that a caller has read.
@router.post(
    "/memberships/{membership_id}/notices",
    status_code=201,
    responses=answers(
        NoticeRead,
        NetworkNotFound,
        NetworkClosed,
        MembershipNotFound,
        OutsideScope,
        StateConflict,
        RuleStillMet,
        status=201,
    ),
)
async def give_membership_notice(
    caller: CanDecideMemberships,
    change: Change,
    network_id: Id,
    membership_id: Id,
    notice: NoticeGive,
) -> Answer:
    """Give a member notice of the criteria it no longer meets, and until when it may
    answer; an event is sent.

    A notice does not exclude the member: that is a decision of its own, by a
    rule of exclusion.
    """
    stored = await actions.give_notice(
        change, network_id, membership_id, notice, clock.now()
    )
    path = f"networks/{network_id}/memberships/{membership_id}/notices/{stored.key}"
    return created_answer(stored, f"/v1/registry/{path}")


@router.get(
    "/memberships/{membership_id}/notices/{notice_id}",
    responses=answers(NoticeRead, MembershipNoticeNotFound),
)
async def get_membership_notice(
    caller: CanReadNetworks,
    reading: Reading,
    terms: Terms,
    network_id: Id,
    membership_id: Id,
    notice_id: Id,
) -> Answer:
    """One notice as it was given."""
    notice = await queries.get_notice(reading, network_id, membership_id, notice_id)
    return stored_answer(notice, terms)
