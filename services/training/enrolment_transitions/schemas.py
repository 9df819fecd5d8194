"""Ends of enrolments on the wire."""

from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from services.chassis.ground.scalars import Wire
from services.training.enrolments.rules import BY_SYSTEM, EndReason


# Answers have all reasons; requests may not have those set by the system.
def _require_sendable(reason: EndReason) -> EndReason:
    if reason in BY_SYSTEM:
        raise PydanticCustomError("not_allowed", "not allowed")
    return reason


SendableReason = Annotated[EndReason, AfterValidator(_require_sendable)]


class EnrolmentReject(Wire):
    """Why a person is rejected."""

    reason: SendableReason

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "not_eligible"}]}
    )


class EnrolmentWithdraw(Wire):
    """Why a person leaves the group."""

    reason: SendableReason | None = Field(
        default=None, description="required where a team becomes too small by it"
    )

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "workload"}]})
