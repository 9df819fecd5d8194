"""Steps of a group on the wire."""

from pydantic import ConfigDict

from services.chassis.ground.scalars import Note, Wire
from services.training.groups.schemas import Capacity


class GroupCancel(Wire):
    """Why a group is cancelled."""

    # Required, since people who lose the seat have to be told why.
    reason: Note

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "zbyt mało zgłoszeń"}]}
    )


class GroupResize(Wire):
    """The new number of a group's seats."""

    capacity: Capacity

    model_config = ConfigDict(json_schema_extra={"examples": [{"capacity": 10}]})
