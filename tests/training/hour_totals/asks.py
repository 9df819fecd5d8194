"""Requests to sums of hours from elsewhere, and to hours."""

import uuid
from typing import Any

from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read
from tests.training.sessions.made import a_programme, put

_TOTAL = """
INSERT INTO hour_totals (id, programme_id, year, minutes, is_lower_bound, source, external_id)
VALUES (:id, :programme, 2023, 14460, true, 'sprawozdanie', '1')
"""

_OWN = """
INSERT INTO hour_totals (id, programme_id, county_terc, year, minutes, is_lower_bound, source, external_id)
VALUES (:id, :programme, :county, 2023, 60, false, 'powiat', :county)
"""


def totals(programme: str, *items: Made, source: str = "raport") -> dict[str, Any]:
    """Sums of one source, of county 2469 and 2023 unless they say otherwise."""
    shared = {"programme_id": programme, "year": 2023, "county_terc": "2469", "minutes": 60}
    return {"source": source, "items": [{"external_id": uuid.uuid4().hex, **shared, **each} for each in items]}


async def prepare(target: Target, _: Make) -> None:
    """A programme with a sum of the whole country, and one of the county."""
    target.made["institution"] = {"id": "01990000-0000-7000-8000-000000000001"}
    target.made["ids"] = await a_programme(target.client)
    total = await put(target.client, _TOTAL, programme=target["ids"]["programme"])
    target.made["total"] = {"id": total}
    own = await put(target.client, _OWN, programme=target["ids"]["programme"], county=target.county)
    target.made["own"] = {"id": own, "version": 1}


ASKS: Asks = {
    "list_hour_totals": asks_to_read("/hour-totals"),
    "get_hour_total": asks_to_read(lambda target: f"/hour-totals/{target['total']['id']}"),
    "import_hour_totals": lambda target: Ask(
        "POST",
        "/hour-totals",
        totals(target["ids"]["programme"], {"county_terc": target.county}),
        out_of_reach="outside-scope",
    ),
    "annul_hour_total": lambda target: Ask(
        "POST",
        f"/hour-totals/{target['own']['id']}/annul",
        {"reason": "wrong_facts"},
        target["own"],
        out_of_reach="outside-scope",
    ),
    "get_hours": asks_to_read("/hours?by=year&at_least_hours=350"),
}
