"""The support services that institutions offer."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.chassis.web.polish import polish_index
from services.registry.tables import Table
from services.registry.territories.models import search_vector


def _codes() -> list[str]:
    # Empty and never NULL: with NULL, `overlap` and `contains` are
    # neither true nor false.
    codes: list[str] = Field(
        default_factory=list,
        sa_type=ARRAY(Text),
        sa_column_kwargs={"server_default": "{}"},
    )
    return codes


class SupportService(Table, Versioned, table=True):
    """One service that an institution offers to a target group."""

    __tablename__ = "support_services"
    __table_args__ = (
        CheckConstraint("free_places <= capacity", name="free_places"),
        CheckConstraint("age_from_months < age_to_months", name="age"),
        CheckConstraint(
            "offered_to IS NULL OR offered_from IS NULL OR offered_from <= offered_to",
            name="offered",
        ),
        CheckConstraint(
            "(ordered_by_institution_id IS NULL) = (contracting_instrument IS NULL)",
            name="ordered",
        ),
        Index("ix_support_services_institution_id", "institution_id"),
        Index(
            "ix_support_services_ordered_by_institution_id", "ordered_by_institution_id"
        ),
        Index("ix_support_services_county_terc", "county_terc", "kind"),
        # The list of stale services begins with the oldest verification.
        Index("ix_support_services_verified_at", "verified_at", "id"),
        Index(
            "ix_support_services_in_order", text(polish_index("registry", "name")), "id"
        ),
        Index("ix_support_services_search", "search", postgresql_using="gin"),
    )

    institution_id: UUID = Field(sa_type=Uuid, foreign_key="registry.institutions.id")
    county_terc: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    description: str | None = Field(default=None, sa_type=Text)
    kind: str = Field(sa_type=Text)
    sector: str = Field(sa_type=Text)
    target_groups: list[str] = _codes()
    age_from_months: int | None = None
    age_to_months: int | None = None
    eligibility_documents: list[str] = _codes()
    capacity: int | None = None
    free_places: int | None = None
    waiting_days: int | None = None
    accessibility: list[str] = _codes()
    offered_from: date | None = None
    offered_to: date | None = None
    # Who orders the service and by which act; NULL where it is not ordered, or unknown.
    ordered_by_institution_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="registry.institutions.id"
    )
    contracting_instrument: str | None = Field(default=None, sa_type=Text)
    # Never NULL: a new description counts as verified.
    verified_at: datetime = Field(sa_type=DateTime(timezone=True))
    verified_by: str = Field(sa_type=Text)
    search: str = Field(
        sa_type=TSVECTOR, sa_column_args=(search_vector("name", "description"),)
    )
