"""Agreements: drafted, signed, terminated."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.chassis.web.polish import polish_index
from services.registry.tables import Dated, Table


class Agreement(Table, Versioned, Dated, table=True):
    """A county's agreement, an open pact or a letter of intent."""

    __tablename__ = "agreements"
    __table_args__ = (
        CheckConstraint(
            "commune_terc IS NULL OR left(commune_terc, 4) = county_terc",
            name="commune_terc",
        ),
        CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to",
            name="valid_to",
        ),
        CheckConstraint(
            # Both days decide whether a signed agreement binds on a day.
            "state = 'draft' OR (signed_on IS NOT NULL AND valid_from IS NOT NULL)",
            name="signed_on",
        ),
        CheckConstraint(
            "(state = 'terminated') = (terminated_on IS NOT NULL)", name="terminated_on"
        ),
        CheckConstraint(
            "terminated_on IS NULL OR signed_on <= terminated_on",
            name="terminated_after_signed",
        ),
        # With the id, since the order of every list ends with it: the index then serves
        # every page.
        Index("ix_agreements_in_order", text(polish_index("registry", "title")), "id"),
        Index("ix_agreements_county_terc", "county_terc", "kind"),
        Index("ix_agreements_changed_at", "changed_at", "id"),
    )

    kind: str = Field(sa_type=Text)
    title: str = Field(sa_type=Text)
    county_terc: str = Field(sa_type=Text)
    commune_terc: str | None = Field(default=None, sa_type=Text)
    # Never `expired`: it is not stored but follows from the date when the row is read.
    state: str = Field(
        default="draft", sa_type=Text, sa_column_kwargs={"server_default": "draft"}
    )
    signed_on: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    terminated_on: date | None = None
    reason: str | None = Field(default=None, sa_type=Text)
