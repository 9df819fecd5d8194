"""Programmes of training."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, Text
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.training.tables import Table


class Programme(Table, Versioned, table=True):
    """A programme, and the rules by which people enter its groups."""

    __tablename__ = "programmes"
    __table_args__ = (
        CheckConstraint(
            "enrolment_rule IN ('social_employment', 'authority_team', 'coordinators',"
            " 'open')",
            name="enrolment_rule",
        ),
        CheckConstraint("starts_on <= ends_on", name="ends_on"),
        CheckConstraint("trainees_per_location > 0", name="trainees_per_location"),
        CheckConstraint(
            "(smallest_team IS NULL) = (largest_team IS NULL)"
            " AND smallest_team BETWEEN 1 AND largest_team",
            name="smallest_team",
        ),
        # The name of a programme for people, files and the registry.
        Index("uq_programmes_code", "code", unique=True),
        Index("ix_programmes_changed_at", "changed_at", "id"),
    )

    code: str = Field(sa_type=Text)
    title_pl: str = Field(sa_type=Text)
    title_en: str = Field(sa_type=Text)
    client: str = Field(sa_type=Text)
    contractor: str = Field(sa_type=Text)
    # Who may be enrolled is a rule in the data: programmes differ in nothing else.
    enrolment_rule: str = Field(sa_type=Text)
    trainees_per_location: int | None = None
    smallest_team: int | None = None
    largest_team: int | None = None
    # Required: groups have to lie within these days.
    starts_on: date
    ends_on: date
