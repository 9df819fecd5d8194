"""A county on one screen: need against capacity."""

from tests.casework.referrals.made import case_with_basis, sent
from tests.casework.referrals.registries import FakeRegistry, playing
from tests.gateway.views.conftest import COORDINATOR, Screens
from tests.registry.networks.stories import Network
from tests.screening.campaign_releases.released import release, screened_campaign
from tests.training.sessions.made import a_group, a_programme, a_trainer, put

COUNTY = "/counties/2469"
_HOURS = """
INSERT INTO hour_totals (id, programme_id, county_terc, year, minutes, is_lower_bound, source, external_id)
VALUES (:id, :programme, :county, 2023, :minutes, false, 'powiat', :county)
"""


async def with_network(screens: Screens) -> None:
    """Two institutions with free places, of which the network has one."""
    registry = screens.services["registry"]
    registry.headers.update(COORDINATOR)
    hosts = []
    for name, free in (("A", 4), ("B", 9)):
        body = {"name": name, "type": "psych_ped_counselling_centre", "county_terc": "2469"}
        hosts.append(await screens.make("registry", "/institutions", body))
        offer = {"institution_id": hosts[-1]["id"], "name": "Terapia", "kind": "therapeutic", "capacity": 10}
        await screens.make("registry", "/support-services", {**offer, "free_places": free, "waiting_days": 21})
    network = await Network.found(registry)
    await network.include(await network.propose(hosts[0]))


async def test_need_stands_beside_the_free_places_of_the_network_by_sector_and_kind(screens: Screens) -> None:
    await with_network(screens)
    case, _ = await case_with_basis(screens.services["casework"])
    played = FakeRegistry()
    played.service |= {"sector": "education", "kind": "therapeutic", "free_places": 9}
    async with playing(played):
        for _ in range(2):
            await sent(screens.services["casework"], case)
        played.service |= {"sector": "health", "kind": "diagnostic"}
        await sent(screens.services["casework"], case)
    screening = screens.services["screening"]
    campaign, _ = await screened_campaign(screening, "2469", children=60)
    await release(screening, campaign)

    training = screens.services["training"]
    ids, trainer = await a_programme(training), await a_trainer(training)
    for county, minutes in (("2469", 90), ("2401", 30)):
        await a_group(training, ids, trainer, county, None)
        await put(training, _HOURS, programme=ids["programme"], county=county, minutes=minutes)

    shown = await screens.view(COUNTY)
    assert (shown["county"]["name"], shown["partial"]) == ("Katowice", [])
    therapy, diagnosis = shown["support"]
    assert (therapy["sector"], therapy["kind"]) == ("education", "therapeutic")
    assert (therapy["referrals_open"], therapy["longest_days_waited"]) == (2, 0)
    assert (therapy["services"], therapy["free_places"]) == (2, 13)
    assert (therapy["network_services"], therapy["network_free_places"]) == (1, 4)
    assert therapy["network_longest_waiting_days"] == 21
    # Somebody waits for what nobody in the county offers.
    assert (diagnosis["sector"], diagnosis["referrals_open"], diagnosis["services"]) == ("health", 1, 0)
    assert (diagnosis["free_places"], diagnosis["network_free_places"]) == (0, 0)
    assert shown["cases"] == [{"state": "draft", "cases": 1}]
    assert {"sector": "health", "kind": "diagnostic"} in shown["resources"]["missing"]
    [covered] = shown["campaigns"]
    # Of this county alone.
    assert [each["minutes"] for each in shown["training_hours"]["items"]] == [90]
    assert [each["title"] for each in shown["training_groups"]["items"]] == ["Grupa"]
    assert (shown["has_older_campaigns"], shown["training_groups"]["has_more"]) == (False, False)
    assert (covered["id"], covered["reached"]["complete"], covered["reached"]["positive"]) == (campaign, 60, 20)
