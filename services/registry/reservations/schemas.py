"""Reservations on the wire."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Date, Id, Instant, Wire
from services.chassis.web.listing import ListQuery
from services.registry.reservations.rules import ReservationState
from services.registry.support_services.rules import EligibilityDocument
from services.registry.support_services.schemas import Months


class ReservationCreate(Wire):
    """A place to be held. The facts about a child only decide whether the service fits,
    and are not stored.
    """

    referral_reference: Id = Field(
        description="the caller's own random id of the referral; it names nobody"
    )
    expires_at: Instant | None = Field(
        default=None,
        description="until when the place waits to be taken: 14 days when absent, at most 60",
    )
    starts_on: Date | None = Field(
        default=None, description="day of the first meeting; today when absent"
    )
    age_months: Months | None = Field(
        default=None, description="completed months on that day; not judged when absent"
    )
    documents: list[EligibilityDocument] | None = Field(
        default=None,
        max_length=10,
        description="which documents the family has; not judged when absent",
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "referral_reference": "0199aaaa-0000-4000-8000-000000000001",
                    "age_months": 31,
                    "documents": ["early_support_need_opinion"],
                }
            ]
        }
    )


class ReservationRead(BaseModel):
    """A place that is or was held."""

    id: UUID
    version: int
    support_service_id: UUID
    referral_reference: UUID
    state: ReservationState = Field(
        description="`expired` from the instant `expires_at` on, unless taken"
    )
    expires_at: datetime
    taken_at: datetime | None
    released_at: datetime | None
    reserved_by: str
    created_at: datetime
    changed_at: datetime


class ReservationList(ListQuery):
    """Filters of a service's reservations."""

    state: list[ReservationState] | None = None
    referral_reference: Id | None = None
