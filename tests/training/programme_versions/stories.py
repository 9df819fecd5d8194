"""A programme and its versions, made and moved through the API."""

from typing import Any

import httpx

from tests.support.asks import Made
from tests.support.callers import call_as
from tests.training.programme_versions.asks import content
from tests.training.programmes.asks import new_programme

URL = "/v1/training/programmes"
CLIENT = call_as("programme_manager", subject="client")
CONTRACTOR = call_as("training_manager", subject="contractor")


async def found(client: httpx.AsyncClient, **facts: Any) -> str:
    """The address of the versions of a new programme."""
    answer = await client.post(URL, json=new_programme() | facts)
    assert answer.status_code == 201, answer.text
    return f"{answer.headers['location']}/versions"


async def draft(client: httpx.AsyncClient, versions: str, body: Made | None = None) -> Made:
    """A draft with this content."""
    answer = await client.post(versions, json=body or content())
    assert answer.status_code == 201, answer.text
    made: Made = answer.json()
    assert answer.headers["location"] == f"{versions}/{made['number']}"
    return made


def seen(made: Made) -> dict[str, str]:
    """The condition that it is as it was seen."""
    return {"if-match": f'"{made["id"]}:{made["version"]}"'}


async def move(client: httpx.AsyncClient, made: Made, verb: str, caller: Made | None = None) -> httpx.Response:
    """The answer to a verb on a version as it was seen."""
    path = f"{URL}/{made['programme']}/versions/{made['number']}/{verb}"
    return await client.post(path, headers=seen(made) | (caller or {}))


async def moved(client: httpx.AsyncClient, made: Made, verb: str, caller: Made | None = None) -> Made:
    """The version after a verb that must succeed."""
    answer = await move(client, made, verb, caller)
    assert answer.status_code == 200, answer.text
    after: Made = answer.json()
    return after


async def agree(client: httpx.AsyncClient, made: Made, side: str, caller: Made) -> httpx.Response:
    """The answer to the agreement of a side to a version as it was seen."""
    path = f"{URL}/{made['programme']}/versions/{made['number']}/agree"
    return await client.post(path, json={"side": side}, headers=seen(made) | caller)


async def agreed_for(client: httpx.AsyncClient, made: Made, side: str, caller: Made) -> Made:
    """The version after the agreement of a side that must succeed."""
    answer = await agree(client, made, side, caller)
    assert answer.status_code == 200, answer.text
    after: Made = answer.json()
    return after


async def proposed(client: httpx.AsyncClient, versions: str, body: Made | None = None) -> Made:
    """A version that is proposed."""
    return await moved(client, await draft(client, versions, body), "propose")


async def agreed(client: httpx.AsyncClient, versions: str, body: Made | None = None) -> Made:
    """A version that client and contractor have agreed."""
    version = await proposed(client, versions, body)
    version = await agreed_for(client, version, "client", CLIENT)
    return await agreed_for(client, version, "contractor", CONTRACTOR)
