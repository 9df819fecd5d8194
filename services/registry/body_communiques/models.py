"""What bodies publish for boards and councils."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.registry.tables import Table


class BodyCommunique(Table, Versioned, table=True):
    """A communiqué of a body for boards and councils, with its guidance. It is never changed."""

    __tablename__ = "body_communiques"
    __table_args__ = (Index("ix_body_communiques_body_id", "body_id", "issued_on"),)

    body_id: UUID = Field(sa_type=Uuid, foreign_key="registry.bodies.id")
    title: str = Field(sa_type=Text)
    issued_on: date
    # Codes of boards and councils, which are no records here: there is
    # nothing to refer to.
    recipients: list[str] = Field(sa_type=ARRAY(Text))
    guidance: str = Field(sa_type=Text)
    document: str | None = Field(default=None, sa_type=Text)
    issued_by: str = Field(sa_type=Text)
