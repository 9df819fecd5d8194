"""Accounts of trainers and trainees on the wire."""

from pydantic import ConfigDict, Field

from services.chassis.ground.scalars import Wire
from services.training.trainers.schemas import Account


class AccountJoin(Wire):
    """Whose account it is."""

    # Required although it may be null: who forgets it must not part anybody.
    account: Account | None = Field(
        description="`sub` of the tokens that this person signs in with; null: none"
    )

    model_config = ConfigDict(json_schema_extra={"examples": [{"account": "jan"}]})
