"""The pilot's figures on the wire, and in the data file."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from gateway.views.shapes import Text, ViewBody

Verdict = Literal["agrees", "lower_bound", "contradiction", "not_comparable"]


class FigurePart(BaseModel):
    """A number that is part of a figure, or belongs to it."""

    label: Text
    stated: str | None = Field(description="by the source; null where it says nothing")
    computed: str | None = Field(description="from the records of now; null where none")


class Figure(BaseModel):
    """A figure of the source documents beside the value from present records."""

    id: str = Field(examples=["N1"])
    source: str = Field(description="document that states it", examples=["000"])
    label: Text
    stated: str = Field(description="`≥` before what is a lower bound")
    computed: str = Field(description="from the records of now")
    verdict: Verdict = Field(
        description="`agrees`: stated and computed are the same, down to the parts;"
        " `lower_bound`: what is stated is one, and is reached; `contradiction`: they"
        " differ, or the source contradicts itself; `not_comparable`: two different"
        " things"
    )
    note: Text | None = Field(description="what does not add up, or how it is counted")
    parts: list[FigurePart] = Field(description="what it is made of, or goes with it")


class PilotView(ViewBody):
    """Every figure of the source documents, stated and computed."""

    as_of: date = Field(description="day as of which the sources' figures are kept")
    figures: list[Figure] = Field(
        description="without those whose records could not be had, or are not for the"
        " caller"
    )


class StatedPart(BaseModel):
    """A part in the data file."""

    label: Text
    stated: str | None = None


class StatedFigure(BaseModel):
    """A figure in the data file."""

    id: str
    source: str
    stated: str
    label: Text
    note: Text | None = None
    parts: dict[str, StatedPart] = {}


class RecordCodes(BaseModel):
    """The codes of the pilot's records."""

    programme: str
    project: str
    association: str
    children: list[str]
    pupils: list[str]
    locations: str
    authorities: str
    entities: str
    platform: str


class StatedFigures(BaseModel):
    """The data file."""

    as_of: date
    records: RecordCodes
    figures: list[StatedFigure]
