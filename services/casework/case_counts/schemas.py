"""Counts of cases on the wire."""

from pydantic import BaseModel, Field

_FEW = "null where so few are in it, or are not, that it would point to one"


class CaseCountsRead(BaseModel):
    """How many cases there are, and how far they have come."""

    cases: int | None = Field(description=_FEW)
    counties: int = Field(description="in how many counties these cases are")
    with_active_plan: int | None = Field(
        description=f"whose plan was ever carried out; {_FEW}"
    )
    with_review: int | None = Field(description=f"whose plan was reviewed; {_FEW}")
    closed: int | None = Field(description=_FEW)
