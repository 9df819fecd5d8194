"""Consents and other bases on the wire."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.casework.consents.rules import (
    ConfidentialityException,
    ConsentBasis,
    Purpose,
)
from services.casework.reads import Category
from services.chassis.ground.scalars import Date, Id, Name, Note, QueryFlag, Wire
from services.chassis.web.listing import ListQuery


class ConsentCreate(Wire):
    """A basis: for one purpose, one recipient and the categories named."""

    person_id: Id
    basis: ConsentBasis
    purpose: Purpose
    recipient_institution_id: Id | None = Field(
        default=None,
        description="who receives the data; absent where they stay with the county",
    )
    categories: list[Category] = Field(min_length=1, max_length=9)
    given_by_id: Id | None = Field(
        default=None,
        description="of a consent, who gave it: somebody who acts for the child on"
        " that day",
    )
    valid_from: Date
    valid_to: Date | None = Field(default=None, description="last day")
    # Free text: no list of acts would be complete.
    act: Name | None = Field(
        default=None, description="of any other basis, act, position and paragraph"
    )
    evidence: Note | None = Field(
        default=None, description="of a consent, how it was given: form, place, number"
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "person_id": "01990000-0000-7000-8000-0000000000c1",
                    "basis": "consent",
                    "purpose": "referral",
                    "recipient_institution_id": "01990000-0000-7000-8000-000000000001",
                    "categories": ["identity", "assessment"],
                    "given_by_id": "01990000-0000-7000-8000-0000000000c2",
                    "valid_from": "2026-11-02",
                    "evidence": "formularz podpisany w poradni",
                },
                {
                    "person_id": "01990000-0000-7000-8000-0000000000c1",
                    "basis": "statutory",
                    "purpose": "casework",
                    "categories": ["identity", "case", "plan"],
                    "valid_from": "2026-01-12",
                    "act": "Prawo oświatowe, art. 127 ust. 1",
                },
            ]
        }
    )


# Without the accounts that recorded or withdrew it, because guardians read this.
class ConsentRead(BaseModel):
    """A recorded basis."""

    id: UUID
    version: int
    person_id: UUID
    basis: ConsentBasis
    exception: ConfidentialityException = Field(
        description="of art. 30a of the education law, what lets the data leave an"
        " institution"
    )
    purpose: Purpose
    recipient_institution_id: UUID | None
    categories: list[Category]
    given_by_id: UUID | None
    valid_from: date
    valid_to: date | None
    copied_from_id: UUID | None = Field(
        default=None,
        description="of a twin, the basis that was recorded before the birth for the"
        " child as it was expected",
    )
    # Absent in a list once the person is erased: the key of the text is gone.
    act: str | None = None
    evidence: str | None = None
    withdrawn_at: datetime | None
    created_at: datetime


class ConsentList(ListQuery):
    """Filters of consents."""

    person_id: Id | None = None
    purpose: Purpose | None = None
    recipient_institution_id: Id | None = None
    is_withdrawn: QueryFlag | None = None
