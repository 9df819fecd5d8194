"""The one change of notices: they are given, and stay as they are."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored
from services.chassis.ground.problems import StateConflict, refuse
from services.chassis.trust.access import demand
from services.registry.membership_notices import queries
from services.registry.membership_notices.models import MembershipNotice
from services.registry.membership_notices.rules import wrong_answer_day
from services.registry.membership_notices.schemas import LapsedMember, NoticeGive
from services.registry.memberships.queries import lock_membership
from services.registry.memberships.rules import allowed_verbs
from services.registry.networks.actions import require_open
from services.registry.networks.queries import lock_network
from services.registry.networks.rules import MembershipState
from services.registry.permissions import Permission
from services.registry.problems import RuleStillMet


async def give_notice(
    change: Change,
    network_id: UUID,
    membership_id: UUID,
    notice: NoticeGive,
    now: datetime,
) -> Stored:
    """Give a member notice of the criteria it no longer meets, before a
    decision about it.

    RuleStillMet when it meets all of them.
    """
    # Locked before the membership, in the same order as for every decision.
    network = await lock_network(change, network_id, shared=True)
    membership = await lock_membership(change, network_id, membership_id)
    demand(change.caller, Permission.DECIDE_MEMBERSHIPS, county=network.county_terc)
    require_open(network)
    if membership.state != MembershipState.INCLUDED:
        allowed = allowed_verbs(membership.state)
        raise StateConflict(state=membership.state, allowed=allowed)
    # Under the lock of the membership: no decision about it is made meanwhile.
    lapsed = await queries.list_lapsed(change, network_id, now, membership_id)
    if not lapsed.items:
        raise RuleStillMet(state=membership.state, allowed=[])
    [member] = lapsed.items
    refuse(*wrong_answer_day(lapsed.as_of, notice.answer_by))
    statement = insert(MembershipNotice).values(
        **notice.model_dump(),
        membership_id=membership_id,
        rule_id=member.rule_id,
        missing=member.missing,
        given_on=lapsed.as_of,
        given_by=change.caller.subject,
    )
    stored = await change.stored(statement.returning(*queries.STORED))
    path = f"networks/{network_id}/memberships/{membership_id}"
    # With the present version: a notice decides nothing, so it makes no new version.
    subject = Subject(path, membership.version, network.county_terc)
    _record(change, subject, member, notice)
    return stored


def _record(
    change: Change, subject: Subject, member: LapsedMember, notice: NoticeGive
) -> None:
    # A follower for the institution sees what to mend, and until when.
    data = {
        "institution_id": str(member.institution_id),
        "missing": member.missing,
        "answer_by": str(notice.answer_by),
    }
    event = "membership.notice-given"
    change.record("give_membership_notice", subject, event, event_data=data)
