"""Candidates and partners, and the projects that they show."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, Uuid, text
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.chassis.web.polish import polish_index
from services.training.tables import Table


class Partner(Table, Versioned, table=True):
    """An association that wants to be, or is, the partner of a programme."""

    __tablename__ = "partners"
    __table_args__ = (
        CheckConstraint("state IN ('candidate', 'accepted')", name="state"),
        # The day freezes the experience: it is counted up to it ever after.
        CheckConstraint(
            "(state = 'accepted') = (accepted_on IS NOT NULL)", name="accepted_on"
        ),
        # Of a programme: an association may be the partner of several.
        Index("uq_partners_name", "programme_id", "name", unique=True),
        # Lists are by name, over all programmes.
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
    """A project with EU money that a candidate has carried out."""

    __tablename__ = "partner_projects"
    __table_args__ = (CheckConstraint("starts_on <= ends_on", name="ends_on"),)

    partner_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="training.partners.id"
    )
    # No id of its own: projects are replaced together with what is said of a candidate.
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    title: str = Field(sa_type=Text)
    funding: str = Field(sa_type=Text)
    starts_on: date
    ends_on: date | None = None
    is_for_authority_staff: bool
