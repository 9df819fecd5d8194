"""What a county needs, on the wire."""

from datetime import date

from pydantic import BaseModel, Field

from services.casework.cases.rules import CaseState, Sector, SupportKind


class CasesInState(BaseModel):
    """The number of open cases in one state."""

    state: CaseState
    cases: int = Field(description="how many there are")


class WaitingRead(BaseModel):
    """Open referrals, and how long people have waited for them to end."""

    open: int = Field(description="how many have not ended")
    overdue: int = Field(description="whose present step should be over by now")
    average_days_waited: float | None = Field(description="since they were sent")
    longest_days_waited: int | None = Field(
        description="of the one that was sent first"
    )


class NeedRead(WaitingRead):
    """What is needed in one sector and of one kind."""

    sector: Sector | None = Field(description="null where it is not known")
    kind: SupportKind | None
    recommended: int = Field(
        description="recommendations of active plans that are not carried out yet"
    )


class NeedsRead(BaseModel):
    """What the children of a county need today."""

    county_terc: str
    as_of: date
    cases: list[CasesInState] = Field(description="open cases by their state")
    inbound: WaitingRead = Field(description="referrals to the county's coordination")
    support: list[NeedRead] = Field(
        description="by sector and kind: what plans recommend, and the referrals to"
        " support services that are under way"
    )
