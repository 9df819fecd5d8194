"""The verification of a certificate on the wire."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.chassis.ground.scalars import Line, Name, Wire

# A bound: longer texts cannot be keys.
Key = Annotated[Line, StringConstraints(max_length=100)]


class VerificationQuery(BaseModel):
    """The secret of the holder's link, if any, and the page's language."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    key: Key | None = Field(
        default=None, description="the secret part of the holder's link"
    )
    language: Literal["pl", "en"] | None = Field(
        default=None, description="as the request's Accept-Language when absent"
    )


class NameTyped(Wire):
    """A name that a visitor has typed."""

    name: Name = Field(description="compared with the holder's, and not kept")

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Anna Zmyślona"}]}
    )
