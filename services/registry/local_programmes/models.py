"""The table of local programmes."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.chassis.web.polish import polish_index
from services.registry.tables import Table


class LocalProgramme(Table, Versioned, table=True):
    """A programme that a local authority or an organisation runs in a county."""

    __tablename__ = "local_programmes"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="ends_on"),
        CheckConstraint("amount >= 0", name="amount"),
        Index("ix_local_programmes_county_terc", "county_terc", "sector"),
        Index("ix_local_programmes_institution_id", "institution_id"),
        Index(
            "ix_local_programmes_in_order",
            text(polish_index("registry", "name")),
            "id",
        ),
    )

    institution_id: UUID = Field(sa_type=Uuid, foreign_key="registry.institutions.id")
    # Not always the county of the institution: an organisation works in many counties.
    county_terc: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    description: str | None = Field(default=None, sa_type=Text)
    sector: str = Field(sa_type=Text)
    target_groups: list[str] = Field(
        default_factory=list,
        sa_type=ARRAY(Text),
        sa_column_kwargs={"server_default": "{}"},
    )
    starts_on: date
    # The last day, as resolutions and contracts name it.
    ends_on: date | None = None
    # PLN. NULL means unknown, which is not the same as zero.
    amount: Decimal | None = Field(default=None, sa_type=Numeric(14, 2))
    funder: str | None = Field(default=None, sa_type=Text)
