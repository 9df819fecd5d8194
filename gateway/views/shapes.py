"""Models of the wire that all views share."""

from datetime import date

from pydantic import BaseModel, Field


class Text(BaseModel):
    """A text for people."""

    pl: str
    en: str


class CountyCard(BaseModel):
    """The county."""

    terc: str
    name: str
    kind: str
    voivodeship_terc: str
    voivodeship_name: str
    population: int | None
    population_on: date | None


class PartProblem(BaseModel):
    """Why a part is missing; without the trace, which every answer's header has."""

    type: str = Field(description="/problems/<slug>, a page that exists")
    title: str = Field(description="in the caller's language")
    status: int
    code: str = Field(description="stable, English")


class MissingPart(BaseModel):
    """A part that is missing because a service failed."""

    service: str = Field(description="which one failed", examples=["screening"])
    part: str = Field(description="the member of this answer that is missing")
    problem: PartProblem


class ViewBody(BaseModel):
    """The answer of a view. A part that the caller may not see is left out."""

    partial: list[MissingPart] = Field(
        default_factory=list,
        description="what is missing because a service failed; empty when all is there",
    )

    def as_json(self) -> bytes:
        """The body of the answer; missing parts have no member in it."""
        missing = {name for name in type(self).model_fields if vars(self)[name] is None}
        return self.model_dump_json(exclude=missing).encode()
