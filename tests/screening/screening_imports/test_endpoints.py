"""Files of another platform: good rows are scored and counted, bad ones named by line, a second run changes nothing."""

import io
import json
import uuid
from typing import Any

import httpx
import openpyxl  # type: ignore[import-untyped]

from services.chassis.transfer.uploads import XLSX
from services.screening import peers
from tests.screening.screenings.made import CALLING, TYPICAL, URL, act, add_campaign, counts_of, events_of
from tests.support.callers import call_as
from tests.support.files import csv, send_file
from tests.support.institutions import institutions_by, registry_with
from tests.support.problems import assert_problem

IMPORTS = "/v1/screening/screening-imports?instrument_code=DEMO&instrument_version=1&source=platform"
FACTS = ("external_id", "subject_ref", "sex", "county_terc", "informant", "administered_on", "born_on", "implementer")
ITEMS = tuple(TYPICAL)


def row(number: int, answers: dict[str, str] = TYPICAL, **facts: str) -> dict[str, str]:
    """One row by column."""
    plain = {
        "external_id": str(number),
        "subject_ref": str(uuid.UUID(int=number)),
        "sex": "K",
        "county_terc": "2469",
        "informant": "parent",
        "administered_on": "14.03.2026",
        "born_on": "2024-03-15",
        "implementer": "project",
    }
    return plain | answers | facts


def table(*rows: dict[str, str]) -> bytes:
    """Rows as CSV, one column an item."""
    columns = (*FACTS, *ITEMS)
    return csv(";".join(columns), *[";".join(one.get(name, "") for name in columns) for one in rows])


async def test_a_file_is_scored_and_counted_and_a_second_run_changes_nothing(
    working_screening: httpx.AsyncClient,
) -> None:
    campaign = await add_campaign(working_screening)
    url = f"{IMPORTS}&campaign_id={campaign}"
    content = table(*[row(number, CALLING if number % 3 == 0 else TYPICAL) for number in range(1, 31)])
    first = await send_file(working_screening, url, content)
    assert (first.counts, first.problems) == ((30, 0, 0, 0), [])
    assert await counts_of(working_screening, campaign) == {"positive": 10, "negative": 20}
    found = (await working_screening.get(f"{URL}?external_id=3&source=platform")).json()["items"][0]
    facts = {
        "state": "scored",
        "outcome": "positive",
        "age_months": 23,
        "birth_month": "2024-03-01",
        "form_code": "YOUNGER",
    }
    assert {name: found[name] for name in facts} == facts
    told = [event for event in await events_of(working_screening) if event["type"].startswith("screening.screening.")]
    assert len(told) == 30
    assert "2024-03-15" not in json.dumps(told)
    again = await send_file(working_screening, url, content)
    assert again.counts == (0, 0, 30, 0)
    assert await counts_of(working_screening, campaign) == {"positive": 10, "negative": 20}


async def test_each_bad_row_is_named_by_its_line(working_screening: httpx.AsyncClient) -> None:
    campaign = await add_campaign(working_screening)
    rows = [
        row(1),
        row(2, TYPICAL | {"Y_MOVE1": "maybe"}),
        row(3, born_on="2026-03-15"),
        row(4, county_terc="2401"),
        row(5, implementer="nobody"),
        row(6, sex="x"),
        row(1),
        row(7, born_on=""),
        row(8, born_on="2010-01-01"),
        row(9, subject_ref="Jan Kowalski"),
        row(10, county_terc="9999"),
    ]
    done = await send_file(working_screening, f"{IMPORTS}&campaign_id={campaign}", table(*rows))
    assert done.counts == (1, 0, 0, 10)
    assert done.problems == [
        (3, "/answers/Y_MOVE1", "not_listed"),
        (4, "/born_on", "after_screening"),
        (5, "/county_terc", "outside_scope"),
        (6, "/implementer", "not_found"),
        (7, "/sex", "not_listed"),
        (8, "/external_id", "repeated_in_file"),
        (9, "/born_on", "missing"),
        (10, "/form_code", "no_form"),
        (11, "/subject_ref", "wrong_format"),
        (12, "/county_terc", "wrong_format"),
    ]


async def test_other_facts_under_a_known_id_are_refused(working_screening: httpx.AsyncClient) -> None:
    await send_file(working_screening, IMPORTS, table(row(1), row(2)))
    changed = await send_file(working_screening, IMPORTS, table(row(1, CALLING), row(2)))
    assert changed.counts == (0, 0, 1, 1)
    assert changed.problems == [(2, "/external_id", "already_taken")]


async def test_a_countys_ids_are_its_own(working_screening: httpx.AsyncClient) -> None:
    campaign = await add_campaign(working_screening)
    url = f"{IMPORTS}&campaign_id={campaign}"
    assert (await send_file(working_screening, url, table(row(1)))).counts == (1, 0, 0, 0)
    there = row(1, CALLING, county_terc="2401")
    elsewhere = call_as("early_screening_coordinator", counties=["2401"])
    assert (await send_file(working_screening, url, table(there), headers=elsewhere)).counts == (1, 0, 0, 0)
    both = call_as("early_screening_coordinator", counties=["2401", "2469"])
    again = await send_file(
        working_screening, url, table(row(1), there, row(2), row(2, county_terc="2401")), headers=both
    )
    assert (again.counts, again.problems) == ((2, 0, 2, 0), [])
    twice = await send_file(working_screening, url, table(row(3), row(3)))
    assert twice.problems == [(3, "/external_id", "repeated_in_file")]


