"""The table of source 004, computed from invented clubs that came in through the API."""

from csv import reader
from io import BytesIO
from typing import Any

import httpx
import pytest
from python_calamine import CalamineWorkbook

from tests.support.callers import call_as
from tests.support.files import csv, send_file
from tests.support.kis import COVERAGES, HEADER, kis_reports

REGISTRY = "/v1/registry"
EVERYWHERE = call_as("registry_editor", counties=["*"])


async def import_clubs(client: httpx.AsyncClient) -> None:
    sent = await send_file(client, f"{REGISTRY}/register-report-imports", kis_reports(), headers=EVERYWHERE)
    # In 2013 the clubs of both registers have a row in each: 187 in the central one, 220 with the voivodes.
    assert (sent.counts, sent.problems) == ((122 + 187 + 220, 0, 0, 0), [])
    for coverage in COVERAGES:
        answer = await client.post(f"{REGISTRY}/register-coverages", json=coverage, headers=EVERYWHERE)
        assert answer.status_code == 201, answer.text


async def statistics(client: httpx.AsyncClient, kind: str = "kis", query: str = "years=2012&years=2013") -> Any:
    answer = await client.get(f"{REGISTRY}/register-statistics/{kind}?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def cells(found: Any) -> dict[str, Any]:
    return {line["line"]: line["cells"] for line in found["lines"]}


def number(value: str, unit: str = "count") -> dict[str, str]:
    return {"status": "number", "value": value, "unit": unit}


@pytest.fixture
async def found(working_registry: httpx.AsyncClient) -> Any:
    await import_clubs(working_registry)
    return await statistics(working_registry)


async def test_the_table_of_clubs_in_source_004_comes_out_cell_by_cell(found: Any) -> None:
    assert (found["kind"], found["years"]) == ("kis", [2012, 2013])
    no_data = {"status": "no_data", "value": None, "unit": "count"}
    assert cells(found) == {
        "1": {"2012": number("122") | {"lower_bound": True}, "2013": number("220")},
        "1.1": {"2012": number("122"), "2013": number("187")},
        "1.1.1": {"2012": number("120"), "2013": number("156")},
        "1.2": {"2012": no_data, "2013": number("33")},
        "3": {
            "2012": {"status": "not_applicable", "value": None, "unit": "percent"},
            "2013": number("71", "percent"),
        },
    }
    assert all(line["label"]["pl"] and line["label"]["en"] for line in found["lines"])


async def test_n6_of_source_004_the_level_of_knowledge_is_of_all_clubs_not_of_those_in_the_central_register(
    found: Any,
) -> None:
    level = cells(found)["3"]["2013"]
    assert level == number("71", "percent")
    assert "83" not in str(level)


async def test_n7_of_source_004_the_parts_make_220_and_the_growth_from_a_lower_bound_is_not_comparable(
    found: Any,
) -> None:
    table = cells(found)
    assert int(table["1.1"]["2013"]["value"]) + int(table["1.2"]["2013"]["value"]) == 220
    assert table["1"]["2012"]["lower_bound"] is True
    assert "lower_bound" not in table["1"]["2013"]
    [growth] = [change for change in found["changes"] if change["line"] == "1"]
    assert (growth["from_year"], growth["to_year"]) == (2012, 2013)
    assert growth["cell"] == {"status": "not_comparable", "value": "80.3", "unit": "percent"}
    assert growth["note"]["pl"]
    assert growth["note"]["en"]
    assert {change["line"]: change["cell"]["value"] for change in found["changes"]} == {
        "1": "80.3",
        "1.1": "53.3",
        "1.1.1": "30.0",
        "1.2": None,
    }
    assert table["3"]["2012"]["status"] == "not_applicable", "120 of 122 could be divided, and must not be"


async def test_n8_of_source_004_the_lines_keep_their_numbers_as_text_and_there_is_no_line_2(found: Any) -> None:
    assert [line["line"] for line in found["lines"]] == ["1", "1.1", "1.1.1", "1.2", "3"]


async def test_of_the_centres_in_source_004_the_figures_are_lost_so_there_is_no_data(
    found: Any, working_registry: httpx.AsyncClient
) -> None:
    centres = await statistics(working_registry, "cis")
    assert {cell["status"] for line in centres["lines"] for cell in line["cells"].values()} == {"no_data"}
    assert {cell["value"] for line in centres["lines"] for cell in line["cells"].values()} == {None}
    assert (await statistics(working_registry, "cis", ""))["years"] == []


async def test_the_two_registers_are_reconciled_as_in_source_004(
    found: Any, working_registry: httpx.AsyncClient
) -> None:
    url = f"{REGISTRY}/register-reconciliations/kis?year=2013"
    answer = await working_registry.get(f"{url}&reconciliation=voivode_only&limit=20", headers=EVERYWHERE)
    first = answer.json()
    assert first["counts"] == {"both": 187, "cas_only": 0, "voivode_only": 33}
    assert (first["kind"], first["year"], len(first["items"])) == ("kis", 2013, 20)
    following = (await working_registry.get(answer.links["next"]["url"], headers=EVERYWHERE)).json()
    keys = [item["entity_key"] for item in first["items"] + following["items"]]
    assert keys == [f"KIS/{number:03d}" for number in range(188, 221)]
    assert (following["counts"], following["next_cursor"]) == (first["counts"], None)
    own = (await working_registry.get(url)).json()
    assert 0 < own["counts"]["both"] < 187
    assert {item["county_terc"] for item in own["items"]} == {"2469"}


async def test_a_second_run_of_the_file_changes_nothing_and_late_reports_are_found(
    found: Any, working_registry: httpx.AsyncClient
) -> None:
    url = f"{REGISTRY}/register-report-imports"
    again = await send_file(working_registry, url, kis_reports(), headers=EVERYWHERE)
    assert again.counts == (0, 0, 529, 0)
    assert await statistics(working_registry) == found
    late = f"{REGISTRY}/register-reports?kind=kis&year=2013&late=true"
    counting = EVERYWHERE | {"prefer": "count=exact"}
    assert (await working_registry.get(late, headers=counting)).json()["total"] == 15
    file = await working_registry.get(f"{late}&format=csv", headers=EVERYWHERE)
    assert len(file.text.splitlines()) == 16
    assert (await statistics(working_registry, "kis", ""))["years"] == [2012, 2013]


async def test_a_complete_list_of_the_voivodes_without_a_club_speaks_against_the_central_register(
    found: Any, working_registry: httpx.AsyncClient
) -> None:
    told = COVERAGES[0] | {"coverage": "complete", "reason": "wykazy nadeszły"}
    assert (await working_registry.post(f"{REGISTRY}/register-coverages", json=told, headers=EVERYWHERE)).is_success
    table = cells(await statistics(working_registry))
    assert (table["1"]["2012"], table["3"]["2012"]) == (number("122"), number("98", "percent"))
    assert (table["1.1"]["2012"], table["1.2"]["2012"]) == (number("0"), number("0")), "the list that came is empty"
    rows = [f"kis;2012;voivode;KIS/{number:03d};Klub;2469;tak;" for number in range(1, 121)]
    came = await send_file(
        working_registry, f"{REGISTRY}/register-report-imports", csv(HEADER, *rows), headers=EVERYWHERE
    )
    assert came.counts == (120, 0, 0, 0)
    table = cells(await statistics(working_registry))
    assert (table["1.1"]["2012"], table["1"]["2012"]) == (number("120"), number("122"))
    url = f"{REGISTRY}/register-reconciliations/kis?year=2012&reconciliation=cas_only"
    missing = (await working_registry.get(url, headers=EVERYWHERE)).json()
    assert missing["counts"] == {"both": 120, "cas_only": 2, "voivode_only": 0}
    assert [item["entity_key"] for item in missing["items"]] == ["KIS/121", "KIS/122"]
    listed = f"{REGISTRY}/register-reports?year=2012&reconciliation=cas_only"
    rows_of_cas = (await working_registry.get(listed, headers=EVERYWHERE)).json()["items"]
    assert [item["entity_key"] for item in rows_of_cas] == ["KIS/121", "KIS/122"]
    stated = (await working_registry.get(f"{REGISTRY}/register-coverages?year=2012")).json()["items"]
    assert [(item["coverage"], item["holds"]) for item in stated] == [("complete", True), ("none", False)]


async def test_the_table_of_source_004_is_a_sheet_as_it_is_printed_there(
    found: Any, working_registry: httpx.AsyncClient
) -> None:
    url = f"{REGISTRY}/register-statistics/kis?years=2012&years=2013"
    polish = await working_registry.get(f"{url}&format=csv&dialect=excel-pl", headers={"accept-language": "pl"})
    assert polish.headers["content-language"] == "pl"
    assert '"=""1.1""";' in polish.content.decode("utf-8-sig")
    head, *lines = list(reader(polish.content.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert head == ["line", "label", "counted_in", "2012", "2012_note", "2013", "2013_note"]
    # Numbers of lines are codes: Excel would make a day of 1.1.
    assert [[line[0].strip('="'), *line[2:]] for line in lines] == [
        ["1", "liczba", "122", "co najmniej", "220", ""],
        ["1.1", "liczba", "122", "", "187", ""],
        ["1.1.1", "liczba", "120", "", "156", ""],
        ["1.2", "liczba", "", "Brak danych", "33", ""],
        ["3", "%", "", "x", "71", ""],
    ]
    english = await working_registry.get(f"{url}&format=xlsx", headers={"accept-language": "en"})
    sheet = CalamineWorkbook.from_filelike(BytesIO(english.content)).get_sheet_by_index(0).to_python()
    assert [row[3:] for row in sheet[1:]] == [
        [122.0, "at least", 220.0, ""],
        [122.0, "", 187.0, ""],
        [120.0, "", 156.0, ""],
        ["", "no data", 33.0, ""],
        ["", "x", 71.0, ""],
    ]
    centres = await working_registry.get(f"{REGISTRY}/register-statistics/cis?years=2013&format=csv")
    assert [line[-2:] for line in reader(centres.text.splitlines()[1:])] == [["", "Brak danych"]] * 5


async def test_the_table_and_the_comparison_are_had_of_one_voivodeship(
    found: Any, working_registry: httpx.AsyncClient
) -> None:
    """The clubs lie in four counties in turn, of three voivodeships: by their numbers, every second one in 24."""
    parts = {
        place: cells(await statistics(working_registry, query=f"years=2012&years=2013&voivodeship_terc={place}"))
        for place in ("24", "06", "02", "14")
    }
    totals = {place: [cell["value"] for cell in part["1"].values()] for place, part in parts.items()}
    assert totals == {"24": ["61", "110"], "06": ["31", "55"], "02": ["30", "55"], "14": ["0", "0"]}
    both = cells(await statistics(working_registry, query="years=2013&voivodeship_terc=06&voivodeship_terc=02"))
    assert both["1"]["2013"]["value"] == "110"
    url = f"{REGISTRY}/register-reconciliations/kis?year=2013&voivodeship_terc=06"
    compared = (await working_registry.get(url, headers=EVERYWHERE)).json()
    assert sum(compared["counts"].values()) == 55
    assert {item["county_terc"] for item in compared["items"]} == {"0619"}
