"""Steps of an authority on the wire."""

from pydantic import ConfigDict

from services.chassis.ground.scalars import Date, Note, Wire


class ImplementationConfirm(Wire):
    """The window of the programme's task of monitoring."""

    task_starts_on: Date
    task_ends_on: Date

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"task_starts_on": "2025-07-01", "task_ends_on": "2026-12-31"}]
        }
    )


class AuthorityWithdraw(Wire):
    """Why an authority withdraws."""

    reason: Note

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "Uchwała rady gminy."}]}
    )
