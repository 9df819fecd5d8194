"""Referrals of a case to a support service, on the wire."""

from pydantic import ConfigDict, Field

from services.casework.reads import Category
from services.chassis.ground.scalars import Id, Note, Wire


class CaseReferralCreate(Wire):
    """A child referred to a support service of the registry."""

    support_service_id: Id
    categories: list[Category] = Field(
        min_length=1,
        # There are nine categories.
        max_length=9,
        description="what the institution sees of the child; a consent or another"
        " basis covers all of it",
    )
    recommendation_id: Id | None = Field(
        default=None, description="the recommendation of the case's plan that it serves"
    )
    note: Note | None = Field(
        default=None, description="for the institution; kept sealed"
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "support_service_id": "01990000-0000-7000-8000-0000000000e1",
                    "categories": ["identity", "assessment"],
                    "note": "Terapia mowy, najlepiej rano.",
                }
            ]
        }
    )
