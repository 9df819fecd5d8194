"""Authorities: whom a programme recruits, how that is stated, and the file of all."""

import httpx
import pytest

from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.training.authorities.made import read, recruited, recruitment
from tests.training.groups.made import Made, add_programme, post, send

URL = "/v1/training/authorities"
SOURCE = "KSRR 2030, załącznik 1"


async def test_a_recruited_commune_states_its_preference_and_where_it_stands(training: httpx.AsyncClient) -> None:
    made = await recruited(training, is_at_risk=True, risk_source=SOURCE)
    assert (made["kind"], made["county_terc"], made["state"]) == ("commune", "2469", "recruited")
    assert (made["preference"], made["risk_source"]) == ("marginalisation_risk", SOURCE)
    steps = (await read(training, f"/authorities/{made['id']}/steps"))["items"]
    assert [(each["state"], each["taken_by"]) for each in steps] == [("recruited", "training_manager")]
    again = await training.post(URL, json=recruitment(made["programme"], terc=made["terc"]))
    assert_problem(again, 409, "authority-already-recruited")


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        ({"is_at_risk": True}, ("/risk_source", "missing")),
        ({"risk_source": SOURCE}, ("/risk_source", "not_allowed")),
        ({"recruited_on": "2021-12-31"}, ("/recruited_on", "outside_dates")),
        ({"recruited_on": "2199-01-01"}, ("/recruited_on", "in_future")),
        ({"terc": "2469019"}, ("/terc", "wrong_format")),
        ({"programme_code": "NONE"}, ("/programme_code", "not_found")),
    ],
)
async def test_what_cannot_be_is_refused(training: httpx.AsyncClient, facts: Made, wrong: tuple[str, str]) -> None:
    programme = await add_programme(training, "authority_team")
    answer = await training.post(URL, json=recruitment(programme, **facts))
    assert answer.status_code == 422, answer.text
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [wrong]


async def test_a_recruitment_names_all_that_is_missing(training: httpx.AsyncClient) -> None:
    body = recruitment(await add_programme(training), is_running_body=False)
    refused = assert_problem(await training.post(URL, json=body), 422, "authority-not-eligible")
    assert refused["missing"] == ["running_body", "programme_of_authorities"]
    elsewhere = recruitment(await add_programme(training, "authority_team"), terc="2401")
    assert_problem(await training.post(URL, json=elsewhere), 403, "outside-scope")


async def test_those_at_risk_come_first_in_the_order_of_recruitment(training: httpx.AsyncClient) -> None:
    programme = await add_programme(training, "authority_team")
    first = await post(training, "/authorities", recruitment(programme, name="Pierwsza"))
    risk = {"is_at_risk": True, "risk_source": SOURCE, "recruited_on": "2025-02-01"}
    await post(training, "/authorities", recruitment(programme, name="Zagrożona", **risk))
    asked = {"programme_code": programme["code"], "sort": "-is_at_risk,recruited_on", "fields": "name,state"}
    listed = await training.get(URL, params=asked)
    assert [each["name"] for each in listed.json()["items"]] == ["Zagrożona", "Pierwsza"]
    patched = await send(training, f"/authorities/{first['id']}", {"name": "Nowa"}, first, "PATCH")
    assert (patched.json()["name"], patched.json()["version"]) == ("Nowa", 2)
    lone = await send(training, f"/authorities/{first['id']}", {"is_at_risk": True}, patched.json(), "PATCH")
    assert lone.json()["errors"][0]["code"] == "missing"


async def test_the_steps_are_seen_by_whoever_reaches_the_work(training: httpx.AsyncClient) -> None:
    made = await recruited(training)
    path = f"{URL}/{made['id']}/steps"
    stranger = call_as("adviser", subject="adviser", counties=["2469"])
    assert_problem(await training.get(path, headers=stranger), 404, "authority-not-found")


async def test_the_file_of_authorities_says_where_each_stands(racing_training: httpx.AsyncClient) -> None:
    made = await recruited(racing_training, name="=Gmina")
    asked = {"programme_code": made["programme"]["code"], "fields": "name,state"}
    file = await racing_training.get(URL, params=asked | {"format": "csv"})
    # A spreadsheet would compute a cell that begins with `=`.
    assert file.text.splitlines() == ["name,state", "'=Gmina,recruited"]
    book = await racing_training.get(URL, params=asked | {"format": "xlsx"})
    assert book.content[:2] == b"PK"
