"""The table of entities and reports on the wire."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.web.listing import Dialect
from services.registry.register_reports.rules.facts import EntityKind
from services.registry.register_reports.schemas import QueryYear, VoivodeshipTerc

# A sheet has two columns for each year, and should still be readable.
MOST_YEARS = 20


class StatisticsLabel(BaseModel):
    """A text that people read."""

    pl: str
    en: str


class CellRead(BaseModel):
    """A number, or why there is none."""

    status: Literal["number", "no_data", "not_applicable", "not_comparable"]
    value: str | None
    unit: Literal["count", "percent"]
    lower_bound: bool | None = Field(
        default=None, description="true where there may be more; else left out"
    )


class LineRead(BaseModel):
    """A line of the table, numbered as in the source: there is no line 2."""

    line: Literal["1", "1.1", "1.1.1", "1.2", "3"]
    label: StatisticsLabel
    cells: dict[str, CellRead] = Field(description="by year")


class ChangeRead(BaseModel):
    """The growth of a line from one year to the next one in the table."""

    line: str
    from_year: int
    to_year: int
    cell: CellRead
    note: StatisticsLabel | None


class StatisticsQuery(BaseModel):
    """The years and voivodeships of the table, and its format."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    years: list[QueryYear] | None = Field(
        default=None, max_length=MOST_YEARS, description="all known years when absent"
    )
    voivodeship_terc: list[VoivodeshipTerc] | None = Field(
        default=None, max_length=16, description="the whole country when absent"
    )
    format: Literal["csv", "xlsx", "ndjson"] | None = Field(
        default=None,
        description="a file in place of JSON: a row for each line, for each year a number and a note",
    )
    dialect: Dialect | None = Field(
        default=None, description="CSV as a Polish Excel reads it"
    )


class RegisterStatisticsRead(BaseModel):
    """The table of entities and reports."""

    kind: EntityKind
    voivodeship_terc: list[str] | None = Field(
        description="of these alone; null: of the whole country"
    )
    years: list[int]
    lines: list[LineRead]
    changes: list[ChangeRead]
