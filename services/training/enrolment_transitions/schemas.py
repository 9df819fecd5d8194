"""Ends of enrolments on the wire."""

from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from services.chassis.ground.scalars import Wire
from services.training.enrolments.rules import BY_SYSTEM, EndReason


# One list of reasons is read; which of them may be sent is said here.
def _given(reason: EndReason) -> EndReason:
    if reason in BY_SYSTEM:
        raise PydanticCustomError("not_allowed", "not allowed")
    return reason


GivenReason = Annotated[EndReason, AfterValidator(_given)]


class EnrolmentReject(Wire):
    """Why somebody does not enter the group."""

    reason: GivenReason

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "not_eligible"}]}
    )


class EnrolmentWithdraw(Wire):
    """Why somebody leaves the group."""

    reason: GivenReason | None = Field(
        default=None, description="required where a team becomes too small by it"
    )

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "workload"}]})
