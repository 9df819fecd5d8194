"""Tables of counties as they were last published."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Text, Uuid, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.screening.tables import Table


class ReleasedTable(Table, table=True):
    """A table of one county of a campaign, as last published to callers who may not
    read its records.

    The next release is compared with it. `counts` are nested lists; a table by
    implementer is an object by their codes, since implementers may be added later.
    """

    # Named so by migration 0016; the slice got its present name later.
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
