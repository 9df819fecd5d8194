"""Counts as they were released."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Text, Uuid, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.screening.tables import Table


class CampaignRelease(Table, table=True):
    """The counts of a county from this release of the campaign on; nothing is ever taken back from a reader.

    `cells` are lists of implementer, age band, sex, both statuses, and how many subjects.
    """

    __tablename__ = "campaign_releases"

    campaign_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="screening.campaigns.id"
    )
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    county_terc: str = Field(primary_key=True, sa_type=Text)
    cells: list[Any] = Field(sa_type=JSONB)
    released_at: datetime = Field(
        sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )
