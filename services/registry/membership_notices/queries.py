"""Every question asked of members that no longer meet their rule, and of their notices."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, and_, exists, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Reading, Rows, Stored
from services.chassis.ground.clock import CIVIL_TIME
from services.registry.institutions.rules.kinds import InstitutionType, Sector
from services.registry.membership_notices.models import MembershipNotice
from services.registry.membership_notices.rules import lapsed
from services.registry.membership_notices.schemas import (
    LapsedMember,
    LapsedMembers,
    NoticeRead,
)
from services.registry.memberships.models import NetworkDecision
from services.registry.memberships.queries import MEMBERSHIPS
from services.registry.memberships.rules import Standing
from services.registry.network_rules.models import NetworkRule
from services.registry.networks.queries import NetworkPlace, require_network
from services.registry.networks.rules import MembershipState
from services.registry.problems import MembershipNoticeNotFound
from services.registry.support_services.queries import (
    INSTITUTIONS,
    SERVICES,
    is_offered,
)
from services.registry.support_services.rules import DAYS_UNTIL_STALE, stale_since

_DECISIONS: FromClause = rows_of(NetworkDecision)
_RULES: FromClause = rows_of(NetworkRule)
_NOTICES: FromClause = rows_of(MembershipNotice)
_WIRE: dict[str, ColumnElement[Any]] = {
    name: _NOTICES.c[name] for name in NoticeRead.model_fields
}
STORED = stored_columns(_WIRE, _NOTICES.c.id, _NOTICES.c.version)


async def get_notice(
    reading: Reading, network_id: UUID, membership_id: UUID, notice_id: UUID
) -> Stored:
    """One notice to a member of a network."""
    of_network = (MEMBERSHIPS.c.id == _NOTICES.c.membership_id) & (
        MEMBERSHIPS.c.network_id == network_id
    )
    statement = select(*STORED).select_from(_NOTICES.join(MEMBERSHIPS, of_network))
    of_membership = _NOTICES.c.membership_id == membership_id
    statement = statement.where(_NOTICES.c.id == notice_id, of_membership)
    return await reading.stored(statement, MembershipNoticeNotFound)


class _Member(NamedTuple):
    """A member, the day of its inclusion, and the facts about it today."""

    membership_id: UUID
    institution_id: UUID
    institution_name: str
    type: str
    sector: str
    county_terc: str
    closed_on: date | None
    included_on: date
    has_verified_service: bool
    noticed_on: date | None
    answer_by: date | None


# Earlier notices belong to an inclusion that has ended.
def _latest_notice(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column of the last notice to a member since it was included."""
    latest: ColumnElement[Any] = (
        select(column)
        .where(
            _NOTICES.c.membership_id == MEMBERSHIPS.c.id,
            _NOTICES.c.given_on >= MEMBERSHIPS.c.state_since,
        )
        .order_by(_NOTICES.c.given_on.desc(), _NOTICES.c.id.desc())
        .limit(1)
        .correlate_except(_NOTICES)
        .scalar_subquery()
    )
    return latest


def _members(network_id: UUID, now: datetime) -> Rows:
    """The included members of a network, each with the rule that included it."""
    today = now.astimezone(CIVIL_TIME).date()
    has_verified_service = exists().where(
        SERVICES.c.institution_id == INSTITUTIONS.c.id,
        SERVICES.c.verified_at >= stale_since(now, DAYS_UNTIL_STALE),
        is_offered(today),
    )
    facts = [
        MEMBERSHIPS.c.id,
        MEMBERSHIPS.c.institution_id,
        *[
            INSTITUTIONS.c[name]
            for name in ("name", "type", "sector", "county_terc", "closed_on")
        ],
        MEMBERSHIPS.c.state_since,
        has_verified_service.correlate(INSTITUTIONS),
        _latest_notice(_NOTICES.c.given_on),
        _latest_notice(_NOTICES.c.answer_by),
    ]
    # A membership has the version that its last decision made: here the inclusion.
    is_inclusion = and_(
        _DECISIONS.c.membership_id == MEMBERSHIPS.c.id,
        _DECISIONS.c.number == MEMBERSHIPS.c.version,
    )
    joined = (
        MEMBERSHIPS.join(
            INSTITUTIONS, INSTITUTIONS.c.id == MEMBERSHIPS.c.institution_id
        )
        .join(_DECISIONS, is_inclusion)
        .join(_RULES, _RULES.c.id == _DECISIONS.c.rule_id)
    )
    statement: Rows = select(*facts, *_RULES.c).select_from(joined)
    return statement.where(
        MEMBERSHIPS.c.network_id == network_id,
        MEMBERSHIPS.c.state == MembershipState.INCLUDED,
    ).order_by(INSTITUTIONS.c.sort_name, MEMBERSHIPS.c.id)


def _lapse(row: Sequence[Any], network: NetworkPlace, day: date) -> LapsedMember | None:
    """A member with the criteria that it no longer meets; None while it
    meets all of them.
    """
    width = len(_Member._fields)
    member = _Member(*row[:width])
    rule = NetworkRule(**dict(zip(_RULES.c.keys(), row[width:], strict=True)))
    # Without ownership and level: only roles depend on them, no criterion does.
    standing = Standing(
        InstitutionType(member.type),
        Sector(member.sector),
        is_in_county=member.county_terc == network.county_terc,
        has_verified_service=member.has_verified_service,
    )
    is_open = member.closed_on is None or member.closed_on > day
    missing = lapsed(rule, standing, day, is_open=is_open)
    if not missing:
        return None
    facts = member._asdict() | {"rule_id": rule.id, "rule_code": rule.code}
    return LapsedMember.model_validate(facts | {"missing": missing})


async def list_lapsed(
    reading: Reading, network_id: UUID, now: datetime, membership_id: UUID | None = None
) -> LapsedMembers:
    """The members that no longer meet their rule today, or one of them by
    its membership.
    """
    network = await require_network(reading, network_id)
    day = now.astimezone(CIVIL_TIME).date()
    members = _members(network_id, now)
    if membership_id is not None:
        members = members.where(MEMBERSHIPS.c.id == membership_id)
    # Without pages: a county's network has tens of members.
    rows = await reading.rows(members)
    items = [member for row in rows if (member := _lapse(row, network, day))]
    return LapsedMembers(network_id=network_id, as_of=day, items=items)
