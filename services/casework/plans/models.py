"""Support plans in versions, and the approvals of each."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, Text, Uuid, text
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class Plan(Table, Versioned, table=True):
    """One version of a case's plan.

    Goals, recommendations and steps belong to a version.
    """

    __tablename__ = "plans"
    __table_args__ = (
        CheckConstraint(
            "state IN ('draft', 'proposed', 'approved', 'active', 'superseded', 'completed')",
            name="state",
        ),
        CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", name="ends_on"),
        Index("uq_plans_number_in_case", "case_id", "number", unique=True),
        Index(
            # A case has one active version, and at most one more in preparation.
            "uq_plans_active_in_case",
            "case_id",
            unique=True,
            postgresql_where=text("state = 'active'"),
        ),
        Index(
            "uq_plans_open_in_case",
            "case_id",
            unique=True,
            postgresql_where=text("state IN ('draft', 'proposed', 'approved')"),
        ),
        Index("ix_plans_person_id", "person_id"),
        Index("ix_plans_county_terc", "county_terc", "changed_at", "id"),
    )

    county_terc: str = Field(sa_type=Text)
    case_id: UUID = Field(sa_type=Uuid, foreign_key="casework.cases.id")
    person_id: UUID = Field(sa_type=Uuid, foreign_key="casework.people.id")
    number: int
    state: str = Field(sa_type=Text)
    author: str = Field(sa_type=Text)
    starts_on: date
    ends_on: date | None = None
    review_due_on: date | None = None
    pathway_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="casework.pathways.id"
    )
    activated_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    sealed: bytes = Field(sa_type=LargeBinary)
    """The plan's summary for the family, sealed under the child's key."""


class PlanPart(Versioned):
    """The common columns of goals, recommendations, steps and reviews of a version."""

    county_terc: str = Field(sa_type=Text)
    plan_id: UUID = Field(sa_type=Uuid, foreign_key="casework.plans.id")
    # Copied from the plan, because row-level security reads only this row.
    case_id: UUID = Field(sa_type=Uuid)
    person_id: UUID = Field(sa_type=Uuid)
    number: int
    sealed: bytes = Field(sa_type=LargeBinary)
    """Its texts, sealed under the child's key."""


class PlanApproval(Table, Versioned, table=True):
    """One approval of a proposed version: by a guardian, or by a member of the team."""

    __tablename__ = "plan_approvals"
    __table_args__ = (
        CheckConstraint("side IN ('guardian', 'pupil', 'team')", name="side"),
        # An account approves only once, and so does a person who signs on paper.
        Index("uq_plan_approvals_subject_of_plan", "plan_id", "subject", unique=True),
    )

    county_terc: str = Field(sa_type=Text)
    plan_id: UUID = Field(sa_type=Uuid, foreign_key="casework.plans.id")
    # Copied from the plan, because row-level security reads only this row.
    case_id: UUID = Field(sa_type=Uuid)
    person_id: UUID = Field(sa_type=Uuid)
    """The child, to whom guardians have their relation."""
    side: str = Field(sa_type=Text)
    subject: str = Field(sa_type=Text)
    approver_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="casework.people.id"
    )
    """The guardian or the pupil who signed on paper;
    somebody else recorded the approval.
    """
    recorded_by: str = Field(sa_type=Text)
    approved_at: datetime = Field(sa_type=DateTime(timezone=True))
