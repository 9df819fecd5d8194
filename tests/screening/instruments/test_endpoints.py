"""Instruments and their versions through the API."""

import json
from typing import Any

import httpx
import jsonschema_rs
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.chassis.ground.problems import UnknownReference
from services.screening.instruments.queries import get_plan
from services.screening.instruments.schemas import DEFINITION_EXAMPLE
from tests.screening.instruments.asks import new_instrument
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import app_of, fetch

URL = "/v1/screening/instruments"
MANAGER = call_as("programme_manager", counties=["*"])
CANARY = "Treść pytania, której nie wolno rozpowszechniać"


@pytest.fixture
def manager(screening: httpx.AsyncClient) -> httpx.AsyncClient:
    screening.headers.update(MANAGER)
    return screening


async def draft(client: httpx.AsyncClient, definition: dict[str, Any] = DEFINITION_EXAMPLE, **facts: Any) -> str:
    """The address of version 1, a draft, of a new instrument."""
    made = await client.post(URL, json=new_instrument() | facts)
    assert made.status_code == 201, made.text
    version = await client.post(f"{made.headers['location']}/versions", json=definition)
    assert version.status_code == 201, version.text
    return str(version.headers["location"])


async def publish(client: httpx.AsyncClient, path: str) -> str:
    """The address of a version that is published now."""
    tag = (await client.get(path)).headers["etag"]
    assert (await client.post(f"{path}/publish", headers={"if-match": tag})).status_code == 200
    return path


def licensed() -> dict[str, Any]:
    """A definition whose items may not be passed on, with a canary in every text of an item."""
    definition: dict[str, Any] = json.loads(json.dumps(DEFINITION_EXAMPLE))
    definition["licence"] |= {"items_redistributable": False}
    words = {"pl": CANARY, "en": CANARY}
    definition["items"][0] |= {"text": words, "help": words}
    definition["items"][0]["options"][0]["label"] = words
    matrix = {"code": "M", "type": "matrix", "text": words, "options": definition["items"][0]["options"]}
    definition["items"].append(matrix | {"rows": [{"code": "r", "text": words}]})
    definition["forms"][0] |= {"instructions": words, "items": ["Q1", "M"]}
    definition["critical_items"] = [{"item": "Q1", "when": {"item": "Q1", "at_least": 1.0}, "text": words}]
    return definition


async def test_a_manager_drafts_publishes_and_retires_a_version(manager: httpx.AsyncClient) -> None:
    path = await draft(manager)
    read = await manager.get(path)
    assert read.json()["definition"] == DEFINITION_EXAMPLE
    published = await manager.post(f"{path}/publish", headers={"if-match": read.headers["etag"]})
    assert (published.status_code, published.json()["state"]) == (200, "published")
    ending = {"if-match": published.headers["etag"]}
    retired = await manager.post(f"{path}/retire", json={"reason": "nowa wersja"}, headers=ending)
    assert (retired.json()["state"], retired.json()["retiring_reason"]) == ("retired", "nowa wersja")
    instrument = (await manager.get(path.removesuffix("/versions/1"))).json()
    assert instrument["published_version"] is None


async def test_a_published_version_is_not_amended_by_anybody(manager: httpx.AsyncClient) -> None:
    path = await draft(manager)
    tag = (await manager.get(path)).headers["etag"]
    tag = (await manager.post(f"{path}/publish", headers={"if-match": tag})).headers["etag"]
    refused = await manager.put(path, json=DEFINITION_EXAMPLE, headers={"if-match": tag})
    problem = assert_problem(refused, 409, "state-conflict")
    assert (problem["state"], problem["allowed"]) == ("published", ["retire"])


async def test_the_database_itself_keeps_published_definitions_as_they_are(screening: httpx.AsyncClient) -> None:
    with pytest.raises(DBAPIError, match="never changes"):
        async with app_of(screening).state.database.change() as change:
            await change.execute(text("UPDATE instrument_versions SET definition = '{}' WHERE state = 'published'"))


