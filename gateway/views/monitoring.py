"""Published sums of all counties: casework's last monitoring reports."""

from datetime import date

from pydantic import BaseModel, Field

from gateway.views.asking import Asking, Leg, Terms


class PublishedSum(BaseModel):
    """One sum over the counties that publish it."""

    table: str
    category: str
    measure: str
    value: str | None
    counties: int | None = Field(description="how many counties are in it")


class PublishedTotals(BaseModel):
    """The sums of one period, of the parts of each report that the caller may see."""

    starts_on: date
    ends_on: date
    reports: int
    items: list[PublishedSum] = Field(description="whole tables; parts are in casework")


class _Period(BaseModel):
    starts_on: date
    ends_on: date


class _Periods(BaseModel):
    items: list[_Period]


async def find_totals(ask: Asking) -> PublishedTotals | None:
    """The sums of the period that ended last; None before the first report."""
    query: Terms = {
        "state": ("submitted", "accepted"),
        "sort": "-starts_on",
        "limit": 1,
    }
    leg = Leg("monitoring", "casework", "/monitoring-reports", query)
    periods = (await ask.get(leg, _Periods)).items
    if not periods:
        return None
    period = periods[0].model_dump(mode="json")
    leg = Leg("monitoring", "casework", "/monitoring-reports/totals", period)
    totals = await ask.get(leg, PublishedTotals)
    whole = [each for each in totals.items if each.category == "all"]
    return totals.model_copy(update={"items": whole})
