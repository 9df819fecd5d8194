"""Answers of services about the pilot, as far as its figures are computed from them."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from pydantic import BaseModel

from gateway.views.lists import Paged


class Id(BaseModel):
    """Something in a list."""

    id: UUID


class Ids(Paged[Id]):
    """A list of which only the ids count."""


class Site(BaseModel):
    """A county in a programme."""

    county_terc: str
    implementer: str
    status: str


class Sites(Paged[Site]):
    """The sites of a programme."""


class Agreement(BaseModel):
    """A signed agreement."""

    county_terc: str


class Agreements(Paged[Agreement]):
    """Agreements of counties."""


class Share(BaseModel):
    """A share with its interval."""

    share: Decimal
    low: Decimal
    high: Decimal


class Shares(BaseModel):
    """The shares of a campaign."""

    selected_of_complete: Share | None


class Steps(BaseModel):
    """The number of children at each step."""

    complete: int | None
    selected: int | None


class CountySteps(Steps):
    """The same for one county."""

    county_terc: str | None


class Funnel(BaseModel):
    """A campaign in numbers."""

    in_all: Steps
    shares: Shares
    by_county: list[CountySteps]


class CaseCounts(BaseModel):
    """The numbers of cases."""

    cases: int | None
    counties: int
    with_active_plan: int | None
    with_review: int | None


class YearOfHours(BaseModel):
    """Hours of a year."""

    year: int | None
    hours: Decimal


class Hours(BaseModel):
    """Hours of meetings and sessions."""

    items: list[YearOfHours]


class Cell(BaseModel):
    """A cell of the table of entities."""

    status: str
    value: str | None
    lower_bound: bool | None = None


class Line(BaseModel):
    """A line of the table of entities."""

    line: str
    cells: dict[str, Cell]


class Growth(BaseModel):
    """A line from one year to another."""

    line: str
    from_year: int
    to_year: int
    cell: Cell


class Register(BaseModel):
    """The table of entities."""

    lines: list[Line]
    changes: list[Growth]


class BudgetYear(BaseModel):
    """A year of a budget."""

    year: int
    amount: str


class BudgetTask(BaseModel):
    """A task of a budget."""

    number: int
    share: Decimal
    start_quarter: str
    end_quarter: str


class BudgetSource(BaseModel):
    """Where money of a budget comes from."""

    kind: str
    amount: str
    share: str


class Budget(BaseModel):
    """A budget with its sums."""

    total: str
    years: list[BudgetYear]
    tasks: list[BudgetTask]
    sources: list[BudgetSource]


class Finding(BaseModel):
    """A contradiction of a budget."""

    code: str
    years: list[int]
    planned: str
    feasible: str


class Check(BaseModel):
    """Whether a budget can be spent as planned."""

    is_feasible: bool
    most_spendable: str
    findings: list[Finding]


class Parts(BaseModel):
    """How many groups, locations or teams there are, and how many are complete."""

    total: int
    complete: int
    people: int


class Composition(BaseModel):
    """The participants of a programme."""

    people: int
    is_complete: bool
    groups: Parts
    locations: Parts | None
    teams: Parts | None


class Reached(BaseModel):
    """The progress towards a target."""

    achieved: int


class Progress(BaseModel):
    """An indicator, computed."""

    whole: Reached
    female: Reached | None
    male: Reached | None


class Authority(BaseModel):
    """A local authority on its path."""

    advisory_starts_on: date | None
    advisory_ends_on: date | None


class Authorities(Paged[Authority]):
    """The authorities of a programme."""


class Programme(BaseModel):
    """A programme of training."""

    id: UUID
    ends_on: date | None
    smallest_team: int | None
    largest_team: int | None


class Indicator(Id):
    """An indicator in a list."""

    measure: str


class Indicators(Paged[Indicator]):
    """The indicators of a programme."""


class SeatGroup(BaseModel):
    """A group of a body's composition."""

    group: str
    present: int


class BodyComposition(BaseModel):
    """How a body is composed."""

    valid: bool
    members: int
    groups: list[SeatGroup]


class Compositions(BaseModel):
    """How the bodies of a kind are composed."""

    items: list[BodyComposition]


class Records(NamedTuple):
    """The records that figures are computed from; None if they are not available."""

    sites: Sites | None = None
    agreements: Agreements | None = None
    register: Register | None = None
    platforms: Compositions | None = None
    children: list[Funnel] | None = None
    pupils: list[Funnel] | None = None
    cases: CaseCounts | None = None
    hours: Hours | None = None
    budget: Budget | None = None
    check: Check | None = None
    locations: Composition | None = None
    teams: Composition | None = None
    supported: Progress | None = None
    authorities: Authorities | None = None
    programme: Programme | None = None
