"""Tables of counties as they were told."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Text, Uuid, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.screening.tables import Table


class ToldTable(Table, table=True):
    """A table of a county of a campaign, as it was told last to those who may not read its screenings.

    What is told next is compared with it. `counts` are nested lists, of implementers an object.
    """

    __tablename__ = "told_tables"

    campaign_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="screening.campaigns.id"
    )
    county_terc: str = Field(primary_key=True, sa_type=Text)
    name: str = Field(primary_key=True, sa_type=Text)
    counts: Any = Field(sa_type=JSONB)
    released_at: datetime = Field(
        sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )
