"""Budgets on the wire."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    Strict,
    StringConstraints,
)

from services.chassis.ground.scalars import Count, Money, Name, Wire
from services.chassis.web.listing import ListQuery
from services.training.budgets.rules import MOST_YEARS, FindingKind, SourceKind
from services.training.programmes.schemas import ProgrammeCode

CalendarYear = Annotated[Count, Field(ge=2000, le=2100)]
Amount = Annotated[Money, Field(gt=0, description="PLN", examples=["1500000.00"])]
Share = Annotated[Money, Field(gt=0, le=100, description="percent", examples=["70.00"])]
# A computed figure, to two places.
Places = Annotated[
    Decimal, PlainSerializer(lambda part: f"{part:.2f}", return_type=str)
]
Quarter = Annotated[
    str,
    Strict(),
    StringConstraints(pattern=r"^20[0-9]{2}Q[1-4]$"),
    Field(examples=["2024Q2"]),
]


class YearWire(Wire):
    """What is planned for a year."""

    year: CalendarYear
    amount: Amount


class TaskWire(Wire):
    """A task, and when it runs. Tasks are numbered in the order of the list."""

    title_pl: Name
    title_en: Name
    share: Share
    start_quarter: Quarter
    end_quarter: Quarter


class SourceWire(Wire):
    """Money of one kind of source."""

    kind: SourceKind
    amount: Money = Field(ge=0, description="PLN")


class BudgetWire(Wire):
    """A whole budget: years and sources have the same sum, shares sum to 100."""

    title_pl: Name
    title_en: Name
    years: list[YearWire] = Field(min_length=1, max_length=MOST_YEARS)
    tasks: list[TaskWire] = Field(min_length=1, max_length=40)
    # At most one source of each kind.
    sources: list[SourceWire] = Field(min_length=1, max_length=len(SourceKind))

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title_pl": "Budżet projektu",
                    "title_en": "Budget of the project",
                    "years": [
                        {"year": 2026, "amount": "100000.00"},
                        {"year": 2027, "amount": "100000.00"},
                    ],
                    "tasks": [
                        {
                            "title_pl": "Szkolenia",
                            "title_en": "Training",
                            "share": "100.00",
                            "start_quarter": "2026Q1",
                            "end_quarter": "2027Q4",
                        }
                    ],
                    "sources": [
                        {"kind": "eu", "amount": "165040.00"},
                        {"kind": "national", "amount": "34960.00"},
                    ],
                }
            ]
        }
    )


class BudgetCreate(BudgetWire):
    """The budget of a programme."""

    # Not in the PUT: a budget cannot move to another programme.
    programme: ProgrammeCode

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "programme": "TMW",
                    "title_pl": "Budżet projektu",
                    "title_en": "Budget of the project",
                    "years": [{"year": 2026, "amount": "200000.00"}],
                    "tasks": [
                        {
                            "title_pl": "Szkolenia",
                            "title_en": "Training",
                            "share": "100.00",
                            "start_quarter": "2026Q1",
                            "end_quarter": "2026Q4",
                        }
                    ],
                    "sources": [{"kind": "eu", "amount": "200000.00"}],
                }
            ]
        }
    )


class YearRead(BaseModel):
    """What is planned for a year, and its share of the whole."""

    year: int
    amount: Places
    share: Places = Field(description="percent of the total, half up")


# No id: a task is identified by its place in the list.
class TaskRead(BaseModel):
    """A task with its amount for all its time."""

    number: int
    title_pl: str
    title_en: str
    share: Places
    amount: Places = Field(description="PLN; the amounts of all tasks sum to the total")
    start_quarter: str
    end_quarter: str


class SourceRead(BaseModel):
    """Money of one kind of source, and its share of the whole."""

    kind: SourceKind
    amount: Places
    share: Places


class BudgetEntry(BaseModel):
    """A budget without its parts."""

    id: UUID
    version: int
    programme: str = Field(description="the programme's code")
    title_pl: str
    title_en: str
    changed_at: datetime


class BudgetRead(BudgetEntry):
    """A budget with its parts and sums."""

    # Always PLN; stated, so that no client has to assume it.
    currency: Literal["PLN"] = "PLN"
    total: Places
    years: list[YearRead]
    tasks: list[TaskRead]
    sources: list[SourceRead]


class Text(BaseModel):
    """A sentence in both languages."""

    pl: str
    en: str


class FindingRead(BaseModel):
    """A contradiction in the calendar, or a consequence of it."""

    code: FindingKind
    years: list[int]
    tasks: list[int] = Field(description="numbers of the tasks that run in these years")
    planned: Places
    feasible: Places = Field(description="PLN that these tasks have in all their time")
    text: Text


class BudgetCheckRead(BaseModel):
    """Whether what is planned for each year can be spent by the tasks that run in it."""

    is_feasible: bool
    total: Places
    most_spendable: Places = Field(description="PLN of the total, as it is planned")
    findings: list[FindingRead]


class BudgetList(ListQuery):
    """Filters of budgets."""

    programme: list[ProgrammeCode] | None = None
