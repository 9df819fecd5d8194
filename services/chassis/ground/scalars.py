"""Types for the fields of wire models: a value that no column holds is refused here."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    Strict,
    StringConstraints,
)
from pydantic import Field as Bounds
from pydantic_core import PydanticCustomError

from services.chassis.tabular.characters import plain_text


class Wire(BaseModel):
    """A model of input: no unknown fields; use the types below, no bare str."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


def _plain_text(text: str) -> str:
    """NFC; refuses control, invisible and direction-changing characters, mark stacks."""
    # Saves a call for most texts, of which a form may have a hundred.
    if text.isascii() and text.isprintable():
        return text
    plain = plain_text(text)
    if plain is None:
        raise PydanticCustomError("not_allowed_character", "not allowed character")
    return plain


def _one_line(text: str) -> str:
    if "\n" in text:
        raise PydanticCustomError("not_allowed_character", "not allowed character")
    return text


# Pydantic alone would also take braces, digits of other scripts and numbers of seconds.
def _matching(pattern: str) -> Any:
    compiled = re.compile(pattern, re.ASCII)

    def check(value: Any) -> Any:
        if isinstance(value, str) and not compiled.fullmatch(value):
            raise PydanticCustomError("wrong_format", "wrong format")
        if not isinstance(value, str | UUID | date):
            raise PydanticCustomError("wrong_type", "wrong type")
        return value

    return check


# The years 1800 to 2199: any other one is a slip of the keyboard.
_DATE = r"(?:1[89]|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}"
_INSTANT = (
    _DATE
    + r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9])"
)
_ID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

Text = Annotated[
    str, Strict(), StringConstraints(strip_whitespace=True), AfterValidator(_plain_text)
]
# Its length is part of the text's own schema: a later check would cost twice as much.
LongText = Annotated[
    str,
    Strict(),
    StringConstraints(strip_whitespace=True, max_length=4000),
    AfterValidator(_plain_text),
]
Line = Annotated[Text, AfterValidator(_one_line)]
Name = Annotated[Line, StringConstraints(min_length=1, max_length=300)]
Note = Annotated[Text, StringConstraints(min_length=1, max_length=4000)]
Code = Annotated[
    str, Strict(), StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_./-]{0,63}$")
]
Flag = Annotated[bool, Strict()]
# The bounds of an integer column.
Whole = Annotated[int, Strict(), Bounds(ge=-(2**31), le=2**31 - 1)]
Count = Annotated[int, Strict(), Bounds(ge=0, le=2**31 - 1)]
Number = Annotated[float, Strict(), Bounds(allow_inf_nan=False)]
Date = Annotated[date, BeforeValidator(_matching(_DATE))]
Instant = Annotated[datetime, BeforeValidator(_matching(_INSTANT))]
Id = Annotated[UUID, BeforeValidator(_matching(_ID))]
# A text with two decimals: binary floats have no exact grosz.
Money = Annotated[
    Decimal,
    BeforeValidator(_matching(r"-?[0-9]{1,12}\.[0-9]{2}")),
    PlainSerializer(lambda amount: f"{amount:.2f}", return_type=str),
]


def _emptied(_: dict[str, Any]) -> dict[str, Any]:
    return {}


# Members that another standard obliges senders to add. Emptied on arrival: they are
# checked by nothing, so none of them may reach a log, a record or an answer.
Unread = Annotated[dict[str, Any], AfterValidator(_emptied)]
"""An object of any members, none of which is read."""

# Any other text becomes None, which is no bool.
QueryFlag = Annotated[bool, BeforeValidator({"true": True, "false": False}.get)]
"""In a query, where values are texts."""
