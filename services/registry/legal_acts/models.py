"""The table of legal acts."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, Text
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.registry.tables import Table


class LegalAct(Table, Versioned, table=True):
    """An act, or one provision of it, in one time of validity."""

    __tablename__ = "legal_acts"
    __table_args__ = (
        CheckConstraint("eli ~ '^(DU|MP)/[0-9]{4}/[1-9][0-9]{0,4}$'", name="eli"),
        CheckConstraint("valid_from < valid_to", name="valid_to"),
        Index(
            # The whole act is unique as well: its NULL counts as a provision. The day
            # is in the key, since a provision may come back in another wording.
            "uq_legal_acts_provision",
            "eli",
            "provision",
            "valid_from",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )

    # Not the key: an act has many provisions, and a provision several wordings.
    eli: str = Field(sa_type=Text)
    provision: str | None = Field(default=None, sa_type=Text)
    title_pl: str = Field(sa_type=Text)
    title_en: str = Field(sa_type=Text)
    valid_from: date | None = None
    valid_to: date | None = None
