"""Local authorities on their path."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.chassis.web.polish import polish_index
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
            # A city with county rights may be recruited under either of its two codes.
            "(kind = 'county') = (length(terc) = 4) AND kind IN ('county', 'commune')",
            name="kind",
        ),
        CheckConstraint(
            "state IN ('recruited', 'trained', 'diagnosis_ready', 'plan_ready',"
            " 'implementation_started', 'monitored', 'post_project_monitored',"
            " 'withdrawn')",
            name="state",
        ),
        # A preference without a source could not be audited (source 003: stated
        # recruitment).
        CheckConstraint("is_at_risk = (risk_source IS NOT NULL)", name="risk_source"),
        CheckConstraint(
            "(state = 'withdrawn') = (withdrawal_reason IS NOT NULL)",
            name="withdrawal_reason",
        ),
        *[
            CheckConstraint(
                f"({name}_starts_on IS NULL) = ({name}_ends_on IS NULL)"
                f" AND {name}_starts_on <= {name}_ends_on",
                name=f"{name}_ends_on",
            )
            for name in ("advisory", "task", "monitoring", "post_project")
        ],
        # One authority may be in several programmes, and in each of them once.
        Index("uq_authorities_terc", "programme_id", "terc", unique=True),
        Index("ix_authorities_county_terc", "county_terc"),
        Index("ix_authorities_in_order", text(polish_index("training", "name")), "id"),
    )

    programme_id: UUID = Field(sa_type=Uuid, foreign_key="training.programmes.id")
    county_terc: str = Field(sa_type=Text)
    terc: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    is_running_body: bool
    """It runs schools or other institutions of education."""
    is_at_risk: bool
    """Of permanent marginalisation: preferred when there are few seats."""
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
    # The task's window and the authority's own are both kept: the source's task lasts
    # six quarters, and an authority is monitored for twelve months within it.
    advisory_starts_on: date | None = None
    advisory_ends_on: date | None = None
    task_starts_on: date | None = None
    task_ends_on: date | None = None
    monitoring_starts_on: date | None = None
    monitoring_ends_on: date | None = None
    post_project_starts_on: date | None = None
    post_project_ends_on: date | None = None


class AuthorityStep(Table, table=True):
    """One step on an authority's path: who took it, when, and on what grounds."""

    __tablename__ = "authority_steps"
    __table_args__ = (Index("ix_authority_steps_authority_id", "authority_id", "id"),)

    id: UUID = Field(
        primary_key=True,
        sa_type=Uuid,
        sa_column_kwargs={"server_default": func.uuidv7()},
    )
    county_terc: str = Field(sa_type=Text)
    authority_id: UUID = Field(sa_type=Uuid, foreign_key="training.authorities.id")
    state: str = Field(sa_type=Text)
    """The state that the authority came to."""
    taken_by: str = Field(sa_type=Text)
    taken_at: datetime = Field(
        sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )
    # The civil day beside the instant: windows are counted in days of Poland.
    taken_on: date
    reason: str | None = Field(default=None, sa_type=Text)
    # A copy of that day: a plan or diagnosis may have newer versions later.
    evidence: dict[str, str] = Field(default_factory=dict, sa_type=JSONB)
    """Ids and days of what the step rests on, by name."""
