"""Versions of programmes, through the API."""

import httpx
import pytest

from tests.support.asks import Made
from tests.support.problems import assert_problem
from tests.support.records import fetch
from tests.training.programme_versions.asks import content, module, outcome, topic
from tests.training.programme_versions.stories import URL, draft, found, move, moved, proposed, seen


def codes(version: Made) -> list[str]:
    return [each["code"] for each in version["modules"]]


async def test_a_draft_is_kept_as_it_was_sent_and_counted(training: httpx.AsyncClient) -> None:
    versions = await found(training)
    sent = content(module("B", topics=3), module("A", test_specific=True, sphere=2, minutes=90))
    made = await draft(training, versions, sent)
    assert (made["number"], made["state"]) == (1, "draft")
    assert made["totals"] == {"modules": 2, "test_specific_modules": 1, "topics": 5, "outcomes": 2, "minutes": 210}
    read = (await training.get(f"{versions}/1")).json()
    assert read == made
    assert codes(read) == ["B", "A"]
    for number, (kept, given) in enumerate(zip(read["modules"], sent["modules"], strict=True), 1):
        assert kept["number"] == number
        assert [each["number"] for each in kept["topics"]] == list(range(1, len(given["topics"]) + 1))
        plain = {name: value for name, value in kept.items() if name not in {"id", "number", "topics", "outcomes"}}
        assert plain == {name: given[name] for name in plain}
        assert [{**each, "number": None} for each in kept["topics"]] == [
            {**each, "number": None} for each in given["topics"]
        ]
    listed = (await training.get(versions)).json()["items"]
    assert [(each["number"], each["totals"]) for each in listed] == [(1, made["totals"])]


async def test_a_version_that_is_known_is_not_sent_again(training: httpx.AsyncClient) -> None:
    versions = await found(training)
    await draft(training, versions)
    tag = (await training.get(f"{versions}/1")).headers["etag"]
    assert (await training.get(f"{versions}/1", headers={"if-none-match": tag})).status_code == 304
    assert_problem(await training.get(f"{versions}/2"), 404, "programme-version-not-found")


async def test_outcomes_stand_in_the_order_in_which_they_were_sent(training: httpx.AsyncClient) -> None:
    names = ["Z", "A", "M", "B"]
    sent = module("M1", outcomes=[outcome(name) for name in names])
    made = await draft(training, await found(training), content(sent))
    assert [each["code"] for each in made["modules"][0]["outcomes"]] == names


async def test_a_mixed_module_is_refused_by_its_number_source_002(training: httpx.AsyncClient) -> None:
    versions = await found(training)
    mixed = module("M2", topics=1)
    mixed["topics"].append(topic("M2.9", test_specific=True))
    sent = content(module("M1"), mixed, module("M3", test_specific=True))
    refused = assert_problem(await training.post(versions, json=sent), 422, "mixed-module")
    assert refused["modules"] == [2]
    assert [each["pointer"] for each in refused["errors"]] == ["/modules/1/topics/1/is_test_specific"]
    made = await draft(training, versions)
    answer = await training.put(f"{versions}/1", json=sent, headers=seen(made))
    assert_problem(answer, 422, "mixed-module")


async def test_a_draft_is_replaced_whole_and_by_whoever_has_read_it(training: httpx.AsyncClient) -> None:
    versions = await found(training)
    made = await draft(training, versions)
    sent = content(module("M9", topics=1), group_capacity=12)
    answer = await training.put(f"{versions}/1", json=sent, headers=seen(made))
    assert answer.status_code == 200, answer.text
    after = answer.json()
    assert (codes(after), after["group_capacity"], after["version"]) == (["M9"], 12, 2)
    assert await fetch(training, "SELECT count(*) FROM module_topics") == [(1,)]
    assert_problem(await training.put(f"{versions}/1", json=sent, headers=seen(made)), 412, "version-mismatch")
    assert_problem(await training.put(f"{versions}/1", json=sent), 428, "precondition-required")


