"""Steps of a group on the wire."""

from pydantic import ConfigDict

from services.chassis.ground.scalars import Note, Wire
from services.training.groups.schemas import Capacity


class GroupCancel(Wire):
    """Why a group does not take place."""

    # Required: whoever loses the seat is told why.
    reason: Note

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "zbyt mało zgłoszeń"}]}
    )


class GroupResize(Wire):
    """How many seats a group is to have."""

    capacity: Capacity

    model_config = ConfigDict(json_schema_extra={"examples": [{"capacity": 10}]})
