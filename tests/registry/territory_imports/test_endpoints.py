"""The territory from official files."""

from pathlib import Path

import httpx
import pytest

from tests.support.callers import call_as
from tests.support.files import csv, send_file
from tests.support.problems import assert_problem
from tests.support.records import fetch

URL = "/v1/registry/territory-imports"
OFFICIAL = Path(__file__).parents[4] / "shared/data/TERC_2020-01-01.csv"
HEADER = "WOJ;POW;GMI;RODZ;NAZWA;NAZWA_DOD;STAN_NA"
OPERATOR = call_as("operator")


async def test_a_file_older_than_what_is_loaded_is_refused(working_registry: httpx.AsyncClient) -> None:
    older = csv(HEADER, "24;;;;ŚLĄSKIE;województwo;2020-01-01")
    sent = await send_file(working_registry, URL, older, headers=OPERATOR)
    assert (sent.job["state"], sent.job["problem"]["code"]) == ("failed", "newer_state_loaded")


@pytest.mark.skipif(not OFFICIAL.exists(), reason="the official TERC file is not at hand")
async def test_the_official_terc_file_gives_the_counts_of_statistics_poland(empty_registry: httpx.AsyncClient) -> None:
    """State of 1 January 2020: 16 voivodeships, 380 counties (314 + 66), 2,477 communes, ten names that repeat."""
    first = await send_file(empty_registry, URL, OFFICIAL.read_bytes(), headers=OPERATOR)
    assert first.counts == (4194, 0, 0, 0)
    again = await send_file(empty_registry, URL, OFFICIAL.read_bytes(), headers=OPERATOR)
    assert again.counts == (0, 0, 4194, 0)
    counted = await fetch(
        empty_registry,
        "SELECT level, kind, count(*) FROM territorial_units GROUP BY level, kind ORDER BY level, kind",
    )
    found = {(level, kind): number for level, kind, number in counted}
    assert found["voivodeship", "voivodeship"] == 16
    assert (found["county", "county"], found["county", "city_with_county_rights"]) == (314, 66)
    assert sum(found["commune", kind] for kind in ("urban", "rural", "urban_rural")) == 2477
    assert (found["commune", "town_in_commune"], found["commune", "rural_area_in_commune"]) == (642, 642)
    answer = await empty_registry.get("/v1/registry/counties?q=swidnicki")
    assert [county["terc"] for county in answer.json()["items"]] == ["0219", "0617"]
    named = await empty_registry.get("/v1/registry/counties/świdnicki")
    assert assert_problem(named, 422, "ambiguous-reference")["candidates"] == ["0219", "0617"]
    repeated = await fetch(
        empty_registry,
        "SELECT name FROM territorial_units WHERE kind = 'county' GROUP BY name HAVING count(*) > 1",
    )
    assert len(repeated) == 10


async def test_units_that_a_newer_file_lacks_are_marked_and_those_of_other_voivodeships_stay(
    working_registry: httpx.AsyncClient,
) -> None:
    rows = ["24;;;;ŚLĄSKIE;województwo;2027-01-01", "24;69;;;Katowice;miasto na prawach powiatu;2027-01-01"]
    sent = await send_file(working_registry, URL, csv(HEADER, *rows), headers=OPERATOR)
    assert sent.counts == (0, 3, 2, 0)
    removed = await fetch(
        working_registry, "SELECT terc FROM territorial_units WHERE removed_on IS NOT NULL ORDER BY 1"
    )
    assert [row.terc for row in removed] == ["2401", "2401011", "2469011"]
    listed = await working_registry.get("/v1/registry/counties")
    assert [county["terc"] for county in listed.json()["items"]] == ["0219", "0619", "2469"]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("24;123;;;bielski;powiat;2027-01-01", "/pow wrong_format"),
        ("٢٤;01;;;bielski;powiat;2027-01-01", "/woj wrong_format"),
        ("24;01;01;7;Nic;gmina;2027-01-01", "/rodz not_listed"),
        ("24;01;01;;Nic;gmina;2027-01-01", "/gmi missing"),
        ("24;01;;;;powiat;2027-01-01", "/nazwa missing"),
        ("24;01;;;bielski;powiat;1 stycznia", "/stan_na wrong_format"),
        ("24;99;01;1;Nic;gmina;2027-01-01", "/pow not_found"),
    ],
)
async def test_a_row_that_is_no_unit_is_reported_by_line(
    working_registry: httpx.AsyncClient, row: str, problem: str
) -> None:
    known = ["24;;;;ŚLĄSKIE;województwo;2027-01-01", "24;69;;;Katowice;miasto na prawach powiatu;2027-01-01"]
    sent = await send_file(working_registry, f"{URL}?dry_run=true", csv(HEADER, *known, row), headers=OPERATOR)
    assert [f"{pointer} {code}" for line, pointer, code in sent.problems if line == 4] == [problem]


async def test_a_terc_file_that_a_spreadsheet_saved_keeps_its_codes(working_registry: httpx.AsyncClient) -> None:
    saved = csv(HEADER, "2;;;;DOLNOŚLĄSKIE;województwo;01.01.2027", "2;19;;;świdnicki;powiat;01.01.2027")
    sent = await send_file(working_registry, URL, saved, headers=OPERATOR)
    assert (sent.job["state"], sent.problems) == ("succeeded", [])
    terc = "SELECT terc FROM territorial_units WHERE removed_on IS NULL AND terc LIKE '02%' ORDER BY 1"
    assert [row.terc for row in await fetch(working_registry, terc)] == ["02", "0219"]


async def test_populations_are_added_to_known_units(working_registry: httpx.AsyncClient) -> None:
    table = csv("terc;population;urban_population;as_of", "2469;279190;279190;2025-12-31", "9999;1;;2025-12-31")
    sent = await send_file(working_registry, f"{URL}?format=populations", table, headers=OPERATOR)
    assert (sent.counts, sent.problems) == ((0, 1, 0, 1), [(3, "/terc", "not_found")])
    katowice = (await working_registry.get("/v1/registry/counties/2469")).json()
    assert (katowice["population"], katowice["urbanisation"]) == (279190, 1.0)


async def test_an_editor_of_a_county_may_not_change_the_territory(registry: httpx.AsyncClient) -> None:
    answer = await registry.post(URL, content=b"x", headers={"content-type": "text/csv", "idempotency-key": "k"})
    assert assert_problem(answer, 403, "forbidden")["permission"] == "registry:territories:import"
