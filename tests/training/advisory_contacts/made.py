"""Advisory contacts, and an authority that somebody advises."""

from typing import Any

import httpx

from tests.training.sessions.made import Ids, put

CONTACTS = "/v1/training/advisory-contacts"
_AUTHORITY = """
INSERT INTO authorities (id, programme_id, county_terc, terc, kind, name, is_running_body, is_at_risk, recruited_on)
VALUES (:id, :programme, :county, :county, 'county', 'Powiat', true, false, '2026-01-01')
"""
_EXPERT = """
INSERT INTO trainers (id, kind, given_name, family_name, competences)
VALUES (:id, 'external_expert', 'Ewa', 'Wymyślona', '{}')
"""


async def an_authority(client: httpx.AsyncClient, ids: Ids, county: str = "2469") -> str:
    """A county that takes part."""
    return await put(client, _AUTHORITY, programme=ids["programme"], county=county)


async def an_expert(client: httpx.AsyncClient) -> str:
    """An expert from outside."""
    return await put(client, _EXPERT)


def contact(ids: Ids, **facts: Any) -> dict[str, Any]:
    """Half an hour for a coordinator of county 2469."""
    return {
        "programme_id": ids["programme"],
        "county_terc": "2469",
        "audience_role": "early_screening_coordinator",
        "topic": "consents",
        "contacted_on": "2026-10-12",
        "minutes": 30,
        **facts,
    }


def of_authority(authority: str, **facts: Any) -> dict[str, Any]:
    """An hour for an authority."""
    return {"authority_id": authority, "topic": "diagnosis", "contacted_on": "2026-10-13", "minutes": 60, **facts}


async def recorded(
    client: httpx.AsyncClient, body: dict[str, Any], caller: dict[str, str] | None = None
) -> dict[str, Any]:
    """A contact that was recorded."""
    answer = await client.post(CONTACTS, json=body, headers=caller)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made
