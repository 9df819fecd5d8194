"""/v1/views/pilot: every figure of the source documents, stated and computed."""

import asyncio
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from gateway.views.answering import Query, View
from gateway.views.asking import Asking, Leg, Terms
from gateway.views.lists import PageOf, get_whole
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
from gateway.views.pilot_shapes import PilotView, RecordCodes, StatedFigures
from services.chassis.ground.problems import OutsideScope

FILE = Path(__file__).with_suffix(".json")
_MOST = 200
"""As many as one page of a list has."""
Tasks = Mapping[str, asyncio.Task[Any]]
"""Requests by the field of the records that they fill."""


@cache
def stated_figures() -> StatedFigures:
    """The figures as the sources state them."""
    return StatedFigures.model_validate_json(FILE.read_bytes())


async def view_pilot(ask: Asking, _: str, __: Query) -> PilotView:
    """Every figure of the source documents: the stated value, the value from present
    records, whether they agree, and contradictions.

    For national roles: a figure of some counties would be compared with one of all.
    """
    if "*" not in ask.claims.counties:
        raise OutsideScope(relation="counties")
    stated = stated_figures()
    registry = _ask_registry(ask, stated.records)
    screening = _ask_screening(ask, stated.records)
    cases = ask.part(Leg("cases", "casework", "/cases/counts"), CaseCounts)
    training = _ask_training(ask, stated.records)
    budget = ask.work("budget", "training", _budget(ask, stated.records))
    parts = {
        part: await task
        for part, task in [
            *registry.items(),
            *screening.items(),
            ("cases", cases),
            *training.items(),
        ]
    }
    money, check = await budget or (None, None)
    records = Records(**parts, budget=money, check=check)
    return PilotView(as_of=stated.as_of, figures=figures_of(stated, records))


def _ask_registry(ask: Asking, codes: RecordCodes) -> Tasks:
    query: dict[str, str | int] = {"kind": "county_agreement", "state": "signed"}
    agreements = Leg("agreements", "registry", "/agreements", query | {"limit": _MOST})
    path = f"/programmes/{codes.programme}/sites"
    sites = Leg("sites", "registry", path, {"limit": _MOST})
    table = Leg("register", "registry", f"/register-statistics/{codes.entities}")
    kind = {"kind": codes.platform}
    platforms = Leg("platforms", "registry", "/body-compositions", kind)
    return {
        "sites": _whole(ask, sites, Sites),
        "agreements": _whole(ask, agreements, Agreements),
        "register": ask.part(table, Register),
        "platforms": ask.part(platforms, Compositions),
    }


def _ask_screening(ask: Asking, codes: RecordCodes) -> Tasks:
    campaigns = {"children": codes.children, "pupils": codes.pupils}
    return {
        part: ask.work(part, "screening", _funnels(ask, part, protocols))
        for part, protocols in campaigns.items()
    }


def _ask_training(ask: Asking, codes: RecordCodes) -> Tasks:
    query: dict[str, str | int] = {
        "programme_code": codes.authorities,
        "limit": _MOST,
    }
    authorities = Leg("authorities", "training", "/authorities", query)
    path = f"/programmes/{codes.authorities}"
    programme = Leg("programme", "training", path)
    return {
        "hours": ask.work("hours", "training", _hours(ask, codes)),
        "locations": ask.part(_composition("locations", codes.locations), Composition),
        "teams": ask.part(_composition("teams", codes.authorities), Composition),
        "supported": ask.work("supported", "training", _supported(ask, codes)),
        "authorities": _whole(ask, authorities, Authorities),
        "programme": ask.part(programme, Programme),
    }


def _whole(ask: Asking, leg: Leg, model: type[PageOf]) -> asyncio.Task[PageOf | None]:
    return ask.work(leg.part, leg.service, get_whole(ask, leg, model))


def _composition(part: str, programme: str) -> Leg:
    return Leg(part, "training", f"/programmes/{programme}/composition")


async def _funnels(ask: Asking, part: str, protocols: list[str]) -> list[Funnel]:
    """The funnel of each campaign by these protocols."""
    query: Terms = {"protocol_code": protocols, "limit": _MOST}
    leg = Leg(part, "screening", "/campaigns", query)
    campaigns = await get_whole(ask, leg, Ids)
    return [
        await ask.get(
            Leg(part, "screening", f"/campaigns/{campaign.id}/funnel"), Funnel
        )
        for campaign in campaigns.items
    ]


async def _hours(ask: Asking, codes: RecordCodes) -> Hours:
    path = f"/programmes/{codes.programme}"
    programme = await ask.get(Leg("hours", "training", path), Programme)
    query = {"by": "year", "programme_id": str(programme.id)}
    return await ask.get(Leg("hours", "training", "/hours", query), Hours)


async def _budget(
    ask: Asking, codes: RecordCodes
) -> tuple[Budget, Check] | tuple[None, None]:
    query = {"programme": codes.authorities}
    budgets = await ask.get(Leg("budget", "training", "/budgets", query), Ids)
    for budget in budgets.items:
        path = f"/budgets/{budget.id}"
        return (
            await ask.get(Leg("budget", "training", path), Budget),
            await ask.get(Leg("budget", "training", f"{path}/check"), Check),
        )
    return None, None


async def _supported(ask: Asking, codes: RecordCodes) -> Progress | None:
    query: dict[str, str | int] = {"programme": codes.authorities, "limit": _MOST}
    listing = Leg("supported", "training", "/indicators", query)
    indicators = await get_whole(ask, listing, Indicators)
    for indicator in indicators.items:
        if indicator.measure == "supported_staff":
            path = f"/indicators/{indicator.id}/progress"
            return await ask.get(Leg("supported", "training", path), Progress)
    return None


PILOT = View(
    "pilot",
    None,
    view_pilot,
    PilotView,
    {
        "N1": "screening:statistics:read",
        "N4": "casework:monitoring-reports:read",
        "N5": "training:hours:read",
        "N6": "registry:register-statistics:read",
        "N18": "registry:bodies:read",
    },
    refuses=(OutsideScope,),
)
