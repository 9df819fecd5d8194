"""A county on one screen."""

from tests.gateway.views.conftest import Screens
from tests.support.callers import call_as
from tests.support.problems import assert_problem

COUNTY = "/counties/2469"


async def test_a_county_is_shown_to_its_coordinator(screens: Screens) -> None:
    host = await screens.make(
        "registry",
        "/institutions",
        {"name": "Poradnia nr 1", "type": "psych_ped_counselling_centre", "county_terc": "2469"},
    )
    service = {"institution_id": host["id"], "name": "Terapia", "kind": "therapeutic", "capacity": 10}
    await screens.make("registry", "/support-services", service | {"free_places": 4})
    shown = await screens.view(COUNTY)
    assert (shown["county"]["name"], shown["partial"]) == ("Katowice", [])
    [offer] = shown["resources"]["offer"]
    assert (offer["sector"], offer["kind"], offer["free_places"]) == ("education", "therapeutic", 4)


async def test_what_the_caller_may_not_see_is_left_out(screens: Screens) -> None:
    shown = await screens.view(COUNTY, call_as("specialist"))
    assert "resources" not in shown
    assert shown["partial"] == []


async def test_of_a_county_that_is_not_there_the_problem_is_the_answer(screens: Screens) -> None:
    answer = await screens.get("/counties/9999")
    assert assert_problem(answer, 404, "county-not-found")["instance"] == "/v1/views/counties/9999"
