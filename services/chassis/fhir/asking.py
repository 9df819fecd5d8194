"""Parameters of every facade in FHIR R4, and the terms of a request."""

from typing import Annotated, Any, Literal, NamedTuple
from urllib.parse import quote, urlencode

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from services.chassis.fhir.moments import PATTERN, Moment, moment_of
from services.chassis.ground.clock import CIVIL_TIME
from services.chassis.ground.scalars import Line
from services.chassis.web.listing import QueryCount

MOST_ON_A_PAGE = 200
Written = Literal["json", "application/json", "application/fhir+json"]


def _with_plus(value: Any) -> Any:
    # In a query an unescaped `+` arrives as a space; neither of these has one.
    return value.replace(" ", "+") if isinstance(value, str) else value


def _is_real(value: str) -> str:
    try:
        moment_of(value, CIVIL_TIME)
    except (ValueError, OverflowError):
        raise PydanticCustomError("wrong_format", "wrong format") from None
    return value


Changed = Annotated[
    str,
    StringConstraints(pattern=PATTERN),
    BeforeValidator(_with_plus),
    AfterValidator(_is_real),
]
Ids = Annotated[
    str,
    Strict(),
    StringConstraints(pattern=r"^[A-Za-z0-9.-]{1,64}(,[A-Za-z0-9.-]{1,64}){0,99}$"),
]


class FhirQuery(BaseModel):
    """The parameter of every request."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    written: Annotated[Written, BeforeValidator(_with_plus)] | None = Field(
        default=None, alias="_format", description="how it is answered: JSON alone"
    )


class FhirSearch(FhirQuery):
    """The parameters of every search."""

    ids: Ids | None = Field(
        default=None, alias="_id", description="ids, comma-separated"
    )
    changed: list[Changed] | None = Field(
        default=None,
        max_length=4,
        alias="_lastUpdated",
        description="changed then: `ge2026-11-02`, `lt2026-12`, an instant; several"
        " all hold",
    )
    count: QueryCount = Field(
        default=50,
        ge=0,
        alias="_count",
        description=f"resources on a page, at most {MOST_ON_A_PAGE}; 0: the total alone",
    )
    cursor: Line | None = Field(
        default=None, max_length=1000, description="of the link `next`; not to be made"
    )

    @property
    def limit(self) -> int:
        """The most resources that a page may have."""
        return min(self.count, MOST_ON_A_PAGE)

    @property
    def id_list(self) -> list[str] | None:
        """The ids that are searched for; None for all."""
        return None if self.ids is None else self.ids.split(",")

    @property
    def moments(self) -> list[Moment]:
        """The times within which the resource was changed."""
        return [moment_of(value, CIVIL_TIME) for value in self.changed or ()]

    def filters(self) -> str:
        """The search as text, without its paging."""
        return self.model_dump_json(
            exclude={"count", "cursor", "written"}, exclude_none=True
        )

    def query_string(self, cursor: str | None) -> str:
        """The search as a query, for the page after this cursor."""
        facts = self.model_dump(
            by_alias=True, exclude_none=True, exclude_defaults=True, mode="json"
        )
        pairs = facts | ({} if cursor is None else {"cursor": cursor})
        return urlencode(pairs, doseq=True, quote_via=quote, safe=":|,/")


class FhirTerms(NamedTuple):
    """The request beside its query: addresses, the client's ETags, the cursors' key."""

    base: str
    """Address of the facade for the outside, without a slash at its end."""
    path: str
    if_none_match: str
    cursor_key: bytes
