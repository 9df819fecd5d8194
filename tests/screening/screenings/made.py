"""Screenings by the demonstration instrument, and a campaign to do them in."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

import httpx
from sqlalchemy import text

from tests.support.callers import call_as
from tests.support.records import EVERYWHERE, app_of

URL = "/v1/screening/screenings"
Made = dict[str, Any]

YOUNGER = ("MOVE1", "MOVE2", "MOVE3", "HAND1", "TALK1", "TALK2", "TALK3", "SOC1", "SOC2", "PLAY1", "PLAY2")
OTHERS = {"Y_LOSS": "no", "SENSES.HEARING": "no", "SENSES.SEEING": "no"}
COLLEAGUE = "colleague"
TYPICAL = {**{f"Y_{item}": "yes" for item in YOUNGER}, **OTHERS}
CALLING = {**{f"Y_{item}": "not_yet" for item in YOUNGER}, **OTHERS}
_CAMPAIGN = """
INSERT INTO campaigns (id, name_pl, name_en, county_terc, protocol_code, protocol_version, plan, age_bands,
                       state, opened_on)
VALUES (CAST(:id AS uuid), 'Kampania', 'Campaign', :county, :code, 1, CAST(:plan AS jsonb), '{6,36,72}', 'open',
        '2026-01-01')
"""
_IMPLEMENTER = """
INSERT INTO campaign_implementers (campaign_id, code, name, added_by)
VALUES (CAST(:id AS uuid), 'project', 'Projekt', 'test')
"""
_COUNTS = """
SELECT stage_one, sum(subjects)::int FROM campaign_counts
WHERE campaign_id = CAST(:id AS uuid) AND subjects > 0 GROUP BY stage_one
"""
SUBMISSION = {"born_on": "2024-03-15", "administered_on": "2026-03-14"}
"""On the last day of the 23rd month."""


def screening(**facts: Any) -> Made:
    """The body of a screening of a child of 23 months in county 2469."""
    return {
        "subject_ref": str(uuid.uuid4()),
        "sex": "female",
        "county_terc": "2469",
        "instrument_code": "DEMO",
        "instrument_version": 1,
        "informant": "parent",
        "answers": TYPICAL,
        "submission": SUBMISSION,
        **facts,
    }


async def add_screening(client: httpx.AsyncClient, headers: dict[str, str] | None = None, **facts: Any) -> Made:
    """A screening recorded through the API."""
    answer = await client.post(URL, json=screening(**facts), headers=headers)
    assert answer.status_code == 201, answer.text
    made: Made = answer.json()
    return made


async def act(
    client: httpx.AsyncClient, made: Made, verb: str, body: Made | None = None, headers: Mapping[str, str] | None = None
) -> httpx.Response:
    """A verb on a screening as it was read; a colleague of who submitted it confirms."""
    tag = {"if-match": f'"{made["id"]}:{made["version"]}"'}
    if headers is None:
        headers = call_as("early_screening_coordinator", subject=COLLEAGUE) if verb == "confirm" else {}
    return await client.post(f"{URL}/{made['id']}/{verb}", json=body or {}, headers={**tag, **headers})


async def events_of(client: httpx.AsyncClient) -> list[Made]:
    """Everything in the feed of whoever may read the screenings of county 2469."""
    feed = await client.get("/v1/screening/events?limit=1000", headers=call_as(scope="events:read screening:read"))
    found: list[Made] = feed.json()["items"]
    return found


async def add_campaign(client: httpx.AsyncClient, county: str | None = None) -> str:
    """An open campaign of one stage with the implementer `project`; its id."""
    code, campaign = f"P{uuid.uuid4().hex[:8].upper()}", str(uuid.uuid4())
    plan = {"1": {"required": ["DEMO"], "deciding": ["DEMO"], "strong": "positive", "weak": "negative"}}
    battery = {"forms": [{"instrument_code": "DEMO", "instrument_version": 1}], "days": 90}
    statements = (
        "INSERT INTO protocols (code, name_pl, name_en) VALUES (:code, 'Protokół', 'Protocol')",
        "INSERT INTO protocol_versions (protocol_code, number, stage_one) VALUES (:code, 1, CAST(:battery AS jsonb))",
        _CAMPAIGN,
        _IMPLEMENTER,
    )
    values = {"id": campaign, "code": code, "county": county, "plan": json.dumps(plan), "battery": json.dumps(battery)}
    async with app_of(client).state.database.change(EVERYWHERE) as change:
        for statement in statements:
            used = {name: value for name, value in values.items() if f":{name}" in statement.replace("::", "")}
            await change.execute(text(statement), used)
    return campaign


async def counts_of(client: httpx.AsyncClient, campaign: str) -> dict[str, int]:
    """How many subjects of a campaign stand where, by the roll-up."""
    async with app_of(client).state.database.change(EVERYWHERE) as change:
        rows = await change.rows(text(_COUNTS), {"id": campaign})
        return {row[0]: row[1] for row in rows}
