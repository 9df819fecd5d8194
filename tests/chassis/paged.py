"""Lists of institutions that tests walk through, page by page."""

from typing import Any

import httpx
from sqlalchemy import text

from tests.support.records import app_of

URL = "/v1/registry/institutions"
TYPES = ("kindergarten", "nursery", "hospital")
COUNTIES = ("2469", "2401", "0619")
_ROW = text("""
INSERT INTO institutions (name, type, sector, county_terc, valid_from, changed_at)
VALUES (:name, :type, 'education', :county, '2000-01-01', timestamptz '2026-01-01' + :hours * interval '1 microsecond')
""")


async def put(client: httpx.AsyncClient, rows: list[tuple[str, str, str, int]]) -> None:
    async with app_of(client).state.database.change() as change:
        await change.execute(text("DELETE FROM institutions"))
        for name, kind, county, hours in rows:
            await change.execute(_ROW, {"name": name, "type": kind, "county": county, "hours": hours})


async def walk(client: httpx.AsyncClient, **query: Any) -> list[dict[str, Any]]:
    """Every item, page by page."""
    found: list[dict[str, Any]] = []
    while True:
        answer = await client.get(URL, params=query)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert len(page["items"]) <= query.get("limit", 50)
        found += page["items"]
        if page["next_cursor"] is None:
            assert "link" not in answer.headers
            return found
        assert len(page["items"]) == query.get("limit", 50)
        query["cursor"] = page["next_cursor"]
