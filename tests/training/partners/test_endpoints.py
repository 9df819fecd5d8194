"""Partners, through the API."""

from datetime import date

import httpx
import pytest

from services.chassis.ground import clock
from tests.support.asks import Made
from tests.support.problems import assert_problem
from tests.training.partners.asks import candidate, project
from tests.training.programme_versions.stories import seen
from tests.training.programmes.asks import new_programme

URL = "/v1/training/partners"
FOUR_YEARS = project("2017-01-01", "2020-12-31")


@pytest.fixture
async def programme(training: httpx.AsyncClient) -> str:
    code: str = (await training.post("/v1/training/programmes", json=new_programme())).json()["code"]
    return code


async def proposed(client: httpx.AsyncClient, body: Made) -> Made:
    answer = await client.post(URL, json=body)
    assert answer.status_code == 201, answer.text
    made: Made = answer.json()
    return made


async def test_a_candidate_is_refused_with_all_it_lacks_until_it_lacks_nothing(
    training: httpx.AsyncClient, programme: str
) -> None:
    made = await proposed(training, candidate(FOUR_YEARS, is_nationwide=False, programme=programme))
    assert (made["state"], made["experience_months"]) == ("candidate", 48)
    path = f"{URL}/{made['id']}"
    refused = assert_problem(await training.post(f"{path}/accept", headers=seen(made)), 409, "partner-not-eligible")
    assert refused["missing"] == made["missing"] == ["is_nationwide", "eu_project_years"]
    assert (refused["experience_months"], refused["needed_months"]) == (48, 60)
    better = candidate(FOUR_YEARS, project("2021-01-01", "2021-12-31"))
    described = await training.put(path, json=better, headers=seen(made))
    assert (described.json()["missing"], described.json()["version"]) == ([], 2)
    accepted = await training.post(f"{path}/accept", headers=seen(described.json()))
    assert accepted.json()["state"] == "accepted"
    again = await training.put(path, json=better, headers=seen(accepted.json()))
    assert assert_problem(again, 409, "state-conflict")["state"] == "accepted"
    listed = await training.get(f"{URL}?programme={programme}&state=accepted")
    assert [each["id"] for each in listed.json()["items"]] == [made["id"]]


async def test_a_project_that_goes_on_makes_a_candidate_eligible_in_time(
    training: httpx.AsyncClient, programme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await proposed(training, candidate(project("2020-01-01", None), programme=programme))
    path = f"{URL}/{made['id']}"
    for day, missing in (("2024-12-30", ["eu_project_years"]), ("2024-12-31", [])):
        monkeypatch.setattr(clock, "today", lambda day=day: date.fromisoformat(day))
        known = {"if-none-match": (await training.get(path)).headers["etag"]}
        assert (await training.get(path, headers=known)).json()["missing"] == missing


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        (project("2099-01-01", None), "/projects/0/starts_on", "in_future"),
        (project("2020-01-02", "2020-01-01"), "/projects/0/ends_on", "wrong_order"),
    ],
)
async def test_a_project_has_days_that_can_be(
    training: httpx.AsyncClient, programme: str, given: Made, pointer: str, code: str
) -> None:
    answer = await training.post(URL, json=candidate(given, programme=programme))
    refused = assert_problem(answer, 422, "validation-failed")
    assert [(each["pointer"], each["code"]) for each in refused["errors"]] == [(pointer, code)]


async def test_a_name_is_a_candidates_once_and_the_programme_is_known(
    training: httpx.AsyncClient, programme: str
) -> None:
    body = candidate(programme=programme)
    await proposed(training, body)
    assert_problem(await training.post(URL, json=body), 409, "partner-already-known")
    assert_problem(await training.post(URL, json=body | {"programme": "NOBODY"}), 422, "unknown-reference")
