"""Surveys."""

from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, LargeBinary, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.training.tables import Table


class Survey(Table, Versioned, table=True):
    """A survey of a programme, a group or a conference, with its questions."""

    __tablename__ = "surveys"
    __table_args__ = (
        CheckConstraint("state IN ('planned', 'open', 'closed')", name="state"),
        CheckConstraint(
            "num_nonnulls(programme_id, group_id, conference_id) = 1", name="of_one"
        ),
        # The key exists only while the survey is open.
        CheckConstraint("(state = 'open') = (answer_key IS NOT NULL)", name="key"),
        Index("ix_surveys_created_at", "created_at", "id"),
        Index("ix_surveys_programme_id", "programme_id"),
        Index("ix_surveys_group_id", "group_id"),
        Index("ix_surveys_conference_id", "conference_id"),
    )

    programme_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="training.programmes.id"
    )
    group_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="training.groups.id"
    )
    conference_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="training.conferences.id"
    )
    title_pl: str = Field(sa_type=Text)
    title_en: str = Field(sa_type=Text)
    state: str = Field(
        default="planned", sa_type=Text, sa_column_kwargs={"server_default": "planned"}
    )
    roles: list[str] = Field(sa_type=ARRAY(Text))
    """Roles of which each person states one; empty for an anonymous survey."""
    questions: list[dict[str, Any]] = Field(sa_type=JSONB)
    answer_key: bytes | None = Field(default=None, sa_type=LargeBinary)
    """The key of the participation digests."""
