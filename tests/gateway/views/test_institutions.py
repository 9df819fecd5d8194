"""An institution, and a programme, on one screen."""

import pytest

from gateway.views import lists
from tests.casework.people.made import registered
from tests.gateway.views.conftest import Screens
from tests.screening.campaign_releases.released import screened_campaign
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import change

_OVER = """
UPDATE referrals SET closed_at = now(), state = 'withdrawn', reason = 'other' WHERE id = CAST(:id AS uuid)
"""
NETWORK = {"county_terc": "2469", "name": "Sieć wsparcia", "founded_on": "2025-02-01"}


async def test_an_institution_is_shown_with_its_offer_and_what_waits_for_it_to_who_reads_that(
    screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = {"name": "Poradnia nr 1", "type": "psych_ped_counselling_centre", "county_terc": "2469"}
    host = await screens.make("registry", "/institutions", body)
    offer = {"institution_id": host["id"], "name": "Terapia", "kind": "therapeutic", "capacity": 5, "free_places": 2}
    await screens.make("registry", "/support-services", offer)
    other = await screens.make("registry", "/institutions", body)
    await screens.make("registry", "/support-services", offer | {"institution_id": other["id"]})
    shown = await screens.view(f"/institutions/{host['id']}")
    assert (shown["institution"]["name"], shown["partial"]) == ("Poradnia nr 1", [])
    [service] = shown["services"]["items"]
    assert shown["capacity"] == {"services": 1, "capacity": 5, "free_places": 2, "capacity_unknown": 0}
    assert shown["networks"] == {"items": [], "has_more": False}
    network = await screens.make("registry", "/networks", NETWORK)
    proposal = {"institution_id": host["id"], "role": "supporting", "proposed_on": "2025-03-03"}
    await screens.make("registry", f"/networks/{network['id']}/memberships", proposal)
    await screens.make(
        "registry", "/support-services", offer | {"name": "Grupa", "capacity": None, "free_places": None}
    )
    shown = await screens.view(f"/institutions/{host['id']}")
    [member] = shown["networks"]["items"]
    assert (member["network_name"], member["role"], member["state"]) == ("Sieć wsparcia", "supporting", "proposed")
    assert shown["capacity"] == {"services": 2, "capacity": 5, "free_places": 2, "capacity_unknown": 1}
    assert (service["kind"], service["free_places"]) == ("therapeutic", 2)
    assert (shown["open_referrals"], "unconfirmed_results" in shown) == ({"items": [], "has_more": False}, False)
    with monkeypatch.context() as patched:
        patched.setattr(lists, "MOST_SHOWN", 1)
        cut = await screens.view(f"/institutions/{host['id']}")
    assert (len(cut["services"]["items"]), cut["services"]["has_more"], "capacity" in cut) == (1, True, False)
    assert not shown["services"]["has_more"]
    public = await screens.view(f"/institutions/{host['id']}", call_as("trainee"))
    assert {*public} == {*("institution", "functions", "networks", "services", "capacity", "programmes", "partial")}


async def test_referrals_wait_for_an_institution_until_they_are_over(screens: Screens) -> None:
    body = {"name": "Poradnia nr 1", "type": "psych_ped_counselling_centre", "county_terc": "2469"}
    host = await screens.make("registry", "/institutions", body)
    casework = screens.services["casework"]
    child = await registered(casework)
    of_child = {"source": "institution", "person_id": child["id"]}
    waiting, over = [await screens.make("casework", "/referrals", of_child) for _ in range(2)]
    await change(casework, "UPDATE referrals SET institution_id = CAST(:host AS uuid)", host=host["id"])
    await change(casework, _OVER, id=over["id"])
    shown = await screens.view(f"/institutions/{host['id']}")
    assert [each["id"] for each in shown["open_referrals"]["items"]] == [waiting["id"]]


async def test_a_programme_is_shown_with_its_sites_and_what_it_lacks(screens: Screens) -> None:
    await screened_campaign(screens.services["screening"], "2469")  # of no programme
    shown = await screens.view("/programmes/MWM")
    assert (shown["programme"]["code"], shown["partial"]) == ("MWM", [])
    assert (shown["sites"]["sites"], shown["people"]["totals"]["missing"]) == (0, 0)
    assert shown["campaigns"] == {"items": [], "has_more": False}
    # It trains nobody by itself: there is no programme of training with its code.
    assert "training" not in shown
    assert_problem(await screens.get("/programmes/NONE"), 404, "programme-not-found")
