"""Decisions about screenings on the wire."""

from typing import Annotated

from pydantic import ConfigDict, Field

from services.chassis.ground.scalars import Flag, Note, Wire
from services.chassis.web.batches import MOST_ITEMS, READ_ALONE, BatchItem


class ScreeningConfirm(Wire):
    """The confirmation of a result by a person."""

    consent_to_refer: Flag | None = Field(
        default=None, description="as submitted when absent"
    )

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"consent_to_refer": True}]}
    )


class ConfirmationItem(BatchItem, ScreeningConfirm):
    """The confirmation of one result of a batch."""


class ConfirmationBatch(Wire):
    """Up to 200 results, each confirmed or refused separately."""

    items: list[Annotated[ConfirmationItem, READ_ALONE]] = Field(
        min_length=1, max_length=MOST_ITEMS
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {"id": "01990000-0000-7000-8000-000000000001", "version": 1},
                        {
                            "id": "01990000-0000-7000-8000-000000000002",
                            "version": 2,
                            "consent_to_refer": True,
                        },
                    ]
                }
            ]
        }
    )


class ScreeningConsent(Wire):
    """The guardian's answer about a referral after the screening was submitted."""

    consent_to_refer: Flag

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"consent_to_refer": True}]}
    )


class ScreeningReturn(Wire):
    """The reason why a form is sent back."""

    reason: Note

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"reason": "brak odpowiedzi na stronie drugiej"}]
        }
    )


class ScreeningAnnul(Wire):
    """The reason why a screening is annulled."""

    reason: Note

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "wprowadzono dwa razy"}]}
    )
