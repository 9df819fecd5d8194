"""Legal acts on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from services.chassis.ground.scalars import Date, Name, Wire
from services.chassis.web.listing import ListQuery
from services.registry.legal_acts.rules import ELI_PATTERN

Eli = Annotated[
    str,
    Strict(),
    StringConstraints(pattern=ELI_PATTERN),
    Field(
        description="publisher (DU, MP), year and position", examples=["DU/2023/1801"]
    ),
]


class _Validity(Wire):
    valid_from: Date | None = Field(
        default=None, description="first day; null where no source says"
    )
    valid_to: Date | None = Field(
        default=None, description="first day on which it no longer holds"
    )


class LegalActCreate(_Validity):
    """An act or one provision of it, such as an article or a paragraph."""

    eli: Eli
    provision: Name | None = Field(
        default=None,
        description="article or paragraph as it is cited; the whole act when absent",
    )
    title_pl: Name
    title_en: Name

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "eli": "DU/2011/887",
                    "provision": "art. 76",
                    "title_pl": "Ustawa o wspieraniu rodziny i systemie pieczy zastępczej",
                    "title_en": "Act on family support and the foster care system",
                    "valid_from": "2012-01-01",
                }
            ]
        }
    )


# Without act and provision: other records refer to them, and another one would be
# another act.
class LegalActUpdate(_Validity):
    """A merge patch: what is left out stays, null clears. Act and provision stay."""

    title_pl: Name = Field(default_factory=str)
    title_en: Name = Field(default_factory=str)

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"valid_to": "2027-09-01"}]}
    )


class ActTitle(BaseModel):
    """The title of an act in both languages."""

    pl: str
    en: str


class LegalActRead(BaseModel):
    """An act or a provision of it."""

    id: UUID
    version: int
    eli: str
    provision: str | None
    citation: str = Field(description="as it is cited, `Dz.U. 2023 poz. 1801, § 1`")
    title: ActTitle
    valid_from: date | None
    valid_to: date | None
    changed_at: datetime


class LegalActList(ListQuery):
    """Filters of legal acts."""

    eli: list[Eli] | None = None
    as_of: Date | None = Field(
        default=None, description="in force on that day; all when absent"
    )
