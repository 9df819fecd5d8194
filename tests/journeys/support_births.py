"""The story of an expecting family: a child is expected, and twins are born."""

from datetime import timedelta
from typing import Any

from services.chassis.ground import clock
from tests.journeys import supported as people
from tests.journeys.stories import Act, Made
from tests.journeys.support_beginnings import join
from tests.journeys.supported import CANARY, MOTHER, PARENT, SupportStory, today
from tests.support.problems import assert_problem


async def expect_child(story: SupportStory) -> tuple[Made, Made]:
    """An expected child and its mother, who may consent for it before it is born."""
    mother = await story.do(Act("/people", PARENT), people.PEOPLE, "person.registered")
    expected = {"county_terc": "2469", "kind": "expected", "expected_on": str(clock.today() + timedelta(days=30))}
    with_name = Act("/people", expected | {"mother_id": mother["id"], "born_on": today()})
    await story.too_early(with_name, people.PEOPLE, "validation-failed", 422)
    new = Act("/people", expected | {"mother_id": mother["id"]})
    child = await story.do(new, people.PEOPLE, "person.registered")
    return child, mother


async def let_mother_in(story: SupportStory, child: Made, mother: Made) -> None:
    """Her account leads to the child while she expects it, and by her authority to the twins from their birth on."""
    await join(story, mother)
    assert (await story.read(f"/people/{child['id']}", MOTHER))["kind"] == "expected"
    hidden = await story.client.get(f"/people/{child['id']}", headers=people.OTHER_MOTHER)
    assert_problem(hidden, 404, "person-not-found")
    authority = {"child_id": child["id"], "guardian_id": mother["id"], "kind": "parental_full", "starts_on": today()}
    await story.do(Act("/guardianships", authority), people.FAMILIES, "guardianship.begun")
    assert (await story.read(f"/people/{child['id']}", MOTHER))["kind"] == "expected"


async def bear_twins(story: SupportStory, child: Made, mother: Made) -> tuple[Made, Made]:
    """Two are born, once: the first keeps the record, and the other has the same mother."""
    twins = [{"given_name": name, "family_name": CANARY, "born_on": today()} for name in ("Hanna", "Helena")]
    one = f"/people/{child['id']}"
    tomorrow = str(clock.today() + timedelta(days=1))
    late = Act(f"{one}/birth", {"children": [twins[0] | {"born_on": tomorrow}]}, one)
    await story.too_early(late, people.BIRTHS, "validation-failed", 422)
    birth = Act(f"{one}/birth", {"children": twins}, one)
    of_twin = ("person.registered", "guardianship.begun", "consent.recorded")
    born = await story.do(birth, people.BIRTHS, "person.born", *of_twin)
    await story.twice(birth, people.BIRTHS, "born")
    first, twin = born["children"]
    assert (twin["expected_with_id"], twin["mother_id"]) == (first["id"], mother["id"])
    return first, twin


async def keep_history(story: SupportStory, case: str, plan: str, first: Made, twin: Made) -> None:
    """What was agreed before the birth is the first child's, and the other's basis says where it comes from."""

    def of(items: list[Any], name: str) -> set[Any]:
        return {item[name] for item in items}

    kept = await story.read(case)
    assert (kept["person_id"], kept["state"]) == (first["id"], "in_progress")
    verbs = [entry["verb"] for entry in (await story.read(f"{case}/timeline"))["items"] if entry["kind"] == "case"]
    assert verbs == ["open", "consent", "assess", "consult-team", "agree-plan", "start"]
    assert (await story.read(plan, MOTHER))["state"] == "active"
    seen = (await story.read("/people", MOTHER))["items"]
    assert {first["id"], twin["id"]} <= of(seen, "id")
    [given] = (await story.read(f"/consents?person_id={first['id']}"))["items"]
    [copied] = (await story.read(f"/consents?person_id={twin['id']}"))["items"]
    assert (copied["copied_from_id"], copied["categories"]) == (given["id"], given["categories"])
    assert (await story.read(f"/cases?person_id={twin['id']}"))["items"] == []
    hidden = await story.client.get(f"/people/{twin['id']}", headers=people.OTHER_MOTHER)
    assert_problem(hidden, 404, "person-not-found")
