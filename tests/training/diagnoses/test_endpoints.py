"""A diagnosis on its way: written by the team, refused while sections are missing, decided by somebody else."""

import httpx

from tests.support.problems import assert_problem
from tests.training.authorities.made import DECIDER, WRITER, Work, read, recruited, team_of
from tests.training.diagnoses.made import accepted, content


async def test_an_incomplete_diagnosis_is_refused_with_every_section_and_nothing_changes(
    training: httpx.AsyncClient,
) -> None:
    authority = await recruited(training)
    await team_of(training, authority, 1)
    diagnosis = Work(training, authority, "diagnosis")
    exclusion = content()["digital_exclusion"]
    begun = await diagnosis.begin(content(it_staff=None, digital_exclusion={"pupils": exclusion["pupils"]}))
    lacking = ["it_staff", "digital_exclusion.children", "digital_exclusion.parents"]
    assert (begun["state"], begun["number"], begun["missing"]) == ("draft", 1, lacking)
    refused = assert_problem(await diagnosis.try_to("submit"), 409, "diagnosis-incomplete")
    assert refused["missing"] == lacking
    assert await read(training, diagnosis.path) == begun
    wrong = content(availability=content()["availability"] | {"schools_with_broadband": 7})
    answer = await diagnosis.try_to("", wrong, method="PUT")
    assert answer.json()["errors"][0]["pointer"] == "/availability/schools_with_broadband"
    revised = await diagnosis.do("", content(), method="PUT")
    assert (revised["missing"], revised["version"]) == ([], 2)
    assert revised["figures"]["exclusion_of_pupils"]["excluded_percent"] == "10.00"


async def test_who_submitted_does_not_decide_and_what_is_accepted_is_locked(training: httpx.AsyncClient) -> None:
    authority = await recruited(training)
    await team_of(training, authority, 1)
    diagnosis = Work(training, authority, "diagnosis")
    await diagnosis.begin(content(), headers=DECIDER)
    await diagnosis.do("submit", headers=DECIDER)
    assert_problem(await diagnosis.try_to("accept", headers=DECIDER), 409, "submitter-decides")
    returned = await diagnosis.do("return", {"reason": "Brakuje szkoły."}, headers={})
    assert (returned["state"], returned["returning_reason"]) == ("returned", "Brakuje szkoły.")
    again = await diagnosis.do("submit")
    assert (again["returning_reason"], again["decided_by"]) == (None, None)
    await diagnosis.do("accept", headers=DECIDER)
    for verb, body, method in (("", content(), "PUT"), ("submit", None, "POST")):
        refused = assert_problem(await diagnosis.try_to(verb, body, method=method), 409, "state-conflict")
        assert (refused["state"], refused["allowed"]) == ("accepted", [])


async def test_a_new_version_begins_when_the_last_was_accepted(training: httpx.AsyncClient) -> None:
    authority = await recruited(training)
    await team_of(training, authority, 1)
    diagnosis = await accepted(training, authority)
    second = await diagnosis.begin(content(recommendations=[]))
    assert (second["number"], second["missing"]) == (2, ["recommendations"])
    url = f"/v1/training{diagnosis.path}"
    assert_problem(await training.post(url, json=content(), headers=WRITER), 409, "state-conflict")
    listed = (await read(training, f"{diagnosis.path}/versions"))["items"]
    assert [(each["number"], each["state"]) for each in listed] == [(2, "draft"), (1, "accepted")]
    first = await read(training, f"{diagnosis.path}/versions/1")
    assert [each["code"] for each in first["content"]["recommendations"]] == ["R1", "R2"]
    assert_problem(await training.get(f"{url}/versions/3"), 404, "diagnosis-not-found")
