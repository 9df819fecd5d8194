"""/v1/views/pilot: every figure of the source documents, stated and computed."""

from functools import cache
from pathlib import Path

from gateway.views.answering import Query, View
from gateway.views.asking import Asking, Leg
from gateway.views.pilot_figures import figures_of
from gateway.views.pilot_records import (
    Agreements,
    Authorities,
    Budget,
    CaseCounts,
    Check,
    Composition,
    Compositions,
    Funnel,
    Hours,
    Ids,
    Indicators,
    Programme,
    Progress,
    Records,
    Register,
    Sites,
)
from gateway.views.pilot_shapes import PilotView, RecordsNamed, StatedFigures
from services.chassis.ground.problems import OutsideScope

FILE = Path(__file__).with_suffix(".json")
_ALL = 200
"""As many as a list shows on one page; there are fewer of everything here."""


@cache
def stated_figures() -> StatedFigures:
    """The figures as the sources state them."""
    return StatedFigures.model_validate_json(FILE.read_bytes())


async def view_pilot(ask: Asking, _: str, __: Query) -> PilotView:
    """Every figure of the source documents: what is stated, what the records of now
    come to, whether both go together, and what does not add up.

    For national roles: a figure of some counties would be compared with one of all.
    """
    if "*" not in ask.claims.counties:
        raise OutsideScope(relation="counties")
    stated = stated_figures()
    named = stated.records
    sites = ask.part(_sites(named), Sites)
    query: dict[str, str | int] = {"kind": "county_agreement", "state": "signed"}
    agreements = ask.part(
        Leg("agreements", "registry", "/agreements", query | {"limit": _ALL}),
        Agreements,
    )
    path = f"/register-statistics/{named.entities}"
    register = ask.part(Leg("register", "registry", path), Register)
    kind = {"kind": named.platform}
    platforms = ask.part(
        Leg("platforms", "registry", "/body-compositions", kind), Compositions
    )
    children = ask.work(
        "children", "screening", _funnels(ask, "children", named.children)
    )
    pupils = ask.work("pupils", "screening", _funnels(ask, "pupils", named.pupils))
    cases = ask.part(Leg("cases", "casework", "/cases/counts"), CaseCounts)
    hours = ask.work("hours", "training", _hours(ask, named))
    budget = ask.work("budget", "training", _budget(ask, named))
    locations = ask.part(_composition("locations", named.locations), Composition)
    teams = ask.part(_composition("teams", named.authorities), Composition)
    supported = ask.work("supported", "training", _supported(ask, named))
    of_programme: dict[str, str | int] = {"programme_code": named.authorities}
    authorities = ask.part(
        Leg("authorities", "training", "/authorities", of_programme | {"limit": _ALL}),
        Authorities,
    )
    path = f"/programmes/{named.authorities}"
    programme = ask.part(Leg("programme", "training", path), Programme)
    money, check = await budget or (None, None)
    records = Records(
        sites=await sites,
        agreements=await agreements,
        register=await register,
        platforms=await platforms,
        children=await children,
        pupils=await pupils,
        cases=await cases,
        hours=await hours,
        budget=money,
        check=check,
        locations=await locations,
        teams=await teams,
        supported=await supported,
        authorities=await authorities,
        programme=await programme,
    )
    return PilotView(as_of=stated.as_of, figures=figures_of(stated, records))


def _sites(named: RecordsNamed) -> Leg:
    path = f"/programmes/{named.programme}/sites"
    return Leg("sites", "registry", path, {"limit": _ALL})


def _composition(part: str, programme: str) -> Leg:
    return Leg(part, "training", f"/programmes/{programme}/composition")


async def _funnels(ask: Asking, part: str, protocols: list[str]) -> list[Funnel]:
    """The campaigns by these protocols, each in numbers."""
    query = {"protocol_code": protocols}
    campaigns = await ask.get(Leg(part, "screening", "/campaigns", query), Ids)
    return [
        await ask.get(Leg(part, "screening", f"/campaigns/{one.id}/funnel"), Funnel)
        for one in campaigns.items
    ]


async def _hours(ask: Asking, named: RecordsNamed) -> Hours:
    path = f"/programmes/{named.programme}"
    programme = await ask.get(Leg("hours", "training", path), Programme)
    query = {"by": "year", "programme_id": str(programme.id)}
    return await ask.get(Leg("hours", "training", "/hours", query), Hours)


async def _budget(
    ask: Asking, named: RecordsNamed
) -> tuple[Budget, Check] | tuple[None, None]:
    query = {"programme": named.authorities}
    budgets = await ask.get(Leg("budget", "training", "/budgets", query), Ids)
    for one in budgets.items:
        path = f"/budgets/{one.id}"
        return (
            await ask.get(Leg("budget", "training", path), Budget),
            await ask.get(Leg("budget", "training", f"{path}/check"), Check),
        )
    return None, None


async def _supported(ask: Asking, named: RecordsNamed) -> Progress | None:
    query: dict[str, str | int] = {"programme": named.authorities, "limit": _ALL}
    listing = Leg("supported", "training", "/indicators", query)
    indicators = await ask.get(listing, Indicators)
    for one in indicators.items:
        if one.measure == "supported_staff":
            path = f"/indicators/{one.id}/progress"
            return await ask.get(Leg("supported", "training", path), Progress)
    return None


PILOT = View("pilot", None, view_pilot, PilotView)
