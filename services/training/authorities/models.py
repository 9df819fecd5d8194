"""Local authorities on their path."""

from datetime import date
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Index,
    Text,
    Uuid,
)
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.training.tables import Table


class Authority(Table, Versioned, table=True):
    """A commune or county that takes part in a programme, and how far it has come."""

    __tablename__ = "authorities"
    __table_args__ = (
        CheckConstraint(
            "terc ~ '^[0-9]{4}([0-9]{3})?$' AND left(terc, 4) = county_terc",
            name="terc",
        ),
        CheckConstraint(
            "(kind = 'county') = (length(terc) = 4) AND kind IN ('county', 'commune')",
            name="kind",
        ),
        CheckConstraint(
            "state IN ('recruited', 'trained', 'diagnosis_ready', 'plan_ready',"
            " 'implementation_started', 'monitored', 'post_project_monitored',"
            " 'withdrawn')",
            name="state",
        ),
        CheckConstraint("is_at_risk = (risk_source IS NOT NULL)", name="risk_source"),
        Index("uq_authorities_terc", "programme_id", "terc", unique=True),
        Index("ix_authorities_county_terc", "county_terc"),
        Index("ix_authorities_name", "name", "id"),
    )

    programme_id: UUID = Field(sa_type=Uuid, foreign_key="training.programmes.id")
    county_terc: str = Field(sa_type=Text)
    terc: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    is_running_body: bool
    """It runs schools or other institutions of education."""
    is_at_risk: bool
    """Of permanent marginalisation: preferred when seats are few."""
    risk_source: str | None = Field(default=None, sa_type=Text)
    """The list or act which says that it is at risk."""
    state: str = Field(
        default="recruited",
        sa_type=Text,
        sa_column_kwargs={"server_default": "recruited"},
    )
    recruited_on: date
    adviser_account: str | None = Field(default=None, sa_type=Text)
    withdrawal_reason: str | None = Field(default=None, sa_type=Text)
