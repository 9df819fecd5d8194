"""Decisions about screenings on the wire."""

from pydantic import ConfigDict, Field

from services.chassis.ground.scalars import Flag, Note, Wire


class ScreeningConfirm(Wire):
    """A person has looked at the result."""

    consent_to_refer: Flag | None = Field(
        default=None, description="as submitted when absent"
    )

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"consent_to_refer": True}]}
    )


class ScreeningConsent(Wire):
    """What the guardian said of a referral after the screening was submitted."""

    consent_to_refer: Flag

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"consent_to_refer": True}]}
    )


class ScreeningReturn(Wire):
    """What is to be corrected."""

    reason: Note

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"reason": "brak odpowiedzi na stronie drugiej"}]
        }
    )


class ScreeningAnnul(Wire):
    """Why a screening does not count."""

    reason: Note

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "wprowadzono dwa razy"}]}
    )
