"""Who is appointed to which site, as what, from when to when."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, Uuid, text
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.registry.tables import Dated, Table


class Appointment(Table, Versioned, Dated, table=True):
    """A person, by their account, in a role at a site for a time."""

    __tablename__ = "appointments"
    __table_args__ = (
        # Equal days are allowed: they mark an appointment that was called off.
        CheckConstraint("held_to IS NULL OR held_from <= held_to", name="held_to"),
        CheckConstraint(
            "role <> 'animator' OR contract = 'employment'", name="contract"
        ),
        CheckConstraint(
            "role <> 'coordinating_institution_coordinator' OR institution_id IS NOT NULL",
            name="institution_id",
        ),
        # Each appointment is compared with all others to its role at its site.
        Index("ix_appointments_site_id", "site_id", "role", "held_from"),
        Index("ix_appointments_county_terc", "county_terc", "role"),
        Index("ix_appointments_institution_id", "institution_id"),
        Index("ix_appointments_subject", "subject"),
        Index("ix_appointments_held_from", "held_from", "id"),
        Index(
            # The second guard: the action compares all spans under the site's lock, the
            # index sees only those without an end.
            "uq_appointments_open_coordinator",
            "site_id",
            unique=True,
            postgresql_where=text(
                "held_to IS NULL AND role = 'cross_sector_support_coordinator'"
            ),
        ),
    )

    role: str = Field(sa_type=Text)
    site_id: UUID = Field(sa_type=Uuid, foreign_key="registry.sites.id")
    county_terc: str = Field(sa_type=Text)
    institution_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="registry.institutions.id"
    )
    # The account alone. Names stay with the identity provider.
    subject: str = Field(sa_type=Text)
    # May be NULL for coordinators: the sources do not name their contracts.
    contract: str | None = Field(default=None, sa_type=Text)
    held_from: date
    held_to: date | None = None
    ending_reason: str | None = Field(default=None, sa_type=Text)
