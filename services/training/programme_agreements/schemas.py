"""The agreement of a side on the wire."""

from pydantic import ConfigDict

from services.chassis.ground.scalars import Wire
from services.training.programme_versions.rules.states import Side


class VersionAgree(Wire):
    """The side for which the caller agrees."""

    # A field, since an application may have the permissions of both sides.
    side: Side

    model_config = ConfigDict(json_schema_extra={"examples": [{"side": "client"}]})