async def test_a_draft_that_contradicts_itself_is_refused_place_by_place(manager: httpx.AsyncClient) -> None:
    wrong = json.loads(json.dumps(DEFINITION_EXAMPLE))
    wrong["scales"][0]["items"][0]["item"] = "Q9"
    wrong["forms"][0] |= {"age_from": 72, "age_to": 36}
    made = await manager.post(URL, json=new_instrument())
    refused = await manager.post(f"{made.headers['location']}/versions", json=wrong)
    errors = {(one["pointer"], one["code"]) for one in assert_problem(refused, 422, "validation-failed")["errors"]}
    assert errors >= {("/scales/0/items/0/item", "not_found"), ("/forms/0/age_to", "wrong_order")}


async def test_who_has_read_an_older_draft_does_not_overwrite_it(manager: httpx.AsyncClient) -> None:
    path = await draft(manager)
    tag = (await manager.get(path)).headers["etag"]
    assert (await manager.put(path, json=DEFINITION_EXAMPLE, headers={"if-match": tag})).json()["version"] == 2
    assert_problem(await manager.put(path, json=DEFINITION_EXAMPLE, headers={"if-match": tag}), 412, "version-mismatch")
    assert_problem(await manager.put(path, json=DEFINITION_EXAMPLE), 428, "precondition-required")


async def test_the_text_of_licensed_items_leaves_by_no_answer_event_or_audit_record(
    manager: httpx.AsyncClient,
) -> None:
    path = await draft(manager, licensed())
    answers = [await manager.get(path), await manager.get(path.removesuffix("/1"))]
    tag = answers[0].headers["etag"]
    answers.append(await manager.put(path, json=licensed(), headers={"if-match": tag}))
    answers.append(await manager.post(f"{path}/publish", headers={"if-match": answers[-1].headers["etag"]}))
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200]
    kept = await fetch(manager, "SELECT detail::text FROM audit_records UNION ALL SELECT data::text FROM events")
    assert len(kept) >= 6
    assert CANARY not in "".join([*[answer.text for answer in answers], *[row[0] for row in kept]])
    stored = await fetch(manager, "SELECT definition::text AS text FROM instrument_versions")
    assert any(CANARY in row.text for row in stored)


async def test_the_published_schema_describes_every_shipped_definition(screening: httpx.AsyncClient) -> None:
    schema = (await screening.get(f"{URL}/definition-schema")).json()
    jsonschema_rs.meta.validate(schema)
    demo = (await screening.get(f"{URL}/DEMO/versions/1")).json()["definition"]
    jsonschema_rs.validate(schema, demo)
    assert not jsonschema_rs.is_valid(schema, demo | {"format": "something else"})


async def test_the_shipped_instruments_have_a_lineage_and_only_the_demo_has_items(screening: httpx.AsyncClient) -> None:
    shipped = {one["code"]: one for one in (await screening.get(URL)).json()["items"]}
    assert {"AKU", "AOU", "DEMO", "SRMD", "SZOF"} <= shipped.keys()
    assert (shipped["AKU"]["supersedes"], shipped["AOU"]["superseded_by"]) == ("AOU", ["AKU"])
    with_version = {code for code in ("AKU", "AOU", "DEMO", "SRMD", "SZOF") if shipped[code]["published_version"]}
    assert with_version == {"DEMO"}


async def test_an_instrument_supersedes_only_what_exists_and_bears_a_code_of_its_own(
    manager: httpx.AsyncClient,
) -> None:
    refused = await manager.post(URL, json=new_instrument() | {"supersedes": "NOBODY"})
    assert_problem(refused, 422, "unknown-reference")
    assert_problem(await manager.post(URL, json=new_instrument() | {"code": "DEMO"}), 409, "instrument-already-exists")


async def test_a_plan_is_made_of_published_versions_only(manager: httpx.AsyncClient) -> None:
    path = await draft(manager)
    code = path.split("/")[-3]
    async with app_of(manager).state.database.change() as change:
        with pytest.raises(UnknownReference):
            await get_plan(change, code, 1)
        plan = await get_plan(change, "DEMO", 1)
        assert plan is await get_plan(change, "DEMO", 1)
    assert (plan.form_for(35, "parent"), plan.form_for(36, "teacher")) == ("YOUNGER", "OLDER")


async def test_a_version_number_that_does_not_exist_is_not_found(screening: httpx.AsyncClient) -> None:
    assert_problem(await screening.get(f"{URL}/DEMO/versions/9"), 404, "instrument-version-not-found")
    assert_problem(await screening.get(f"{URL}/NOBODY"), 404, "instrument-not-found")
