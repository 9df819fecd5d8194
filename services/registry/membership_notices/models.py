"""The table of notices to members of networks."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.registry.tables import Table


class MembershipNotice(Table, Versioned, table=True):
    """The criteria that a member lacked, and until when it may answer. A notice
    never changes.
    """

    __tablename__ = "membership_notices"
    __table_args__ = (
        CheckConstraint("given_on < answer_by", name="answer_by"),
        # A notice names at least one criterion, so that the member can mend it.
        CheckConstraint("cardinality(missing) > 0", name="missing"),
        Index("ix_membership_notices_membership_id", "membership_id", "given_on"),
        Index("ix_membership_notices_rule_id", "rule_id"),
    )

    membership_id: UUID = Field(
        sa_type=Uuid, foreign_key="registry.network_memberships.id"
    )
    rule_id: UUID = Field(sa_type=Uuid, foreign_key="registry.network_rules.id")
    # As on the day of the notice: a criterion that is met later stays in the list.
    missing: list[str] = Field(sa_type=ARRAY(Text))
    given_on: date
    answer_by: date
    note: str | None = Field(default=None, sa_type=Text)
    given_by: str = Field(sa_type=Text)
