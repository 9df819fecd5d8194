"""Counts of support on the wire."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.casework.cases.rules import SupportKind
from services.casework.people.schemas import CountyTerc
from services.casework.support_events.rules import SupportForm
from services.chassis.ground.scalars import Date, Id


class CountsQuery(BaseModel):
    """Which support within the caller's reach is counted: of a county, an institution,
    a period.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    county_terc: CountyTerc | None = None
    institution_id: Id | None = None
    # `from` is a Python keyword.
    from_: Date | None = Field(default=None, alias="from", description="first day")
    to: Date | None = Field(default=None, description="last day")


class CountRead(BaseModel):
    """Forms and beneficiaries."""

    forms: int = Field(description="every meeting is one, of a group as well")
    # A person counts once, however often they come, as in SIO.
    beneficiaries: int = Field(
        description="people present; who comes again is one still"
    )


class CountOfKind(CountRead):
    """Forms and beneficiaries of one kind of support."""

    kind: SupportKind


class CountOfForm(CountRead):
    """Forms and beneficiaries of one form of support."""

    form: SupportForm


class CountOfKindAndForm(CountOfKind):
    """Forms and beneficiaries of one kind of support in one form."""

    form: SupportForm


class CountsRead(CountRead):
    """Counts of support, in total and by kind and form. Beneficiaries of parts do not
    add up to the total: a person may be in several parts.
    """

    county_terc: str | None
    institution_id: UUID | None
    starts_on: date | None
    ends_on: date | None
    by_kind: list[CountOfKind]
    by_form: list[CountOfForm]
    by_kind_and_form: list[CountOfKindAndForm]
