"""Protocols and their versions, through the API."""

from typing import Any

import httpx
import pytest

from tests.screening.campaigns.results import URL, add_protocol, post, publish_instrument, send
from tests.screening.protocols.asks import new_protocol, two_stages
from tests.support.asks import Made
from tests.support.callers import call_as
from tests.support.problems import assert_problem

MANAGER = call_as("programme_manager")


@pytest.fixture
async def instrument(screening: httpx.AsyncClient) -> str:
    return await publish_instrument(screening)


async def test_a_protocol_is_made_once_and_shows_its_newest_version(
    screening: httpx.AsyncClient, instrument: str
) -> None:
    body = new_protocol()
    made = await screening.post(f"{URL}/protocols", json=body, headers=MANAGER)
    assert (made.status_code, made.json()["newest"]) == (201, None)
    assert_problem(await screening.post(f"{URL}/protocols", json=body, headers=MANAGER), 409, "protocol-already-known")
    path = f"/protocols/{body['code']}/versions"
    first, added = [await post(screening, path, two_stages(instrument)) for _ in range(2)]
    assert (first["number"], added["number"]) == (1, 2)
    assert added["selection_label"]["pl"] == "Każdy, kto ma w etapie 1 wynik dodatni."
    assert (await screening.get(f"{URL}/protocols/{body['code']}")).json()["newest"] == 2
    retiring = {"reason": "nowsza"}
    await post(screening, f"/protocols/{body['code']}/versions/2/retire", retiring, f'"{added["id"]}:1"')
    assert (await screening.get(f"{URL}/protocols/{body['code']}")).json()["newest"] == 1
    listed = (await screening.get(f"{URL}/protocols/{body['code']}/versions")).json()["items"]
    assert [(item["number"], item["retiring_reason"]) for item in listed] == [(2, "nowsza"), (1, None)]
    path = f"/protocols/{body['code']}/versions/2/retire"
    again = await send(screening, path, retiring, f'"{added["id"]}:2"')
    assert_problem(again, 409, "state-conflict")


def wrong(instrument: str, **parts: Any) -> Made:
    return two_stages(instrument) | parts


@pytest.mark.parametrize(
    ("parts", "pointer", "code"),
    [
        ({"stage_two": None}, "/stage_two", "both_or_neither"),
        ({"selection": None}, "/selection", "both_or_neither"),
        ({"selection": {"kind": "outcome_in"}}, "/selection/outcomes", "missing"),
        ({"selection": {"kind": "all_positive", "share": 0.5}}, "/selection/share", "not_allowed"),
    ],
)
async def test_a_version_that_contradicts_itself_is_refused_where_it_does(
    screening: httpx.AsyncClient, instrument: str, parts: Made, pointer: str, code: str
) -> None:
    protocol = await add_protocol(screening, instrument)
    answer = await screening.post(
        f"{URL}/protocols/{protocol}/versions", json=wrong(instrument, **parts), headers=MANAGER
    )
    [error] = assert_problem(answer, 422, "validation-failed")["errors"]
    assert (error["pointer"], error["code"]) == (pointer, code)


async def test_a_version_names_published_versions_of_instruments_only(
    screening: httpx.AsyncClient, instrument: str
) -> None:
    protocol = await add_protocol(screening, instrument)
    body = two_stages(instrument)
    body["stage_two"]["forms"] = [{"instrument_code": instrument, "instrument_version": 2}]
    answer = await screening.post(f"{URL}/protocols/{protocol}/versions", json=body, headers=MANAGER)
    [error] = assert_problem(answer, 422, "unknown-reference")["errors"]
    assert error["pointer"] == "/stage_two/forms/0/instrument_version"
    body["stage_one"]["forms"] *= 2
    answer = await screening.post(f"{URL}/protocols/{protocol}/versions", json=body, headers=MANAGER)
    assert assert_problem(answer, 422, "validation-failed")["errors"][0]["code"] == "repeated"


async def test_no_campaign_begins_with_a_retired_version(screening: httpx.AsyncClient, instrument: str) -> None:
    protocol = await add_protocol(screening, instrument)
    version = (await screening.get(f"{URL}/protocols/{protocol}/versions/1")).json()
    await post(screening, f"/protocols/{protocol}/versions/1/retire", {"reason": "x"}, f'"{version["id"]}:1"')
    body = {"name_pl": "K", "name_en": "C", "protocol_code": protocol, "protocol_version": 1, "age_bands": [6]}
    answer = await screening.post(f"{URL}/campaigns", json=body, headers=MANAGER)
    assert assert_problem(answer, 422, "unknown-reference")["errors"][0]["pointer"] == "/protocol_version"
