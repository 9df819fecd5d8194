"""Legal acts and what refers to them, through the API."""

import httpx

from services.casework.laws.rules.values import LAWS
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import add_institution, add_territory

URL = "/v1/registry/legal-acts"
EVERYWHERE = call_as("programme_manager", counties=["*"])
ACT = {
    "eli": "DU/2011/887",
    "provision": "art. 76",
    "title_pl": "Ustawa o wspieraniu rodziny i systemie pieczy zastępczej",
    "title_en": "Act on family support and the foster care system",
    "valid_from": "2012-01-01",
    "valid_to": "2025-01-01",
}


def wrong_field(answer: httpx.Response, slug: str) -> tuple[str, str]:
    [error] = assert_problem(answer, 422, slug)["errors"]
    return error["pointer"], error["code"]


async def test_a_function_names_the_act_that_was_in_force_on_its_first_day(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)
    act = (await registry.post(URL, json=ACT, headers=EVERYWHERE)).json()
    assert act["citation"] == "Dz.U. 2011 poz. 887, art. 76"
    host = await add_institution(registry)
    path = f"/v1/registry/institutions/{host['id']}/functions"
    held = {"kind": "coordinating_institution", "held_from": "2024-12-31", "legal_act_id": act["id"]}
    given = await registry.post(path, json=held)
    assert given.status_code == 201, given.text
    assert given.json()["legal_act_id"] == act["id"]
    # The end is the first day without it.
    late = await registry.post(path, json=held | {"held_from": "2025-01-01"})
    assert wrong_field(late, "validation-failed") == ("/legal_act_id", "outside_validity")
    unknown = await registry.post(path, json=held | {"legal_act_id": host["id"]})
    assert wrong_field(unknown, "unknown-reference") == ("/legal_act_id", "not_found")


async def test_a_provision_is_known_once_from_a_day_on_and_its_end_can_be_told(registry: httpx.AsyncClient) -> None:
    made = await registry.post(URL, json=ACT, headers=EVERYWHERE)
    again = await registry.post(URL, json=ACT, headers=EVERYWHERE)
    assert_problem(again, 409, "legal-act-already-known")
    path, tag = made.headers["location"], {"if-match": made.headers["etag"]}
    wrong = await registry.patch(path, json={"valid_to": "2012-01-01"}, headers=EVERYWHERE | tag)
    assert wrong_field(wrong, "validation-failed") == ("/valid_to", "wrong_order")
    ended = await registry.patch(path, json={"valid_to": "2023-01-01"}, headers=EVERYWHERE | tag)
    assert (ended.json()["version"], ended.json()["valid_to"]) == (2, "2023-01-01")
    for day, found in (("2022-12-31", 1), ("2023-01-01", 0), ("2011-12-31", 0)):
        listed = await registry.get(f"{URL}?eli=DU/2011/887&as_of={day}")
        assert len(listed.json()["items"]) == found


async def test_every_act_of_the_journal_that_deadlines_rest_on_is_in_the_catalogue(registry: httpx.AsyncClient) -> None:
    """Casework cites its sources; the Civil Code and acts of the Union are no positions of the Journal of Laws."""
    known = {item["citation"] for item in (await registry.get(f"{URL}?limit=200")).json()["items"]}
    sources = [entry.source for table in LAWS for entry in table]
    cited = {
        f"{act}, {paragraph}"
        for source in sources
        for act, paragraph in zip(source.act.split("; "), source.paragraph.split("; "), strict=True)
        if act.startswith("Dz.U.")
    }
    assert cited
    assert cited <= known


async def test_the_acts_by_which_services_are_ordered_are_in_the_catalogue(registry: httpx.AsyncClient) -> None:
    """Public procurement, public benefit, social assistance: the three that source 002 names."""
    for eli in ("DU/2019/2019", "DU/2003/873", "DU/2004/593"):
        assert (await registry.get(f"{URL}?eli={eli}")).json()["items"], eli