@pytest.mark.parametrize(
    ("modules", "missing"),
    [([], ["/modules"]), ([module("M1"), module("M2", topics=0)], ["/modules/1/topics"])],
)
async def test_a_version_is_not_proposed_without_modules_and_topics(
    training: httpx.AsyncClient, modules: list[Made], missing: list[str]
) -> None:
    made = await draft(training, await found(training), content() | {"modules": modules})
    refused = assert_problem(await move(training, made, "propose"), 409, "programme-version-incomplete")
    assert (refused["missing"], refused["state"]) == (missing, "draft")


async def test_what_is_proposed_does_not_change_any_more(training: httpx.AsyncClient) -> None:
    versions = await found(training)
    made = await proposed(training, versions)
    assert made["state"] == "proposed"
    assert made["proposed_at"]
    for answer in (
        await training.put(f"{versions}/1", json=content(), headers=seen(made)),
        await move(training, made, "propose"),
        await move(training, made, "retire"),
    ):
        refused = assert_problem(answer, 409, "state-conflict")
        assert refused["allowed"] == ["agree"]


async def test_the_next_version_copies_the_one_before_and_leaves_it_as_it_is(training: httpx.AsyncClient) -> None:
    versions = await found(training)
    first = await proposed(training, versions, content(attendance_percent=75))
    answer = await training.post(f"{versions}/1/copy")
    assert (answer.status_code, answer.headers["location"]) == (201, f"{versions}/2")
    second = answer.json()
    assert (second["number"], second["state"], second["attendance_percent"]) == (2, "draft", 75)
    assert second["totals"] == first["totals"]
    ids = {each["id"] for each in (*first["modules"], *second["modules"])}
    assert len(ids) == 4
    alike = [
        {**each, "id": None, "outcomes": [{**one, "id": None} for one in each["outcomes"]]}
        for each in (*first["modules"], *second["modules"])
    ]
    assert alike[:2] == alike[2:]
    await training.put(f"{versions}/2", json=content(module("M7")), headers=seen(second))
    assert (await training.get(f"{versions}/1")).json() == first
    states = (await training.get(f"{versions}?state=draft")).json()["items"]
    assert [each["number"] for each in states] == [2]


async def test_what_happens_to_a_version_is_told_to_whoever_follows(training: httpx.AsyncClient) -> None:
    made = await proposed(training, await found(training))
    path = f"programmes/{made['programme']}/versions/1"
    told = "SELECT type, subject_version FROM events WHERE subject = :path ORDER BY id"
    events = await fetch(training, told, path=path)
    assert events == [("training.programme-version.drafted", 1), ("training.programme-version.proposed", 2)]
    noted = await fetch(training, "SELECT action FROM audit_records WHERE subject = :path ORDER BY id", path=path)
    assert noted == [("draft_programme_version",), ("propose_programme_version",)]


async def test_a_version_of_an_unknown_programme_is_not_drafted(training: httpx.AsyncClient) -> None:
    answer = await training.post(f"{URL}/NOBODY/versions", json=content())
    assert_problem(answer, 404, "training-programme-not-found")
    assert_problem(await training.get(f"{URL}/NOBODY/versions"), 404, "training-programme-not-found")


async def test_a_repeated_code_is_refused_where_it_stands_again(training: httpx.AsyncClient) -> None:
    second = module("M1", topics=0, outcomes=[outcome("M1-A")])
    answer = await training.post(await found(training), json=content(module("M1"), second))
    refused = assert_problem(answer, 422, "validation-failed")
    assert {each["pointer"] for each in refused["errors"]} == {"/modules/1/code", "/modules/1/outcomes/0/code"}


async def test_a_module_of_no_minutes_has_no_place_in_a_version(training: httpx.AsyncClient) -> None:
    answer = await training.post(await found(training), json=content(module("M1", minutes=0)))
    refused = assert_problem(answer, 422, "validation-failed")
    assert refused["errors"][0]["pointer"] == "/modules/0/minutes"
    assert (await moved(training, await draft(training, await found(training)), "propose"))["state"] == "proposed"
