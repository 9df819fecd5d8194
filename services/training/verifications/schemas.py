"""The verification of a certificate on the wire."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.chassis.ground.scalars import Line, Name, Wire

# Longer ones are no keys of ours, and need no digest.
Key = Annotated[Line, StringConstraints(max_length=100)]


class VerificationQuery(BaseModel):
    """The holder's secret, where the visitor came by the holder's link.

    The page's language.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    key: Key | None = Field(
        default=None, description="the secret part of the holder's link"
    )
    language: Literal["pl", "en"] | None = Field(
        default=None, description="as the request's Accept-Language when absent"
    )


class NameTyped(Wire):
    """A name, as somebody typed it beside a certificate."""

    name: Name = Field(description="compared with the holder's, and not kept")

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Anna Zmyślona"}]}
    )
