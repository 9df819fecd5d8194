"""The real pilot of 2022 and 2023, entered years after it through the public API, and read back.

Sources 000 and 001: 36 agreements with counties, 36 counties that carried the project out, its steps in their
order, and the conference of 2 October 2023. The days that no source prints are chosen within what it says: the
agreements are of 2022, the work with counties began in September 2022. The counties are invented, and no person is
named.
"""

from typing import Any

import httpx
import pytest

from tests.support.callers import call_as
from tests.support.records import change

URL = "/v1/registry"
EDITOR = call_as("registry_editor", subject="archiwistka", counties=["*"])
MANAGER = call_as("programme_manager", subject="kierowniczka-programu")
COUNTIES = [f"02{number:02d}" for number in range(1, 37)]
AGREED, ENDED = "2022-09-01", "2023-12-31"
STEPS = {
    "reasons_shown": "2022-05-16",
    "agreements_concluded": "2022-09-01",
    "joint_design": "2022-12-15",
    "implementation": "2023-01-09",
    "good_practice_communicated": "2023-10-02",
}
Made = dict[str, Any]


@pytest.fixture(autouse=True)
async def counties(registry: httpx.AsyncClient) -> None:
    unit = "INSERT INTO territorial_units (terc, level, kind, name, parent_terc, as_of) "
    region = "VALUES ('02', 'voivodeship', 'voivodeship', 'dolnośląskie', NULL, '2026-01-01')"
    await change(registry, unit + region)
    county = "SELECT terc, 'county', 'county', 'powiat ' || terc, '02', '2026-01-01'"
    await change(registry, f"{unit}{county} FROM unnest(CAST(:codes AS text[])) AS terc", codes=COUNTIES)


async def send(client: httpx.AsyncClient, path: str, body: Made, who: dict[str, str], seen: str = "") -> Made:
    answer = await client.post(f"{URL}/{path}", json=body, headers=who | ({"if-match": seen} if seen else {}))
    assert answer.is_success, answer.text
    made: Made = answer.json()
    return made


async def conclude(client: httpx.AsyncClient, county: str, number: int) -> Made:
    """One agreement: its two parties, its text, signed on a day of August 2022, over since the end of 2023."""
    facts = {"kind": "county_agreement", "title": f"Porozumienie nr {number}", "county_terc": county}
    drawn = await send(client, "agreements", facts | {"valid_from": AGREED, "valid_to": ENDED}, EDITOR)
    path = f"agreements/{drawn['id']}"
    for party, kind in {"Powiat": "authority", "Realizator": "project_operator"}.items():
        await send(client, f"{path}/signatories", {"party_name": party, "party_kind": kind}, EDITOR)
    text = {"document_reference": f"MWM/{number}/2022", "document_sha256": f"{number:064x}", "valid_from": AGREED}
    await send(client, f"{path}/versions", text, EDITOR)
    signing = {"signed_on": f"2022-08-{1 + number % 28:02d}"}
    return await send(client, f"{path}/sign", signing, EDITOR, f'"{drawn["id"]}:4"')


async def carry_out(client: httpx.AsyncClient, county: str, agreement: Made) -> Made:
    """One site, from its candidacy to its end; its steps are entered when all of it is over."""
    site = await send(client, "programmes/MWM/sites", {"name": f"Powiat {county}", "county_terc": county}, MANAGER)
    path = f"sites/{site['id']}"
    moves = {
        "sign": {"agreement_id": agreement["id"], "signed_on": AGREED},
        "activate": {"started_on": "2022-09-05"},
        "complete": {"ended_on": ENDED},
    }
    for version, (verb, body) in enumerate(moves.items(), start=1):
        await send(client, f"{path}/{verb}", body, MANAGER, f'"{site["id"]}:{version}"')
    run: Made = {"id": site["run_id"], "version": 1}
    for step, day in STEPS.items():
        record = {"step": step, "done_on": day}
        run = await send(client, f"{path}/steps", record, MANAGER, f'"{run["id"]}:{run["version"]}"')
    return run


async def read(client: httpx.AsyncClient, path: str) -> Made:
    answer = await client.get(f"{URL}/{path}", headers=MANAGER | {"prefer": "count=exact"})
    assert answer.status_code == 200, answer.text
    made: Made = answer.json()
    return made


async def agreements_are_as_they_were(client: httpx.AsyncClient) -> None:
    """Of 2022 and 2023, and beside the day of each signing who entered it and when."""
    listed = "agreements?kind=county_agreement&limit=200"
    binding = {"2022-08-31": 0, "2022-09-01": 36, "2023-12-31": 36, "2024-01-01": 0}
    assert {day: (await read(client, f"{listed}&as_of={day}"))["total"] for day in binding} == binding
    agreements = (await read(client, f"{listed}&state=expired"))["items"]
    assert len({one["county_terc"] for one in agreements}) == 36
    assert {one["signed_on"][:7] for one in agreements} == {"2022-08"}
    for one in agreements:
        entered = one["recorded"]["signed_on"]
        assert (entered["recorded_by"], entered["recorded_at"] > ENDED) == ("archiwistka", True)


async def steps_are_as_they_were(client: httpx.AsyncClient) -> None:
    """Every site has taken the same five steps on their days, and nothing lies ahead of what is over."""
    statistics = await read(client, "programmes/MWM/statistics")
    assert [statistics[name] for name in ("sites", "distinct_counties")] == [36, 36]
    assert statistics["by_status"] == [{"status": "completed", "sites": 36, "distinct_counties": 36}]
    reached = {step["code"]: step["done"] for step in statistics["steps"]}
    later = ("evaluation", "model_developed", "change_consolidated")
    assert reached == dict.fromkeys(STEPS, 36) | dict.fromkeys(later, 0)
    for row in (await read(client, "programmes/MWM/board"))["sites"]:
        assert {cell["step"]: cell["done_on"] for cell in row["cells"] if cell["status"] == "done"} == STEPS
        assert {cell["status"] for cell in row["cells"]} == {"done", "not_done"}


async def sites_are_as_they_were(client: httpx.AsyncClient) -> dict[str, str]:
    """Their days, and who entered them; the agreement of each county."""
    sites = (await read(client, "programmes/MWM/sites?limit=200"))["items"]
    for site in sites:
        assert [site[day] for day in ("signed_on", "started_on", "ended_on")] == [AGREED, "2022-09-05", ENDED]
        assert {entry["recorded_by"] for entry in site["recorded"].values()} == {"kierowniczka-programu"}
        assert site["recorded"].keys() == {"signed_on", "started_on", "ended_on"}
    return {site["county_terc"]: f"agreements/{site['agreement_id']}" for site in sites}


async def test_36_agreements_of_2022_and_their_sites_go_in_years_later_and_come_out_as_they_were(
    registry: httpx.AsyncClient,
) -> None:
    runs = [
        await carry_out(registry, county, await conclude(registry, county, number))
        for number, county in enumerate(COUNTIES, start=1)
    ]
    await agreements_are_as_they_were(registry)
    await steps_are_as_they_were(registry)
    carrying = await sites_are_as_they_were(registry)
    for run, county in zip(runs, COUNTIES, strict=True):
        tied = {step["code"]: step["stands_for"] for step in run["steps"] if step["stands_for"]}
        assert tied == {"agreements_concluded": carrying[county]}
        assert {step["recorded_by"] for step in run["steps"] if step["done_on"]} == {"kierowniczka-programu"}
