"""Candidates and partners, and their projects."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, Uuid, text
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.chassis.web.polish import polish_index
from services.training.tables import Table


class Partner(Table, Versioned, table=True):
    """A candidate for the partner of a programme, or an accepted partner."""

    __tablename__ = "partners"
    __table_args__ = (
        CheckConstraint("state IN ('candidate', 'accepted')", name="state"),
        # The experience of a partner is counted up to this day.
        CheckConstraint(
            "(state = 'accepted') = (accepted_on IS NOT NULL)", name="accepted_on"
        ),
        # By programme: an association may be the partner of several.
        Index("uq_partners_name", "programme_id", "name", unique=True),
        # Lists are sorted by name, over all programmes.
        Index("ix_partners_in_order", text(polish_index("training", "name")), "id"),
    )

    programme_id: UUID = Field(sa_type=Uuid, foreign_key="training.programmes.id")
    name: str = Field(sa_type=Text)
    is_nationwide: bool
    is_authority_association: bool
    has_technical_capacity: bool
    has_premises: bool
    state: str = Field(
        default="candidate",
        sa_type=Text,
        sa_column_kwargs={"server_default": "candidate"},
    )
    accepted_on: date | None = None


class PartnerProject(Table, table=True):
    """A project with EU money of a candidate or partner."""

    __tablename__ = "partner_projects"
    __table_args__ = (CheckConstraint("starts_on <= ends_on", name="ends_on"),)

    partner_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="training.partners.id"
    )
    # No id: projects are replaced together with the candidate's description.
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    title: str = Field(sa_type=Text)
    funding: str = Field(sa_type=Text)
    starts_on: date
    ends_on: date | None = None
    is_for_authority_staff: bool
