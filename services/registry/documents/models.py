"""The table of documents."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, Uuid, text
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.chassis.web.polish import polish_index
from services.registry.tables import Table


class Document(Table, Versioned, table=True):
    """A document of a programme, a site or a body; its text is in its versions."""

    __tablename__ = "documents"
    __table_args__ = (
        CheckConstraint(
            "num_nonnulls(programme_code, site_id, body_id) = 1", name="owner"
        ),
        Index("ix_documents_programme_code", "programme_code"),
        Index("ix_documents_site_id", "site_id"),
        Index("ix_documents_body_id", "body_id"),
        Index("ix_documents_county_terc", "county_terc", "kind"),
        Index("ix_documents_in_order", text(polish_index("registry", "title")), "id"),
    )

    kind: str = Field(sa_type=Text)
    title: str = Field(sa_type=Text)
    # Three columns and not one text address: foreign keys then guard each reference.
    programme_code: str | None = Field(
        default=None, sa_type=Text, foreign_key="registry.programmes.code"
    )
    site_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="registry.sites.id"
    )
    body_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="registry.bodies.id"
    )
    # A copy of the owner's county, which never changes; NULL for a
    # programme or a region.
    county_terc: str | None = Field(default=None, sa_type=Text)
