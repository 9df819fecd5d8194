"""Task teams of authorities."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, Uuid, text
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.training.tables import Table


class TaskTeamMember(Table, Versioned, table=True):
    """A membership in the task team of an authority, with its first and last day."""

    __tablename__ = "task_team_members"
    __table_args__ = (
        CheckConstraint(
            "(left_on IS NULL) = (leaving_reason IS NULL) AND joined_on <= left_on",
            name="left_on",
        ),
        Index(
            # Partial: a former member may join again.
            "uq_task_team_members_trainee_id",
            "trainee_id",
            unique=True,
            postgresql_where=text("left_on IS NULL"),
        ),
        Index("ix_task_team_members_authority_id", "authority_id", "id"),
        Index("ix_task_team_members_county_terc", "county_terc"),
    )

    # A copy of the authority's, for row-level security.
    county_terc: str = Field(sa_type=Text)
    authority_id: UUID = Field(sa_type=Uuid, foreign_key="training.authorities.id")
    trainee_id: UUID = Field(sa_type=Uuid, foreign_key="training.trainees.id")
    joined_on: date
    left_on: date | None = None
    # Rows of former members stay, to explain who wrote what.
    leaving_reason: str | None = Field(default=None, sa_type=Text)