async def test_institutions_that_are_registered_nowhere_are_named_by_line_and_asked_about_once(
    working_screening: httpx.AsyncClient,
) -> None:
    known, nowhere = str(uuid.UUID(int=1)), str(uuid.UUID(int=2))
    named = (known, nowhere, "", known, nowhere, "no id")
    lines = [row(number) | {"institution_id": one} for number, one in enumerate(named, 1)]
    content = "".join(json.dumps(line) + "\n" for line in lines).encode()
    asked: list[list[str]] = []
    async with peers.asking(institutions_by(registry_with(known, asked=asked))):
        done = await send_file(working_screening, IMPORTS, content, kind="application/x-ndjson")
    assert done.counts == (3, 0, 0, 3)
    code = "not_found"
    wrong = [(2, "/institution_id", code), (5, "/institution_id", code), (6, "/institution_id", "wrong_format")]
    assert (done.problems, asked) == (wrong, [[known, nowhere]])


async def test_answers_may_stand_in_one_cell_and_the_age_be_told(working_screening: httpx.AsyncClient) -> None:
    told: dict[str, Any] = row(1, {}) | {"born_on": "", "birth_month": "2024-03", "age_months": "23"}
    lines = [told | {"answers": json.dumps(CALLING)}, told | {"external_id": "2", "age_months": "30"}]
    content = "".join(json.dumps(line) + "\n" for line in lines).encode()
    done = await send_file(working_screening, IMPORTS, content, kind="application/x-ndjson")
    assert (done.counts, done.problems) == ((1, 0, 0, 1), [(2, "/age_months", "too_large")])
    found = (await working_screening.get(URL)).json()["items"][0]
    assert (found["outcome"], found["age_months"]) == ("positive", 23)


async def test_columns_and_cells_of_answers_stand_in_one_file_and_what_is_not_asked_is_named(
    working_screening: httpx.AsyncClient,
) -> None:
    whole = {"answers": json.dumps(CALLING)}
    lines = [row(1), row(2, {}) | whole, row(3, {"Y_MOVE1": "not_yet"}) | {"answers": json.dumps(TYPICAL)}]
    lines += [row(4) | {"O_OTHER": "yes"}, row(5, {}) | {"answers": json.dumps(TYPICAL | {"O_OTHER": "yes"})}]
    content = "".join(json.dumps(line) + "\n" for line in lines).encode()
    done = await send_file(working_screening, IMPORTS, content, kind="application/x-ndjson")
    assert done.counts == (3, 0, 0, 2)
    assert done.problems == [(4, "/answers/O_OTHER", "unknown"), (5, "/answers/O_OTHER", "unknown")]
    kept = {}
    for item in (await working_screening.get(URL)).json()["items"]:
        kept[item["external_id"]] = (await working_screening.get(f"{URL}/{item['id']}")).json()["answers"]
    assert kept == {"1": TYPICAL, "2": CALLING, "3": TYPICAL | {"Y_MOVE1": "not_yet"}}


async def test_several_forms_of_one_child_in_a_file_make_one_subject(working_screening: httpx.AsyncClient) -> None:
    campaign = await add_campaign(working_screening)
    child = {"subject_ref": str(uuid.UUID(int=7)), "implementer": "project"}
    rows = [row(1, TYPICAL, **child), row(2, CALLING, **child), row(3, TYPICAL, **child), row(4)]
    done = await send_file(working_screening, f"{IMPORTS}&campaign_id={campaign}", table(*rows))
    assert done.counts == (4, 0, 0, 0)
    assert await counts_of(working_screening, campaign) == {"positive": 1, "negative": 1}
    calling = (await working_screening.get(f"{URL}?external_id=2&source=platform")).json()["items"][0]
    assert (await act(working_screening, calling, "annul", {"reason": "pomyłka"})).status_code == 200
    assert await counts_of(working_screening, campaign) == {"negative": 2}


async def test_a_second_file_adds_to_what_is_counted(working_screening: httpx.AsyncClient) -> None:
    campaign = await add_campaign(working_screening)
    url = f"{IMPORTS}&campaign_id={campaign}"
    await send_file(working_screening, url, table(row(1), row(2)))
    again = [row(1), row(3, subject_ref=str(uuid.UUID(int=2)), born_on="2024-03-16")]
    again[1] |= CALLING
    done = await send_file(working_screening, url, table(*again))
    assert done.counts == (1, 0, 1, 0)
    assert await counts_of(working_screening, campaign) == {"negative": 1, "positive": 1}


async def test_a_workbook_is_read_as_well(working_screening: httpx.AsyncClient) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    columns = (*FACTS, *ITEMS)
    sheet.append(columns)
    for number in (1, 2):
        sheet.append([row(number)[name] for name in columns])
    content = io.BytesIO()
    book.save(content)
    done = await send_file(working_screening, IMPORTS, content.getvalue(), kind=XLSX)
    assert done.counts == (2, 0, 0, 0)


async def test_a_dry_run_writes_nothing(working_screening: httpx.AsyncClient) -> None:
    done = await send_file(working_screening, f"{IMPORTS}&dry_run=true", table(row(1)))
    assert done.counts == (1, 0, 0, 0)
    assert (await working_screening.get(URL)).json()["items"] == []


async def test_an_unknown_instrument_or_campaign_is_refused_before_the_file(screening: httpx.AsyncClient) -> None:
    headers = {"content-type": "text/csv", "idempotency-key": "a"}
    for url in (IMPORTS.replace("DEMO", "NONE"), f"{IMPORTS}&campaign_id={uuid.uuid4()}"):
        refused = await screening.post(url, content=table(row(1)), headers=headers)
        assert_problem(refused, 422, "unknown-reference")
