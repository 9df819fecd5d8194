"""Two versions side by side, through the API."""

import httpx

from tests.support.problems import assert_problem
from tests.training.programme_versions.asks import content, module, topic
from tests.training.programme_versions.stories import draft, found, seen


async def test_the_next_version_is_told_by_what_differs_from_the_one_before(training: httpx.AsyncClient) -> None:
    versions = await found(training)
    await draft(training, versions, content(module("M1"), module("M2", topics=1)))
    copied = (await training.post(f"{versions}/1/copy")).json()
    same = (await training.get(f"{versions}/2/comparison")).json()
    assert (same["since"], same["number"], same["differences"]) == (1, 2, [])
    second = module("M2", topics=1)
    second["topics"].append(topic("M1.2"))
    sent = content(module("M1", topics=1, minutes=150), second, module("M3", topics=0, outcomes=[]))
    answer = await training.put(f"{versions}/2", json=sent, headers=seen(copied))
    assert answer.status_code == 200, answer.text
    comparison = (await training.get(f"{versions}/2/comparison?since=1")).json()
    assert comparison["counts"] == {"added": 1, "removed": 0, "changed": 1, "moved": 1}
    assert [(each["kind"], each["part"], each["code"]) for each in comparison["differences"]] == [
        ("changed", "module", "M1"),
        ("moved", "topic", "M1.2"),
        ("added", "module", "M3"),
    ]
    changed, moved, added = comparison["differences"]
    assert [(each["field"], each["before"], each["after"]) for each in changed["fields"]] == [("minutes", 120, 150)]
    assert moved["text"]["pl"] == "Przeniesiono temat „Temat M1.2” z modułu 1 do modułu 2."
    assert added["text"]["en"] == "Module 3 “Module M3” was added."
    back = (await training.get(f"{versions}/1/comparison?since=2")).json()
    assert back["counts"] == {"added": 0, "removed": 1, "changed": 1, "moved": 1}


async def test_the_first_version_has_none_before_it(training: httpx.AsyncClient) -> None:
    versions = await found(training)
    await draft(training, versions)
    refused = assert_problem(await training.get(f"{versions}/1/comparison"), 422, "validation-failed")
    assert (refused["errors"][0]["parameter"], refused["errors"][0]["code"]) == ("since", "missing")
    answer = await training.get(f"{versions}/1/comparison?since=2")
    assert_problem(answer, 404, "programme-version-not-found")
