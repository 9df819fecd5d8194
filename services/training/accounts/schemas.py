"""Accounts of trainers and trainees on the wire."""

from pydantic import ConfigDict, Field

from services.chassis.ground.scalars import Wire
from services.training.trainers.schemas import Account


class AccountJoin(Wire):
    """The account of a trainer or a trainee."""

    # Required although it may be null: a forgotten field must not unlink an account.
    account: Account | None = Field(
        description="`sub` of the tokens that this person signs in with; null: none"
    )

    model_config = ConfigDict(json_schema_extra={"examples": [{"account": "jan"}]})
