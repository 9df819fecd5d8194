"""People who are trained."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    Index,
    Text,
    Uuid,
    text,
)
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.training.tables import Table


class Trainee(Table, Versioned, table=True):
    """A person who is trained: staff of an organisation or of a local authority."""

    __tablename__ = "trainees"
    __table_args__ = (
        CheckConstraint("county_terc ~ '^[0-9]{4}$'", name="county_terc"),
        CheckConstraint("sex IN ('female', 'male')", name="sex"),
        CheckConstraint(
            "relation IN ('employee', 'personnel', 'seconded')", name="relation"
        ),
        # An erased person has no name, organisation, e-mail address and account.
        CheckConstraint(
            "(erased_at IS NULL) = (num_nulls(given_name, family_name,"
            " organisation_name) = 0) AND (erased_at IS NULL OR"
            " num_nonnulls(given_name, family_name, organisation_name, email,"
            " account) = 0)",
            name="erased_at",
        ),
        # The order of lists, of a county and of all counties: the newest first.
        Index("ix_trainees_county_terc", "county_terc", "created_at", "id"),
        Index("ix_trainees_created_at", "created_at", "id"),
        # For locking and counting people of a location or team.
        Index("ix_trainees_site_id", "site_id"),
        Index("ix_trainees_authority_id", "authority_id"),
        Index(
            "uq_trainees_account",
            "account",
            unique=True,
            postgresql_where=text("account IS NOT NULL"),
        ),
        Index(
            "uq_trainees_external_id",
            "county_terc",
            "source",
            "external_id",
            unique=True,
            postgresql_where=text("external_id IS NOT NULL"),
        ),
    )

    county_terc: str = Field(sa_type=Text)
    given_name: str | None = Field(default=None, sa_type=Text)
    family_name: str | None = Field(default=None, sa_type=Text)
    sex: str = Field(sa_type=Text)
    email: str | None = Field(default=None, sa_type=Text)
    organisation_type: str = Field(sa_type=Text)
    organisation_name: str | None = Field(default=None, sa_type=Text)
    relation: str = Field(sa_type=Text)
    """The person's relation to the organisation (source 002, footnote 1)."""
    # Of another service, and so without a foreign key.
    institution_id: UUID | None = Field(default=None, sa_type=Uuid)
    site_id: UUID | None = Field(default=None, sa_type=Uuid)
    """The test location, a site of the registry."""
    authority_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="training.authorities.id"
    )
    target_group: str | None = Field(default=None, sa_type=Text)
    audience_role: str | None = Field(default=None, sa_type=Text)
    account: str | None = Field(default=None, sa_type=Text)
    source: str | None = Field(default=None, sa_type=Text)
    external_id: str | None = Field(default=None, sa_type=Text)
    erased_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    """When the person was erased; the row is still counted."""
