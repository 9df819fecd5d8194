"""Campaigns to count in, and results counted as screenings count them: many at once, in one transaction."""

import json
import uuid
from typing import Any

import httpx

from services.chassis.trust.callers import Caller
from services.screening.campaign_counts.actions import count_results
from services.screening.instruments.schemas import DEFINITION_EXAMPLE
from tests.screening.instruments.asks import new_instrument
from tests.screening.protocols.asks import new_protocol, two_stages
from tests.support.asks import Made
from tests.support.callers import call_as
from tests.support.records import app_of

URL = "/v1/screening"
ALL = call_as(scope="screening:write", counties=["*"], institution=None, subject="somebody else")
EVERYWHERE = Caller("somebody else", counties=frozenset({"*"}))


async def send(client: httpx.AsyncClient, path: str, body: Made, tag: str | None = None) -> httpx.Response:
    """The answer to somebody who may do everything."""
    headers = ALL | {"idempotency-key": str(uuid.uuid4())} | ({"if-match": tag} if tag else {})
    return await client.post(f"{URL}{path}", json=body, headers=headers)


async def post(client: httpx.AsyncClient, path: str, body: Made, tag: str | None = None) -> Made:
    """What was made or changed by somebody who may do everything."""
    answer = await send(client, path, body, tag)
    assert answer.is_success, answer.text
    made: Made = answer.json()
    return made


async def publish_instrument(client: httpx.AsyncClient) -> str:
    """The code of an instrument with a published version."""
    code = str((await post(client, "/instruments", new_instrument()))["code"])
    first = await post(client, f"/instruments/{code}/versions", DEFINITION_EXAMPLE)
    tag = f'"{first["id"]}:{first["version"]}"'
    await post(client, f"/instruments/{code}/versions/1/publish", {}, tag)
    return code


async def add_protocol(client: httpx.AsyncClient, *codes: str, version: Made | None = None, **facts: str) -> str:
    """The code of a protocol whose first version has these instruments."""
    made = await post(client, "/protocols", new_protocol() | facts)
    await post(client, f"/protocols/{made['code']}/versions", version or two_stages(*codes))
    return str(made["code"])


async def open_campaign(client: httpx.AsyncClient, protocol: str, *implementers: str, **facts: Any) -> str:
    """The id of an open campaign of several counties, carried out by these."""
    body = {
        "name_pl": "Kampania",
        "name_en": "Campaign",
        "protocol_code": protocol,
        "protocol_version": 1,
        "age_bands": [6, 36, 72],
    }
    made = await post(client, "/campaigns", body | facts)
    for code in implementers or ("project",):
        await post(client, f"/campaigns/{made['id']}/implementers", {"code": code, "name": code})
    await post(client, f"/campaigns/{made['id']}/open", {"opened_on": "2026-01-01"}, f'"{made["id"]}:1"')
    return str(made["id"])


def result(campaign: str, instrument: str, **facts: Any) -> Made:
    """A negative result of a new child of county 2469."""
    usual = {
        "campaign_id": campaign,
        "stage": 1,
        "subject_ref": str(uuid.uuid4()),
        "county_terc": "2469",
        "implementer": "project",
        "sex": "female",
        "age_months": 24,
        "instrument": instrument,
        "screening_id": str(uuid.uuid4()),
        "outcome": "negative",
        "informant": "parent",
        "direction": 1,
    }
    return usual | facts


async def count(client: httpx.AsyncClient, results: list[Made], caller: Caller = EVERYWHERE) -> None:
    """Count these as the transaction of their screenings would."""
    async with app_of(client).state.database.change(EVERYWHERE) as change:
        await change.act_for(caller)
        await count_results(change, json.dumps(results))


async def read(client: httpx.AsyncClient, campaign: str, what: str, **query: Any) -> Made:
    """The statistics or the funnel of a campaign as they are now, to somebody who may read every screening."""
    answer = await client.get(f"{URL}/campaigns/{campaign}/{what}", params=query, headers=ALL)
    assert answer.status_code == 200, answer.text
    found: Made = answer.json()
    return found
