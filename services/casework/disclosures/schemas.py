"""Disclosures on the wire."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from services.casework.disclosures.rules import DisclosureState, StoppingReason
from services.casework.reads import Category
from services.chassis.ground.scalars import Id
from services.chassis.web.listing import ListQuery


class DisclosureRead(BaseModel):
    """Data of a child that an institution received, is to receive, or did not receive."""

    id: UUID
    version: int
    person_id: UUID
    consent_id: UUID = Field(description="the basis on which it was disclosed")
    referral_id: UUID | None
    recipient_institution_id: UUID
    # Kinds of data, not the data: the row outlives them.
    categories: list[Category]
    state: DisclosureState
    sent_at: datetime | None = Field(description="when the recipient first saw it")
    stopped_at: datetime | None
    stopping_reason: StoppingReason | None
    created_at: datetime


class DisclosureList(ListQuery):
    """Filters of disclosures."""

    person_id: Id | None = None
    referral_id: Id | None = None
    recipient_institution_id: Id | None = None
    state: list[DisclosureState] | None = None
