"""Things that tests need to be there first."""

from typing import Any

import httpx
from sqlalchemy import text
from starlette.applications import Starlette

from services.chassis.trust.callers import Caller
from tests.support.statements import of_the_test

EVERYWHERE = Caller("tests", counties=frozenset({"*"}))
COUNTIES = {"24": "śląskie", "2401": "będziński", "2469": "Katowice", "0619": "świdnicki", "0219": "świdnicki"}
INSTITUTION = {"name": "Poradnia nr 1", "type": "psych_ped_counselling_centre", "county_terc": "2469"}


_UNIT = text("""
INSERT INTO territorial_units (terc, level, kind, name, parent_terc, as_of)
VALUES (:terc, :level, :kind, :name, :parent, '2026-01-01')
""")


def app_of(client: httpx.AsyncClient) -> Any:
    """The application behind an in-process client."""
    transport = client._transport
    assert isinstance(transport, httpx.ASGITransport)
    app: Any = transport.app
    assert isinstance(app, Starlette)
    return app


async def add_territory(client: httpx.AsyncClient) -> None:
    """A small territory: counties of two voivodeships, two of them of one name, and two communes."""
    units: list[tuple[str, str, str, str, str | None]] = [("02", "voivodeship", "voivodeship", "dolnośląskie", None)]
    units += [
        ("06", "voivodeship", "voivodeship", "lubelskie", None),
        ("24", "voivodeship", "voivodeship", "śląskie", None),
    ]
    units += [
        ("2401", "county", "county", "będziński", "24"),
        ("2469", "county", "city_with_county_rights", "Katowice", "24"),
        ("0619", "county", "county", "świdnicki", "06"),
        ("0219", "county", "county", "świdnicki", "02"),
        ("2469011", "commune", "urban", "Katowice", "2469"),
        ("2401011", "commune", "urban", "Będzin", "2401"),
    ]
    names = ("terc", "level", "kind", "name", "parent")
    async with app_of(client).state.database.change() as change:
        for unit in units:
            await change.execute(_UNIT, dict(zip(names, unit, strict=True)))


async def add_institution(client: httpx.AsyncClient, **facts: Any) -> dict[str, Any]:
    """An institution registered through the API."""
    answer = await client.post("/v1/registry/institutions", json=INSTITUTION | facts)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def fetch(client: httpx.AsyncClient, sql: str, caller: Caller = EVERYWHERE, **values: Any) -> list[Any]:
    """Rows of the service's own schema, for what no answer shows, as far as the caller reaches.

    Without ORDER BY they come last first: no test goes by an order that nobody asked for.
    """
    with of_the_test():
        async with app_of(client).state.database.change(caller) as change:
            rows = list(await change.rows(text(sql), values))
    return rows if "ORDER BY" in sql else rows[::-1]


async def change(client: httpx.AsyncClient, sql: str, **values: Any) -> None:
    """A change that no endpoint makes, as the service's own role."""
    with of_the_test():
        async with app_of(client).state.database.change(EVERYWHERE) as work:
            await work.execute(text(sql), values)
